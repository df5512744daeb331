import { compareEvr, compareText, formatEvr } from "../../core/index.ts";
import { type ChangelogEntry, formatDependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";

export type PackageChangeKind = "added" | "removed" | "upgraded" | "downgraded" | "rebuilt";

/** What became of a package of one name and architecture. The newest of each side counts. */
export interface PackageChange {
  readonly kind: PackageChangeKind;
  readonly name: string;
  readonly arch: string;
  /** `[epoch:]version-release`, null where it is not. */
  readonly before: string | null;
  readonly after: string | null;
  /** Entries of the changelog that only the newer side has, newest first. */
  readonly changelog: readonly ChangelogEntry[];
  readonly provides: { readonly gained: readonly string[]; readonly lost: readonly string[] };
  /** Bytes of the package file, of the installed files: how much more on the side after. */
  readonly packageBytes: number;
  readonly installedBytes: number;
}

export interface RepositoryDiff {
  readonly schema: "weir/repository-diff/1";
  /** How many of each kind, and how many are the same on both sides. */
  readonly counts: Readonly<Record<PackageChangeKind | "same", number>>;
  /** Bytes of the packages that count, before and after. */
  readonly bytes: { readonly before: number; readonly after: number };
  /** By name and architecture. */
  readonly changes: readonly PackageChange[];
}

/**
 * What changed from one repository to another. A package that went from noarch to an architecture, or back, is one change and not two. Same
 * version and other content is `rebuilt`. Changelogs must have been read; so much of them as metadata holds is compared.
 */
export function diffRepositories(
  before: readonly PackageMetadata[],
  after: readonly PackageMetadata[],
): RepositoryDiff {
  const pairs = pair(newestOf(before), newestOf(after));
  const changes: PackageChange[] = [];
  let same = 0;
  const bytes = { before: 0, after: 0 };
  for (const [old, now] of pairs) {
    bytes.before += old?.size.package ?? 0;
    bytes.after += now?.size.package ?? 0;
    const change = changeOf(old, now);
    if (change === undefined) same++;
    else changes.push(change);
  }
  changes.sort((a, b) => compareText(a.name, b.name) || compareText(a.arch, b.arch));
  const count = (kind: PackageChangeKind) => changes.filter((change) => change.kind === kind).length;
  return {
    schema: "weir/repository-diff/1",
    counts: {
      added: count("added"),
      removed: count("removed"),
      upgraded: count("upgraded"),
      downgraded: count("downgraded"),
      rebuilt: count("rebuilt"),
      same,
    },
    bytes,
    changes,
  };
}

/** By name, then architecture. */
type Newest = ReadonlyMap<string, ReadonlyMap<string, PackageMetadata>>;

function newestOf(packages: readonly PackageMetadata[]): Newest {
  const names = new Map<string, Map<string, PackageMetadata>>();
  for (const pkg of packages) {
    const arches = names.get(pkg.name) ?? new Map<string, PackageMetadata>();
    names.set(pkg.name, arches);
    const other = arches.get(pkg.arch);
    if (other === undefined || order(pkg, other) > 0) arches.set(pkg.arch, pkg);
  }
  return names;
}

function order(a: PackageMetadata, b: PackageMetadata): number {
  return compareEvr(a, b) || a.time.build - b.time.build || compareText(a.pkgid, b.pkgid);
}

type Pair = readonly [PackageMetadata | undefined, PackageMetadata | undefined];

function pair(before: Newest, after: Newest): Pair[] {
  const pairs: Pair[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const olds = new Map(before.get(name));
    const news = new Map(after.get(name));
    for (const [arch, old] of olds) {
      const now = news.get(arch);
      if (now === undefined) continue;
      pairs.push([old, now]);
      olds.delete(arch);
      news.delete(arch);
    }
    const [[only], [counterpart]] = [[...olds.values()], [...news.values()]];
    if (
      only !== undefined &&
      counterpart !== undefined &&
      olds.size === 1 &&
      news.size === 1 &&
      movesArch(only, counterpart)
    ) {
      pairs.push([only, counterpart]);
      continue;
    }
    for (const old of olds.values()) pairs.push([old, undefined]);
    for (const now of news.values()) pairs.push([undefined, now]);
  }
  return pairs;
}

function movesArch(a: PackageMetadata, b: PackageMetadata): boolean {
  return a.arch !== "src" && b.arch !== "src" && (a.arch === "noarch" || b.arch === "noarch");
}

function changeOf(old: PackageMetadata | undefined, now: PackageMetadata | undefined): PackageChange | undefined {
  const either = now ?? old;
  if (either === undefined) return undefined;
  const kind = kindOf(old, now);
  if (kind === undefined) return undefined;
  const newer = kind === "downgraded" ? old : now;
  const older = kind === "downgraded" ? now : old;
  return {
    kind,
    name: either.name,
    arch: either.arch,
    before: old === undefined ? null : formatEvr(old),
    after: now === undefined ? null : formatEvr(now),
    changelog: newer === undefined || older === undefined ? [] : entriesBetween(older, newer),
    provides: providesBetween(old, now),
    packageBytes: (now?.size.package ?? 0) - (old?.size.package ?? 0),
    installedBytes: (now?.size.installed ?? 0) - (old?.size.installed ?? 0),
  };
}

function kindOf(old: PackageMetadata | undefined, now: PackageMetadata | undefined): PackageChangeKind | undefined {
  if (old === undefined) return "added";
  if (now === undefined) return "removed";
  const versions = compareEvr(now, old);
  if (versions !== 0) return versions > 0 ? "upgraded" : "downgraded";
  return old.pkgid === now.pkgid ? undefined : "rebuilt";
}

/** Times are told apart by adding seconds, so that entries are compared by day, author and text. */
function entriesBetween(older: PackageMetadata, newer: PackageMetadata): ChangelogEntry[] {
  const key = (entry: ChangelogEntry) => `${Math.floor(entry.time / 86_400)}\0${entry.author}\0${entry.text}`;
  const known = new Set(older.changelog.map(key));
  return newer.changelog.filter((entry) => !known.has(key(entry))).reverse();
}

/** Of a pair, without the package's own name in its own version. */
function providesBetween(old: PackageMetadata | undefined, now: PackageMetadata | undefined) {
  if (old === undefined || now === undefined) return { gained: [], lost: [] };
  const [had, has] = [textsOf(old), textsOf(now)];
  const without = (texts: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...texts].filter((text) => !others.has(text)).sort(compareText);
  return { gained: without(has, had), lost: without(had, has) };
}

/** What a package provides; a version that is the package's own says no more than that it is its own. */
function textsOf(pkg: PackageMetadata): Set<string> {
  const own = formatEvr(pkg);
  return new Set(
    pkg.provides.map((item) =>
      item.op === "=" && item.evr === own ? `${item.name} = its version` : formatDependency(item),
    ),
  );
}
