import type { Edge, Neighbours } from "./edges.ts";

/** Edges from a root to the package, first to last; empty for a root itself. */
export interface Path {
  readonly root: number;
  readonly edges: readonly Edge[];
}

interface Partial {
  /** Where it stands, on the way from the package up to a root. */
  readonly at: number;
  readonly edge: Edge | undefined;
  readonly below: Partial | undefined;
  readonly length: number;
}

const mostSteps = 50_000;

/** Ways from roots to a package that pass no package twice, shortest first, at most `most`; equal ones in the order of package numbers. */
export function pathsTo(neighbours: Neighbours, roots: ReadonlySet<number>, target: number, most: number): Path[] {
  const far = distances(neighbours, roots);
  const paths: Path[] = [];
  if (!far.has(target)) return paths;
  /** Partial paths by the length that they will have at least. */
  const buckets: Partial[][] = [];
  const push = (partial: Partial): void => {
    const rest = far.get(partial.at);
    if (rest === undefined) return;
    const length = partial.length + rest;
    (buckets[length] ??= []).push(partial);
  };
  push({ at: target, edge: undefined, below: undefined, length: 0 });
  let steps = 0;
  for (let length = 0; length < buckets.length && paths.length < most; length++) {
    const bucket = buckets[length] ?? [];
    for (let next = 0; next < bucket.length && paths.length < most; next++) {
      if (++steps > mostSteps) return paths;
      const partial = bucket[next] as Partial;
      if (roots.has(partial.at) && far.get(partial.at) === 0) {
        paths.push(whole(partial));
        if (partial.at !== target) continue;
      }
      const before = [...(neighbours.in.get(partial.at) ?? [])].sort((a, b) => a.from - b.from);
      for (const edge of before) {
        if (!passes(partial, edge.from)) push({ at: edge.from, edge, below: partial, length: partial.length + 1 });
      }
    }
  }
  return paths;
}

function whole(partial: Partial): Path {
  const edges: Edge[] = [];
  for (let at: Partial | undefined = partial; at?.edge !== undefined; at = at.below) edges.push(at.edge);
  return { root: partial.at, edges };
}

function passes(partial: Partial, pkg: number): boolean {
  for (let at: Partial | undefined = partial; at !== undefined; at = at.below) if (at.at === pkg) return true;
  return false;
}

/** How many edges each package is away from the nearest root. */
function distances(neighbours: Neighbours, roots: ReadonlySet<number>): Map<number, number> {
  const far = new Map<number, number>();
  const queue: number[] = [];
  for (const root of roots) {
    far.set(root, 0);
    queue.push(root);
  }
  for (let next = 0; next < queue.length; next++) {
    const pkg = queue[next] as number;
    for (const edge of neighbours.out.get(pkg) ?? []) {
      if (far.has(edge.to)) continue;
      far.set(edge.to, (far.get(pkg) as number) + 1);
      queue.push(edge.to);
    }
  }
  return far;
}
