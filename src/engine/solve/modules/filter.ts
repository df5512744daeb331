import { canonicalEvr } from "../../../formats/rpmmd/index.ts";
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
  readonly #ids = new Map<string, number>();

  constructor(pool: Pool, streams: readonly StreamFacts[], active: readonly StreamFacts[], free: ReadonlySet<number>) {
    this.#pool = pool;
    this.#streams = streams;
    const { columns } = pool;
    this.considered = new Uint8Array(columns.count).fill(1);
    const chosen = new Set(active);
    const artifacts = new Map<number, boolean>();
    /** Names of packages of active streams, with the stream. */
    const names = new Map<number, string>();
    for (const stream of streams) {
      const isActive = chosen.has(stream);
      for (const text of stream.artifacts) {
        const artifact = this.#artifact(text);
        if (artifact === undefined) continue;
        const { name } = artifact;
        if (isActive && !artifact.isSource) names.set(name, `${stream.name}:${stream.stream}`);
        this.#each(artifact, (pkg) => {
          if (isActive || !artifacts.has(pkg)) artifacts.set(pkg, isActive);
        });
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

  /** What a NEVRA names in the pool's own numbers; undefined where the pool lacks its name. */
  #artifact(text: string): Artifact | undefined {
    const dot = text.lastIndexOf(".");
    const release = text.lastIndexOf("-", dot);
    const version = text.lastIndexOf("-", release - 1);
    if (dot < 0 || release <= 0 || version <= 0) return undefined;
    const name = this.#idOf(text.slice(0, version));
    if (name <= 0) return undefined;
    const arch = text.slice(dot + 1);
    return {
      name,
      evr: this.#idOf(canonicalEvr(text.slice(version + 1, dot))),
      arch: this.#idOf(arch),
      isSource: arch === "src",
    };
  }

  /** Builds share names, versions and architectures. */
  #idOf(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#pool.columns.strings.find(text);
      this.#ids.set(text, id);
    }
    return id;
  }

  #each({ name, evr, arch }: Artifact, visit: (pkg: number) => void): void {
    if (evr <= 0 || arch <= 0) return;
    const { columns } = this.#pool;
    const start = this.#pool.whatProvides(name);
    const lists = this.#pool.providerLists;
    for (let at = start; lists[at] !== 0; at++) {
      const pkg = lists[at] as number;
      if (columns.evr[pkg] === evr && columns.name[pkg] === name && columns.arch[pkg] === arch) visit(pkg);
    }
  }

  why(pkg: number): string | undefined {
    const by = this.#out.get(pkg);
    if (by === undefined) return undefined;
    if (by !== "") return `is hidden by the active module stream ${by}`;
    const streams = this.streamsOf(pkg);
    return `belongs to module stream ${streams.join(", ")}, which is not active`;
  }

  streamsOf(pkg: number): readonly string[] {
    const found = new Set<string>();
    for (const stream of this.#streams) {
      let holds = false;
      for (const text of stream.artifacts) {
        const artifact = this.#artifact(text);
        if (artifact !== undefined && artifact.name === this.#pool.columns.name[pkg]) {
          this.#each(artifact, (other) => {
            if (other === pkg) holds = true;
          });
        }
      }
      if (holds) found.add(`${stream.name}:${stream.stream}`);
    }
    return [...found];
  }
}

interface Artifact {
  readonly name: number;
  readonly evr: number;
  readonly arch: number;
  readonly isSource: boolean;
}
