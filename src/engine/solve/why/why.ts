import { compareText } from "../../../core/index.ts";
import type { Pool } from "../../pool/index.ts";
import type { Answer } from "../answer/ask.ts";
import type { AnswerRequest } from "../answer/solution.ts";
import { type Edge, type Neighbours, neighboursOf, reachable } from "./edges.ts";
import { type Path, pathsTo } from "./paths.ts";
import type { WhyAlternative, WhyDocument, WhyPath } from "./types.ts";

export interface WhyOptions {
  /** Default 10. */
  readonly paths?: number;
  /** How many choices are tried the other way, default 6. */
  readonly alternatives?: number;
  /** The same question without some packages. Without it no choice is tried. */
  solveWithout?(packages: readonly number[]): Answer;
}

/**
 * Why a package is among those chosen: the ways that lead to it, what is there for it alone, and what other choices on the shortest way would
 * change. Without requests the ways begin at packages that nothing asks for.
 */
export function whyPackage(
  pool: Pool,
  chosen: readonly number[],
  requests: readonly AnswerRequest[],
  target: number,
  options: WhyOptions = {},
): WhyDocument {
  const neighbours = neighboursOf(pool, chosen);
  const roots = rootsOf(pool, chosen, requests, neighbours);
  const most = options.paths ?? 10;
  const paths = pathsTo(neighbours, new Set(roots.keys()), target, most + 1);
  return {
    schema: "weir/why/1",
    package: pool.nevra(target),
    repo: pool.repositories[pool.columns.repository[target] as number]?.id ?? "",
    installedSize: pool.columns.installedSize[target] as number,
    paths: paths.slice(0, most).map((path) => asPath(pool, path, roots)),
    more: paths.length > most,
    brings: bringsOf(pool, chosen, neighbours, [...roots.keys()], target),
    alternatives: options.solveWithout === undefined ? [] : alternativesOn(pool, chosen, paths[0], target, options),
  };
}

/** Where ways begin: for each package the words of its request. */
function rootsOf(
  pool: Pool,
  chosen: readonly number[],
  requests: readonly AnswerRequest[],
  neighbours: Neighbours,
): Map<number, string> {
  const isChosen = new Set(chosen);
  const roots = new Map<number, string>();
  for (const { text, packages } of requests) {
    const met = packages.find((pkg) => isChosen.has(pkg));
    if (met !== undefined && !roots.has(met)) roots.set(met, text);
  }
  if (requests.length > 0) return roots;
  for (const pkg of chosen) if (!neighbours.in.has(pkg)) roots.set(pkg, pool.nevra(pkg));
  // Packages that ask for each other and are asked for by no other: the first of them stands for all.
  const covered = reachable(neighbours, [...roots.keys()]);
  for (const pkg of chosen) {
    if (covered.has(pkg)) continue;
    roots.set(pkg, pool.nevra(pkg));
    for (const other of reachable(neighbours, [pkg])) covered.add(other);
  }
  return roots;
}

function asPath(pool: Pool, path: Path, roots: ReadonlyMap<number, string>): WhyPath {
  return {
    request: roots.get(path.root) ?? "",
    steps: path.edges.map((edge) => ({
      package: pool.nevra(edge.from),
      kind: edge.kind,
      dependency: pool.columns.dependencyText(edge.dependency),
      to: pool.nevra(edge.to),
    })),
  };
}

function bringsOf(
  pool: Pool,
  chosen: readonly number[],
  neighbours: Neighbours,
  roots: readonly number[],
  target: number,
): WhyDocument["brings"] {
  const before = reachable(neighbours, roots);
  const after = reachable(neighbours, roots, target);
  const only = chosen.filter((pkg) => pkg === target || (before.has(pkg) && !after.has(pkg)));
  const packages = only.map((pkg) => ({
    pkg,
    nevra: pool.nevra(pkg),
    size: pool.columns.packageSize[pkg] as number,
    installedSize: pool.columns.installedSize[pkg] as number,
  }));
  packages.sort((a, b) => Number(b.pkg === target) - Number(a.pkg === target) || compareText(a.nevra, b.nevra));
  return {
    packages: packages.map(({ nevra, size, installedSize }) => ({ nevra, size, installedSize })),
    size: packages.reduce((sum, item) => sum + item.size, 0),
    installedSize: packages.reduce((sum, item) => sum + item.installedSize, 0),
  };
}

/** Each package on a way, the last first, left out in turn. */
function alternativesOn(
  pool: Pool,
  chosen: readonly number[],
  path: Path | undefined,
  target: number,
  options: WhyOptions,
): WhyAlternative[] {
  const edges: readonly Edge[] = path?.edges ?? [];
  const found: WhyAlternative[] = [];
  for (const edge of [...edges].reverse()) {
    if (found.length >= (options.alternatives ?? 6)) break;
    const others = othersFor(pool, edge);
    if (others.length === 0 && edge.kind === "requires" && edge.to !== target) continue;
    const answer = options.solveWithout?.(sameName(pool, edge.to));
    if (answer !== undefined) found.push(compare(pool, chosen, edge, others, answer));
  }
  return found;
}

/** Packages of other names that meet the dependency. */
function othersFor(pool: Pool, edge: Edge): number[] {
  if (edge.kind === "supplements") return [];
  const { name } = pool.columns;
  return pool.providersOf(edge.dependency).filter((pkg) => name[pkg] !== name[edge.to] && pool.isInstallable(pkg));
}

function sameName(pool: Pool, pkg: number): number[] {
  const name = pool.columns.name[pkg] as number;
  return pool.providersOf(name).filter((other) => pool.columns.name[other] === name && !pool.isInstalled(other));
}

function compare(
  pool: Pool,
  chosen: readonly number[],
  edge: Edge,
  others: readonly number[],
  answer: Answer,
): WhyAlternative {
  const possible = answer.problems.length === 0;
  const [before, after] = [new Set(chosen), new Set(possible ? answer.result.packages : chosen)];
  const comes = [...after].filter((pkg) => !before.has(pkg));
  const goes = chosen.filter((pkg) => !after.has(pkg));
  const sum = (packages: readonly number[], sizes: Float64Array) =>
    packages.reduce((total, pkg) => total + (sizes[pkg] as number), 0);
  const { packageSize, installedSize } = pool.columns;
  const names = (packages: readonly number[]) => packages.map((pkg) => pool.nevra(pkg)).sort(compareText);
  return {
    without: pool.nevra(edge.to),
    dependency: pool.columns.dependencyText(edge.dependency),
    others: [...new Set(others.map((pkg) => pool.nevra(pkg)))].slice(0, 10),
    possible,
    reason: possible ? "" : (answer.problems[0]?.message ?? ""),
    installedSize: sum(comes, installedSize) - sum(goes, installedSize),
    size: sum(comes, packageSize) - sum(goes, packageSize),
    comes: names(comes),
    goes: names(goes),
  };
}
