import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import type { Pool } from "../../pool/index.ts";
import { type ProofScope, stepOf } from "./proof.ts";
import { byVersion, nameOf } from "./words.ts";

const putAside = " infarch ";

/**
 * Packages that are ruled out, in groups of one name that fail for the same reason as far as people care; newest first in each, names in the
 * order they come. What a policy puts aside comes last: it would be taken if the others could not fail.
 */
export function alike(pool: Pool, scope: ProofScope, packages: readonly number[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const pkg of newestOfEach(pool, packages)) {
    const key = signature(pool, scope, pkg);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pkg]);
    else group.push(pkg);
  }
  return [...groups]
    .sort(([a], [b]) => Number(a.includes(putAside)) - Number(b.includes(putAside)))
    .map(([, members]) => members);
}

/** Equal for packages of one name that fail by rules of one kind over the same names. */
function signature(pool: Pool, scope: ProofScope, pkg: number): string {
  const { columns } = pool;
  const step = stepOf(scope, pkg);
  const clause = step?.cases?.clause ?? step?.clause;
  if (clause === undefined) return `${columns.name[pkg]}`;
  const others = new Set(clause.literals.map((literal) => columns.name[Math.abs(literal)] ?? 0));
  const need = kindOfNeed(pool, clause.info.dependency);
  return [columns.name[pkg], clause.info.type, need, ...[...others].sort((a, b) => a - b)].join(" ");
}

/** Names in the order they come, newest first in each; helpers left out. */
function newestOfEach(pool: Pool, packages: readonly number[]): number[] {
  const byName = new Map<number, number[]>();
  for (const pkg of packages) {
    if (pkg >= pool.columns.count) continue;
    const name = pool.columns.name[pkg] as number;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [pkg]);
    else known.push(pkg);
  }
  return [...byName.values()].flatMap((same) => byVersion(pool, same));
}

/** What a dependency is about, whatever its version and word size: equal for builds of one package that ask for the same thing. */
function kindOfNeed(pool: Pool, id: DependencyId): string {
  if (id === 0) return "";
  return pool.columns
    .dependencyText(nameOf(pool, id))
    .replace(/\((64bit|x86-(32|64))\)|\(\)$/g, "")
    .replace(/[0-9.]+/g, "#");
}
