import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import { isComplex, weakForm } from "../rules/normal-form.ts";
import type { PolicySwitches } from "../rules/switches.ts";
import { commonlyObsoleted } from "../rules/switches.ts";
import type { Workspace } from "../rules/workspace.ts";
import { isPossible, isSupplementing } from "./fulfilled.ts";
import type { Search } from "./search.ts";
import { isNamespaceSupplement, lookedAt, namespaceErases } from "./supplements.ts";
import { withoutNeeded } from "./unneeded.ts";

/**
 * Marks in `map` the installed packages that nobody needs when the jobs are done. First all that erased packages (or with `unneeded`: all
 * that nobody wished for) may have brought along is taken out, then what the rest needs is put back.
 */
export function markCleandeps(work: Workspace, map: Uint8Array, unneeded = false): void {
  map.fill(0);
  if (work.installed >= 0) new Cleandeps(work, unneeded).mark(map);
}

class Cleandeps {
  readonly #work: Workspace;
  readonly #unneeded: boolean;
  /** Packages that were wished for; later: those that are to go. */
  readonly #wished: Uint8Array;
  /** What stays, and what is installed. */
  readonly #stays: Uint8Array;
  readonly #installed: Uint8Array;
  #queue: number[] = [];
  #extra: DependencyId[] = [];

  constructor(work: Workspace, unneeded: boolean) {
    this.#work = work;
    this.#unneeded = unneeded;
    this.#wished = new Uint8Array(work.count);
    this.#stays = new Uint8Array(work.count);
    this.#installed = new Uint8Array(work.count);
  }

