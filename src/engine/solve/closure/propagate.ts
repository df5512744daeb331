import type { Universe } from "./universe.ts";

/** What follows from requirements alone. */
export interface Deaths {
  /** 1 for each package that cannot be installed. */
  readonly dead: Uint8Array;
  /** The need that nothing meets any more, for each package that died of one; -1 for others. */
  readonly by: Int32Array;
  /** Dead packages in the order they died: what one died of died before it. */
  readonly order: Int32Array;
  /** How many providers of each need are left. */
  readonly left: Int32Array;
}

/**
 * Packages that cannot be installed because nothing meets one of their needs, what needs those alone, and so on; in time linear in the
 * universe. `killed` are dead from the start, for reasons of their own.
 */
export function propagateDeaths(universe: Universe, killed: readonly number[] = []): Deaths {
  const { count, usable, requires, requiresStart, needs, needStart, providers } = universe;
  const dead = new Uint8Array(count);
  const by = new Int32Array(count).fill(-1);
  const left = new Int32Array(needs);
  const order = new Int32Array(count);
  let died = 0;
  const needersOf = reversed(requires, requiresStart, count, needs);
  const metBy = reversed(providers, needStart, needs, count);
  const kill = (pkg: number, need: number): void => {
    if (dead[pkg] === 1) return;
    dead[pkg] = 1;
    by[pkg] = need;
    order[died++] = pkg;
  };
  const fail = (need: number): void => {
    for (let at = needersOf.start[need] as number; at < (needersOf.start[need + 1] as number); at++)
      kill(needersOf.items[at] as number, need);
  };
  for (const pkg of killed) kill(pkg, -1);
  for (let need = 0; need < needs; need++) {
    let living = 0;
    for (let at = needStart[need] as number; at < (needStart[need + 1] as number); at++)
      if (usable[providers[at] as number] === 1) living++;
    left[need] = living;
  }
  for (let need = 0; need < needs; need++) if (left[need] === 0) fail(need);
  for (let next = 0; next < died; next++) {
    const pkg = order[next] as number;
    for (let at = metBy.start[pkg] as number; at < (metBy.start[pkg + 1] as number); at++) {
      const need = metBy.items[at] as number;
      left[need] = (left[need] as number) - 1;
      if (left[need] === 0) fail(need);
    }
  }
  return { dead, by, order: order.subarray(0, died), left };
}

/** Lists the other way round: for each item, ascending, the lists it is in. */
export interface Reversed {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** Turns lists `items[start[i]..start[i + 1])`, of `lists`, of numbers below `count` round. */
export function reversed(items: Int32Array, start: Int32Array, lists: number, count: number): Reversed {
  const places = new Int32Array(count + 2);
  const end = start[lists] as number;
  for (let at = 0; at < end; at++) {
    const item = (items[at] as number) + 2;
    places[item] = (places[item] as number) + 1;
  }
  for (let item = 2; item < places.length; item++)
    places[item] = (places[item] as number) + (places[item - 1] as number);
  const found = new Int32Array(end);
  for (let list = 0; list < lists; list++) {
    for (let at = start[list] as number; at < (start[list + 1] as number); at++) {
      const item = (items[at] as number) + 1;
      const place = places[item] as number;
      found[place] = list;
      places[item] = place + 1;
    }
  }
  return { start: places.subarray(0, count + 1), items: found };
}
