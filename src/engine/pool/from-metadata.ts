import { formatEvr } from "../../core/index.ts";
import type { Dependency } from "../../formats/rpm/index.ts";
import {
  canonicalEvr,
  comparisonOp,
  type DependencyId,
  type ListKind,
  listKinds,
  type PackageMetadata,
  relationOp,
} from "../../formats/rpmmd/index.ts";
import type { Pool } from "./pool.ts";

/** Adds packages given as objects to a repository of the pool; gives the number of the first. Each provides its own name and version. */
export function addMetadata(pool: Pool, repository: number, packages: readonly PackageMetadata[]): number {
  const { columns } = pool;
  const first = columns.count;
  for (const pkg of packages) addOne(pool, repository, pkg);
  return first;
}

function addOne(pool: Pool, repository: number, pkg: PackageMetadata): void {
  const { columns } = pool;
  const { strings } = columns;
  const name = strings.internText(pkg.name);
  const evr = strings.internText(formatEvr(pkg));
  const index = columns.addPackage(repository, name, evr, strings.internText(pkg.arch), strings.internText(pkg.vendor));
  columns.packageSize[index] = pkg.size.package;
  columns.installedSize[index] = pkg.size.installed;
  columns.buildTime[index] = pkg.time.build;
  const location = Buffer.from(pkg.location);
  columns.location[index] = strings.append(location, 0, location.length);
  const checksum = Buffer.from(`sha256:${pkg.pkgid}`);
  columns.checksum[index] = strings.append(checksum, 0, checksum.length);
  for (const kind of listKinds) {
    if (kind === "files") continue;
    const ids = pkg[kind].map((dependency) => dependencyId(pool, dependency, kind));
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
}

/** The number of a dependency given as an object. What only rpm itself provides (`rpmlib(…)`) is 0. */
export function dependencyId(pool: Pool, dependency: Dependency, kind: ListKind = "requires"): DependencyId {
  const { columns } = pool;
  const { name } = dependency;
  if (kind === "requires" && name.startsWith("rpmlib(")) return 0;
  const id = columns.strings.internText(name);
  if (name.startsWith("(") && kind !== "provides") return columns.richDependency(id);
  if (dependency.op === undefined) return id;
  return columns.relation(
    id,
    comparisonOp(dependency.op),
    columns.strings.internText(canonicalEvr(dependency.evr ?? "")),
  );
}
