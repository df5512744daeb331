import type { Policy } from "../search/policy.ts";
import type { JobRuleFacts } from "./job-rules.ts";
import type { Workspace } from "./workspace.ts";

/** Adds rules of jobs that want the best package or none, and of updates that want so. */
export function addBestRules(work: Workspace, policy: Policy, facts: JobRuleFacts): void {
  const { areas, clauses } = work;
  areas.best.from = clauses.count;
  areas.bestUpdates = clauses.count;
  const updates = work.bestUpdateAll || work.bestUpdate !== undefined;
  if (updates || facts.hasBestInstall) {
    const maker = new BestRules(work, policy, facts.hasLock ? lockedPackages(work) : undefined);
    if (facts.hasBestInstall) maker.addForInstalls();
    areas.bestUpdates = clauses.count;
    if (updates) for (const pkg of work.installedPackages()) maker.addForUpdate(pkg);
  }
  areas.best.to = clauses.count;
}

function lockedPackages(work: Workspace): Set<number> {
  const { areas, clauses } = work;
  const locked = new Set<number>();
  for (const [place, job] of areas.jobOf.entries()) {
    const rule = areas.job.from + place;
    if (work.jobs[job]?.action === "lock" && clauses.lengthOf(rule) === 1) locked.add(Math.abs(clauses.first(rule)));
  }
  return locked;
}

class BestRules {
  readonly #work: Workspace;
  readonly #policy: Policy;
  readonly #locked: ReadonlySet<number> | undefined;

  constructor(work: Workspace, policy: Policy, locked: ReadonlySet<number> | undefined) {
    this.#work = work;
    this.#policy = policy;
    this.#locked = locked;
  }

  addForInstalls(): void {
    const { areas, jobs } = this.#work;
    for (const [place, index] of areas.jobOf.entries()) {
      const job = jobs[index];
      if (job?.action !== "install" || !this.#work.hasFlag(job, "forcebest")) continue;
      this.#addForInstall(areas.job.from + place, this.#work.hasFlag(job, "weak"));
    }
  }

  #addForInstall(rule: number, weak: boolean): void {
    const work = this.#work;
    const { clauses, areas } = work;
    const literals = clauses.literalsOf(rule);
    const positive = this.#usable(literals.filter((literal) => literal > 0));
    const negative = literals.filter((literal) => literal < 0);
    if (positive.length === 0) return;
    let best = this.#policy.filter(positive, "recommend");
    if (best.length === positive.length) return;
    if (this.#locked !== undefined) {
      // What is locked in stays good, and what is locked out does not make the others worse.
      const open: number[] = [];
      for (const pkg of literals) {
        if (pkg <= 0) continue;
        if (work.isInstalled(pkg)) {
          if (this.#locked.has(pkg)) best = withOne(best, pkg);
        } else if (this.#locked.has(pkg)) continue;
        open.push(pkg);
      }
      for (const pkg of this.#policy.filter(this.#usable(open), "recommend")) best = withOne(best, pkg);
    }
    const added = clauses.add([...negative, ...best]);
    if (weak) areas.weak.add(added);
    areas.bestFor.push(-rule);
  }

  #usable(packages: number[]): number[] {
    const work = this.#work;
    if (work.pool.considered === undefined || !work.pool.providersWithDisabled) return packages;
    return packages.filter((pkg) => work.isInstalled(pkg) || !work.isDisabled(pkg));
  }

  addForUpdate(pkg: number): void {
    const work = this.#work;
    const { clauses, areas, settings } = work;
    if (!work.isUpdated(pkg) || !(work.bestUpdateAll || work.bestUpdate?.[pkg] === 1)) return;
    const place = pkg - work.installedFrom;
    const feature = areas.feature.from + place;
    const update = areas.update.from + place;
    const own = settings.bestObeyPolicy || clauses.first(feature) === 0 ? update : feature;
    const special = own === update ? work.specialUpdaters?.get(pkg) : undefined;
    const ofRule = (rule: number): number[] => clauses.literalsOf(rule).filter((literal) => literal > 0);
    let candidates = ofRule(own);
    if (special !== undefined) candidates = clauses.first(own) === pkg ? [pkg, ...special] : special;
    let best = this.#bestUpdate(pkg, candidates);
    if (best.length === 0) return;
    const isOpen = (other: number): boolean => work.isInstalled(other) || this.#locked?.has(other) !== true;
    if (this.#locked !== undefined) {
      const known = this.#locked.has(pkg) ? withOne(candidates, pkg) : candidates;
      for (const other of known) if (work.isInstalled(other) && this.#locked.has(other)) best = withOne(best, other);
      for (const other of this.#bestUpdate(pkg, known.filter(isOpen))) best = withOne(best, other);
    }
    if (settings.bestObeyPolicy && clauses.first(feature) !== 0) {
      for (const other of this.#bestUpdate(pkg, ofRule(feature))) best = withOne(best, other);
      if (this.#locked !== undefined)
        for (const other of this.#bestUpdate(pkg, ofRule(feature).filter(isOpen))) best = withOne(best, other);
    }
    if (settings.allowUninstall || work.allowUninstallAll || work.allowUninstall?.[pkg] === 1) {
      // It may go altogether: then only what is worse than the best must not come without the best.
      const rule = clauses.first(feature) !== 0 ? feature : update;
      for (const other of clauses.literalsOf(rule)) {
        if (best.includes(other)) continue;
        clauses.add([-other, ...best]);
        areas.bestFor.push(pkg);
      }
      return;
    }
    clauses.add(best);
    areas.bestFor.push(pkg);
  }

  #bestUpdate(pkg: number, candidates: readonly number[]): number[] {
    const work = this.#work;
    const targets = work.updateTargets?.get(pkg);
    let left = candidates.filter((other) => targets === undefined || targets.includes(other));
    if (work.dupInvolved?.[pkg] === 1) left = left.filter((other) => work.dup?.[other] === 1);
    return this.#policy.filter(left, "recommend");
  }
}

function withOne(list: readonly number[], pkg: number): number[] {
  return list.includes(pkg) ? [...list] : [...list, pkg];
}
