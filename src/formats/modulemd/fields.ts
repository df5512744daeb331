import type { YamlMap, YamlValue } from "./types.ts";

/** A document that is well-formed YAML and not what it should be. */
export class ModuleRefused extends Error {}

/** The fields of a map, by name; what is asked for is taken off `left`. `where` is its path, empty for the document's own. */
export class Fields {
  readonly left: Map<string, YamlValue>;
  readonly #where: string;

  constructor(value: YamlValue | undefined, where: string) {
    if (!(value instanceof Map) && value !== undefined && value !== "")
      throw new ModuleRefused(`${where || "the document"} is no map`);
    this.left = new Map(value instanceof Map ? (value as YamlMap) : []);
    this.#where = where === "" ? "" : `${where}.`;
  }

  raw(name: string): YamlValue | undefined {
    const value = this.left.get(name);
    this.left.delete(name);
    return value;
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw new ModuleRefused(`${this.#where}${name} is no text`);
    return value;
  }

  needText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === "") throw new ModuleRefused(`${this.#where}${name} is missing`);
    return value;
  }

  digits(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && !/^\d{1,20}$/.test(value)) {
      throw new ModuleRefused(`${this.#where}${name} is no number: ${value.slice(0, 40)}`);
    }
    return value;
  }

  flag(name: string): boolean {
    const value = (this.text(name) ?? "").toLowerCase();
    if (value === "" || ["false", "no", "off", "n"].includes(value)) return false;
    if (["true", "yes", "on", "y"].includes(value)) return true;
    throw new ModuleRefused(`${this.#where}${name} is neither true nor false: ${value.slice(0, 40)}`);
  }

  list(name: string): string[] {
    return textList(this.raw(name), `${this.#where}${name}`);
  }

  map(name: string): Fields {
    return new Fields(this.raw(name), `${this.#where}${name}`);
  }

  /** The entries that nobody asked for yet, in their order. */
  entries(): [string, YamlValue][] {
    return [...this.left];
  }
}

/** A list of texts; nothing is an empty one, a single text a list of one. */
export function textList(value: YamlValue | undefined, where: string): string[] {
  if (value === undefined || value === "") return [];
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) throw new ModuleRefused(`${where} is no list`);
  return value.map((item: YamlValue) => {
    if (typeof item !== "string") throw new ModuleRefused(`${where} has an item that is no text`);
    return item;
  });
}
