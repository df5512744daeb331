import { isComplex, weakForm } from "../rules/normal-form.ts";
import type { Workspace } from "../rules/workspace.ts";
import { isNamespaceDependency, isNewlySupplementing, isSupplementing } from "./fulfilled.ts";
import { decisionFor, type Search } from "./search.ts";

/** Installs what is recommended and what supplements, as far as it does no harm. `again`: there was something to do. */
export function resolveWeak(search: Search, from: number): { level: number; again: boolean } {
  const step = new WeakStep(search);
  const { recommended, supplementing } = step.candidates();
  const all = [...new Set([...recommended, ...supplementing])];
  if (all.length === 0) return { level: from, again: false };
  const [only] = all;
  if (all.length === 1 && only !== undefined) {
    return { level: search.decide(from, only, 0, decisionFor.weak, false), again: true };
  }
  const best = new Set(search.policy.filter(all, "recommend"));
  return { level: step.install(from, best, supplementing), again: true };
}

class WeakStep {
  readonly #search: Search;
  readonly #work: Workspace;

  constructor(search: Search) {
    this.#search = search;
    this.#work = search.work;
  }

  candidates(): { recommended: number[]; supplementing: number[] } {
    const work = this.#work;
    const { settings, columns } = work;
    const { engine } = this.#search;
    let recommended = this.#recommended();
    let supplementing: number[] = [];
    const { lists, list } = columns;
    for (const pkg of work.supplementing) {
      if (lists[list.supplements[pkg] as number] === 0 || engine.valueOf(pkg) !== 0) continue;
      if (!work.isInstallable(pkg) || !isSupplementing(work, pkg) || this.#isDropped(pkg)) continue;
      if (work.hasDisfavored && (work.favor?.[pkg] ?? 0) < 0) continue;
      if (work.excludeFromWeak?.[pkg] === 1) continue;
      supplementing.push(pkg);
    }
    recommended = recommended.filter(
      (pkg) => !(work.hasDisfavored && (work.favor?.[pkg] ?? 0) < 0) && work.excludeFromWeak?.[pkg] !== 1,
    );
    if (work.installed >= 0 && recommended.length + supplementing.length > 0) {
      const obsolete = this.#obsoletedByInstalled();
      recommended = recommended.filter((pkg) => !obsolete.has(pkg));
      supplementing = supplementing.filter((pkg) => !obsolete.has(pkg));
    }
    if (!settings.addAlreadyRecommended || settings.onlyNamespaceRecommended)
      supplementing = supplementing.filter((pkg) => isNewlySupplementing(work, pkg));
    // Another version is there already.
    if (work.multiversion !== undefined)
      supplementing = supplementing.filter((pkg) => !work.isMultiversion(pkg) || !this.#hasOther(pkg, false));
    if (settings.implicitObsoleteUsesColours) supplementing = supplementing.filter((pkg) => !this.#hasOther(pkg, true));
    return { recommended, supplementing };
  }

  #hasOther(pkg: number, otherArch: boolean): boolean {
    const { columns, pool } = this.#work;
    return pool
      .providersOf(columns.name[pkg] as number)
      .some(
        (other) =>
          this.#search.valueOf(other) > 0 &&
          this.#work.sameName(pkg, other) &&
          (!otherArch || columns.arch[other] !== columns.arch[pkg]),
      );
  }

  #isDropped(pkg: number): boolean {
    const work = this.#work;
    return work.processOrphans && work.isInstalled(pkg) && work.isDroppedOrphan(pkg);
  }

  #recommended(): number[] {
    const work = this.#work;
    const { lists, list } = work.columns;
    const { engine } = this.#search;
    const found = new Set<number>();
    for (const pkg of this.#recommending(engine.decided).sort((a, b) => a - b)) {
      for (let at = list.recommends[pkg] as number; lists[at] !== 0; at++) {
        const dependency = lists[at] as number;
        if (work.settings.onlyNamespaceRecommended && !isNamespaceDependency(work, dependency)) continue;
        for (const other of this.#open(dependency)) if (!this.#isDropped(other)) found.add(other);
      }
    }
    return [...found];
  }

  /** Packages among the first decisions whose recommendations count. */
  #recommending(decided: number): number[] {
    const work = this.#work;
    const { lists, list } = work.columns;
    const { trail } = this.#search.engine;
    const found: number[] = [];
    for (let at = 0; at < decided; at++) {
      const pkg = trail[at] as number;
      if (pkg < 2 || pkg >= work.count || lists[list.recommends[pkg] as number] === 0) continue;
      if (work.settings.addAlreadyRecommended || !work.isInstalled(pkg)) found.push(pkg);
    }
    return found;
  }

  /** Undecided packages that would meet a dependency; none where it is met. */
  #open(dependency: number): number[] {
    const { pool } = this.#work;
    const { engine } = this.#search;
    if (isComplex(pool, dependency)) {
      const form = weakForm(pool, dependency);
      if (typeof form === "boolean") return [];
      const found = new Set<number>();
      for (const block of form) {
        if (block.some((literal) => (literal < 0 ? engine.valueOf(-literal) <= 0 : engine.valueOf(literal) > 0)))
          continue;
        for (const literal of block) if (literal > 0 && engine.valueOf(literal) === 0) found.add(literal);
      }
      return [...found];
    }
    const found: number[] = [];
    const from = pool.whatProvides(dependency);
    const providers = pool.providerLists;
    for (let at = from; providers[at] !== 0; at++) {
      const value = engine.valueOf(providers[at] as number);
      if (value > 0) return [];
      if (value === 0) found.push(providers[at] as number);
    }
    return found;
  }

  #obsoletedByInstalled(): Set<number> {
    const work = this.#work;
    const found = new Set<number>();
    for (const pkg of work.installedPackages()) {
      if (this.#search.valueOf(pkg) <= 0) continue;
      if (!work.settings.keepExplicitObsoletes && work.isMultiversion(pkg)) continue;
      for (const dependency of work.pool.dependencies(pkg, "obsoletes"))
        for (const other of work.pool.providersOf(dependency))
          if (work.obsoletes(pkg, other, dependency)) found.add(other);
    }
    return found;
  }

  /** Installs the best: first what supplements, then what is recommended, by the order of who recommends it. */
  install(from: number, best: ReadonlySet<number>, supplementing: readonly number[]): number {
    const search = this.#search;
    const { engine } = search;
    const { lists, list } = this.#work.columns;
    let level = from;
    let first = supplementing.filter((pkg) => best.has(pkg));
    if (first.length > 1) first = search.policy.filter(first, "supplement");
    const decided = engine.decided;
    for (const pkg of first) {
      if (engine.valueOf(pkg) !== 0) continue;
      const old = level;
      level = search.decide(level, pkg, 0, decisionFor.weak, false);
      if (level <= old) return level;
    }
    if (engine.decided < decided) return level;
    for (const pkg of this.#recommending(decided)) {
      for (let at = list.recommends[pkg] as number; lists[at] !== 0; at++) {
        let candidates = this.#open(lists[at] as number).filter((other) => best.has(other));
        if (candidates.length === 0) continue;
        if (candidates.length > 1) candidates = search.policy.filter(candidates, "choose");
        if (candidates.length > 1) search.branch(level, candidates);
        const old = level;
        level = search.decide(level, candidates[0] as number, 0, decisionFor.weak, false);
        if (level <= old || engine.decided < decided) return level;
      }
    }
    return level;
  }
}
