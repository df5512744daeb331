import type { Dependency } from "../../formats/rpm/index.ts";
import {
  addPackage,
  type DependencyId,
  dependencyId as idOfDependency,
  type ListKind,
  type PackageMetadata,
} from "../../formats/rpmmd/index.ts";
import type { Pool } from "./pool.ts";

/** Adds packages given as objects to a repository of the pool; gives the number of the first. Each provides its own name and version. */
export function addMetadata(pool: Pool, repository: number, packages: readonly PackageMetadata[]): number {
  const first = pool.columns.count;
  for (const pkg of packages) addPackage(pool.columns, repository, pkg);
  return first;
}

/** The number of a dependency given as an object. What only rpm itself provides (`rpmlib(…)`) is 0. */
export function dependencyId(pool: Pool, dependency: Dependency, kind: ListKind = "requires"): DependencyId {
  return idOfDependency(pool.columns, dependency, kind);
}
