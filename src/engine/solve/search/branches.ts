import type { Engine } from "../clauses/index.ts";
import type { Workspace } from "../rules/workspace.ts";
import { isSupplementing } from "./fulfilled.ts";
import type { WeakState } from "./weak-state.ts";

/** Packages among which was chosen. */
interface Branch {
  readonly packages: number[];
  /** Whether each was tried. */
  readonly tried: boolean[];
  readonly level: number;
}

/** What is to be decided in the place of an earlier choice; all decisions above `level` are taken back. */
export interface OtherChoice {
  readonly level: number;
  readonly pkg: number;
  readonly rule: number;
  readonly reason: number;
}

/** Remembers what was chosen among, so that a choice that turns out to be needless can be changed when all else is decided. */
export class Branches {
  readonly #work: Workspace;
  readonly #engine: Engine;
  readonly #weak: WeakState;
  #branches: Branch[] = [];

  constructor(work: Workspace, engine: Engine, weak: WeakState) {
    this.#work = work;
    this.#engine = engine;
    this.#weak = weak;
  }

  /** The first of the candidates is chosen. */
  add(level: number, candidates: readonly number[]): void {
    this.#branches.push({ packages: [...candidates], tried: candidates.map((_, at) => at === 0), level });
  }

  /** Decisions above a level were taken back. */
  revert(level: number): void {
    let last = this.#branches[this.#branches.length - 1];
    while (last !== undefined && last.level >= level) {
      this.#branches.pop();
      last = this.#branches[this.#branches.length - 1];
    }
  }

  /**
   * Takes another package of the earliest choice where that one came in anyway later, or is recommended where the chosen one is not.
   * Undefined where no choice is to be changed.
   */
  reconsider(): OtherChoice | undefined {
    if (this.#branches.length === 0) return undefined;
    this.#weak.refresh();
    for (const [index, branch] of this.#branches.entries()) {
      const at = this.#betterOf(branch);
      if (at >= 0) return this.#take(index, branch, at);
    }
    return undefined;
  }

  #isRecommended(pkg: number): boolean {
    return this.#weak.recommended[pkg] === 1 || isSupplementing(this.#work, pkg);
  }

  /** The place of a better package, -1 for none. */
  #betterOf(branch: Branch): number {
    const work = this.#work;
    let recommended = -1;
    for (const [at, pkg] of branch.packages.entries()) {
      if (branch.tried[at]) continue;
      if (this.#engine.valueOf(pkg) > branch.level) return at;
      if (work.hasDisfavored && (work.favor?.[pkg] ?? 0) < 0) continue;
      if (recommended < 0 && this.#isRecommended(pkg)) recommended = at;
    }
    if (recommended < 0) return -1;
    const other = branch.packages[recommended] as number;
    const isWorse = (pkg: number, at: number): boolean =>
      (branch.tried[at] ?? false) &&
      this.#engine.valueOf(pkg) === branch.level + 1 &&
      !(work.favor !== undefined && (work.favor[pkg] as number) > (work.favor[other] as number)) &&
      !replacesInstalled(work, pkg) &&
      !this.#isRecommended(pkg);
    return branch.packages.some(isWorse) ? recommended : -1;
  }

  #take(index: number, branch: Branch, at: number): OtherChoice {
    const engine = this.#engine;
    branch.tried[at] = true;
    const { level } = branch;
    let place = engine.decided;
    while (place > 0 && engine.valueOf(engine.trail[place - 1] as number) > level) place--;
    const rule = Math.max(0, -(engine.why[place] as number));
    const reason = engine.reasons[level + 1] ?? 0;
    // The branch itself stays: it may have more to try.
    const kept = this.#branches.slice(0, index + 1);
    engine.revert(level);
    this.#branches = kept;
    return { level, pkg: branch.packages[at] as number, rule, reason };
  }
}

/** Whether a package is installed, or takes the place of one that is; those that are to go do not count. */
export function replacesInstalled(work: Workspace, pkg: number): boolean {
  const { pool, settings, columns } = work;
  const stays = (other: number): boolean => work.isInstalled(other) && work.noUpdate[other] !== 1;
  if (pkg >= work.count) return false;
  if (stays(pkg)) return true;
  for (const other of pool.providersOf(columns.name[pkg] as number)) {
    if (!stays(other) || !work.sameName(pkg, other)) continue;
    if (!settings.implicitObsoleteUsesColours || work.coloursMeet(pkg, other)) return true;
  }
  for (const dependency of pool.dependencies(pkg, "obsoletes")) {
    for (const other of pool.providersOf(dependency))
      if (stays(other) && work.obsoletes(pkg, other, dependency)) return true;
  }
  return false;
}
