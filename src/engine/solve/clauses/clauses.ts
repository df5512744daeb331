import { WeirError } from "../../../core/index.ts";

/**
 * Clauses over variables 1, 2, …: sets of literals (a variable, or its number negated) of which one must come true. A clause is a number
 * from 1 up; its literals lie one after the other in one array. Clause 0 is none, and one without literals says nothing. Errors: `SOLVE_TOO_LARGE`.
 */
export class Clauses {
  /** So many literals are too many. */
  readonly #most: number;
  /** One more than the highest clause. */
  count = 1;
  literals: Int32Array = new Int32Array(1 << 14);
  /** Where the literals of each clause begin and end. */
  start: Int32Array = new Int32Array(1 << 12);
  end: Int32Array = new Int32Array(1 << 12);
  /** 1 for a clause that does not count for now. */
  off: Uint8Array = new Uint8Array(1 << 12);
  #used = 0;

  constructor(mostLiterals = 12_000_000) {
    this.#most = mostLiterals;
  }

  /** Adds a clause of up to two literals; 0 for none. */
  addPair(first: number, second = 0): number {
    const clause = this.#next(2);
    if (first !== 0) this.literals[this.#used++] = first;
    if (second !== 0) this.literals[this.#used++] = second;
    return this.#close(clause);
  }

  /** Adds a clause of a literal and of those in `list` from `from` up to a zero. */
  addList(first: number, list: Int32Array, from: number): number {
    let end = from;
    while (list[end] !== 0) end++;
    const clause = this.#next(end - from + 1);
    this.literals[this.#used++] = first;
    for (let at = from; at < end; at++) this.literals[this.#used++] = list[at] as number;
    return this.#close(clause);
  }

  /** Adds a clause of an array of literals. */
  add(literals: ArrayLike<number>): number {
    const clause = this.#next(literals.length);
    for (let at = 0; at < literals.length; at++) this.literals[this.#used++] = literals[at] as number;
    return this.#close(clause);
  }

  lengthOf(clause: number): number {
    return (this.end[clause] as number) - (this.start[clause] as number);
  }

  /** The first literal, 0 for a clause without any. */
  first(clause: number): number {
    const at = this.start[clause] as number;
    return at === this.end[clause] ? 0 : (this.literals[at] as number);
  }

  /** The second literal, 0 where there is none. */
  second(clause: number): number {
    const at = (this.start[clause] as number) + 1;
    return at < (this.end[clause] as number) ? (this.literals[at] as number) : 0;
  }

  literalsOf(clause: number): number[] {
    return Array.from(this.literals.subarray(this.start[clause], this.end[clause]));
  }

  /** Whether two clauses have the same literals in the same order. */
  equal(a: number, b: number): boolean {
    return this.compare(a, b) === 0;
  }

  /** Order by literals, one after the other, the end counting as a literal 0; a pair comes before what begins with it. */
  compare(a: number, b: number): number {
    const { literals, start, end } = this;
    const lengthA = (end[a] as number) - (start[a] as number);
    const lengthB = (end[b] as number) - (start[b] as number);
    const i = start[a] as number;
    const j = start[b] as number;
    const length = Math.min(lengthA, lengthB);
    for (let at = 0; at < length; at++) {
      const order = (literals[i + at] as number) - (literals[j + at] as number);
      if (order !== 0) return order;
    }
    if (lengthA === lengthB) return 0;
    if (length === 2) return lengthA - lengthB;
    return lengthA < lengthB ? -(literals[j + length] as number) : (literals[i + length] as number);
  }

  /** Takes all literals from a clause: it says nothing from now on. */
  clear(clause: number): void {
    this.end[clause] = this.start[clause] as number;
  }

  /** Drops all clauses from a number on. */
  truncate(count: number): void {
    if (count < this.count) this.#used = this.start[count] as number;
    this.count = count;
  }

  /**
   * Sorts clauses `from`..`count` by {@link compare} and drops repetitions. First literals must be negative and above `-variables`.
   * Marks of clauses (see `marks`) of equal ones are combined by `and`.
   */
  unify(from: number, variables: number, marks?: Uint8Array): void {
    const { start, end, literals } = this;
    const total = this.count - from;
    if (total < 2) return;
    const order = this.#sorted(from, variables);
    const base = start[from] as number;
    const oldStart = start.slice(from, this.count);
    const oldEnd = end.slice(from, this.count);
    const old = literals.slice(base, this.#used);
    const oldMarks = marks?.slice(from, this.count);
    let used = base;
    let clause = from;
    for (let place = 0; place < total; place++) {
      const next = order[place] as number;
      const first = (oldStart[next] as number) - base;
      const after = (oldEnd[next] as number) - base;
      if (
        clause > from &&
        sameRange(literals, start[clause - 1] as number, end[clause - 1] as number, old, first, after)
      ) {
        if (marks !== undefined && oldMarks?.[next] !== 1) marks[clause - 1] = 0;
        continue;
      }
      start[clause] = used;
      if (marks !== undefined) marks[clause] = oldMarks?.[next] ?? 0;
      for (let at = first; at < after; at++) literals[used++] = old[at] as number;
      end[clause] = used;
      clause++;
    }
    this.#used = used;
    this.count = clause;
    marks?.fill(0, clause);
  }

  /** Clauses counted from `from`, in order. */
  #sorted(from: number, variables: number): Int32Array {
    const { start, literals } = this;
    const total = this.count - from;
    const places = new Int32Array(variables + 1);
    const firsts: number[] = [];
    for (let clause = from; clause < this.count; clause++) {
      const bucket = variables + (literals[start[clause] as number] as number);
      if (places[bucket] === 0) firsts.push(bucket);
      places[bucket] = (places[bucket] as number) + 1;
    }
    const buckets = Int32Array.from(firsts).sort();
    let place = 0;
    for (const bucket of buckets) {
      const size = places[bucket] as number;
      places[bucket] = place;
      place += size;
    }
    const order = new Int32Array(total);
    for (let clause = from; clause < this.count; clause++) {
      const bucket = variables + (literals[start[clause] as number] as number);
      const at = places[bucket] as number;
      order[at] = clause - from;
      places[bucket] = at + 1;
    }
    // Now places[b] is where bucket b ends. Within it the second literal decides mostly.
    const second = new Int32Array(total);
    for (let clause = 0; clause < total; clause++) second[clause] = this.second(clause + from);
    const compare = (a: number, b: number): number =>
      (second[a] as number) - (second[b] as number) || this.compare(a + from, b + from) || a - b;
    let begin = 0;
    for (const bucket of buckets) {
      const end = places[bucket] as number;
      if (end - begin > 32) order.subarray(begin, end).sort(compare);
      else if (end - begin > 1) this.#insertionSort(order, begin, end, second, from);
      begin = end;
    }
    return order;
  }

  #insertionSort(order: Int32Array, begin: number, end: number, second: Int32Array, from: number): void {
    for (let place = begin + 1; place < end; place++) {
      const clause = order[place] as number;
      const key = second[clause] as number;
      let at = place;
      while (at > begin) {
        const other = order[at - 1] as number;
        const otherKey = second[other] as number;
        if (otherKey < key || (otherKey === key && this.compare(other + from, clause + from) <= 0)) break;
        order[at] = other;
        at--;
      }
      order[at] = clause;
    }
  }

  #next(literals: number): number {
    const clause = this.count;
    if (clause + 2 > this.start.length) {
      const size = Math.ceil(clause * 1.7) + 2;
      this.start = larger(this.start, new Int32Array(size));
      this.end = larger(this.end, new Int32Array(size));
      this.off = larger(this.off, new Uint8Array(size));
    }
    const needed = this.#used + literals;
    if (needed > this.#most) {
      throw new WeirError("SOLVE_TOO_LARGE", `more than ${this.#most} literals in clauses`, {
        hints: ["leave out repositories, or packages that conflict with thousands of others"],
      });
    }
    if (needed > this.literals.length) this.literals = larger(this.literals, new Int32Array(Math.ceil(needed * 1.7)));
    this.start[clause] = this.#used;
    this.off[clause] = 0;
    return clause;
  }

  #close(clause: number): number {
    this.end[clause] = this.#used;
    this.count = clause + 1;
    return clause;
  }
}

function sameRange(a: Int32Array, startA: number, endA: number, b: Int32Array, startB: number, endB: number): boolean {
  if (endA - startA !== endB - startB) return false;
  for (let i = startA, j = startB; i < endA; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}

function larger<T extends Int32Array | Uint8Array>(old: T, made: T): T {
  made.set(old);
  return made;
}
