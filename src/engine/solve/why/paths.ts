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

/**
 * Ways from roots to a package that pass no package twice and no other root, shortest first, at most `most`; equal ones in an order of their
 * own that is always the same.
 */
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
    const bucket = buckets[length];
    if (bucket === undefined) buckets[length] = [partial];
    else bucket.push(partial);
  };
  push({ at: target, edge: undefined, below: undefined, length: 0 });
  let steps = 0;
  for (let length = 0; length < buckets.length && paths.length < most; length++) {
    // The last first: of equal ones one is followed to its end, since there may be more than can be kept.
    const bucket = buckets[length] ?? [];
    for (let partial = bucket.pop(); partial !== undefined && paths.length < most; partial = bucket.pop()) {
      if (++steps > mostSteps) return paths;
      if (roots.has(partial.at) && far.get(partial.at) === 0) {
        paths.push(whole(partial));
        if (partial.at !== target) continue;
      }
      const before = [...(neighbours.in.get(partial.at) ?? [])].sort((a, b) => b.from - a.from);
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
