import { compareText } from "../../../core/index.ts";
import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds } from "../../pool/index.ts";
import { tellProblems } from "../explain/index.ts";
import { runSolver } from "../run.ts";
import type { Verdict } from "./check.ts";

/** A package that cannot be installed, with its number in the pool. */
export interface ToldPackage extends BrokenPackage {
  readonly package: number;
}

/** A package that cannot be installed. */
export interface BrokenPackage {
  readonly nevra: string;
  readonly repo: string;
  /** From the package down to the cause, one sentence each. */
  readonly chain: readonly string[];
  /** Its own requirements that no package there meets at all, sorted. */
  readonly missing: readonly string[];
  /** Index of the cause that broke it first. */
  readonly cause: number;
}

/** What broke packages. */
export interface ClosureCause {
  /** Nothing provides something; or what is needed cannot stand together. */
  readonly kind: "missing" | "clash";
  readonly text: string;
  /** The dependencies that nothing meets, sorted; none for a clash. */
  readonly wanted: readonly string[];
  /** Packages that provide the same in other versions: `nevra (repository)`, newest first, five at most. */
  readonly have: readonly string[];
  /** NEVRA of every package that it breaks, sorted; each package is counted once. */
  readonly breaks: readonly string[];
}

const longestChain = 24;
/** So many clashes are looked into; the others are named. */
const mostExplained = 60;
const mostHave = 5;

interface Root {
  readonly key: string;
  readonly wanted: Set<DependencyId>;
  readonly clash: number;
  readonly breaks: number[];
}

/** Tells of each broken package why, and what broke how many. Packages by NEVRA, causes by how many they break, then by text. */
export function tellClosure(verdict: Verdict): { broken: ToldPackage[]; causes: ClosureCause[] } {
  return new Teller(verdict).tell();
}

class Teller {
  readonly #verdict: Verdict;
  /** For each dead package: the next one on the way to its cause, 0 where it is the last. */
  readonly #next: Int32Array;
  /** The package at the end of the way. */
  readonly #end: Int32Array;
  readonly #clashes = new Map<number, Clash>();

  constructor(verdict: Verdict) {
    this.#verdict = verdict;
    const { deaths, universe } = verdict;
    const place = new Int32Array(universe.count);
    this.#next = new Int32Array(universe.count);
    this.#end = new Int32Array(universe.count);
    for (const [index, pkg] of deaths.order.entries()) place[pkg] = index + 1;
    for (const pkg of deaths.order) {
      const need = deaths.by[pkg] as number;
      let next = 0;
      if (need >= 0) {
        for (let at = universe.needStart[need] as number; at < (universe.needStart[need + 1] as number); at++) {
          const provider = universe.providers[at] as number;
          // A package may be among those that meet its need, and never is the reason.
          if (place[provider] === 0 || (place[provider] as number) >= (place[pkg] as number)) continue;
          if (next === 0 || (place[provider] as number) < (place[next] as number)) next = provider;
        }
      }
      this.#next[pkg] = next;
      this.#end[pkg] = next === 0 ? pkg : (this.#end[next] as number);
    }
  }

  tell(): { broken: ToldPackage[]; causes: ClosureCause[] } {
    const { broken, universe } = this.#verdict;
    const { pool } = universe;
    const roots = new Map<string, Root>();
    const rootOf = new Map<number, Root>();
    const packages: number[] = [];
    for (let pkg = 0; pkg < universe.count; pkg++) {
      if (broken[pkg] !== 1) continue;
      packages.push(pkg);
      const root = this.#rootOf(this.#end[pkg] as number, roots);
      root.breaks.push(pkg);
      rootOf.set(pkg, root);
    }
    const texts = new Map<Root, ClosureCause>();
    for (const root of roots.values()) texts.set(root, this.#cause(root));
    const ordered = [...roots.values()].sort((a, b) => {
      const [x, y] = [texts.get(a) as ClosureCause, texts.get(b) as ClosureCause];
      return y.breaks.length - x.breaks.length || compareText(x.text, y.text);
    });
    const index = new Map(ordered.map((root, place) => [root, place]));
    const told = packages.map((pkg): ToldPackage => {
      return {
        package: pkg,
        nevra: pool.nevra(pkg),
        repo: pool.repositories[pool.columns.repository[pkg] as number]?.id ?? "",
        chain: this.#chain(pkg),
        missing: this.#missing(pkg),
        cause: index.get(rootOf.get(pkg) as Root) ?? -1,
      };
    });
    told.sort((a, b) => compareText(a.nevra, b.nevra) || compareText(a.repo, b.repo));
    return { broken: told, causes: ordered.map((root) => texts.get(root) as ClosureCause) };
  }

  #rootOf(end: number, roots: Map<string, Root>): Root {
    const { deaths, universe } = this.#verdict;
    const need = deaths.by[end] as number;
    const dependency = need < 0 ? 0 : (universe.needDependency[need] as number);
    const name = need < 0 ? 0 : this.#nameOf(dependency);
    const key = need < 0 ? `clash ${end}` : `missing ${name}`;
    let root = roots.get(key);
    if (root === undefined) {
      root = { key, wanted: new Set(), clash: need < 0 ? end : 0, breaks: [] };
      roots.set(key, root);
    }
    if (need >= 0) root.wanted.add(dependency);
    return root;
  }

