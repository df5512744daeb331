import type { Workspace } from "./workspace.ts";

/** What changes policy may forbid. */
export interface Illegal {
  readonly downgrade: boolean;
  readonly arch: boolean;
  readonly vendor: boolean;
  readonly name: boolean;
}

/** Fills {@link Workspace.obsoletedBy}. */
export function indexObsoletes(work: Workspace): void {
  if (work.installed < 0) return;
  const { pool, columns } = work;
  const { lists } = columns;
  const index = new Map<number, number[]>();
  for (let pkg = 1; pkg < work.count; pkg++) {
    const place = columns.list.obsoletes[pkg] as number;
    if (lists[place] === 0 || !work.isInstallable(pkg)) continue;
    for (let at = place; lists[at] !== 0; at++) {
      const dependency = lists[at] as number;
      const from = pool.whatProvides(dependency);
      const providers = pool.providerLists;
      for (let step = from; providers[step] !== 0; step++) {
        const other = providers[step] as number;
        if (!work.isInstalled(other) || work.sameName(other, pkg) || !work.obsoletes(pkg, other, dependency)) continue;
        const known = index.get(other);
        if (known === undefined) index.set(other, [pkg]);
        else if (known[known.length - 1] !== pkg) known.push(pkg);
      }
    }
  }
  work.obsoletedBy = index;
}

/** How policy limits updates: not at all, as the settings say, or as they say for distribution upgrades. */
export type UpdateLimits = "all" | "policy" | "distupgrade";

/** Packages an installed one may be updated to. */
export function updateCandidates(work: Workspace, pkg: number, limits: UpdateLimits): number[] {
  const { pool, settings, columns } = work;
  const dup = limits === "distupgrade";
  const all = limits === "all";
  const allowDowngrade = all || (dup ? settings.dupAllowDowngrade : settings.allowDowngrade);
  const allowName = all || (dup ? settings.dupAllowNameChange : settings.allowNameChange);
  const allowArch = all || (dup ? settings.dupAllowArchChange : settings.allowArchChange);
  const allowVendor = all || (dup ? settings.dupAllowVendorChange : settings.allowVendorChange);
  const isLegal = (other: number): boolean =>
    (allowArch || !isArchChange(work, pkg, other)) && (allowVendor || !isVendorChange(work, pkg, other));
  const found: number[] = [];
  let providesAndObsoletes = false;
  const from = pool.whatProvides(columns.name[pkg] as number);
  const providers = pool.providerLists;
  for (let at = from; providers[at] !== 0; at++) {
    const other = providers[at] as number;
    if (other === pkg) continue;
    if (pool.providersWithDisabled && !work.isInstalled(other) && work.isDisabled(other)) continue;
    if (settings.implicitObsoleteUsesColours && !work.coloursMeet(pkg, other)) continue;
    if (work.sameName(pkg, other)) {
      if (!allowDowngrade && work.compareEvr(pkg, other) > 0) continue;
    } else {
      if (!allowName || (settings.noUpdateProvide && !settings.needUpdateProvide)) continue;
      if (!isObsoleting(work, other, pkg)) continue;
      providesAndObsoletes = true;
    }
    if (isLegal(other)) found.push(other);
  }
  if (!allowName || settings.needUpdateProvide || (!settings.noUpdateProvide && providesAndObsoletes)) return found;
  for (const other of work.obsoletedBy?.get(pkg) ?? []) {
    if (settings.implicitObsoleteUsesColours && !work.coloursMeet(pkg, other)) continue;
    if (isLegal(other)) found.push(other);
  }
  return found;
}

function isObsoleting(work: Workspace, pkg: number, installed: number): boolean {
  if (work.settings.obsoleteUsesColours && !work.coloursMeet(installed, pkg)) return false;
  for (const dependency of work.pool.dependencies(pkg, "obsoletes")) {
    if (!work.pool.providersOf(dependency).includes(installed)) continue;
    if (work.settings.obsoleteUsesProvides || work.pool.isNamed(installed, dependency)) return true;
  }
  return false;
}

/** Whether putting one package in the place of the other changes its architecture to one that does not go along with it. */
export function isArchChange(work: Workspace, installed: number, other: number): boolean {
  const { arch, strings } = work.columns;
  if (arch[installed] === arch[other]) return false;
  const isNeutral = (pkg: number): boolean => strings.text(arch[pkg] as number) === "noarch";
  if (isNeutral(installed) || isNeutral(other) || work.pool.archs === undefined) return false;
  return work.archScore(installed) !== work.archScore(other);
}

export function isVendorChange(work: Workspace, installed: number, other: number): boolean {
  const { vendor } = work.columns;
  return !work.vendors.same(vendor[installed] as number, vendor[other] as number);
}

/** What policy forbids about putting a package in the place of an installed one. */
export function illegalChanges(work: Workspace, installed: number, other: number): Illegal {
  const { settings } = work;
  const dup = work.isDupInvolved(installed);
  const sameName = work.sameName(installed, other);
  return {
    downgrade:
      !(dup ? settings.dupAllowDowngrade : settings.allowDowngrade) &&
      sameName &&
      work.compareEvr(installed, other) > 0,
    arch: !(dup ? settings.dupAllowArchChange : settings.allowArchChange) && isArchChange(work, installed, other),
    vendor:
      !(dup ? settings.dupAllowVendorChange : settings.allowVendorChange) && isVendorChange(work, installed, other),
    name: !(dup ? settings.dupAllowNameChange : settings.allowNameChange) && !sameName,
  };
}

