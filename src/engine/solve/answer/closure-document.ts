import { compareText } from "../../../core/index.ts";
import type { Pool } from "../../pool/index.ts";
import type { Answer } from "./ask.ts";
import { bringersOf } from "./reasons.ts";
import type { TreeNode } from "./types.ts";

/** A package of a closure. */
export interface ClosurePackage {
  readonly nevra: string;
  readonly repo: string;
  /** Bytes of the package file, and installed. */
  readonly size: number;
  readonly installedSize: number;
  /** Bytes installed with all that it brings first. */
  readonly withBrought: number;
  /** How many packages away from a request it is. */
  readonly depth: number;
  /** NEVRA of the package that brings it first; empty for what was requested. */
  readonly by: string;
  /** System services it holds, where file lists were looked through for them. */
  readonly services: readonly string[];
}

/** `weir/closure/1`: what requests and all they need come to. */
export interface ClosureDocument {
  readonly schema: "weir/closure/1";
  readonly arch: string;
  readonly requests: readonly string[];
  /** Sorted by NEVRA. */
  readonly packages: readonly ClosurePackage[];
  /** In the order of the repositories. */
  readonly repositories: readonly {
    readonly id: string;
    readonly packages: number;
    readonly size: number;
    readonly installedSize: number;
  }[];
  readonly totals: {
    readonly packages: number;
    readonly size: number;
    readonly installedSize: number;
    readonly services: number;
  };
}

/** The closure of an answer, with services by package where they are known, and its tree: each package below the first that brings it, largest first. */
export function closureDocument(
  answer: Answer,
  arch: string,
  requests: readonly string[],
  services?: ReadonlyMap<number, readonly string[]>,
): { document: ClosureDocument; tree: TreeNode[] } {
  const { pool } = answer.result;
  const { columns } = pool;
  const chosen = answer.result.packages;
  const bringers = bringersOf(pool, new Set(chosen), answer.requests);
  const parent = new Map<number, number>();
  const depth = new Map<number, number>();
  // In the order in which they were reached, so that a parent comes before its children.
  const order = [...bringers.keys(), ...chosen.filter((pkg) => !bringers.has(pkg))];
  for (const pkg of order) {
    const bringer = bringers.get(pkg);
    const by = bringer === undefined || bringer.kind === "request" ? 0 : bringer.by;
    parent.set(pkg, by);
    depth.set(pkg, by === 0 ? 0 : (depth.get(by) ?? 0) + 1);
  }
  const brought = new Map<number, number>();
  for (const pkg of [...order].reverse()) {
    const own = (brought.get(pkg) ?? 0) + (columns.installedSize[pkg] as number);
    brought.set(pkg, own);
    const by = parent.get(pkg) as number;
    if (by !== 0) brought.set(by, (brought.get(by) ?? 0) + own);
  }
  const packages = chosen.map((pkg): ClosurePackage => {
    const by = parent.get(pkg) as number;
    return {
      nevra: pool.nevra(pkg),
      repo: pool.repositories[columns.repository[pkg] as number]?.id ?? "",
      size: columns.packageSize[pkg] as number,
      installedSize: columns.installedSize[pkg] as number,
      withBrought: brought.get(pkg) as number,
      depth: depth.get(pkg) as number,
      by: by === 0 ? "" : pool.nevra(by),
      services: [...(services?.get(pkg) ?? [])].sort(compareText),
    };
  });
  packages.sort((a, b) => compareText(a.nevra, b.nevra));
  const document: ClosureDocument = {
    schema: "weir/closure/1",
    arch,
    requests,
    packages,
    repositories: pool.repositories.map(({ id }) => {
      const own = packages.filter((item) => item.repo === id);
      return { id, packages: own.length, size: sum(own, "size"), installedSize: sum(own, "installedSize") };
    }),
    totals: {
      packages: packages.length,
      size: sum(packages, "size"),
      installedSize: sum(packages, "installedSize"),
      services: packages.reduce((total, item) => total + item.services.length, 0),
    },
  };
  return { document, tree: treeOf(pool, order, parent, brought) };
}

function sum(packages: readonly ClosurePackage[], key: "size" | "installedSize"): number {
  return packages.reduce((total, item) => total + item[key], 0);
}

interface Draft {
  readonly pkg: number;
  readonly text: string;
  readonly children: Draft[];
}

function treeOf(
  pool: Pool,
  order: readonly number[],
  parent: ReadonlyMap<number, number>,
  brought: ReadonlyMap<number, number>,
): TreeNode[] {
  const nodes = new Map<number, Draft>();
  const roots: Draft[] = [];
  const bySize = (a: Draft, b: Draft) =>
    (brought.get(b.pkg) as number) - (brought.get(a.pkg) as number) || compareText(a.text, b.text);
  for (const pkg of order) {
    const node: Draft = { pkg, text: `${pool.nevra(pkg)}  ${megabytes(brought.get(pkg) as number)}`, children: [] };
    nodes.set(pkg, node);
    const above = nodes.get(parent.get(pkg) as number);
    if (above === undefined) roots.push(node);
    else above.children.push(node);
  }
  for (const node of nodes.values()) node.children.sort(bySize);
  return roots.sort(bySize);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
