import type { DependencyId, ListKind } from "../../../formats/rpmmd/index.ts";
import type { Pool } from "../../pool/index.ts";

/** What brings a package: a request by its place, or another package by a dependency of one of its lists. */
export type Bringer =
  | { readonly kind: "request"; readonly request: number }
  | {
      readonly kind: "requires" | "recommends" | "supplements";
      /** The package that asks; of supplements the one that is supplemented, 0 for none. */
      readonly by: number;
      readonly dependency: DependencyId;
    };

/** A request as the packages that meet it. */
export interface RequestCandidates {
  readonly packages: readonly number[];
  /** Whether every one of them was asked for. */
  readonly all?: boolean;
}

/**
 * For each chosen package the first that brings it: requests, then what those require, nearest first, then what is recommended, then what
 * supplements, each with what it requires. What nothing reaches is not in the map. In the order they were reached.
 */
export function bringersOf(
  pool: Pool,
  chosen: ReadonlySet<number>,
  requests: readonly RequestCandidates[],
): Map<number, Bringer> {
  const found = new Map<number, Bringer>();
  const queue: number[] = [];
  const take = (pkg: number, bringer: Bringer): void => {
    if (found.has(pkg)) return;
    found.set(pkg, bringer);
    queue.push(pkg);
  };
  for (const [request, { packages, all }] of requests.entries()) {
    for (const pkg of packages) {
      if (!chosen.has(pkg)) continue;
      take(pkg, { kind: "request", request });
      if (all !== true) break;
    }
  }
  let nextHard = 0;
  let nextWeak = 0;
  const follow = (pkg: number, list: ListKind, kind: "requires" | "recommends"): void => {
    for (const dependency of pool.dependencies(pkg, list)) {
      for (const provider of chosenProviders(pool, chosen, dependency, found))
        take(provider, { kind, by: pkg, dependency });
    }
  };
  for (;;) {
    while (nextHard < queue.length) follow(queue[nextHard++] as number, "requires", "requires");
    if (nextWeak < queue.length) {
      follow(queue[nextWeak++] as number, "recommends", "recommends");
      continue;
    }
    const before = queue.length;
    for (const pkg of [...chosen].sort((a, b) => a - b)) {
      if (found.has(pkg)) continue;
      for (const dependency of pool.dependencies(pkg, "supplements")) {
        const by = pool.providersOf(dependency).find((other) => found.has(other));
        if (by !== undefined) take(pkg, { kind: "supplements", by, dependency });
      }
      if (queue.length > before) break;
    }
    if (queue.length === before) return found;
  }
}

/** Of a plain dependency one chosen provider, one that is reached already if there is any; of a rich one all. */
function chosenProviders(
  pool: Pool,
  chosen: ReadonlySet<number>,
  dependency: DependencyId,
  found: ReadonlyMap<number, Bringer>,
): readonly number[] {
  const start = pool.whatProvides(dependency);
  const lists = pool.providerLists;
  const rich = isRich(pool, dependency);
  const providers: number[] = [];
  for (let at = start; lists[at] !== 0; at++) {
    const pkg = lists[at] as number;
    if (!chosen.has(pkg)) continue;
    if (!rich && found.has(pkg)) return [];
    providers.push(pkg);
  }
  return rich ? providers : providers.slice(0, 1);
}

function isRich(pool: Pool, dependency: DependencyId): boolean {
  return dependency < 0 && (pool.columns.relationOp[~dependency] as number) > 7;
}
