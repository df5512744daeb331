import { listKinds } from "../../../formats/rpmmd/index.ts";
import { type Pool, systemPackage } from "../../pool/index.ts";
import { candidatesOf, checkUniverse, type Verdict } from "./check.ts";
import { reversed } from "./propagate.ts";
import { Universe } from "./universe.ts";

/** A verdict, and what it took. */
export interface Recheck {
  readonly verdict: Verdict;
  /** Packages that are new, ascending; and those of the earlier pool that are gone. */
  readonly added: readonly number[];
  readonly removed: readonly number[];
  /** How many packages had to be judged anew. */
  readonly judged: number;
  /** For each package its number in the earlier pool, 0 for none. */
  readonly before: Int32Array;
}

/**
 * Judges a changed pool: only packages that can lead to something that came or went, by what they need, are looked at again; the verdict of
 * all others is the earlier one. Equal to {@link checkPool} of the changed pool. Both pools must be set up alike (architecture, exclusions).
 */
export function recheckPool(earlier: Verdict, pool: Pool): Recheck {
  const universe = new Universe(pool);
  const old = earlier.universe;
  const known = new Map<string, number>();
  for (const pkg of usableOf(old)) known.set(identity(old.pool, pkg), pkg);
  const before = new Int32Array(universe.count);
  const added: number[] = [];
  const kept = new Set<string>();
  for (const pkg of usableOf(universe)) {
    const key = identity(pool, pkg);
    kept.add(key);
    const found = known.get(key);
    if (found === undefined) added.push(pkg);
    else before[pkg] = found;
  }
  const removed: number[] = [];
  for (const pkg of usableOf(old)) if (!kept.has(identity(old.pool, pkg))) removed.push(pkg);
  const touched = leadingTo(universe, added);
  const touchedBefore = leadingTo(old, removed);
  const anew: number[] = [];
  const broken: number[] = [];
  const healthy: number[] = [];
  for (const pkg of candidatesOf(universe)) {
    const same = before[pkg] as number;
    if (same === 0 || touched[pkg] === 1 || touchedBefore[same] === 1 || earlier.checked[same] === 0) anew.push(pkg);
    else if (earlier.broken[same] === 1) broken.push(pkg);
    else healthy.push(pkg);
  }
  const verdict = checkUniverse(universe, anew, broken);
  for (const pkg of healthy) verdict.checked[pkg] = 2;
  return { verdict, added, removed, judged: anew.length, before };
}

function* usableOf(universe: Universe): Generator<number> {
  for (let pkg = systemPackage + 1; pkg < universe.count; pkg++) if (universe.usable[pkg] === 1) yield pkg;
}

/** What is equal in two pools for packages that are the same. */
function identity(pool: Pool, pkg: number): string {
  const { columns } = pool;
  const { strings } = columns;
  const name = `${strings.text(columns.name[pkg] as number)}-${strings.text(columns.evr[pkg] as number)}.${strings.text(columns.arch[pkg] as number)}`;
  const checksum = columns.checksumOf(pkg);
  if (checksum !== "" && !checksum.endsWith(":")) return `${name} ${checksum}`;
  const lists = listKinds.map((kind) =>
    columns.listOf(kind, pkg).map((id) => (kind === "files" ? strings.text(id) : columns.dependencyText(id))),
  );
  return `${name} ${JSON.stringify(lists)}`;
}

/** 1 for each package that some of the given ones may come in with. */
function leadingTo(universe: Universe, targets: readonly number[]): Uint8Array {
  const { requires, requiresStart, needStart, providers, needs, count, usable } = universe;
  const found = new Uint8Array(count);
  if (targets.length === 0) return found;
  const needersOf = reversed(requires, requiresStart, count, needs);
  const metBy = reversed(providers, needStart, needs, count);
  const guardedBy = new Map<number, number[]>();
  for (const pkg of usableOf(universe)) {
    for (const literals of [...(universe.guards.get(pkg) ?? []), ...universe.richConflicts(pkg)]) {
      for (const literal of literals) {
        if (literal < 0) continue;
        const list = guardedBy.get(literal);
        if (list === undefined) guardedBy.set(literal, [pkg]);
        else list.push(pkg);
      }
    }
  }
  const queue: number[] = [];
  const reach = (pkg: number): void => {
    if (found[pkg] === 1 || usable[pkg] !== 1) return;
    found[pkg] = 1;
    queue.push(pkg);
  };
  const seen = new Uint8Array(needs);
  for (const pkg of targets) reach(pkg);
  for (let pkg = queue.pop(); pkg !== undefined; pkg = queue.pop()) {
    for (let at = metBy.start[pkg] as number; at < (metBy.start[pkg + 1] as number); at++) {
      const need = metBy.items[at] as number;
      if (seen[need] === 1) continue;
      seen[need] = 1;
      for (let place = needersOf.start[need] as number; place < (needersOf.start[need + 1] as number); place++)
        reach(needersOf.items[place] as number);
    }
    for (const other of guardedBy.get(pkg) ?? []) reach(other);
  }
  return found;
}
