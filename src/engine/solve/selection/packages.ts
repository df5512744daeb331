import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import { type Pool, systemPackage } from "../../pool/index.ts";
import type { Selection } from "../jobs.ts";
import type { SelectionOptions } from "./types.ts";

/** The packages a selection stands for, ascending for all kinds but `oneof`, which keeps its order. */
export function packagesOf(pool: Pool, select: Selection): number[] {
  switch (select.kind) {
    case "package":
      return [select.package];
    case "oneof":
      return [...select.packages];
    case "provides":
      return providersOf(pool, select.dependency);
    case "name":
      return providersOf(pool, select.dependency).filter((pkg) => isNamed(pool, pkg, select.dependency));
    case "repository":
      return packagesWhere(pool, (pkg) => pool.columns.repository[pkg] === select.repository);
    case "all":
      return packagesWhere(pool, () => true);
  }
}

export function packagesWhere(pool: Pool, wanted: (pkg: number) => boolean): number[] {
  const found: number[] = [];
  for (let pkg = systemPackage + 1; pkg < pool.columns.count; pkg++) if (wanted(pkg)) found.push(pkg);
  return found;
}

/** As {@link Pool.providersOf}, and `name . src` stands for source packages, which provide nothing otherwise. */
function providersOf(pool: Pool, dependency: DependencyId): number[] {
  return sourceName(pool, dependency) === undefined
    ? pool.providersOf(dependency)
    : packagesWhere(pool, (pkg) => pool.isSource(pkg) && pool.isConsidered(pkg) && isNamed(pool, pkg, dependency));
}

/** What a dependency on source packages names, undefined for other dependencies. */
function sourceName(pool: Pool, dependency: DependencyId): DependencyId | undefined {
  const { columns } = pool;
  for (let id = dependency; id < 0; id = columns.relationName[~id] as number) {
    if (columns.relationOp[~id] !== relationOp.arch) continue;
    const arch = columns.strings.text(columns.relationEvr[~id] as number);
    return arch === "src" || arch === "nosrc" ? columns.relationName[~id] : undefined;
  }
  return undefined;
}

/** As {@link Pool.isNamed}, but that `src` covers `nosrc` and that relations stand on each other. */
export function isNamed(pool: Pool, pkg: number, dependency: DependencyId): boolean {
  const { columns } = pool;
  if (dependency >= 0) return columns.name[pkg] === dependency;
  const index = ~dependency;
  const left = columns.relationName[index] as number;
  return (
    isNamed(pool, pkg, left) &&
    fits(pool, pkg, columns.relationOp[index] as number, columns.relationEvr[index] as number)
  );
}

/** Whether a package's own version is in a range, or its architecture is that of an `arch` relation. */
export function fits(pool: Pool, pkg: number, op: number, evr: number): boolean {
  const { columns } = pool;
  if (op === relationOp.arch) {
    if (columns.arch[pkg] === evr) return true;
    return columns.strings.text(evr) === "src" && columns.strings.text(columns.arch[pkg] as number) === "nosrc";
  }
  if (op > 7) return false;
  const name = columns.name[pkg] as number;
  return pool.isNamed(pkg, columns.relation(name, op, evr));
}

/** Whether a package may be found at all under the settings; installed ones may whatever their architecture is. */
export function isEligible(pool: Pool, pkg: number, options: SelectionOptions): boolean {
  const disabled = !pool.isConsidered(pkg);
  if (pool.isSource(pkg))
    return (options.sourceOnly === true || options.withSource === true) && (options.withDisabled === true || !disabled);
  if (options.sourceOnly === true) return false;
  if (pool.isInstalled(pkg)) return true;
  return (options.withDisabled === true || !disabled) && (options.withBadArch === true || pool.archScore(pkg) > 0);
}
