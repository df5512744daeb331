import type { Workspace } from "../rules/workspace.ts";
import { isEnhancing, isSupplementing } from "./fulfilled.ts";
import { newestByName } from "./newest.ts";
import { byCommonProvides, byLanguage, compareForNewest, installedNamesFirst, oldVersionsLast } from "./order.ts";
import type { WeakState } from "./weak-state.ts";

/**
 * What candidates are for. `choose`: one of them; `prune`: as `choose`, without putting them in order; `recommend`: all that are best;
 * `suggest`: as `recommend`, priorities count within a name only; `supplement`: only put in order.
 */
export type PolicyMode = "choose" | "prune" | "recommend" | "suggest" | "supplement";

/** Which of several packages that would do are the best, best first. */
export class Policy {
  readonly #work: Workspace;
  /** There once the search has begun. */
  weak: WeakState | undefined;

  constructor(work: Workspace) {
    this.#work = work;
  }

  /** Leaves of a list of candidates those that are as good as any, best first. */
  filter(candidates: number[], mode: PolicyMode): number[] {
    if (mode === "supplement") return this.preferFavored(this.#ordered(candidates, false));
    const { favor } = this.#work;
    if (favor !== undefined && candidates.some((pkg) => favor[pkg] !== favor[candidates[0] as number]))
      return this.#filterByFavor(candidates, mode, favor);
    return this.#filterGroup(candidates, mode);
  }

  /** Favoured packages first, disfavoured ones last. */
  preferFavored(candidates: number[]): number[] {
    const { favor } = this.#work;
    if (favor === undefined || candidates.length < 2) return candidates;
    return [...candidates].sort((a, b) => (favor[b] as number) - (favor[a] as number));
  }

  /** Each group of equal favour is held against those before it. */
  #filterByFavor(candidates: number[], mode: PolicyMode, favor: Int32Array): number[] {
    const sorted = this.preferFavored(candidates);
    const found: number[] = [];
    for (let at = 0; at < sorted.length; ) {
      const own = favor[sorted[at] as number];
      let end = at + 1;
      while (end < sorted.length && favor[sorted[end] as number] === own) end++;
      for (const pkg of this.#filterGroup(sorted.slice(0, end), mode)) if (favor[pkg] === own) found.push(pkg);
      at = end;
    }
    return found;
  }

  #filterGroup(candidates: number[], mode: PolicyMode): number[] {
    let left = candidates;
    if (left.length > 1) left = mode === "suggest" ? this.#highestPriorityByName(left) : this.#highestPriority(left);
    if (left.length > 1) left = this.#bestArch(left);
    if (left.length > 1) left = newestByName(this.#work, left);
    if (left.length > 1 && (mode === "choose" || mode === "prune")) {
      left = this.#onlyRecommended(left);
      if (left.length > 1 && mode === "choose") left = this.preferFavored(this.#ordered(left, true));
    }
    return left;
  }

  #ordered(candidates: number[], installedFirst: boolean): number[] {
    const work = this.#work;
    let left = byCommonProvides(work, oldVersionsLast(work, candidates));
    if (installedFirst) left = installedNamesFirst(work, left);
    if (work.settings.urpmReorder) left = byLanguage(work, left);
    return this.#suggestedFirst(left);
  }

  #priority(pkg: number): number {
    return this.#work.pool.repositories[this.#work.columns.repository[pkg] as number]?.priority ?? 0;
  }

  #highestPriority(candidates: number[]): number[] {
    const work = this.#work;
    let best: number | undefined;
    for (const pkg of candidates) {
      if (!work.isInstalled(pkg)) best = Math.max(best ?? this.#priority(pkg), this.#priority(pkg));
    }
    if (best === undefined) return candidates;
    const left = candidates.filter((pkg) => work.isInstalled(pkg) || this.#priority(pkg) === best);
    const dup = work.dupInvolvedAll || work.dupInvolved !== undefined;
    return left.length > 1 && work.pool.installed >= 0 && dup ? this.#staying(left) : left;
  }

  /** Of a distribution upgrade's installed packages only those count that equal one that is not installed. */
  #staying(candidates: number[]): number[] {
    const work = this.#work;
    const first = candidates.find((pkg) => !work.isInstalled(pkg));
    if (first === undefined) return candidates;
    let best = this.#priority(first);
    let left: number[] = [];
    for (const pkg of candidates) {
      const isInstalled = work.isInstalled(pkg);
      if (!isInstalled && this.#priority(pkg) < best) continue;
      if (isInstalled && work.isDupInvolved(pkg)) {
        let keep = false;
        for (const other of work.pool.providersOf(work.columns.name[pkg] as number)) {
          if (work.isInstalled(other) || this.#priority(other) < best || !work.identical(pkg, other)) continue;
          keep = true;
          if (this.#priority(other) > best) {
            best = this.#priority(other);
            left = [];
          }
        }
        if (!keep) continue;
      }
      left.push(pkg);
    }
    return left.length > 0 ? left : candidates;
  }

  #highestPriorityByName(candidates: number[]): number[] {
    const work = this.#work;
    const sorted = [...candidates].sort((a, b) => compareForNewest(work, a, b));
    const found: number[] = [];
    for (let at = 0; at < sorted.length; ) {
      let end = at + 1;
      while (end < sorted.length && work.sameName(sorted[at] as number, sorted[end] as number)) end++;
      const group = sorted.slice(at, end);
      found.push(...(group.length > 2 ? this.#highestPriority(group) : group));
      at = end;
    }
    return found;
  }

  #bestArch(candidates: number[]): number[] {
    const work = this.#work;
    if (work.pool.archs === undefined) return candidates;
    let best = 0;
    for (const pkg of candidates) {
      const score = work.archScore(pkg);
      if (score > 1 && score > best) best = score;
    }
    if (best === 0) return candidates;
    const left = candidates.filter((pkg) => {
      const score = work.archScore(pkg);
      return score === 1 || score === best;
    });
    return left.length > 0 ? left : candidates;
  }

  /** Leaves what is recommended or supplements, and installed packages beside it, where there is such. */
  #onlyRecommended(candidates: number[]): number[] {
    const work = this.#work;
    let fresh = 0;
    for (const pkg of candidates) if (!work.isInstalled(pkg)) fresh++;
    if (fresh < 2) return candidates;
    const recommended = this.#recommended();
    let any = false;
    const left = candidates.filter((pkg) => {
      if (work.isInstalled(pkg)) return true;
      const good = recommended?.[pkg] === 1 || isSupplementing(work, pkg);
      any ||= good;
      return good;
    });
    return any ? left : candidates;
  }

  #recommended(): Uint8Array | undefined {
    this.weak?.refresh();
    return this.weak?.recommended;
  }

  /** What is installed, suggested or enhances comes first. */
  #suggestedFirst(candidates: number[]): number[] {
    const work = this.#work;
    this.weak?.refresh();
    const suggested = this.weak?.suggested;
    const isGood = (pkg: number): boolean => work.isInstalled(pkg) || suggested?.[pkg] === 1 || isEnhancing(work, pkg);
    return [...candidates.filter(isGood), ...candidates.filter((pkg) => !isGood(pkg))];
  }
}
