import type { Workspace } from "./workspace.ts";

/** Calls back once for each name that has packages among those added: with all of its name that are added, ascending. */
export function eachAddedName(
  work: Workspace,
  added: Uint8Array,
  visit: (packages: number[], all: number[]) => void,
): void {
  const { pool, columns } = work;
  const names = new Set<number>();
  for (const pkg of work.added) {
    const name = columns.name[pkg] as number;
    if (names.has(name)) continue;
    names.add(name);
    const all = pool.providersOf(name).filter((other) => columns.name[other] === name);
    visit(
      all.filter((other) => added[other] === 1),
      all,
    );
  }
}

/** Adds rules that keep packages of a worse architecture than the best of their name out. */
export function addInfArchRules(work: Workspace, added: Uint8Array): void {
  work.areas.infarch.from = work.clauses.count;
  if (!work.settings.noInfArchCheck && work.pool.archs !== undefined && mixesArchs(work))
    eachAddedName(work, added, (packages, all) => addForName(work, packages, all));
  work.areas.infarch.to = work.clauses.count;
}

/** Whether any packages run on different architectures of the machine. */
function mixesArchs(work: Workspace): boolean {
  let seen = 0;
  for (const pkg of work.added) {
    const score = work.archScore(pkg);
    if (score === 1 || score === seen) continue;
    if (seen !== 0 || score === 0) return true;
    seen = score;
  }
  return false;
}

function addForName(work: Workspace, packages: readonly number[], all: readonly number[]): void {
  const { columns, settings } = work;
  const { arch } = columns;
  const colours = settings.implicitObsoleteUsesColours;
  let best = 0;
  let bestPackage = 0;
  let allowed: number[] = [];
  const allow = (pkg: number): void => {
    const id = arch[pkg] as number;
    if (!allowed.includes(id)) allowed.push(id);
  };
  for (const pkg of packages) {
    const score = work.archScore(pkg);
    if (score !== 1 && work.isInstalled(pkg)) {
      // An installed architecture may stay, but does not tell what is best.
      if (!work.isDupInvolved(pkg)) allow(pkg);
    } else if (score > 1 && score > best) {
      best = score;
      bestPackage = pkg;
    }
  }
  if (best === 0 && allowed.length > 1 && colours) {
    for (const pkg of packages) {
      const score = work.archScore(pkg);
      if (allowed.includes(arch[pkg] as number) && score > 1 && score > best) best = score;
    }
  }
  if (best === 0) return;
  if (allowed.length === 1 && bestPackage !== 0 && allowed[0] === arch[bestPackage]) allowed = [];
  if (allowed.length > 0 && colours && work.installed >= 0) {
    allowed = [];
    for (const pkg of packages) {
      if (!work.isInstalled(pkg) || work.isDupInvolved(pkg)) continue;
      const score = work.archScore(pkg);
      if (score === 0) allow(pkg);
      else if (score !== 1 && score !== best && partners(work, pkg, all, best).length === 0) allow(pkg);
    }
  }
  const scoreOf = (id: number): number => {
    const pkg = packages.find((other) => arch[other] === id);
    return pkg === undefined ? 0 : work.archScore(pkg);
  };
  for (const pkg of packages) {
    const score = work.archScore(pkg);
    if (score === 1 || score === best) continue;
    const isInstalled = work.isInstalled(pkg);
    if (isInstalled && !colours) continue;
    if (!isInstalled && allowed.some((id) => arch[pkg] === id || (scoreOf(id) > 0 && scoreOf(id) === score))) continue;
    if (!colours) {
      work.clauses.addPair(-pkg);
      continue;
    }
    // Word sizes stand side by side, but only in step: with the same version for the best architecture.
    const beside = partners(work, pkg, all, best);
    if (isInstalled && !beside.some((other) => work.isInstalled(other))) continue;
    work.clauses.add([-pkg, ...beside]);
  }
}

/** Packages of the same name and version as one, of another architecture, that is the best or none. */
function partners(work: Workspace, pkg: number, all: readonly number[], best: number): number[] {
  const { evr, arch } = work.columns;
  return all.filter((other) => {
    if (other === pkg || evr[other] !== evr[pkg] || arch[other] === arch[pkg]) return false;
    const score = work.archScore(other);
    return score === 1 || score === best;
  });
}
