import { compareText } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import { missingOf, poolOfRepositories, repositoryOf } from "./closure.ts";
import { checkPool, tellClosure } from "./closure/index.ts";
import type { ClosureProblem } from "./types.ts";

/**
 * Packages of an architecture (and noarch) that cannot be installed at all, with whatever else, each with the story why; sorted by
 * NEVRA. Finds what {@link checkClosure} cannot: conflicts, and versions that exclude each other.
 */
export function checkInstallable(repositories: readonly Repository[], arch: string): ClosureProblem[] {
  const { pool, packages } = poolOfRepositories(repositories, { archs: [arch] });
  const verdict = checkPool(pool);
  const nobody = new Uint8Array(verdict.universe.count);
  const problems = tellClosure(verdict).broken.map(({ package: pkg, chain }): ClosureProblem => {
    const metadata = packages.get(pkg);
    const missing = metadata === undefined ? [] : missingOf(verdict.universe, pkg, metadata, nobody);
    return { nevra: pool.nevra(pkg), repository: repositoryOf(pool, pkg), missing, chain };
  });
  return problems.sort((a, b) => compareText(a.nevra, b.nevra));
}
