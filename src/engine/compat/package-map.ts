import { compareEvr, compareText, type Evidence, formatEvr, formatNevra } from "../../core/index.ts";
import { formatDependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata, Repository } from "../../formats/rpmmd/index.ts";
import { parseSoname, sonameStem } from "./sonames.ts";
import { PackageIndex, sourceName } from "./package-index.ts";
import type { CuratedFates, Fate, LibraryFate, PackageFate, PackageMap, VirtualFate } from "./types.ts";
import { evrOf, inRange } from "./versions.ts";

/**
 * What became of each package name and virtual name from one repository to the other, with the evidence for it: Obsoletes and
 * Provides by rpm's version rules; curated renames win where all that they name exists.
 */
export function buildPackageMap(before: Repository, after: Repository, curated: CuratedFates = {}): PackageMap {
  return mapIndexes(new PackageIndex(before), new PackageIndex(after), curated);
}

export function mapIndexes(before: PackageIndex, after: PackageIndex, curated: CuratedFates): PackageMap {
  const packages = [...before.byName.keys()].sort(compareText).map((name) => fateOf(name, before, after, curated));
  const fates = new Map(packages.map((fate) => [fate.name, fate]));
  return {
    schema: "weir/package-map/1",
    before: before.repository.id,
    after: after.repository.id,
    packages,
    virtuals: virtualFates(before, after, fates),
    libraries: libraryFates(before, after),
  };
}

function fateOf(name: string, before: PackageIndex, after: PackageIndex, curated: CuratedFates): PackageFate {
  const pkg = before.main(name) as PackageMetadata;
  const evr = formatEvr(evrOf(pkg));
  const source = sourceName(pkg);
  const answer = (
    fate: Fate,
    to: readonly PackageMetadata[],
    evidence: readonly Evidence[],
    meant = false,
  ): PackageFate => ({
    name,
    before: evr,
    source,
    fate,
    to: to.map((target) => target.name),
    after: to[0] && formatEvr(evrOf(to[0])),
    meant,
    sourceKept: fate === "dropped" && source !== "" && after.sources.has(source),
    evidence,
  });
  const kept = after.main(name);
  if (kept) {
    const older = compareEvr(evrOf(kept), evrOf(pkg)) < 0;
    return answer(
      older ? "older" : "kept",
      [kept],
      [{ what: `${evr} → ${formatEvr(evrOf(kept))}`, where: formatNevra(kept) }],
    );
  }
  const evidence: Evidence[] = [];
  const rename = own(curated.renames, name);
  if (rename !== undefined) {
    const names = typeof rename === "string" ? [rename] : rename.to;
    const targets = names.flatMap((target) => after.main(target) ?? []);
    const reason = typeof rename === "string" ? "" : ` (${rename.reason})`;
    if (targets.length === names.length && targets.length > 0) {
      const what = `curated rename: ${name} → ${names.join(", ")}${reason}`;
      return answer(targets.length > 1 ? "split" : "renamed", targets, [
        { what, where: targets.map(formatNevra).join(", ") },
      ]);
    }
    evidence.push({ what: `curated rename to ${names.join(", ")}, of which ${after.repository.id} lacks some` });
  }
  const obsoleting: PackageMetadata[] = [];
  for (const candidate of unique(after.obsoletes.get(name))) {
    for (const range of candidate.obsoletes) {
      if (range.name !== name) continue;
      const applies = inRange(evr, range);
      const text = `Obsoletes: ${formatDependency(range)}`;
      evidence.push({ what: applies ? text : `${text} does not reach ${evr}`, where: formatNevra(candidate) });
      if (applies && !obsoleting.includes(candidate)) obsoleting.push(candidate);
    }
  }
  const providing = unique(after.provides.get(name));
  for (const candidate of providing) {
    const provide = candidate.provides.find((dependency) => dependency.name === name);
    if (provide) evidence.push({ what: `Provides: ${formatDependency(provide)}`, where: formatNevra(candidate) });
  }
  const [first] = obsoleting;
  if (first && obsoleting.length > 1) return answer("split", obsoleting, evidence);
  if (first) return answer(before.byName.has(first.name) ? "merged" : "renamed", [first], evidence);
  if (providing.length > 0) return answer("provided", providing, evidence);
  const reason = own(curated.dropped, name);
  if (reason !== undefined) evidence.push({ what: `given up on purpose: ${reason}` });
  return answer("dropped", [], evidence, reason !== undefined);
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

function unique(packages: readonly PackageMetadata[] | undefined): PackageMetadata[] {
  const byName = new Map<string, PackageMetadata>();
  for (const pkg of packages ?? []) if (!byName.has(pkg.name)) byName.set(pkg.name, pkg);
  return [...byName.values()].sort((a, b) => compareText(a.name, b.name));
}

/** Virtual names that people and dependencies use: sonames and the like are the comparison's business. */
export function isVirtualName(name: string): boolean {
  return !/[()\s]/.test(name) && !/\.so(?:\.|$)/.test(name) && !name.startsWith("/");
}

function virtualFates(
  before: PackageIndex,
  after: PackageIndex,
  fates: ReadonlyMap<string, PackageFate>,
): VirtualFate[] {
  const found: VirtualFate[] = [];
  for (const [name, providers] of before.provides) {
    if (before.byName.has(name) || !isVirtualName(name)) continue;
    const by = unique(providers).map((pkg) => pkg.name);
    const to = after.byName.has(name) ? [name] : unique(after.provides.get(name)).map((pkg) => pkg.name);
    const successors =
      to.length > 0 ? [] : [...new Set(by.flatMap((provider) => fates.get(provider)?.to ?? []))].sort(compareText);
    found.push({ name, by, to, successors });
  }
  return found.sort((a, b) => compareText(a.name, b.name));
}

function libraryFates(before: PackageIndex, after: PackageIndex): LibraryFate[] {
  const stems = new Map<string, Set<string>>();
  const now = new Set<string>();
  for (const name of after.provides.keys()) {
    const soname = parseSoname(name)?.soname;
    if (soname === undefined || now.has(soname)) continue;
    now.add(soname);
    const stem = sonameStem(soname);
    const set = stems.get(stem) ?? new Set();
    stems.set(stem, set.add(soname));
  }
  const found = new Map<string, LibraryFate>();
  for (const [name, providers] of before.provides) {
    const soname = parseSoname(name)?.soname;
    if (soname === undefined || found.has(soname)) continue;
    const to = now.has(soname) ? [soname] : [...(stems.get(sonameStem(soname)) ?? [])].sort(compareText);
    found.set(soname, { soname, by: unique(providers).map((pkg) => pkg.name), to });
  }
  return [...found.values()].sort((a, b) => compareText(a.soname, b.soname));
}
