/** A directed graph in compressed rows: the targets of node `i` are `targets[offsets[i]]` up to `targets[offsets[i + 1] - 1]`. */
export interface Graph {
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

export function makeGraph(rows: readonly Iterable<number>[]): Graph {
  const offsets = new Int32Array(rows.length + 1);
  const targets: number[] = [];
  rows.forEach((row, i) => {
    for (const target of row) targets.push(target);
    offsets[i + 1] = targets.length;
  });
  return { offsets, targets: Int32Array.from(targets) };
}

/**
 * Strongly connected components (Tarjan 1972), without recursion. Gives for each node the number of its component; numbers are in reverse
 * topological order: a component only points at components with smaller numbers.
 */
export function components(graph: Graph): { readonly of: Int32Array; readonly count: number } {
  const size = graph.offsets.length - 1;
  const of = new Int32Array(size).fill(-1);
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const next = new Int32Array(size);
  const stack = new Int32Array(size);
  const path = new Int32Array(size);
  let stackSize = 0;
  let counter = 0;
  let count = 0;
  for (let root = 0; root < size; root++) {
    if (index[root] !== -1) continue;
    let depth = 0;
    path[0] = root;
    index[root] = low[root] = counter++;
    next[root] = graph.offsets[root] as number;
    stack[stackSize++] = root;
    while (depth >= 0) {
      const node = path[depth] as number;
      const at = next[node] as number;
      if (at < (graph.offsets[node + 1] as number)) {
        next[node] = at + 1;
        const target = graph.targets[at] as number;
        if (index[target] === -1) {
          index[target] = low[target] = counter++;
          next[target] = graph.offsets[target] as number;
          stack[stackSize++] = target;
          path[++depth] = target;
        } else if (of[target] === -1 && (index[target] as number) < (low[node] as number)) {
          low[node] = index[target] as number;
        }
        continue;
      }
      if (low[node] === index[node]) {
        for (;;) {
          const member = stack[--stackSize] as number;
          of[member] = count;
          if (member === node) break;
        }
        count++;
      }
      depth--;
      if (depth >= 0) {
        const parent = path[depth] as number;
        if ((low[node] as number) < (low[parent] as number)) low[parent] = low[node] as number;
      }
    }
  }
  return { of, count };
}

/** Members of each component that is a cycle: more than one node, or a node that points at itself. Sorted by first member. */
export function cyclicComponents(graph: Graph): number[][] {
  const { of, count } = components(graph);
  const members: number[][] = Array.from({ length: count }, () => []);
  of.forEach((component, node) => {
    (members[component] as number[]).push(node);
  });
  return members
    .filter((nodes) => nodes.length > 1 || pointsAtItself(graph, nodes[0] as number))
    .sort((a, b) => (a[0] as number) - (b[0] as number));
}

function pointsAtItself(graph: Graph, node: number): boolean {
  for (let i = graph.offsets[node] as number; i < (graph.offsets[node + 1] as number); i++) {
    if (graph.targets[i] === node) return true;
  }
  return false;
}

/** The shortest cycle among these nodes, as nodes each pointing at the next and the last at the first. Looks from at most 200 of them. */
export function shortestCycle(graph: Graph, nodes: readonly number[]): number[] {
  const inside = new Set(nodes);
  let best: number[] | undefined;
  for (const start of nodes.slice(0, 200)) {
    if (best?.length === 1) break;
    const from = new Map<number, number>();
    let layer = [start];
    let found = -1;
    const limit = best?.length ?? Infinity;
    for (let depth = 1; layer.length > 0 && found < 0 && depth < limit; depth++) {
      const nextLayer: number[] = [];
      for (const node of layer) {
        for (let i = graph.offsets[node] as number; i < (graph.offsets[node + 1] as number); i++) {
          const target = graph.targets[i] as number;
          if (target === start) {
            found = node;
            break;
          }
          if (!inside.has(target) || from.has(target)) continue;
          from.set(target, node);
          nextLayer.push(target);
        }
        if (found >= 0) break;
      }
      layer = nextLayer;
    }
    if (found < 0) continue;
    const cycle = [found];
    while (cycle[0] !== start) cycle.unshift(from.get(cycle[0] as number) as number);
    best = cycle;
  }
  return best ?? [];
}
