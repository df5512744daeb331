import { compareText } from "../../../core/index.ts";
import { type Pool, systemPackage } from "../../pool/index.ts";
import { matchesGlob } from "../selection/glob.ts";
import { candidatesOf, checkUniverse, type Verdict } from "./check.ts";
import { recheckPool } from "./recheck.ts";
import { type BrokenPackage, type ClosureCause, tellClosure } from "./story.ts";
import { Universe } from "./universe.ts";

export interface ClosureRepository {
  readonly id: string;
  readonly revision: string;
  readonly packages: number;
}

/** What became of packages since an earlier state of the repositories. Packages are told apart by NEVRA; lists are sorted. */
export interface ClosureChange {
  readonly repositories: readonly ClosureRepository[];
  /** Packages that came, and that went. */
  readonly added: number;
  readonly removed: number;
  /** How many packages had to be judged anew. */
  readonly judged: number;
  /** Broken now, and healthy or absent before. */
  readonly newlyBroken: readonly string[];
  /** Healthy now, and broken before. */
  readonly newlyHealthy: readonly string[];
  readonly stillBroken: readonly string[];
  /** Broken before, and no longer there. */
  readonly gone: readonly string[];
}

/** `weir/repoclosure/1`: which packages of repositories cannot be installed, and why. */
export interface RepoclosureDocument {
  readonly schema: "weir/repoclosure/1";
  readonly arch: string;
  readonly repositories: readonly ClosureRepository[];
  /** How many packages were judged. */
  readonly packages: number;
  /** Sorted by NEVRA. */
  readonly broken: readonly BrokenPackage[];
  /** Those that break most come first. */
  readonly causes: readonly ClosureCause[];
  /** What could not be judged within bounds: a rich dependency counts as met then, a package as healthy. Sorted by NEVRA. */
  readonly unjudged: readonly { readonly nevra: string; readonly reason: string }[];
  /** Where an earlier state was given. */
  readonly changes?: ClosureChange;
}

export interface RepoclosureOptions {
  readonly arch: string;
  readonly repositories: readonly ClosureRepository[];
  /** Judge only packages whose name or NEVRA matches one of these patterns. All count as providers. */
  readonly subset?: readonly string[];
  /** An earlier state to compare with, set up like the pool. */
  readonly against?: { readonly pool: Pool; readonly repositories: readonly ClosureRepository[] };
}

/** Judges the packages of a prepared pool. Errors: those of {@link checkUniverse}. */
export function repoclosure(pool: Pool, options: RepoclosureOptions): RepoclosureDocument {
  const { against } = options;
  if (against === undefined) {
    const universe = new Universe(pool);
    return documentOf(checkUniverse(universe, subsetOf(universe, candidatesOf(universe), options.subset)), options);
  }
  const old = new Universe(against.pool);
  const before = checkUniverse(old, candidatesOf(old));
  const { verdict, added, removed, judged } = recheckPool(before, pool);
  const asked = new Set(subsetOf(verdict.universe, judgedOf(verdict), options.subset));
  for (let pkg = 0; pkg < verdict.checked.length; pkg++) {
    if (asked.has(pkg)) continue;
    verdict.checked[pkg] = 0;
    verdict.broken[pkg] = 0;
  }
  const document = documentOf(verdict, options);
  const oldAsked = subsetOf(old, judgedOf(before), options.subset);
  const [brokenBefore, healthyBefore] = split(before, oldAsked);
  const [brokenNow, healthyNow] = split(verdict, [...asked]);
  const sorted = (nevras: Iterable<string>): string[] => [...nevras].sort(compareText);
  return {
    ...document,
    changes: {
      repositories: against.repositories,
      added: added.length,
      removed: removed.length,
      judged,
      newlyBroken: sorted([...brokenNow].filter((nevra) => !brokenBefore.has(nevra))),
      newlyHealthy: sorted([...healthyNow].filter((nevra) => brokenBefore.has(nevra) && !healthyBefore.has(nevra))),
      stillBroken: sorted([...brokenNow].filter((nevra) => brokenBefore.has(nevra))),
      gone: sorted([...brokenBefore].filter((nevra) => !brokenNow.has(nevra) && !healthyNow.has(nevra))),
    },
  };
}

function documentOf(verdict: Verdict, options: RepoclosureOptions): RepoclosureDocument {
  const { universe } = verdict;
  const { pool } = universe;
  const { broken, causes } = tellClosure(verdict);
  const unjudged = universe.unjudged.map(({ package: pkg, dependency }) => {
    const text = pool.columns.dependencyText(dependency);
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    return { nevra: pool.nevra(pkg), reason: `its rich dependency is too large to judge, and counts as met: ${shown}` };
  });
  for (const pkg of verdict.undecided)
    unjudged.push({ nevra: pool.nevra(pkg), reason: "there are too many ways to put together what it needs" });
  return {
    schema: "weir/repoclosure/1",
    arch: options.arch,
    repositories: options.repositories,
    packages: judgedOf(verdict).length,
    broken: broken.map(({ nevra, repo, chain, missing, cause }) => ({ nevra, repo, chain, missing, cause })),
    causes,
    unjudged: unjudged.sort((a, b) => compareText(a.nevra, b.nevra) || compareText(a.reason, b.reason)),
  };
}

function judgedOf({ checked }: Verdict): number[] {
  const found: number[] = [];
  for (let pkg = systemPackage + 1; pkg < checked.length; pkg++) if (checked[pkg] !== 0) found.push(pkg);
  return found;
}

function subsetOf(universe: Universe, packages: readonly number[], subset: readonly string[] = []): readonly number[] {
  if (subset.length === 0) return packages;
  const { pool } = universe;
  const { strings, name } = pool.columns;
  return packages.filter((pkg) => {
    const texts = [strings.text(name[pkg] as number), pool.nevra(pkg)];
    return subset.some((pattern) => texts.some((text) => matchesGlob(pattern, text)));
  });
}

/** NEVRAs of broken and of healthy packages. */
function split({ universe, broken }: Verdict, packages: readonly number[]): [Set<string>, Set<string>] {
  const found: [Set<string>, Set<string>] = [new Set(), new Set()];
  for (const pkg of packages) found[broken[pkg] === 1 ? 0 : 1].add(universe.pool.nevra(pkg));
  return found;
}