  mark(map: Uint8Array): void {
    const work = this.#work;
    const all = work.installedPackages();
    this.#extra = namespaceErases(work).flatMap((erased) => isNamespaceSupplement(work, all, erased));
    this.#markWished();
    const erased = this.#erased();
    this.#queue = this.#unneeded ? [] : [...erased];
    for (const pkg of this.#queue) this.#wished[pkg] = 0;
    if (work.pool.considered !== undefined) for (const pkg of all) if (work.isDisabled(pkg)) this.#wished[pkg] = 1;
    const updates = this.#unneeded ? [] : (work.cleandepsUpdates ?? []);
    const seeds = updates.length > 0 ? this.#updateSeeds(updates) : [];
    for (const pkg of updates) {
      if (work.isDisabled(pkg)) continue;
      this.#queue.push(pkg);
      this.#wished[pkg] = 0;
    }
    for (const pkg of [1, ...all]) {
      this.#installed[pkg] = 1;
      if (!this.#unneeded || pkg === 1 || this.#wished[pkg] === 1) this.#stays[pkg] = 1;
    }
    this.#takeOut(all);
    this.#prepareToPutBack(all, updates);
    this.#putBack(all);
    for (const pkg of [...seeds, ...(work.cleandepsMistakes ?? []), ...erased]) this.#stays[pkg] = 1;
    for (const pkg of all) if (this.#stays[pkg] === 0 && !work.isDisabled(pkg)) map[pkg] = 1;
  }

  #markWished(): void {
    const work = this.#work;
    for (const { action, select } of work.jobs) {
      if (action !== "userinstalled") continue;
      const packages = work.selectsInstalled(select) ? work.installedPackages() : work.selected(select);
      for (const pkg of packages) if (work.isInstalled(pkg)) this.#wished[pkg] = 1;
    }
    const { clauses, areas } = work;
    for (const [place, index] of areas.jobOf.entries()) {
      const rule = areas.job.from + place;
      const job = work.jobs[index];
      if (clauses.off[rule] === 1 || (job !== undefined && work.hasFlag(job, "cleandeps"))) continue;
      for (const literal of clauses.literalsOf(rule)) if (work.isInstalled(literal)) this.#wished[literal] = 1;
    }
  }

  /** Packages that jobs with the flag erase or replace. */
  #erased(): number[] {
    const work = this.#work;
    const { clauses, areas } = work;
    const found: number[] = [];
    for (const [place, index] of areas.jobOf.entries()) {
      const rule = areas.job.from + place;
      const job = work.jobs[index];
      if (clauses.off[rule] === 1 || job === undefined) continue;
      const literals = clauses.literalsOf(rule);
      const [first = 0] = literals;
      const clean = work.hasFlag(job, "cleandeps");
      if (literals.length === 1 && first < 0) {
        if (!work.isInstalled(-first)) continue;
        this.#wished[-first] = 0;
        if (!this.#unneeded && job.action === "erase" && clean) found.push(-first);
      } else if (first > 0 && !this.#unneeded && clean) found.push(...this.#replaced(literals));
    }
    return found;
  }

  /** Installed packages that each literal of an install rule takes the place of. */
  #replaced(literals: readonly number[]): number[] {
    const work = this.#work;
    if (literals.length === 1 && work.isInstalled(literals[0] as number)) return [];
    if (literals.some((literal) => literal < 0)) return [];
    if (!work.settings.keepExplicitObsoletes && literals.some((pkg) => work.isMultiversion(pkg))) return [];
    const fresh = literals.filter((pkg) => !work.isInstalled(pkg));
    let common = fresh.length > 0 ? commonlyObsoleted(work, fresh) : undefined;
    for (const pkg of literals) {
      if (!work.isInstalled(pkg)) continue;
      common = common === undefined || common.includes(pkg) ? [pkg] : [];
    }
    return common ?? [];
  }

  /** Packages to be updated that no other of them needs, and those that were wished for. */
  #updateSeeds(updates: readonly number[]): number[] {
    const work = this.#work;
    const installed = updates.filter((pkg) => work.isInstalled(pkg));
    const roots = withoutNeeded(work, installed, { onlySingle: true });
    return [...roots.filter((pkg) => this.#wished[pkg] === 0), ...installed.filter((pkg) => this.#wished[pkg] === 1)];
  }

  #takeOut(all: readonly number[]): void {
    const work = this.#work;
    const { lists, list } = work.columns;
    for (let at = 0; ; ) {
      if (at === this.#queue.length) {
        if (this.#unneeded) break;
        this.#queue = this.#unsupplemented(all);
        at = 0;
        if (this.#queue.length === 0) break;
      }
      const pkg = this.#queue[at++] as number;
      if (this.#stays[pkg] === 0 || this.#installed[pkg] === 0) continue;
      if (work.isInstalled(pkg) && this.#wished[pkg] === 1) continue;
      this.#stays[pkg] = 0;
      for (const kind of ["requires", "recommends"] as const) {
        for (let place = list[kind][pkg] as number; lists[place] !== 0; place++)
          for (const other of this.#meeting(lists[place] as number))
            if (other !== 1 && this.#stays[other] === 1) this.#queue.push(other);
      }
    }
    this.#queue = [];
  }

  /** Packages that may be there for a dependency: of rich ones only where its conditions are met by what is installed. */
  #meeting(dependency: DependencyId): number[] {
    const { pool } = this.#work;
    if (!isComplex(pool, dependency)) return pool.providersOf(dependency);
    const form = weakForm(pool, dependency);
    if (typeof form === "boolean") return [];
    const found: number[] = [];
    for (const block of form) {
      if (block.some((literal) => literal < 0 && this.#installed[-literal] === 0)) continue;
      for (const literal of block) if (literal > 0) found.push(literal);
    }
    return found;
  }

  /** Packages that supplemented something that is taken out now. */
  #unsupplemented(all: readonly number[]): number[] {
    const work = this.#work;
    const found: number[] = [];
    for (const pkg of all) {
      const supplements = work.columns.listOf("supplements", pkg);
      if (supplements.length === 0 || this.#stays[pkg] === 0 || this.#wished[pkg] === 1) continue;
      if (supplements.some((dependency) => isPossible(work, dependency, this.#stays))) continue;
      for (const dependency of supplements) {
        if (!isPossible(work, dependency, this.#installed) && !this.#extra.includes(dependency)) continue;
        // What else the dependency speaks of stays: taking this out must not take that out, too.
        for (const other of lookedAt(work, dependency))
          if (this.#stays[other] === 1 && work.isInstalled(other)) this.#wished[other] = 1;
        found.push(pkg);
      }
    }
    return found;
  }

  #prepareToPutBack(all: readonly number[], updates: readonly number[]): void {
    const work = this.#work;
    const { clauses, areas } = work;
    const gone = this.#wished;
    gone.fill(0);
    for (let rule = areas.job.from; rule < areas.job.to; rule++) {
      const first = clauses.first(rule);
      if (clauses.off[rule] === 1 || first >= 0 || clauses.lengthOf(rule) !== 1) continue;
      this.#stays[-first] = 0;
      if (work.isInstalled(-first)) gone[-first] = 1;
    }
    for (const pkg of updates) if (work.isInstalled(pkg)) gone[pkg] = 1;
    this.#stays[1] = 1;
    for (const pkg of all) if (this.#stays[pkg] === 1) this.#queue.push(pkg);
    for (let rule = areas.job.from; rule < areas.job.to; rule++) {
      if (clauses.off[rule] === 1) continue;
      for (const literal of clauses.literalsOf(rule)) if (literal > 0) this.#queue.push(literal);
    }
    for (const { action, select } of work.jobs) {
      if (action === "userinstalled" && select.kind === "package" && !work.isInstalled(select.package))
        this.#queue.push(select.package);
    }
  }

  #putBack(all: readonly number[]): void {
    const work = this.#work;
    const { columns, pool } = work;
    const { lists, list } = columns;
    const put = (pkg: number): void => {
      if (this.#stays[pkg] === 1) return;
      this.#stays[pkg] = 1;
      this.#queue.push(pkg);
    };
    for (let at = 0; ; ) {
      if (at === this.#queue.length) {
        for (const pkg of all) {
          if (this.#wished[pkg] === 1 || this.#stays[pkg] === 1) continue;
          if (columns.listOf("supplements", pkg).some((dependency) => isPossible(work, dependency, this.#stays)))
            put(pkg);
        }
        if (at === this.#queue.length) break;
      }
      const pkg = this.#queue[at++] as number;
      if (work.isInstalled(pkg) && work.settings.implicitObsoleteUsesColours)
        for (const other of this.#lockstep(pkg)) put(other);
      for (const kind of ["requires", "recommends"] as const) {
        for (let place = list[kind][pkg] as number; lists[place] !== 0; place++) {
          const dependency = lists[place] as number;
          const meeting = isComplex(pool, dependency)
            ? this.#blocksMeeting(dependency, pkg)
            : pool.providersOf(dependency);
          if (meeting.includes(pkg)) continue;
          for (const other of meeting) if (this.#installed[other] === 1 && this.#wished[other] === 0) put(other);
        }
      }
    }
  }

  #blocksMeeting(dependency: DependencyId, pkg: number): number[] {
    const form = weakForm(this.#work.pool, dependency);
    if (typeof form === "boolean") return [];
    return form.flatMap((block) => {
      const isMet = block.some((literal) => literal === pkg || (literal < 0 && this.#installed[-literal] === 0));
      return isMet ? [] : block.filter((literal) => literal > 0);
    });
  }

  /** Installed packages of the best architecture that one of a worse has to go along with. */
  #lockstep(pkg: number): number[] {
    const work = this.#work;
    const { pool, columns } = work;
    const all = pool.providersOf(columns.name[pkg] as number).filter((other) => work.sameName(pkg, other));
    const best = Math.max(0, ...all.filter((other) => !work.isInstalled(other)).map((other) => work.archScore(other)));
    if (best < 2 || work.archScore(pkg) === best) return [];
    return all.filter(
      (other) =>
        work.isInstalled(other) &&
        columns.evr[other] === columns.evr[pkg] &&
        columns.arch[other] !== columns.arch[pkg] &&
        work.archScore(other) === best,
    );
  }
}

/** Looks for packages that were dropped though they should not: those are kept from now on. Whether there are any. */
export function findCleandepsMistakes(search: Search, switches: PolicySwitches): boolean {
  const { work } = search;
  const { cleandeps, columns, pool } = work;
  if (cleandeps === undefined) return false;
  const mistakes: number[] = [];
  const keep = (pkg: number): void => {
    mistakes.push(pkg);
    (work.cleandepsMistakes ??= []).push(pkg);
    cleandeps[pkg] = 0;
    switches.turnOnForKept(pkg);
  };
  search.weak.refresh();
  for (const pkg of work.installedPackages()) {
    if (search.valueOf(pkg) > 0) {
      for (const dependency of columns.listOf("requires", pkg)) {
        for (const other of pool.providersOf(dependency)) {
          if (!work.isInstalled(other) || other === pkg || search.valueOf(other) > 0) continue;
          if (cleandeps[other] === 1) keep(other);
        }
      }
    }
    if (cleandeps[pkg] === 1 && isMistake(search, pkg)) keep(pkg);
  }
  return mistakes.length > 0;
}

function isMistake(search: Search, pkg: number): boolean {
  const { work, clauses } = search;
  const { areas } = work;
  const place = pkg - work.installedFrom;
  const update = areas.update.from + place;
  const feature = clauses.first(areas.feature.from + place) !== 0 ? areas.feature.from + place : update;
  if (clauses.first(feature) === 0) return false;
  const isMet = (rule: number): boolean =>
    clauses.literalsOf(rule).some((literal) => literal > 0 && search.valueOf(literal) > 0);
  // It went altogether: wrong if something asks for it.
  if (!isMet(feature)) return search.weak.recommended[pkg] === 1 || isSupplementing(work, pkg);
  // It was replaced: wrong if by something that neither the update rule nor the best rules allow.
  if (clauses.first(update) !== 0 && update !== feature && !isMet(update)) return true;
  for (let rule = areas.bestUpdates; rule < areas.best.to; rule++)
    if (areas.bestFor[rule - areas.best.from] === pkg && !isMet(rule)) return true;
  return false;
}
