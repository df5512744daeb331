import { compareText } from "../../../core/index.ts";
import type { Workspace } from "../rules/workspace.ts";
import { SharedProvides } from "./shared-provides.ts";

/** Packages that a newer version, or a repository of higher priority, has as well come last. */
export function oldVersionsLast(work: Workspace, candidates: readonly number[]): number[] {
  const { pool, columns } = work;
  const priority = (pkg: number): number => pool.repositories[columns.repository[pkg] as number]?.priority ?? 0;
  const isOld = (pkg: number): boolean => {
    if (work.isInstalled(pkg) || pkg < 2) return false;
    return pool.providersOf(columns.name[pkg] as number).some((other) => {
      if (other === pkg || !work.sameName(pkg, other) || columns.arch[pkg] !== columns.arch[other]) return false;
      const order = priority(pkg) - priority(other);
      return order === 0 ? work.compareEvr(other, pkg) > 0 : order < 0;
    });
  };
  return stable(candidates, isOld);
}

/** Packages whose name has an installed version come first. */
export function installedNamesFirst(work: Workspace, candidates: readonly number[]): number[] {
  if (work.pool.installed < 0) return [...candidates];
  const isFresh = (pkg: number): boolean =>
    !work.isInstalled(pkg) &&
    !work.pool
      .providersOf(work.columns.name[pkg] as number)
      .some((other) => work.sameName(pkg, other) && work.isInstalled(other));
  return stable(candidates, isFresh);
}

function stable(candidates: readonly number[], isLast: (pkg: number) => boolean): number[] {
  const last = candidates.map(isLast);
  return [...candidates.filter((_, at) => !last[at]), ...candidates.filter((_, at) => last[at])];
}

/** Packages come later the more of what they provide others provide in newer versions. */
export function byCommonProvides(work: Workspace, candidates: readonly number[]): number[] {
  const key = candidates.join();
  let counted = work.stepsBehind.get(key);
  if (counted === undefined) {
    counted = new SharedProvides(work, candidates).stepsBehind();
    work.stepsBehind.set(key, counted);
  }
  if (counted.length === 0) return [...candidates];
  const behind = counted.map((steps, place) => (work.isInstalled(candidates[place] as number) ? 0 : steps));
  const places = [...candidates.keys()].sort((a, b) => (behind[a] as number) - (behind[b] as number));
  return places.map((place) => candidates[place] as number);
}

/** Packages for a kernel that is there, and for languages whose locales are there, come first; for other languages last. */
export function byLanguage(work: Workspace, candidates: readonly number[]): number[] {
  const scores = new Map(candidates.map((pkg) => [pkg, languageScore(work, pkg)]));
  return [...candidates].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
}

const [absent, neutral, english, wasThere, isThere] = [0, 1, 2, 3, 4];

function languageScore(work: Workspace, pkg: number): number {
  const { columns } = work;
  const name = columns.strings.text(columns.name[pkg] as number);
  const kernel = kernelOf(name);
  const score = kernel === undefined ? neutral : presence(work, columns.strings.find(kernel), neutral);
  if (score !== neutral) return score;
  let found = neutral;
  for (const id of work.pool.dependencies(pkg, "requires")) {
    let base = id;
    while (base < 0) base = columns.relationName[~base] as number;
    const text = columns.strings.text(base);
    const at = text.indexOf("locales-");
    if (at < 0) continue;
    if (text.startsWith("en", at + 8)) found = english;
    else return presence(work, base, absent);
  }
  return found;
}

function presence(work: Workspace, name: number, otherwise: number): number {
  let score = otherwise;
  if (name < 0) return score;
  for (const pkg of work.pool.providersOf(name)) {
    if ((work.engine?.valueOf(pkg) ?? 0) > 0) return isThere;
    if (work.isInstalled(pkg)) score = wasThere;
  }
  return score;
}

/** The kernel package that a package of modules or headers belongs to. */
function kernelOf(name: string): string | undefined {
  if (name.startsWith("kernel-")) {
    const at = name.indexOf("-devel-");
    return at < 0 || name.length >= 256 ? undefined : name.slice(0, at) + name.slice(at + 6);
  }
  const found = /-kernel-(\d\.[^-]*)-([^-]*)(-.*)$/.exec(name.slice(0, 256));
  return found === null ? undefined : `kernel-${found[2]}-${found[1]}${found[3]}`;
}

/** Names in order, best architecture, installed, repositories in order, first come. */
export function compareForNewest(work: Workspace, a: number, b: number): number {
  const { name, arch, strings, repository } = work.columns;
  if (name[a] !== name[b]) return compareText(strings.text(name[a] as number), strings.text(name[b] as number));
  if (arch[a] !== arch[b]) {
    const [x, y] = [work.archScore(a), work.archScore(b)];
    if (x !== y && x > 1 && y > 1) return y - x;
  }
  const [oldA, oldB] = [work.isInstalled(a), work.isInstalled(b)];
  if (oldA !== oldB) return oldA ? -1 : 1;
  const subPriority = (pkg: number): number => work.pool.repositories[repository[pkg] as number]?.subPriority ?? 0;
  return subPriority(b) - subPriority(a) || a - b;
}
