import { compareText, editDistance } from "../../../core/index.ts";
import { type DependencyId, relationOp, type Repository } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds, type Pool } from "../../pool/index.ts";

const mostLeaves = 20;

/** What to do about a dependency that nobody meets; `by` is the package that needs it, 0 for a request. */
export function hintsForMissing(
  pool: Pool,
  dependency: DependencyId,
  by: number,
  repositories: readonly Repository[],
): string[] {
  const hints = new Set<string>();
  for (const leaf of leaves(pool, dependency)) {
    if (pool.providersOf(leaf).length > 0) continue;
    for (const hint of hintsForLeaf(pool, leaf, by, repositories)) hints.add(hint);
  }
  return [...hints];
}

/** The capabilities a boolean dependency is made of. */
function leaves(pool: Pool, dependency: DependencyId): DependencyId[] {
  const { relationOp: ops, relationName, relationEvr } = pool.columns;
  const found: DependencyId[] = [];
  const open = [dependency];
  for (let id = open.pop(); id !== undefined && found.length < mostLeaves; id = open.pop()) {
    if (id < 0 && (ops[~id] as number) > 7 && (ops[~id] as number) < relationOp.namespace)
      open.push(relationEvr[~id] as number, relationName[~id] as number);
    else if (id !== 0) found.push(id);
  }
  return found;
}

function hintsForLeaf(pool: Pool, leaf: DependencyId, by: number, repositories: readonly Repository[]): string[] {
  const { columns } = pool;
  const text = columns.dependencyText(leaf);
  const name = leaf < 0 ? (columns.relationName[~leaf] as number) : leaf;
  const nameText = columns.dependencyText(name);
  const others = leaf < 0 ? otherVersions(pool, leaf, name, by) : [];
  if (others.length > 0) return others;
  const elsewhere = otherArchitectures(pool, name);
  if (elsewhere.length > 0) return [`${nameText} is there only for ${elsewhere.join(", ")}`];
  if (nameText.startsWith("/")) {
    const partial = repositories.filter((repository) => !repository.filesComplete).map(({ id }) => id);
    return partial.length === 0
      ? []
      : [`file lists of ${partial.sort(compareText).join(", ")} are not loaded: ${nameText} may be in them`];
  }
  const near = nearest(pool, nameText);
  return near.length > 0 ? [`did you mean ${near.join(" or ")}?`] : [`add a repository that has ${text}`];
}

function otherVersions(pool: Pool, leaf: DependencyId, name: DependencyId, by: number): string[] {
  const { columns } = pool;
  const { strings } = columns;
  const [best] = pool.providersOf(name).sort((a, b) => newest(pool, b, a) || a - b);
  if (best === undefined) return [];
  const has = providedVersion(pool, best, name);
  const repositoryOf = (pkg: number): string => pool.repositories[columns.repository[pkg] as number]?.id ?? "";
  const repository = repositoryOf(best);
  const wanted = columns.relationEvr[~leaf] as number;
  const older = has !== 0 && wanted >= 0 && compareEvrIds(strings, has, wanted, "order") < 0;
  const text = has === 0 ? pool.nevra(best) : `${columns.dependencyText(name)} ${strings.text(has)}`;
  const what = columns.dependencyText(leaf);
  const hints = [`${what} is needed, ${repository} has ${text}${older ? ", which is too old" : ""}`];
  const own = by === 0 ? repository : repositoryOf(by);
  if (own !== repository)
    hints.push(
      `${older ? repository : own} is older than ${older ? own : repository}: use repositories of the same date`,
    );
  return hints;
}

function newest(pool: Pool, a: number, b: number): number {
  const { evr, strings } = pool.columns;
  return compareEvrIds(strings, evr[a] as number, evr[b] as number, "order");
}

/** The version in which a package provides a name, 0 for none. */
function providedVersion(pool: Pool, pkg: number, name: DependencyId): number {
  const { columns } = pool;
  for (const id of columns.listOf("provides", pkg)) {
    if (id < 0 && columns.relationName[~id] === name && (columns.relationOp[~id] as number) <= 7)
      return Math.max(0, columns.relationEvr[~id] as number);
  }
  return columns.name[pkg] === name ? (columns.evr[pkg] as number) : 0;
}

function otherArchitectures(pool: Pool, name: DependencyId): string[] {
  const { columns } = pool;
  const found = new Set<string>();
  for (let pkg = 2; pkg < columns.count; pkg++)
    if (columns.name[pkg] === name) found.add(columns.strings.text(columns.arch[pkg] as number));
  return [...found].sort(compareText);
}

/** Up to three provided names that differ by at most two letters, nearest first. */
function nearest(pool: Pool, name: string): string[] {
  if (name.length > 200) return [];
  const { columns } = pool;
  const { strings } = columns;
  const allowed = name.length < 5 ? 1 : 2;
  const seen = new Set<number>();
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (let pkg = 2; pkg < columns.count; pkg++) {
    if (pool.archScore(pkg) === 0) continue;
    for (const id of pool.dependencies(pkg, "provides")) {
      const base = id < 0 ? (columns.relationName[~id] as number) : id;
      if (base <= 0 || seen.has(base) || Math.abs(strings.lengthOf(base) - name.length) > allowed) continue;
      seen.add(base);
      const other = strings.text(base);
      const distance = editDistance(name, other, allowed);
      if (distance <= allowed) near.push({ name: other, distance });
    }
  }
  near.sort((a, b) => a.distance - b.distance || compareText(a.name, b.name));
  return near.slice(0, 3).map((candidate) => candidate.name);
}
