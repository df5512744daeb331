import type { Dependency } from "../rpm/index.ts";
import {
  canonicalEvr,
  comparisonOp,
  type DependencyId,
  type ListKind,
  listKinds,
  type PackageColumns,
  relationOp,
} from "./columns.ts";
import type { PackageMetadata } from "./types.ts";

/** Adds a package given as an object to a repository; gives its number. It provides its own name and version. */
export function addPackage(
  columns: PackageColumns,
  repository: number,
  pkg: PackageMetadata,
  checksum = "sha256",
): number {
  const { strings } = columns;
  const name = strings.internText(pkg.name);
  const epoch = pkg.epoch === 0 ? "" : `${pkg.epoch}:`;
  const evr = strings.internText(`${epoch}${pkg.version}-${pkg.release}`);
  const index = columns.addPackage(repository, name, evr, strings.internText(pkg.arch), strings.internText(pkg.vendor));
  columns.packageSize[index] = pkg.size.package;
  columns.installedSize[index] = pkg.size.installed;
  columns.buildTime[index] = pkg.time.build;
  columns.setLocation(index, pkg.location);
  columns.setChecksum(index, checksum, pkg.pkgid);
  for (const kind of listKinds) {
    if (kind === "files") continue;
    const ids = pkg[kind].map((dependency) => dependencyId(columns, dependency, kind));
    if (kind === "provides" && pkg.arch !== "src" && pkg.arch !== "nosrc") {
      const own = columns.relation(name, relationOp.equal, evr);
      if (!ids.includes(own)) ids.push(own);
    }
    columns.setList(kind, index, ids);
  }
  columns.setList(
    "files",
    index,
    pkg.files.map((file) => strings.internText(file.path)),
  );
  return index;
}

/** The number of a dependency given as an object. What only rpm itself provides (`rpmlib(…)`) is 0. */
export function dependencyId(
  columns: PackageColumns,
  dependency: Dependency,
  kind: ListKind = "requires",
): DependencyId {
  const { name } = dependency;
  if (kind === "requires" && name.startsWith("rpmlib(")) return 0;
  const id = columns.strings.internText(name);
  if (name.startsWith("(") && kind !== "provides") return columns.richDependency(id);
  if (dependency.op === undefined) return id;
  const evr = columns.strings.internText(canonicalEvr(dependency.evr ?? ""));
  return columns.relation(id, comparisonOp(dependency.op), evr);
}
