import { WeirError } from "../../core/index.ts";

/** A literal: `2 * variable` says the variable is true, `2 * variable + 1` that it is false. */
export type Literal = number;

export function positive(variable: number): Literal {
  return variable << 1;
}

export function negative(variable: number): Literal {
  return (variable << 1) | 1;
}

const nothing: readonly Clause[] = [];

interface Clause {
  /** The two watched literals come first. */
  readonly literals: Literal[];
  /** Given by the caller; -1 for a learned clause. */
  readonly origin: number;
  /** Clauses a learned one follows from. */
  readonly from: readonly Clause[];
}

/**
 * Conflict-driven search with two watched literals and learning from the first implication point (MiniSat's scheme). It decides only
 * what `decide` asks for, so that variables nobody needs stay open and count as false. Everything below `root` is settled for good.
 */
export class Sat {
  #value: Int8Array;
  #level: Int32Array;
  readonly #reason: (Clause | undefined)[];
  readonly #watches: (Clause[] | undefined)[];
  #seen: Uint8Array;
  /** Variables in the order they were assigned, as literals. */
  readonly trail: Literal[] = [];
  readonly #limits: number[] = [];
  #done = 0;
  #root = 0;
  readonly #mostConflicts: number;
  #conflicts = 0;
  #broken: Clause | undefined;

  constructor(variables: number, mostConflicts = 10_000) {
    this.#mostConflicts = mostConflicts;
    this.#value = new Int8Array(variables);
    this.#level = new Int32Array(variables);
    this.#reason = Array.from({ length: variables });
    this.#watches = Array.from({ length: variables * 2 });
    this.#seen = new Uint8Array(variables);
  }

