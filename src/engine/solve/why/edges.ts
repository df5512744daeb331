import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import type { Pool } from "../../pool/index.ts";

/** How one package of an answer asks for another. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: "requires" | "recommends" | "supplements";
  readonly dependency: DependencyId;
}

/** Who asks for whom among chosen packages. */
export interface Neighbours {
  readonly out: ReadonlyMap<number, readonly Edge[]>;
  readonly in: ReadonlyMap<number, readonly Edge[]>;
}

/** All edges among chosen packages; between two packages the first of each kind, hard before weak. A package that supplements is asked for by what it supplements. */
export function neighboursOf(pool: Pool, chosen: readonly number[]): Neighbours {
  const isChosen = new Set(chosen);
  const out = new Map<number, Edge[]>();
  const into = new Map<number, Edge[]>();
  const add = (edge: Edge): void => {
    if (edge.from === edge.to) return;
    const known = out.get(edge.from);
    if (known?.some((other) => other.to === edge.to) === true) return;
    if (known === undefined) out.set(edge.from, [edge]);
    else known.push(edge);
    const back = into.get(edge.to);
    if (back === undefined) into.set(edge.to, [edge]);
    else back.push(edge);
  };
  const each = (pkg: number, kind: Edge["kind"]): void => {
    for (const dependency of pool.dependencies(pkg, kind)) {
      for (const provider of pool.providersOf(dependency)) {
        if (!isChosen.has(provider)) continue;
        if (kind === "supplements") add({ from: provider, to: pkg, kind, dependency });
        else add({ from: pkg, to: provider, kind, dependency });
      }
    }
  };
  for (const kind of ["requires", "recommends", "supplements"] as const) for (const pkg of chosen) each(pkg, kind);
  return { out, in: into };
}

/** What can be reached from some packages over edges, without going through `without`. */
export function reachable(neighbours: Neighbours, from: readonly number[], without = 0): Set<number> {
  const found = new Set<number>();
  const queue: number[] = [];
  const take = (pkg: number): void => {
    if (pkg === without || found.has(pkg)) return;
    found.add(pkg);
    queue.push(pkg);
  };
  for (const pkg of from) take(pkg);
  for (let next = 0; next < queue.length; next++)
    for (const edge of neighbours.out.get(queue[next] as number) ?? []) take(edge.to);
  return found;
}
