import { systemPackage } from "../../pool/index.ts";
import type { SolverJob } from "../jobs.ts";
import type { Workspace } from "./workspace.ts";

/** Packages that stand beside others of their name. */
export function markMultiversion(work: Workspace): void {
  for (const { action, select } of work.jobs) {
    if (action !== "multiversion") continue;
    work.multiversion = work.map(work.multiversion);
    for (const pkg of work.allSelected(select)) work.multiversion[pkg] = 1;
  }
}

/** Takes in the jobs that say something about installed packages: what to repair, to update, to drop. */
export function markInstalled(work: Workspace): void {
  if (work.installed < 0) return;
  for (const job of work.jobs) {
    const { select } = job;
    const installed = (): number[] => work.selected(select).filter((pkg) => work.isInstalled(pkg));
    switch (job.action) {
      case "verify":
        if (work.selectsInstalled(select)) work.fixAll = true;
        for (const pkg of installed()) (work.fix = work.map(work.fix))[pkg] = 1;
        break;
      case "update":
        markUpdate(work, job);
        break;
      case "droporphaned":
        if (work.selectsInstalled(select)) work.dropOrphanedAll = true;
        for (const pkg of installed()) (work.dropOrphaned = work.map(work.dropOrphaned))[pkg] = 1;
        break;
      case "allowuninstall":
        if (work.selectsInstalled(select)) work.allowUninstallAll = true;
        for (const pkg of installed()) (work.allowUninstall = work.map(work.allowUninstall))[pkg] = 1;
        break;
      default:
    }
  }
  if (work.updateTargets !== undefined) {
    for (const [pkg, targets] of work.updateTargets) {
      (work.update = work.map(work.update))[pkg] = 1;
      work.updateTargets.set(
        pkg,
        [...new Set(targets)].sort((a, b) => a - b),
      );
    }
  }
}

function markUpdate(work: Workspace, job: SolverJob): void {
  const { select } = job;
  const targeted = work.hasFlag(job, "targeted");
  const best = work.hasFlag(job, "forcebest");
  const clean = work.hasFlag(job, "cleandeps");
  if (select.kind === "all" || (select.kind === "repository" && select.repository === work.installed && !targeted)) {
    work.updateAll = true;
    if (best) work.bestUpdateAll = true;
    if (clean) for (const pkg of work.installedPackages()) addCleandepsUpdate(work, pkg);
    return;
  }
  if (select.kind === "repository") {
    if (work.settings.noAutoTarget && !targeted) return;
    for (const pkg of work.packagesOf(select.repository)) addUpdateTarget(work, job, pkg);
    return;
  }
  const packages = work.selected(select);
  if (!targeted) {
    let anyInstalled = false;
    for (const pkg of packages) {
      if (!work.isInstalled(pkg)) continue;
      (work.update = work.map(work.update))[pkg] = 1;
      if (best) (work.bestUpdate = work.map(work.bestUpdate))[pkg] = 1;
      if (clean) addCleandepsUpdate(work, pkg);
      anyInstalled = true;
    }
    if (anyInstalled || work.settings.noAutoTarget) return;
  }
  for (const pkg of packages) addUpdateTarget(work, job, pkg);
}

export function addCleandepsUpdate(work: Workspace, pkg: number): void {
  work.cleandepsUpdates ??= [];
  if (!work.cleandepsUpdates.includes(pkg)) work.cleandepsUpdates.push(pkg);
}

/** Marks an installed package that a job updates to a given one. */
export function markReplaced(work: Workspace, job: SolverJob, installed: number): void {
  if (work.hasFlag(job, "forcebest") && !work.bestUpdateAll)
    (work.bestUpdate = work.map(work.bestUpdate))[installed] = 1;
  if (work.hasFlag(job, "cleandeps")) addCleandepsUpdate(work, installed);
}

function addUpdateTarget(work: Workspace, job: SolverJob, pkg: number): void {
  const { pool, settings, columns } = work;
  if (pkg === systemPackage) return;
  const targets = (work.updateTargets ??= new Map());
  const add = (installed: number, target: number): void => {
    const known = targets.get(installed);
    if (known === undefined) targets.set(installed, [target]);
    else known.push(target);
  };
  const isSame = (other: number): boolean =>
    work.isInstalled(other) &&
    work.sameName(pkg, other) &&
    (!settings.implicitObsoleteUsesColours || work.coloursMeet(pkg, other));
  const sameName = pool.providersOf(columns.name[pkg] as number).filter(isSame);
  if (work.isInstalled(pkg)) {
    add(pkg, pkg);
    for (const other of sameName) if (other !== pkg) add(other, pkg);
    return;
  }
  const replaced: number[] = [];
  let identical = 0;
  for (const other of sameName) {
    replaced.push(other);
    if (work.identical(pkg, other)) identical = other;
  }
  for (const dependency of pool.dependencies(pkg, "obsoletes")) {
    for (const other of pool.providersOf(dependency)) {
      if (!work.isInstalled(other) || work.sameName(pkg, other) || !work.obsoletes(pkg, other, dependency)) continue;
      replaced.push(other);
    }
  }
  for (const other of replaced) {
    markReplaced(work, job, other);
    add(other, pkg);
    // What is installed already is as good where it is the same.
    if (identical !== 0) add(other, identical);
  }
}

/** Packages that are favoured and disfavoured. */
export function markFavors(work: Workspace): void {
  for (const [index, { action, select }] of work.jobs.entries()) {
    if (action !== "favor" && action !== "disfavor") continue;
    work.favor ??= new Int32Array(work.count);
    const packages = select.kind === "repository" ? work.packagesOf(select.repository) : work.selected(select);
    for (const pkg of packages) {
      work.favor[pkg] = action === "favor" ? index + 1 : -(index + 1);
      if (action === "disfavor") work.hasDisfavored = true;
    }
  }
}

export function markExcludedFromWeak(work: Workspace): void {
  for (const { action, select } of work.jobs) {
    if (action !== "excludefromweak") continue;
    work.excludeFromWeak = work.map(work.excludeFromWeak);
    const packages = select.kind === "repository" ? work.packagesOf(select.repository) : work.selected(select);
    for (const pkg of packages) work.excludeFromWeak[pkg] = 1;
  }
}
