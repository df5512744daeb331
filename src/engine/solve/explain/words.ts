import { compareText } from "../../../core/index.ts";
import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds, type Pool, systemPackage } from "../../pool/index.ts";

/** `name-evr.arch (repository)`. */
export function packageText(pool: Pool, pkg: number): string {
  if (pkg === systemPackage) return "the system";
  return `${pool.nevra(pkg)} (${repositoryText(pool, pkg)})`;
}

export function repositoryText(pool: Pool, pkg: number): string {
  if (pool.isInstalled(pkg)) return "installed";
  return pool.repositories[pool.columns.repository[pkg] as number]?.id ?? "?";
}

/** Newest first; of equal versions the lower number. */
export function byVersion(pool: Pool, packages: readonly number[]): number[] {
  const { strings, evr } = pool.columns;
  return [...packages].sort((a, b) => compareEvrIds(strings, evr[b] as number, evr[a] as number, "order") || a - b);
}

/** Packages of one name in a few words: one by its NEVRA, several by how many and their range of versions. */
export function groupText(pool: Pool, packages: readonly number[]): string {
  const sorted = byVersion(pool, packages);
  const [newest] = sorted;
  const oldest = sorted.at(-1);
  if (newest === undefined || oldest === undefined) return "nothing";
  if (sorted.length === 1) return packageText(pool, newest);
  const { strings, name, evr } = pool.columns;
  const repositories = [...new Set(sorted.map((pkg) => repositoryText(pool, pkg)))].sort(compareText);
  const where = repositories.length > 3 ? `${repositories.slice(0, 3).join(", ")} …` : repositories.join(", ");
  const [low, high] = [strings.text(evr[oldest] as number), strings.text(evr[newest] as number)];
  const range = low === high ? low : `${low} … ${high}`;
  return `${strings.text(name[newest] as number)} ${range} (${sorted.length} builds in ${where})`;
}

/** The name a dependency is about, through its version; the dependency itself where it is a rich one. */
export function nameOf(pool: Pool, id: DependencyId): DependencyId {
  if (id >= 0) return id;
  const { columns } = pool;
  return (columns.relationOp[~id] as number) < 8 ? (columns.relationName[~id] as number) : id;
}

/** The names and ranges a rich dependency is made of, at most 64; itself where it is none. */
export function leavesOfDependency(pool: Pool, id: DependencyId): DependencyId[] {
  const { columns } = pool;
  const leaves: DependencyId[] = [];
  const open = [id];
  for (let part = open.pop(); part !== undefined && leaves.length < 64; part = open.pop()) {
    const op = part < 0 ? (columns.relationOp[~part] as number) : 0;
    if (part < 0 && op >= relationOp.and && op <= relationOp.else)
      open.push(columns.relationEvr[~part] as number, columns.relationName[~part] as number);
    else leaves.push(part);
  }
  return leaves;
}

/** The newest package that provides the name of a dependency in whatever version, and that version as text; undefined where none does. */
export function instead(pool: Pool, id: DependencyId): { readonly pkg: number; readonly evr: string } | undefined {
  const name = nameOf(pool, id);
  if (name < 0) return undefined;
  const [pkg] = byVersion(pool, pool.providersOf(name));
  if (pkg === undefined) return undefined;
  const { columns } = pool;
  for (const provided of pool.dependencies(pkg, "provides")) {
    if (provided < 0 && columns.relationName[~provided] === name && columns.relationOp[~provided] === relationOp.equal)
      return { pkg, evr: columns.strings.text(columns.relationEvr[~provided] as number) };
  }
  return { pkg, evr: "" };
}
