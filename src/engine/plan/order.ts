import { compareText } from "../../core/index.ts";

export interface Order {
  /** Node indexes, each behind what it needs. */
  readonly sequence: readonly number[];
  /** Earliest wave of each node. */
  readonly waves: Int32Array;
}

/**
 * Orders an acyclic graph (`needs[i]`: nodes that i needs): of what can be built the node with the longest chain waiting behind it comes first, then by
 * id. Waves count from 0.
 */
export function orderNodes(needs: readonly (readonly number[])[], ids: readonly string[]): Order {
  const size = needs.length;
  const waves = new Int32Array(size);
  const open = new Int32Array(size);
  const users: number[][] = Array.from({ length: size }, () => []);
  needs.forEach((row, node) => {
    open[node] = row.length;
    for (const target of row) (users[target] as number[]).push(node);
  });
  const topological: number[] = [];
  for (let node = 0; node < size; node++) if (open[node] === 0) topological.push(node);
  const left = open.slice();
  for (let i = 0; i < topological.length; i++) {
    const node = topological[i] as number;
    for (const user of users[node] as number[]) {
      waves[user] = Math.max(waves[user] as number, (waves[node] as number) + 1);
      const rest = (left[user] as number) - 1;
      left[user] = rest;
      if (rest === 0) topological.push(user);
    }
  }
  const behind = new Int32Array(size);
  for (let i = topological.length - 1; i >= 0; i--) {
    const node = topological[i] as number;
    for (const user of users[node] as number[])
      behind[node] = Math.max(behind[node] as number, (behind[user] as number) + 1);
  }
  const before = (a: number, b: number) =>
    (behind[b] as number) - (behind[a] as number) || compareText(ids[a] as string, ids[b] as string);
  const heap = new Heap(before);
  for (let node = 0; node < size; node++) if (open[node] === 0) heap.push(node);
  const sequence: number[] = [];
  for (let node = heap.pop(); node !== undefined; node = heap.pop()) {
    sequence.push(node);
    for (const user of users[node] as number[]) {
      const rest = (open[user] as number) - 1;
      open[user] = rest;
      if (rest === 0) heap.push(user);
    }
  }
  return { sequence, waves };
}

class Heap {
  readonly #items: number[] = [];
  readonly #before: (a: number, b: number) => number;

  constructor(before: (a: number, b: number) => number) {
    this.#before = before;
  }

  push(item: number): void {
    const items = this.#items;
    let i = items.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.#before(items[i] as number, items[parent] as number) >= 0) return;
      [items[i], items[parent]] = [items[parent] as number, items[i] as number];
      i = parent;
    }
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    items[0] = last;
    let i = 0;
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < items.length && this.#before(items[child] as number, items[least] as number) < 0) least = child;
      }
      if (least === i) return top;
      [items[i], items[least]] = [items[least] as number, items[i] as number];
      i = least;
    }
  }
}
