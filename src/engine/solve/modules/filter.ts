import { formatNevra, parseNevra } from "../../../core/index.ts";
import { type Pool, systemPackage } from "../../pool/index.ts";
import type { StreamFacts } from "./streams.ts";

/** Which packages module streams leave. */
export interface ModuleFilter {
  /** 1 for each package that may be used; undefined where all may. */
  readonly considered: Uint8Array | undefined;
  /** Why a package may not be used; undefined where it may. */
  why(pkg: number): string | undefined;
  /** The streams, `name:stream`, that hold a package, active or not. */
  streamsOf(pkg: number): readonly string[];
}

/**
 * Takes out the packages of streams that are not active, and packages of no stream that have the name of an active stream's package, or
 * provide it. `free` are indexes of repositories that are left as they are (module_hotfixes); so is what is installed.
 */
export function filterByModules(
  pool: Pool,
  streams: readonly StreamFacts[],
  active: readonly StreamFacts[],
  free: ReadonlySet<number> = new Set(),
): ModuleFilter {
  if (streams.length === 0) return { considered: undefined, why: () => undefined, streamsOf: () => [] };
  return new Filter(pool, streams, active, free);
}

class Filter implements ModuleFilter {
  readonly considered: Uint8Array;
  readonly #pool: Pool;
  readonly #streams: readonly StreamFacts[];
  /** For what was taken out: the name of the active stream that hides it, or "" for one of a stream that is not active. */
  readonly #out = new Map<number, string>();

  constructor(pool: Pool, streams: readonly StreamFacts[], active: readonly StreamFacts[], free: ReadonlySet<number>) {
    this.#pool = pool;
    this.#streams = streams;
    const { columns } = pool;
    this.considered = new Uint8Array(columns.count).fill(1);
    const chosen = new Set(active);
    const artifacts = new Map<number, boolean>();
    /** Names of packages of active streams, with the stream. */
    const names = new Map<number, string>();
    const byName = new Map<number, Map<string, number[]>>();
    for (const stream of streams) {
      const isActive = chosen.has(stream);
      for (const text of stream.artifacts) {
        const nevra = parseNevra(text);
        if (nevra === undefined) continue;
        const name = columns.strings.find(nevra.name);
        if (isActive && nevra.arch !== "src" && name > 0) names.set(name, `${stream.name}:${stream.stream}`);
        for (const pkg of name <= 0 ? [] : (this.#named(name, byName).get(formatNevra(nevra)) ?? [])) {
          if (isActive || !artifacts.has(pkg)) artifacts.set(pkg, isActive);
        }
      }
    }
    const fixed = (pkg: number) =>
      pkg === systemPackage || pool.isInstalled(pkg) || free.has(columns.repository[pkg] as number);
    const take = (pkg: number, by: string): void => {
      if (fixed(pkg) || artifacts.get(pkg) === true || this.#out.has(pkg)) return;
      this.#out.set(pkg, by);
      this.considered[pkg] = 0;
    };
    for (const [pkg, isActive] of artifacts) if (!isActive) take(pkg, "");
    for (const [name, stream] of names) for (const pkg of pool.providersOf(name)) take(pkg, stream);
  }

  /** Packages of a name by NEVRA. */
  #named(name: number, known: Map<number, Map<string, number[]>>): Map<string, number[]> {
    let found = known.get(name);
    if (found === undefined) {
      found = new Map();
      for (const pkg of this.#pool.providersOf(name)) {
        if (this.#pool.columns.name[pkg] !== name) continue;
        const nevra = this.#pool.nevra(pkg);
        const same = found.get(nevra);
        if (same === undefined) found.set(nevra, [pkg]);
        else same.push(pkg);
      }
      known.set(name, found);
    }
    return found;
  }

  why(pkg: number): string | undefined {
    const by = this.#out.get(pkg);
    if (by === undefined) return undefined;
    if (by !== "") return `is hidden by the active module stream ${by}`;
    const streams = this.streamsOf(pkg);
    return `belongs to module stream ${streams.join(", ")}, which is not active`;
  }

  streamsOf(pkg: number): readonly string[] {
    const own = this.#pool.nevra(pkg);
    const found = new Set<string>();
    for (const stream of this.#streams) {
      const holds = stream.artifacts.some((text) => {
        const nevra = parseNevra(text);
        return nevra !== undefined && formatNevra(nevra) === own;
      });
      if (holds) found.add(`${stream.name}:${stream.stream}`);
    }
    return [...found];
  }
}
