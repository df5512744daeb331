import { type DependencyId, type ListKind, relationOp } from "../../../formats/rpmmd/index.ts";
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

/**
 * What is chosen for a dependency: of a plain one a single provider, none where one is reached already; of a rich one what each part that
 * counts brings.
 */
function chosenProviders(
  pool: Pool,
  chosen: ReadonlySet<number>,
  dependency: DependencyId,
  found: ReadonlyMap<number, Bringer>,
): readonly number[] {
  const { columns } = pool;
  const providers: number[] = [];
  const open = [dependency];
  for (let steps = 0, id = open.pop(); id !== undefined && steps < mostParts; steps++, id = open.pop()) {
    const op = id < 0 ? (columns.relationOp[~id] as number) : 0;
    const left = id < 0 ? (columns.relationName[~id] as number) : 0;
    const right = id < 0 ? (columns.relationEvr[~id] as number) : 0;
    if (op === relationOp.and) open.push(right, left);
    else if (op === relationOp.or) open.push(isMet(pool, chosen, left, 0) ? left : right);
    else if (op === relationOp.if || op === relationOp.unless) {
      const hasElse = right < 0 && columns.relationOp[~right] === relationOp.else;
      const condition = hasElse ? (columns.relationName[~right] as number) : right;
      if (isMet(pool, chosen, condition, 0) === (op === relationOp.if)) open.push(left);
      else if (hasElse) open.push(columns.relationEvr[~right] as number);
    } else {
      const one = oneProvider(pool, chosen, id, found);
      if (one !== 0) providers.push(one);
    }
  }
  return providers;
}

const mostParts = 1000;
const deepest = 64;

/** 0 where none is chosen, or one is reached already. */
function oneProvider(
  pool: Pool,
  chosen: ReadonlySet<number>,
  id: DependencyId,
  found: ReadonlyMap<number, Bringer>,
): number {
  const start = pool.whatProvides(id);
  const lists = pool.providerLists;
  let first = 0;
  for (let at = start; lists[at] !== 0; at++) {
    const pkg = lists[at] as number;
    if (!chosen.has(pkg)) continue;
    if (found.has(pkg)) return 0;
    if (first === 0) first = pkg;
  }
  return first;
}

/** Whether chosen packages meet a dependency. */
function isMet(pool: Pool, chosen: ReadonlySet<number>, id: DependencyId, depth: number): boolean {
  const { columns } = pool;
  const op = id < 0 ? (columns.relationOp[~id] as number) : 0;
  if (depth > deepest) return false;
  const left = id < 0 ? (columns.relationName[~id] as number) : 0;
  const right = id < 0 ? (columns.relationEvr[~id] as number) : 0;
  const met = (part: DependencyId) => isMet(pool, chosen, part, depth + 1);
  switch (op) {
    case relationOp.and:
      return met(left) && met(right);
    case relationOp.or:
      return met(left) || met(right);
    case relationOp.if:
    case relationOp.unless: {
      const hasElse = right < 0 && columns.relationOp[~right] === relationOp.else;
      const holds = met(hasElse ? (columns.relationName[~right] as number) : right) === (op === relationOp.if);
      if (holds) return met(left);
      return hasElse ? met(columns.relationEvr[~right] as number) : op === relationOp.if;
    }
    default:
      return pool.providersOf(id).some((pkg) => chosen.has(pkg));
  }
}