export function isIllegal(work: Workspace, installed: number, other: number): boolean {
  const { downgrade, arch, vendor, name } = illegalChanges(work, installed, other);
  return downgrade || arch || vendor || name;
}

/** Whether an installed package of a distribution upgrade may stay: it is, or equals, one of those that are good. */
export function mayStay(work: Workspace, pkg: number): boolean {
  if (work.dup?.[pkg] === 1) return true;
  const { evr, name } = work.columns;
  return work.pool.providersOf(name[pkg] as number).some((other) => {
    if (evr[other] !== evr[pkg]) return false;
    if (work.dup === undefined ? work.isInstalled(other) : work.dup[other] !== 1) return false;
    return work.identical(pkg, other);
  });
}

/** Adds, for each number in the installed range, a feature rule: the package stays or is replaced by whatever can. */
export function addFeatureRules(work: Workspace): void {
  const { clauses, areas } = work;
  areas.feature.from = clauses.count;
  for (let pkg = work.installedFrom; pkg < work.installedTo; pkg++) {
    if (!work.isInstalled(pkg)) {
      clauses.addPair(0);
      continue;
    }
    const candidates = updateCandidates(work, pkg, "all");
    const isOrphan =
      work.isDupInvolved(pkg) &&
      !mayStay(work, pkg) &&
      !candidates.some((other) => !work.isInstalled(other) || mayStay(work, other));
    clauses.add(isOrphan ? [] : [pkg, ...candidates]);
  }
  areas.feature.to = clauses.count;
}

/** Adds, for each number in the installed range, an update rule: the package stays or is replaced by what policy allows. */
export function addUpdateRules(work: Workspace): void {
  const { clauses, areas } = work;
  areas.update.from = clauses.count;
  for (let pkg = work.installedFrom; pkg < work.installedTo; pkg++) {
    const feature = areas.feature.from + pkg - work.installedFrom;
    if (!work.isInstalled(pkg)) {
      clauses.addPair(0);
      continue;
    }
    const rule = clauses.add(updateRule(work, pkg, feature));
    if (clauses.first(rule) === 0) {
      // Without an update rule there is no feature rule either.
      clauses.clear(feature);
      continue;
    }
    if (!work.processOrphans && clauses.first(feature) === pkg && clauses.lengthOf(feature) === 1)
      work.orphaned.push(pkg);
    if (clauses.equal(rule, feature)) clauses.clear(feature);
    else if (clauses.first(feature) !== 0) clauses.off[feature] = 1;
  }
  areas.update.to = clauses.count;
}

function keepsOrphan(work: Workspace, pkg: number): boolean {
  return work.settings.keepOrphans && !work.isDroppedOrphan(pkg);
}

function updateRule(work: Workspace, pkg: number, feature: number): number[] {
  const { settings, columns } = work;
  if (work.pool.considered !== undefined && work.isDisabled(pkg)) return [pkg];
  if (work.clauses.first(feature) === 0) {
    work.orphaned.push(pkg);
    return keepsOrphan(work, pkg) ? [pkg] : [];
  }
  const involved = work.isDupInvolved(pkg);
  const candidates = updateCandidates(work, pkg, involved ? "distupgrade" : "policy");
  if (!candidates.some((other) => work.isMultiversion(other))) return [pkg, ...candidates];
  // What stands beside others does not update them, unless it says that it obsoletes them or is the very same.
  let left = candidates.filter((other) => {
    if (!work.isMultiversion(other)) return true;
    if (settings.keepExplicitObsoletes && columns.list.obsoletes[other] !== 0 && isObsoleting(work, other, pkg))
      return true;
    return work.sameNevra(pkg, other);
  });
  if (left.length === 0 && involved && !mayStay(work, pkg)) {
    work.orphaned.push(pkg);
    setSpecial(work, pkg, candidates);
    if (keepsOrphan(work, pkg)) return [pkg];
    left = candidates;
  }
  if (left.length < candidates.length && work.isUpdated(pkg)) setSpecial(work, pkg, candidates);
  return [pkg, ...left];
}

function setSpecial(work: Workspace, pkg: number, candidates: number[]): void {
  work.specialUpdaters ??= new Map();
  work.specialUpdaters.set(pkg, candidates);
}

/** The literals of the update rule of an installed package; of its feature rule where it has none. */
export function updateLiterals(work: Workspace, pkg: number): number[] {
  const { clauses, areas } = work;
  const place = pkg - work.installedFrom;
  const update = areas.update.from + place;
  return clauses.literalsOf(clauses.first(update) !== 0 ? update : areas.feature.from + place);
}

/** The literals of the feature rule of an installed package; of its update rule where they are the same. */
export function featureLiterals(work: Workspace, pkg: number): number[] {
  const { clauses, areas } = work;
  const place = pkg - work.installedFrom;
  const feature = areas.feature.from + place;
  return clauses.literalsOf(clauses.first(feature) !== 0 ? feature : areas.update.from + place);
}