  /** Makes room for variables below `count`. */
  grow(count: number): void {
    if (count <= this.#value.length) return;
    const room = Math.max(64, count * 2);
    this.#value = widened(this.#value, new Int8Array(room));
    this.#level = widened(this.#level, new Int32Array(room));
    this.#seen = widened(this.#seen, new Uint8Array(room));
  }

  /** 1 true, -1 false, 0 open. */
  value(literal: Literal): number {
    const value = this.#value[literal >> 1] as number;
    return (literal & 1) === 0 ? value : -value;
  }

  get level(): number {
    return this.#limits.length;
  }

  /**
   * Adds a clause while nothing above the root is decided. Literals settled as false are dropped, a clause settled as true is not kept.
   */
  add(literals: readonly Literal[], origin: number): void {
    if (this.#broken !== undefined) return;
    const kept = this.#simplified(literals);
    if (kept === undefined) return;
    const clause: Clause = { literals: kept, origin, from: nothing };
    const [first, second] = kept;
    if (first === undefined || this.value(first) < 0) {
      this.#broken = clause;
      return;
    }
    if (second === undefined || this.value(second) < 0) {
      this.#assign(first, clause);
      if (second !== undefined) this.#watch(clause);
      return;
    }
    this.#watch(clause);
  }

  /** Literals once each, open ones first, those settled as false last for the sake of explanations; undefined where it is met anyway. */
  #simplified(literals: readonly Literal[]): Literal[] | undefined {
    const seen = this.#seen;
    const kept: Literal[] = [];
    const settled: Literal[] = [];
    let met = false;
    for (const literal of literals) {
      const mark = 1 << (literal & 1);
      const known = seen[literal >> 1] as number;
      const value = this.value(literal);
      if (value > 0 || (known !== 0 && (known & mark) === 0)) {
        met = true;
        break;
      }
      if (known !== 0) continue;
      seen[literal >> 1] = mark;
      if (value === 0) kept.push(literal);
      else settled.push(literal);
    }
    for (const literal of literals) seen[literal >> 1] = 0;
    if (met) return undefined;
    for (const literal of settled) kept.push(literal);
    return kept;
  }

  /** Propagates; false when the clauses contradict each other outright. */
  settle(): boolean {
    if (this.#broken !== undefined) return false;
    const conflict = this.#propagate();
    if (conflict !== undefined) this.#broken = conflict;
    return conflict === undefined;
  }

  /**
   * Searches until `decide` has no more wishes (it gives -1). False when there is no answer. `backtracked` is told the level that is left
   * after each step back.
   */
  search(decide: () => Literal, backtracked: (level: number) => void): boolean {
    if (this.#broken !== undefined) return false;
    for (;;) {
      const conflict = this.#propagate();
      if (conflict !== undefined) {
        if (this.level <= this.#root) {
          this.#broken = conflict;
          return false;
        }
        if (++this.#conflicts > this.#mostConflicts) {
          throw new WeirError("SOLVE_GAVE_UP", `no answer after ${this.#mostConflicts} dead ends`, {
            hints: ["ask for fewer packages at once, or exclude the alternatives that you do not want"],
          });
        }
        this.#learn(conflict, backtracked);
        continue;
      }
      const literal = decide();
      if (literal < 0) return true;
      this.push(literal);
    }
  }

  /** Decides a literal on a new level. */
  push(literal: Literal): void {
    this.#limits.push(this.trail.length);
    this.#assign(literal, undefined);
  }

  /** Makes all that is decided by now permanent. */
  keep(): void {
    this.#root = this.level;
  }

  /**
   * Takes back every decision; what the clauses alone settle, and what was learned, stays. Only sound while no clause was added after
   * a decision.
   */
  reset(): void {
    this.#root = 0;
    this.#cancel(0);
  }

  /** Origins of the clauses that contradict each other, after `false` from above. */
  core(): Set<number> {
    return this.#broken === undefined ? new Set() : this.#originsOf([this.#broken]);
  }

  /** Origins of the clauses that force the value of a literal's variable, nearest first; of at most so many clauses. */
  coreOf(literal: Literal, most = Number.POSITIVE_INFINITY): Set<number> {
    const reason = this.#reason[literal >> 1];
    return reason === undefined ? new Set() : this.#originsOf([reason], most);
  }

  #originsOf(start: readonly Clause[], most = Number.POSITIVE_INFINITY): Set<number> {
    const origins = new Set<number>();
    const visited = new Set<Clause>(start);
    const queue = [...start];
    const visit = (clause: Clause | undefined) => {
      if (clause !== undefined && !visited.has(clause)) {
        visited.add(clause);
        queue.push(clause);
      }
    };
    for (let next = 0; next < queue.length && next < most; next++) {
      const clause = queue[next] as Clause;
      if (clause.origin >= 0) origins.add(clause.origin);
      for (const parent of clause.from) visit(parent);
      for (const literal of clause.literals) visit(this.#reason[literal >> 1]);
    }
    return origins;
  }

  #watch(clause: Clause): void {
    for (let at = 0; at < 2; at++) {
      const literal = clause.literals[at] as Literal;
      const list = this.#watches[literal];
      if (list === undefined) this.#watches[literal] = [clause];
      else list.push(clause);
    }
  }

  #assign(literal: Literal, reason: Clause | undefined): void {
    const variable = literal >> 1;
    this.#value[variable] = (literal & 1) === 0 ? 1 : -1;
    this.#level[variable] = this.level;
    this.#reason[variable] = reason;
    this.trail.push(literal);
  }

  #propagate(): Clause | undefined {
    while (this.#done < this.trail.length) {
      const falsified = (this.trail[this.#done++] as Literal) ^ 1;
      const list = this.#watches[falsified];
      if (list === undefined) continue;
      let kept = 0;
      for (let at = 0; at < list.length; at++) {
        const clause = list[at] as Clause;
        const literals = clause.literals;
        if (literals[0] === falsified) {
          literals[0] = literals[1] as Literal;
          literals[1] = falsified;
        }
        const other = literals[0] as Literal;
        if (this.value(other) > 0 || !this.#rewatch(clause)) {
          list[kept++] = clause;
          const value = this.value(other);
          if (value > 0) continue;
          if (value < 0) {
            while (++at < list.length) list[kept++] = list[at] as Clause;
            list.length = kept;
            return clause;
          }
          this.#assign(other, clause);
        }
      }
      list.length = kept;
    }
    return undefined;
  }

  #rewatch(clause: Clause): boolean {
    const literals = clause.literals;
    for (let at = 2; at < literals.length; at++) {
      const literal = literals[at] as Literal;
      if (this.value(literal) < 0) continue;
      literals[at] = literals[1] as Literal;
      literals[1] = literal;
      const list = this.#watches[literal];
      if (list === undefined) this.#watches[literal] = [clause];
      else list.push(clause);
      return true;
    }
    return false;
  }

  #learn(conflict: Clause, backtracked: (level: number) => void): void {
    const learned: Literal[] = [0];
    const from: Clause[] = [];
    const marked: number[] = [];
    let open = 0;
    let at = this.trail.length - 1;
    let clause: Clause | undefined = conflict;
    let literal = -1;
    do {
      if (clause !== undefined) {
        from.push(clause);
        for (const other of clause.literals) {
          const variable = other >> 1;
          if (other === literal || this.#seen[variable] !== 0) continue;
          this.#seen[variable] = 1;
          marked.push(variable);
          const level = this.#level[variable] as number;
          if (level >= this.level) open++;
          else if (level > 0) learned.push(other);
        }
      }
      while (this.#seen[(this.trail[at] as Literal) >> 1] === 0) at--;
      literal = this.trail[at] as Literal;
      at--;
      clause = this.#reason[literal >> 1];
      open--;
    } while (open > 0);
    learned[0] = literal ^ 1;
    for (const variable of marked) this.#seen[variable] = 0;
    let back = 0;
    for (let index = 1; index < learned.length; index++) {
      const level = this.#level[(learned[index] as Literal) >> 1] as number;
      if (level > back) {
        back = level;
        [learned[1], learned[index]] = [learned[index] as Literal, learned[1] as Literal];
      }
    }
    const target = Math.max(back, this.#root);
    this.#cancel(target);
    backtracked(target);
    const added: Clause = { literals: learned, origin: -1, from };
    if (learned.length > 1) this.#watch(added);
    this.#assign(learned[0], added);
  }

  #cancel(level: number): void {
    const limit = this.#limits[level];
    if (limit === undefined) return;
    for (let at = limit; at < this.trail.length; at++) {
      const variable = (this.trail[at] as Literal) >> 1;
      this.#value[variable] = 0;
      this.#reason[variable] = undefined;
    }
    this.trail.length = limit;
    this.#limits.length = level;
    this.#done = limit;
  }
}

function widened<T extends Int8Array | Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
