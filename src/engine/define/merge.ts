import { resolve } from "node:path";
import { WeirError } from "../../core/index.ts";
import { type DefinitionFile, isTable, type Table } from "./load-file.ts";
import type { ValuePath } from "./load-positions.ts";
import type { ComponentConfig, Origin, OverlayConfig, SourceFileConfig } from "./types.ts";

/** A component's table as written, shape already checked. */
export interface RawComponent {
  readonly spec?: {
    readonly type?: "upstream" | "local" | "";
    readonly path?: string;
    readonly "upstream-distro"?: RawDistroReference;
    readonly "upstream-name"?: string;
    readonly "upstream-commit"?: string;
  };
  readonly release?: { readonly calculation?: ComponentConfig["release"]["calculation"] | "" };
  readonly build?: {
    readonly with?: readonly string[];
    readonly without?: readonly string[];
    readonly defines?: Readonly<Record<string, string>>;
    readonly undefines?: readonly string[];
    readonly "emit-upstream-provenance"?: boolean;
    readonly check?: { readonly skip?: boolean; readonly skip_reason?: string };
    readonly failure?: { readonly expected?: boolean; readonly "expected-reason"?: string };
    readonly hints?: { readonly expensive?: boolean };
  };
  readonly render?: { readonly "skip-file-filter"?: boolean };
  readonly overlays?: readonly OverlayConfig[];
  readonly "overlay-files"?: readonly string[];
  readonly "source-files"?: readonly RawSourceFile[];
  readonly packages?: ComponentConfig["packages"];
  readonly publish?: ComponentConfig["publish"];
}

export interface RawDistroReference {
  readonly name?: string;
  readonly version?: string;
  readonly snapshot?: string;
}

export interface RawSourceFile extends SourceFileConfig {
  readonly origin: NonNullable<SourceFileConfig["origin"]> & {
    readonly "mock-packages"?: readonly string[];
    readonly inputs?: readonly string[];
  };
}

export interface RawMetadata {
  readonly category?: string;
  readonly "upstream-status"?: string;
  readonly commits?: readonly { readonly url: string }[];
}

/** One table of component settings and where it stands: a component, or defaults that it inherits. */
export interface Layer {
  readonly raw: RawComponent;
  readonly file: DefinitionFile;
  readonly path: ValuePath;
  /** Further tables of the same component in files read later; they win over this one. */
  readonly more?: Layer[];
}

/** Keeps where each value of a merged table came from, by the value's path in the merged table. */
export class Trace {
  readonly #sources = new Map<string, { readonly file: DefinitionFile; readonly path: ValuePath }>();

  set(key: string, file: DefinitionFile, path: ValuePath): void {
    this.#sources.set(key, { file, path });
  }

  /** The places of the values that are there in the end; what was replaced meanwhile is left out. */
  origins(keys: Iterable<string>): Map<string, Origin> {
    const origins = new Map<string, Origin>();
    for (const key of keys) {
      const source = this.#sources.get(key);
      if (source !== undefined) origins.set(key, source.file.place(source.path));
    }
    return origins;
  }

  /** As {@link Trace.origins}: the tables that the values stand in, in words. */
  layers(keys: Iterable<string>): Map<string, string> {
    const layers = new Map<string, string>();
    for (const key of keys) {
      const source = this.#sources.get(key);
      if (source !== undefined) layers.set(key, layerName(source.path));
    }
    return layers;
  }
}

function layerName(path: ValuePath): string {
  const [table, name, below, version] = path;
  if (table === "distros" && below === "versions") return `distribution ${String(name)} ${String(version)}`;
  if (table === "distros") return `distribution ${String(name)}`;
  if (table === "component-groups") return `group ${String(name)}`;
  if (table === "project" || table === "default-component-config") return "the project";
  return table === "components" ? "the component" : "an overlay file";
}

/** Counts merged values over a whole load: what groups give to their members can be the product of two long lists. */
export class MergeBudget {
  #left: number;

  constructor(values: number) {
    this.#left = values;
  }

  spend(values: number): void {
    this.#left -= values;
    if (this.#left < 0) {
      throw new WeirError("DEFINITION_TOO_LARGE", "the definition is too large: its components inherit too much");
    }
  }
}

