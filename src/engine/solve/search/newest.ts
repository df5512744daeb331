import type { Workspace } from "../rules/workspace.ts";
import { compareForNewest } from "./order.ts";

/** The newest package of each name, names in order; without those that another of them obsoletes. */
export function newestByName(work: Workspace, candidates: readonly number[]): number[] {
  const sorted = [...candidates].sort((a, b) => compareForNewest(work, a, b));
  const found: number[] = [];
  for (const pkg of sorted) {
    const best = found[found.length - 1];
    if (best === undefined || !work.sameName(best, pkg)) found.push(pkg);
    else if (work.compareEvr(best, pkg) < 0) found[found.length - 1] = pkg;
  }
  if (found.length < 2) return found;
  return found.length === 2 ? withoutObsoletePair(work, found) : withoutObsolete(work, found);
}

/** Places of the candidates that one of them obsoletes. */
function obsoletedPlaces(work: Workspace, candidates: readonly number[], place: number): number[] {
  const pkg = candidates[place] as number;
  const found: number[] = [];
  for (const dependency of work.pool.dependencies(pkg, "obsoletes")) {
    for (const other of work.pool.providersOf(dependency)) {
      const at = candidates.indexOf(other);
      if (at < 0 || at === place || work.sameName(pkg, other)) continue;
      if (work.obsoletes(pkg, other, dependency)) found.push(at);
    }
  }
  return found;
}

function withoutObsoletePair(work: Workspace, pair: readonly number[]): number[] {
  const first = obsoletedPlaces(work, pair, 0).length > 0;
  const second = obsoletedPlaces(work, pair, 1).length > 0;
  if (first === second) return [...pair];
  return pair.slice(first ? 0 : 1, first ? 1 : 2);
}

/**
 * Drops candidates that another one obsoletes, unless they obsolete each other in a circle: what is left are the components of strong
 * connection that no other component leads into (Tarjan 1972), without recursion.
 */
function withoutObsolete(work: Workspace, candidates: readonly number[]): number[] {
  const edges = candidates.map((_, place) => obsoletedPlaces(work, candidates, place));
  const component = components(edges);
  const obsolete = new Set<number>();
  for (const [place, others] of edges.entries()) {
    for (const other of others) if (component[other] !== component[place]) obsolete.add(component[other] as number);
  }
  return candidates.filter((_, place) => !obsolete.has(component[place] as number));
}

/** For each node the number of its component of strong connection. */
export function components(edges: readonly (readonly number[])[]): number[] {
  const index: number[] = [];
  const low: number[] = [];
  const component: number[] = [];
  const stack: number[] = [];
  let next = 0;
  let made = 0;
  for (let root = 0; root < edges.length; root++) {
    if (index[root] !== undefined) continue;
    const path: { node: number; at: number }[] = [{ node: root, at: 0 }];
    for (let step = path[path.length - 1]; step !== undefined; step = path[path.length - 1]) {
      const { node } = step;
      if (step.at === 0 && index[node] === undefined) {
        index[node] = next;
        low[node] = next++;
        stack.push(node);
      }
      const target = edges[node]?.[step.at++];
      if (target !== undefined) {
        if (index[target] === undefined) path.push({ node: target, at: 0 });
        else if (component[target] === undefined) low[node] = Math.min(low[node] as number, index[target]);
        continue;
      }
      path.pop();
      const above = path[path.length - 1]?.node;
      if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
      if (low[node] !== index[node]) continue;
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        component[member] = made;
        if (member === node) break;
      }
      made++;
    }
  }
  return component;
}
