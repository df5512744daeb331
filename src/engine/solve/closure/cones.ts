import type { Universe } from "./universe.ts";

/** What packages lead to by what they need: all that could ever come in with them. */
export class Cones {
  readonly #universe: Universe;
  readonly #among: Uint8Array;
  readonly #seenPackage: Int32Array;
  readonly #seenNeed: Int32Array;
  #turn = 0;

  /** `among`: 1 for the packages that count; others are as if they were not there. */
  constructor(universe: Universe, among: Uint8Array) {
    this.#universe = universe;
    this.#among = among;
    this.#seenPackage = new Int32Array(universe.count);
    this.#seenNeed = new Int32Array(universe.needs);
  }

  /** Packages, and all that they lead to, in the order they are reached; in time of what is found. */
  of(start: number | readonly number[]): number[] {
    const { requires, requiresStart, needStart, providers, guards } = this.#universe;
    const seenNeed = this.#seenNeed;
    const turn = ++this.#turn;
    const found: number[] = [];
    const want = (pkg: number): void => {
      if (this.#among[pkg] !== 1 || this.#seenPackage[pkg] === turn) return;
      this.#seenPackage[pkg] = turn;
      found.push(pkg);
    };
    if (typeof start === "number") want(start);
    else for (const pkg of start) want(pkg);
    for (let next = 0; next < found.length; next++) {
      const pkg = found[next] as number;
      for (let at = requiresStart[pkg] as number; at < (requiresStart[pkg + 1] as number); at++) {
        const need = requires[at] as number;
        if (seenNeed[need] === turn) continue;
        seenNeed[need] = turn;
        for (let place = needStart[need] as number; place < (needStart[need + 1] as number); place++)
          want(providers[place] as number);
      }
      for (const literals of guards.get(pkg) ?? []) for (const literal of literals) if (literal > 0) want(literal);
      for (const literals of this.#universe.richConflicts(pkg))
        for (const literal of literals) if (literal > 0) want(literal);
    }
    return found;
  }
}
