import { digestFile, joinBelow, systemCode, WeirError } from "../../core/index.ts";
import { type RpmFileHead, readRpm } from "../../formats/rpm/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import type { Solution } from "../solve/index.ts";

/** A package of the solution, its file checked against the repository's metadata. */
export interface OpenedPackage {
  readonly nevra: string;
  readonly path: string;
  readonly sha256: string;
  readonly head: RpmFileHead;
}

/**
 * Opens the packages of a solution in the repositories they come from. Errors: `IMAGE_UNSOLVED`, `IMAGE_REPOSITORY_UNKNOWN`,
 * `IMAGE_PACKAGE_MISSING`, `IMAGE_PACKAGE_CHANGED`, and those of reading packages.
 */
export async function openPackages(
  solution: Solution,
  repositories: readonly Repository[],
  signal?: AbortSignal,
): Promise<OpenedPackage[]> {
  const [problem] = solution.problems;
  if (problem) {
    throw new WeirError("IMAGE_UNSOLVED", `the image's packages cannot be installed: ${problem.message}`, {
      kind: "refused",
      hints: problem.hints.length > 0 ? problem.hints : problem.chain,
    });
  }
  const roots = new Map(repositories.map((repository) => [repository.id, repository.root]));
  const opened: OpenedPackage[] = [];
  for (const item of solution.install) {
    signal?.throwIfAborted();
    const root = roots.get(item.repository);
    if (root === undefined) {
      throw new WeirError(
        "IMAGE_REPOSITORY_UNKNOWN",
        `the package comes from the unknown repository ${item.repository}`,
        {
          where: item.nevra,
          hints: [`repositories given: ${[...roots.keys()].join(", ") || "none"}`],
        },
      );
    }
    const path = joinBelow(root, item.package.location);
    opened.push(await openOne(path, item.nevra, item.package.pkgid));
  }
  return opened;
}

async function openOne(path: string, nevra: string, expected: string): Promise<OpenedPackage> {
  const sha256 = await digestFile(path).catch((error: unknown) => {
    throw new WeirError(
      "IMAGE_PACKAGE_MISSING",
      `the package's file cannot be read (${systemCode(error) ?? "unknown"})`,
      {
        where: nevra,
        cause: error,
        hints: ["make the repository again: its metadata names a file that is not there"],
      },
    );
  });
  if (sha256 !== expected) {
    throw new WeirError(
      "IMAGE_PACKAGE_CHANGED",
      "the package's file is not the one that the repository's metadata describes",
      {
        where: nevra,
        hints: ["make the repository's metadata again, or bring the file back"],
      },
    );
  }
  return { nevra, path, sha256, head: readRpm({ path }, nevra) };
}
