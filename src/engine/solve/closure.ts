import { compareText } from "../../core/index.ts";
import type { Dependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata, Repository } from "../../formats/rpmmd/index.ts";
import { addMetadata, dependencyId, Pool, type PoolOptions } from "../pool/index.ts";
import { propagateDeaths, Universe } from "./closure/index.ts";
import { isComplex, normalForm } from "./rules/normal-form.ts";
import type { ClosureProblem } from "./types.ts";

export interface ClosureOptions {
  /** Look at packages of this architecture and noarch alone; default: all but source packages. */
  readonly arch?: string;
  /** Also name packages whose requirement is met only by packages that are themselves broken. Default false. */
  readonly deep?: boolean;
}

/**
 * Packages with requirements that nothing in the repositories meets, sorted by NEVRA. Conflicts are not looked at; a rich requirement
 * counts as met when some choice of packages meets it.
 */
export function checkClosure(repositories: readonly Repository[], options: ClosureOptions = {}): ClosureProblem[] {
  const { arch, deep = false } = options;
  const { pool, packages } = poolOfRepositories(repositories, arch === undefined ? {} : { archs: [arch] });
  const universe = new Universe(pool);
  const { dead } = propagateDeaths(universe);
  const nobody = new Uint8Array(universe.count);
  const problems: ClosureProblem[] = [];
  for (const [pkg, metadata] of packages) {
    if (dead[pkg] !== 1) continue;
    const missing = missingOf(universe, pkg, metadata, deep ? dead : nobody);
    if (missing.length > 0) problems.push({ nevra: pool.nevra(pkg), repository: repositoryOf(pool, pkg), missing });
  }
  return problems.sort((a, b) => compareText(a.nevra, b.nevra));
}

/** The packages of repositories as a prepared pool, and by their number in it. */
export function poolOfRepositories(
  repositories: readonly Repository[],
  options: PoolOptions,
): { readonly pool: Pool; readonly packages: ReadonlyMap<number, PackageMetadata> } {
  const pool = new Pool(undefined, options);
  const packages = new Map<number, PackageMetadata>();
  for (const repository of repositories) {
    const { index } = pool.addRepository({ id: repository.id, priority: 0, subPriority: 0 });
    const first = addMetadata(pool, index, repository.packages);
    for (const [place, metadata] of repository.packages.entries()) packages.set(first + place, metadata);
  }
  pool.prepare();
  return { pool, packages };
}

export function repositoryOf(pool: Pool, pkg: number): string {
  return pool.repositories[pool.columns.repository[pkg] as number]?.id ?? "";
}

/** Requirements of a package that only packages meet which are out of the question. */
export function missingOf(universe: Universe, pkg: number, metadata: PackageMetadata, out: Uint8Array): Dependency[] {
  const { pool, usable } = universe;
  const meets = (other: number): boolean => other === pkg || (usable[other] === 1 && out[other] !== 1);
  return metadata.requires.filter((dependency) => {
    const id = dependencyId(pool, dependency);
    if (id === 0) return false;
    if (!isComplex(pool, id)) return !pool.providersOf(id).some(meets);
    const form = normalForm(pool, id);
    if (typeof form === "boolean") return !form;
    return form.some((block) => !block.some((literal) => literal < 0 || meets(literal)));
  });
}
