import { dirname, relative, sep } from "node:path";
import type { Place } from "../../core/index.ts";
import { LineIndex, pathKey, scanPositions, type ValuePath } from "./load-positions.ts";

/** A TOML table as parsed. The strict check removes what does not fit, so that later stages may trust the shapes. */
export type Table = Record<string, unknown>;

export function isTable(value: unknown): value is Table {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  );
}

/** Data that can be checked, and that knows where its values stand. */
export interface Checkable {
  readonly data: Table;
  /** Set when the strict check removed something: rules beyond shape are then not applied, nor are list indexes the text's. */
  damaged: boolean;
  /** Where a value was written. For what is not there: its nearest enclosing table. */
  place(path: ValuePath): Place;
}

/** One TOML file of a definition. Positions are found only when somebody asks for one. */
export class DefinitionFile implements Checkable {
  /** Absolute. */
  readonly path: string;
  /** Absolute folder; what relative paths in the file are relative to. */
  readonly dir: string;
  /** Relative to the project's root, with forward slashes: the name that people see. */
  readonly name: string;
  readonly data: Table;
  damaged = false;
  readonly #text: string;
  #positions: Map<string, number> | undefined;
  #lines: LineIndex | undefined;

  constructor(root: string, path: string, text: string, data: Table) {
    this.path = path;
    this.dir = dirname(path);
    this.name = nameBelow(root, path);
    this.data = data;
    this.#text = text;
  }

  place(path: ValuePath): Place {
    this.#positions ??= scanPositions(this.#text);
    this.#lines ??= new LineIndex(this.#text);
    for (let length = path.length; length > 0; length--) {
      const offset = this.#positions.get(pathKey(length === path.length ? path : path.slice(0, length)));
      if (offset !== undefined) return { file: this.name, ...this.#lines.at(offset) };
    }
    return { file: this.name, line: 1, column: 1 };
  }
}

export function nameBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join("/") || ".";
}
