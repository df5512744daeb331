import { resolve } from "node:path";
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
}

/** Keeps where each value of a merged table came from, by the value's path in the merged table. */
export class Trace {
  readonly #sources = new Map<string, () => Origin>();

  set(key: string, file: DefinitionFile, path: ValuePath): void {
    this.#sources.set(key, () => file.place(path));
  }

  /** Forgets a value and all below it. */
  forget(key: string): void {
    for (const known of this.#sources.keys()) {
      if (known === key || known.startsWith(`${key}.`) || known.startsWith(`${key}[`)) this.#sources.delete(known);
    }
  }

  origins(): Map<string, Origin> {
    return new Map([...this.#sources].map(([key, origin]) => [key, origin()]));
  }
}

/** Maps whose values are replaced as a whole, key by key; other tables are merged deeply. */
const wholeValueMaps = new Set(["build.defines", "packages"]);

/**
 * Merges layers from the weakest to the strongest: texts and flags that are set win ("" and false never do), lists append, tables merge
 * key by key, `overlay-files` replaces. Relative paths become absolute on the way. `trace` learns where everything came from.
 */
export function mergeLayers(layers: readonly Layer[], trace?: Trace): RawComponent {
  const target: Table = {};
  for (const layer of layers) mergeTable(target, layer.raw as Table, "", layer, layer.path, trace);
  return target as RawComponent;
}

function mergeTable(
  target: Table,
  from: Table,
  prefix: string,
  layer: Layer,
  path: ValuePath,
  trace: Trace | undefined,
): void {
  for (const [key, value] of Object.entries(from)) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    const at = [...path, key];
    if (Array.isArray(value)) {
      const old = name === "overlay-files" ? [] : ((target[key] ?? []) as unknown[]);
      if (name === "overlay-files") trace?.forget(name);
      target[key] = [...old, ...value.map((element) => absolute(`${name}[]`, element, layer.file.dir))];
      if (trace !== undefined) {
        for (const [index, element] of value.entries()) {
          traceValue(trace, `${name}[${old.length + index}]`, element, layer.file, [...at, index]);
        }
      }
    } else if (isTable(value)) {
      if (wholeValueMaps.has(name)) {
        const merged = new Map(Object.entries((target[key] ?? {}) as Table));
        for (const [entry, content] of Object.entries(value)) {
          merged.set(entry, content);
          trace?.forget(`${name}.${entry}`);
          if (trace !== undefined) traceValue(trace, `${name}.${entry}`, content, layer.file, [...at, entry]);
        }
        target[key] = Object.fromEntries(merged);
      } else {
        const inner: Table = { ...((target[key] ?? {}) as Table) };
        mergeTable(inner, value, name, layer, at, trace);
        target[key] = inner;
      }
    } else if (value !== "" && value !== false) {
      target[key] = absolute(name, value, layer.file.dir);
      trace?.set(name, layer.file, at);
    }
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
