import { compareText } from "../../../core/index.ts";
import { relationOp } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds } from "../../pool/index.ts";
import type { Workspace } from "../rules/workspace.ts";

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

interface Entry {
  readonly place: number;
  readonly name: number;
  readonly evr: number;
  /** The provide is below that version, not of it. */
  readonly below: boolean;
}

/** Packages come later the more of what they provide others provide in newer versions. */
export function byCommonProvides(work: Workspace, candidates: readonly number[]): number[] {
  const { columns } = work;
  const entries: Entry[] = [];
  for (const [place, pkg] of candidates.entries()) {
    for (const id of work.pool.dependencies(pkg, "provides")) {
      if (id >= 0) continue;
      const op = columns.relationOp[~id] as number;
      const evr = columns.relationEvr[~id] as number;
      const isEqual = op === relationOp.equal;
      if (!(isEqual || op === (relationOp.equal | relationOp.less) || op === relationOp.less) || evr < 0) continue;
      // Hashes have no order.
      if (isEqual && /^[0-9a-f]*$/.test(columns.strings.text(evr)) && columns.strings.lengthOf(evr) >= 4) continue;
      entries.push({ place, name: columns.relationName[~id] as number, evr, below: op === relationOp.less });
    }
  }
  if (entries.length < 2) return [...candidates];
  const compare = (a: Entry, b: Entry): number => {
    if (a.name !== b.name) return a.name - b.name;
    if (a.evr === b.evr && a.below === b.below) return 0;
    const order = a.evr === b.evr ? 0 : compareEvrIds(columns.strings, b.evr, a.evr, "tell");
    if (order !== 0) return order;
    return a.below === b.below ? 0 : b.below ? -1 : 1;
  };
  entries.sort(compare);
  const bad = candidates.map(() => 0);
  let worse = 0;
  let any = false;
  for (const [at, entry] of entries.entries()) {
    const before = entries[at - 1];
    if (before?.name !== entry.name) worse = 0;
    else if (before.place !== entry.place && compare(before, entry) === -1) {
      worse++;
      any = true;
    }
    bad[entry.place] = (bad[entry.place] as number) + worse;
  }
  if (!any) return [...candidates];
  for (const [place, pkg] of candidates.entries()) if (work.isInstalled(pkg)) bad[place] = 0;
  const places = [...candidates.keys()].sort((a, b) => (bad[a] as number) - (bad[b] as number));
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
    const [x, y] = [work.pool.archScore(a), work.pool.archScore(b)];
    if (x !== y && x > 1 && y > 1) return y - x;
  }
  const [oldA, oldB] = [work.isInstalled(a), work.isInstalled(b)];
  if (oldA !== oldB) return oldA ? -1 : 1;
  const subPriority = (pkg: number): number => work.pool.repositories[repository[pkg] as number]?.subPriority ?? 0;
  return subPriority(b) - subPriority(a) || a - b;
}