  #cause(root: Root): ClosureCause {
    const { pool } = this.#verdict.universe;
    const breaks = root.breaks.map((pkg) => pool.nevra(pkg)).sort(compareText);
    if (root.clash !== 0) {
      return { kind: "clash", text: this.#clash(root.clash).cause, wanted: [], have: [], breaks };
    }
    const wanted = [...root.wanted].map((id) => pool.columns.dependencyText(id)).sort(compareText);
    const [first = 0] = root.wanted;
    const providers = this.#others(first);
    const have = providers.slice(0, mostHave).map((pkg) => `${pool.nevra(pkg)} (${this.#repository(pkg)})`);
    return { kind: "missing", text: this.#missingText(first, wanted, providers), wanted, have, breaks };
  }

  #missingText(dependency: DependencyId, wanted: readonly string[], have: readonly number[]): string {
    const { pool, usable } = this.#verdict.universe;
    const [only = ""] = wanted;
    const name = pool.columns.dependencyText(this.#nameOf(dependency));
    const what =
      wanted.length === 1 ? shortened(only) : `${wanted.length} versions of ${shortened(name)} that are asked for`;
    const [newest] = have;
    if (newest === undefined) return `nothing provides ${what}`;
    if (have.every((pkg) => usable[pkg] !== 1)) return `nothing that may be installed here provides ${what}`;
    return `nothing provides ${what}: there is ${pool.nevra(newest)} (${this.#repository(newest)})`;
  }

  /** Packages that provide what a dependency is about in some version, newest first. */
  #others(dependency: DependencyId): number[] {
    const { pool } = this.#verdict.universe;
    const { strings, evr } = pool.columns;
    const name = this.#nameOf(dependency);
    return pool
      .providersOf(name)
      .sort((a, b) => compareEvrIds(strings, evr[b] as number, evr[a] as number, "order") || a - b);
  }

  #nameOf(dependency: DependencyId): DependencyId {
    if (dependency >= 0) return dependency;
    const { relationOp, relationName } = this.#verdict.universe.pool.columns;
    return (relationOp[~dependency] as number) <= 7 ? (relationName[~dependency] as number) : dependency;
  }

  #repository(pkg: number): string {
    const { pool } = this.#verdict.universe;
    return pool.repositories[pool.columns.repository[pkg] as number]?.id ?? "";
  }

  #chain(pkg: number): string[] {
    const { deaths, universe } = this.#verdict;
    const { pool } = universe;
    const lines: string[] = [];
    let skipped = 0;
    let at = pkg;
    for (; (this.#next[at] as number) !== 0; at = this.#next[at] as number) {
      if (lines.length >= longestChain) {
        skipped++;
        continue;
      }
      lines.push(`${pool.nevra(at)} requires ${this.#need(deaths.by[at] as number)}`);
    }
    if (skipped > 0) lines.push(`… ${skipped} more packages, each for the next`);
    const need = deaths.by[at] as number;
    if (need < 0) return [...lines, ...this.#clash(at).chain];
    const dependency = universe.needDependency[need] as number;
    lines.push(`${pool.nevra(at)} requires ${this.#need(need)}`);
    lines.push(this.#missingText(dependency, [pool.columns.dependencyText(dependency)], this.#others(dependency)));
    return lines;
  }

  #need(need: number): string {
    const { universe } = this.#verdict;
    return shortened(universe.pool.columns.dependencyText(universe.needDependency[need] as number));
  }

  #missing(pkg: number): string[] {
    const { universe } = this.#verdict;
    const { columns } = universe.pool;
    const found = new Set<string>();
    for (let at = universe.requiresStart[pkg] as number; at < (universe.requiresStart[pkg + 1] as number); at++) {
      const need = universe.requires[at] as number;
      let some = false;
      for (let place = universe.needStart[need] as number; place < (universe.needStart[need + 1] as number); place++)
        some ||= universe.usable[universe.providers[place] as number] === 1;
      if (!some) found.add(columns.dependencyText(universe.needDependency[need] as number));
    }
    return [...found].sort(compareText);
  }

  /** Why a package whose needs can be met one by one cannot be installed: the solver's own story of it. */
  #clash(pkg: number): Clash {
    let clash = this.#clashes.get(pkg);
    if (clash !== undefined) return clash;
    const { pool } = this.#verdict.universe;
    const nevra = pool.nevra(pkg);
    const plain = `${nevra} needs packages that cannot stand beside each other`;
    clash = { chain: [plain], cause: plain };
    if (this.#clashes.size < mostExplained) {
      const jobs = [{ action: "install", select: { kind: "package", package: pkg } }] as const;
      const result = runSolver(pool, jobs, { ignoreRecommended: true });
      const context = { pool, jobs, jobOf: (rule: number) => result.rules.job(rule), requestOf: () => nevra };
      const [told] = tellProblems(result, context);
      // That the package itself is wanted goes without saying.
      const request = `${nevra} is requested`;
      const itself = `${nevra} (${this.#repository(pkg)})`;
      const chain = told?.story.chain.filter((line) => !line.endsWith(request) && line !== itself) ?? [];
      const cause = told?.story.causes[0]?.text ?? chain.at(-1) ?? plain;
      clash = { chain: chain.includes(cause) ? chain : [...chain, cause], cause };
    }
    this.#clashes.set(pkg, clash);
    return clash;
  }
}

interface Clash {
  readonly chain: readonly string[];
  readonly cause: string;
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
