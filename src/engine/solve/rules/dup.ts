import { systemPackage } from "../../pool/index.ts";
import type { SolverJob } from "../jobs.ts";
import { eachAddedName } from "./infarch.ts";
import { addCleandepsUpdate, markReplaced } from "./job-marks.ts";
import type { Workspace } from "./workspace.ts";

/** Marks what distribution upgrades are about, and what of it is good to install or keep. */
export function markDistupgrade(work: Workspace): void {
  work.dup = work.map(work.dup);
  for (const job of work.jobs) if (job.action === "distupgrade") markOne(work, job);
  if (work.dupInvolved !== undefined) work.dupInvolved[systemPackage] = 0;
  if (work.dupInvolvedAll) work.updateAll = true;
  else if (work.installed >= 0 && !work.updateAll && work.dupInvolved !== undefined) {
    for (const pkg of work.installedPackages())
      if (work.dupInvolved[pkg] === 1) (work.update = work.map(work.update))[pkg] = 1;
  }
}

function markOne(work: Workspace, job: SolverJob): void {
  const { select } = job;
  const { settings } = work;
  const asked = work.hasFlag(job, "targeted");
  if (select.kind === "repository") {
    const isInstalled = select.repository === work.installed;
    if (!isInstalled && !asked && settings.noAutoTarget) return;
    for (const pkg of work.packagesOf(select.repository)) {
      if (isInstalled || work.isInstallable(pkg)) mark(work, job, pkg, !isInstalled || asked);
    }
    return;
  }
  if (select.kind === "all") {
    work.dupInvolvedAll = true;
    const dup = (work.dup = work.map(work.dup));
    for (let pkg = systemPackage + 1; pkg < work.count; pkg++)
      if (!work.isInstalled(pkg) && work.isInstallable(pkg)) dup[pkg] = 1;
    if (work.hasFlag(job, "forcebest")) work.bestUpdateAll = true;
    if (work.hasFlag(job, "cleandeps")) for (const pkg of work.installedPackages()) addCleandepsUpdate(work, pkg);
    return;
  }
  const packages = work.selected(select).filter((pkg) => pkg > systemPackage);
  const targeted = asked || (!settings.noAutoTarget && !packages.some((pkg) => work.isInstalled(pkg)));
  for (const pkg of packages) {
    if (!work.isInstalled(pkg) && (!targeted || !work.isInstallable(pkg))) continue;
    mark(work, job, pkg, targeted);
  }
}

function mark(work: Workspace, job: SolverJob, pkg: number, targeted: boolean): void {
  const { pool, columns } = work;
  const involved = (work.dupInvolved = work.map(work.dupInvolved));
  const good = (work.dup = work.map(work.dup));
  const obsoleters = (installed: number): number[] =>
    (work.obsoletedBy?.get(installed) ?? []).filter((other) => !work.isInstalled(other));
  involved[pkg] = 1;
  if (targeted) good[pkg] = 1;
  for (const other of pool.providersOf(columns.name[pkg] as number)) {
    if (!work.sameName(pkg, other)) continue;
    involved[other] = 1;
    const isInstalled = work.isInstalled(other);
    if (targeted && isInstalled) for (const obsoleter of obsoleters(other)) involved[obsoleter] = 1;
    if (isInstalled) markReplaced(work, job, other);
    else if (!targeted) good[other] = 1;
  }
  if (work.isInstalled(pkg)) {
    for (const obsoleter of obsoleters(pkg)) {
      involved[obsoleter] = 1;
      if (!targeted) good[obsoleter] = 1;
    }
    return;
  }
  if (!targeted) return;
  for (const dependency of pool.dependencies(pkg, "obsoletes")) {
    for (const other of pool.providersOf(dependency)) {
      if (!work.obsoletes(pkg, other, dependency)) continue;
      involved[other] = 1;
      if (!work.isInstalled(other)) continue;
      for (const obsoleter of obsoleters(other)) involved[obsoleter] = 1;
      markReplaced(work, job, other);
    }
  }
}

/** Adds rules that keep out what a distribution upgrade is about but is not good. */
export function addDupRules(work: Workspace, added: Uint8Array): void {
  const { clauses, areas } = work;
  areas.distupgrade.from = clauses.count;
  if (work.dupInvolvedAll || work.dupInvolved !== undefined) {
    eachAddedName(work, added, (packages) => {
      for (const pkg of packages) {
        if (!work.isDupInvolved(pkg)) continue;
        if (work.isInstalled(pkg)) addForInstalled(work, pkg);
        else if (work.dup?.[pkg] !== 1) clauses.addPair(-pkg);
      }
    });
  }
  areas.distupgrade.to = clauses.count;
}

function addForInstalled(work: Workspace, pkg: number): void {
  const { clauses, areas, columns } = work;
  const good = (work.dup = work.map(work.dup));
  if (work.pool.considered !== undefined && work.isDisabled(pkg)) return;
  if (good[pkg] === 1) return;
  const place = pkg - work.installedFrom;
  const feature = areas.feature.from + place;
  const update = areas.update.from + place;
  const hasTwin = work.pool
    .providersOf(columns.name[pkg] as number)
    .some((other) => good[other] === 1 && work.identical(pkg, other));
  if (hasTwin || (clauses.first(update) === 0 && clauses.first(feature) === 0)) {
    // It may stay: as one that is good, or as an orphan.
    good[pkg] = 1;
    return;
  }
  const special = work.specialUpdaters?.get(pkg);
  if (special !== undefined) {
    clauses.add([-pkg, ...special]);
    return;
  }
  const isAlone = (rule: number): boolean => clauses.lengthOf(rule) === 1;
  const rule = clauses.first(update) === 0 ? feature : update;
  if (clauses.first(rule) === pkg && isAlone(rule) && (clauses.first(feature) === 0 || isAlone(feature))) {
    good[pkg] = 1;
    return;
  }
  clauses.addPair(-pkg);
}