/** Maps whose values are replaced as a whole, key by key; other tables are merged deeply. */
const wholeValueMaps = new Set(["build.defines", "packages"]);

interface Merge {
  readonly layer: Layer;
  readonly budget: MergeBudget | undefined;
  readonly trace: Trace | undefined;
}

/**
 * Merges layers from the weakest to the strongest: texts and flags that are set win ("" and false never do), lists append, tables merge
 * key by key, `overlay-files` replaces. Relative paths become absolute on the way. `trace` learns where everything came from.
 */
export function mergeLayers(layers: readonly Layer[], budget?: MergeBudget, trace?: Trace): RawComponent {
  const target: Table = {};
  for (const layer of layers) {
    mergeTable(target, layer.raw as Table, "", layer.path, { layer, budget, trace });
    for (const further of layer.more ?? [])
      mergeTable(target, further.raw as Table, "", further.path, { layer: further, budget, trace });
  }
  return target;
}

function mergeTable(target: Table, from: Table, prefix: string, path: ValuePath, merge: Merge): void {
  const { layer, budget, trace } = merge;
  for (const [key, value] of Object.entries(from)) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    const at = [...path, key];
    budget?.spend(1);
    if (Array.isArray(value)) {
      // Lists of the target are its own: it may append in place.
      if (name === "overlay-files" || target[key] === undefined) target[key] = [];
      const merged = target[key] as unknown[];
      budget?.spend(value.length);
      for (const [index, element] of value.entries()) {
        if (trace !== undefined) traceValue(trace, `${name}[${merged.length}]`, element, layer.file, [...at, index]);
        merged.push(absolute(`${name}[]`, element, layer.file.dir));
      }
    } else if (isTable(value)) {
      if (wholeValueMaps.has(name)) target[key] = mergeMap(target[key] as Table | undefined, value, name, at, merge);
      else {
        const inner = (target[key] ?? {}) as Table;
        mergeTable(inner, value, name, at, merge);
        target[key] = inner;
      }
    } else if (value !== "" && value !== false) {
      target[key] = absolute(name, value, layer.file.dir);
      trace?.set(name, layer.file, at);
    }
  }
}

function mergeMap(target: Table | undefined, from: Table, name: string, path: ValuePath, merge: Merge): Table {
  const merged = new Map(Object.entries(target ?? {}));
  for (const [entry, content] of Object.entries(from)) {
    merged.set(entry, content);
    if (merge.trace !== undefined)
      traceValue(merge.trace, `${name}.${entry}`, content, merge.layer.file, [...path, entry]);
  }
  merge.budget?.spend(merged.size);
  return Object.fromEntries(merged);
}

/** Visits every text, number and flag in a value, with its path: `overlays[2].value`. */
export function visitValues(
  value: unknown,
  visit: (key: string, value: string | number | boolean) => void,
  key = "",
): void {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") visit(key, value);
  else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) visitValues(element, visit, `${key}[${index}]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, element] of Object.entries(value))
      visitValues(element, visit, key === "" ? name : `${key}.${name}`);
  }
}

/** Notes every text, number and flag in a value. */
export function traceValue(trace: Trace, name: string, value: unknown, file: DefinitionFile, path: ValuePath): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      traceValue(trace, `${name}[${index}]`, element, file, [...path, index]);
  } else if (isTable(value)) {
    for (const [key, element] of Object.entries(value))
      traceValue(trace, `${name}.${key}`, element, file, [...path, key]);
  } else trace.set(name, file, path);
}

/** Applies the path rule: a local spec and an overlay's source are relative to the file that names them. */
function absolute(name: string, value: unknown, dir: string): unknown {
  if (name === "spec.path") return resolvePath(dir, value as string);
  if (name === "overlays[]") return absoluteOverlay(value as OverlayConfig, dir);
  return value;
}

export function absoluteOverlay(overlay: OverlayConfig, dir: string): OverlayConfig {
  return overlay.source ? { ...overlay, source: resolvePath(dir, overlay.source) } : overlay;
}

export function resolvePath(dir: string, path: string): string {
  return path === "" ? "" : resolve(dir, path);
}
