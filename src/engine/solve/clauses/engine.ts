import { WeirError } from "../../../core/index.ts";
import { Clauses } from "./clauses.ts";

/** So many contradictions in one search; past that the input is a puzzle, not a set of packages. */
const mostConflicts = 40_000;

/**
 * Conflict-driven search over {@link Clauses}: decisions with levels, propagation along two watched literals a clause, and learning by the
 * first unique implication point (Moskewicz et al. 2001, Eén and Sörensson 2003). Which literal to decide is the caller's business. Level 1
 * holds what follows from the clauses alone.
 *
 * Use: add clauses, {@link watch} them, put assertions on level 1 with {@link assign}, {@link propagate}, then {@link decide} again and again.
 */
export class Engine {
  readonly clauses: Clauses;
  /** One more than the highest variable. */
  readonly variables: number;
  /** For each literal, at `variables + literal`: the level it became true at, minus that where it is false, 0 undecided. */
  readonly value: Int32Array;
  /** Literals in the order they were decided. */
  readonly trail: Int32Array;
  /** For each place of the trail: the clause that forced it; minus the clause it was chosen to meet, or 0, for a free decision. */
  readonly why: Int32Array;
  /** How long the trail is. */
  decided = 0;
  /** What of the trail is propagated. */
  propagated = 0;
  /** Clauses from here on are learnt. */
  learntFrom = 0;
  /** For each level: what its free decision was for, a number of the caller's. */
  readonly reasons: number[] = [0, 0];
  /** The clause that {@link decide} failed on, at level 1. */
  failed = 0;
  /** How many clauses were learnt, and contradictions met. */
  learntCount = 0;
  conflicts = 0;
  /** Called after decisions above a level were taken back. */
  onRevert: ((level: number) => void) | undefined;
  /** Called with the number of an assertion that was learnt. */
  onAssertion: ((clause: number) => void) | undefined;
  /** Watched literals: slots `2 * clause` and `2 * clause + 1`. */
  #watched: Int32Array = new Int32Array(0);
  /** Linked lists of slots: first the head of each literal at `variables + literal`, then from `2 * variables` the next one of each slot. */
  #links: Int32Array = new Int32Array(0);
  readonly #seen: Uint8Array;
  #learntAt: number[] = [];
  #learntPool: number[] = [];

  constructor(clauses: Clauses, variables: number) {
    this.clauses = clauses;
    this.variables = variables;
    this.value = new Int32Array(2 * variables);
    this.trail = new Int32Array(variables);
    this.why = new Int32Array(variables);
    this.#seen = new Uint8Array(variables);
  }

  /** Makes the watches of all clauses there are; those added later without {@link learn} are not looked at. What comes later is learnt. */
  watch(): void {
    const { clauses, variables } = this;
    const { start, end, literals } = clauses;
    this.learntFrom = clauses.count;
    this.#watched = new Int32Array(2 * clauses.count + 128);
    this.#links = new Int32Array(2 * variables + 2 * clauses.count + 128);
    const base = 2 * variables;
    for (let clause = clauses.count - 1; clause > 0; clause--) {
      const at = start[clause] as number;
      if ((end[clause] as number) - at < 2) continue;
      for (let side = 0; side < 2; side++) {
        const literal = literals[at + side] as number;
        const slot = 2 * clause + side;
        this.#watched[slot] = literal;
        this.#links[base + slot] = this.#links[variables + literal] as number;
        this.#links[variables + literal] = slot;
      }
    }
  }

  /** The level a literal is true at, minus the level where it is false, 0 where it is undecided. */
  valueOf(literal: number): number {
    return this.value[this.variables + literal] as number;
  }

  /** Puts a literal on the trail without following it. */
  assign(literal: number, level: number, why: number): void {
    const { value, variables } = this;
    value[variables + literal] = level;
    value[variables - literal] = -level;
    this.trail[this.decided] = literal;
    this.why[this.decided++] = why;
  }

  /** Follows all decisions; gives the clause that cannot be met, or 0. */
  propagate(level: number): number {
    const { clauses, variables, value, trail, why } = this;
    const { literals, start, end, off } = clauses;
    const watched = this.#watched;
    const links = this.#links;
    const base = 2 * variables;
    let propagated = this.propagated;
    let decided = this.decided;
    while (propagated < decided) {
      const falseLiteral = -(trail[propagated++] as number);
      let link = variables + falseLiteral;
      for (let slot = links[link] as number; slot !== 0; slot = links[link] as number) {
        const clause = slot >> 1;
        const next = base + slot;
        if (off[clause] === 1) {
          link = next;
          continue;
        }
        const other = watched[slot ^ 1] as number;
        const otherValue = value[variables + other] as number;
        if (otherValue > 0) {
          link = next;
          continue;
        }
        let at = start[clause] as number;
        const last = end[clause] as number;
        if (last - at > 2) {
          let found = 0;
          for (; at < last; at++) {
            const literal = literals[at] as number;
            if (literal !== other && (value[variables + literal] as number) >= 0) {
              found = literal;
              break;
            }
          }
          if (found !== 0) {
            links[link] = links[next] as number;
            watched[slot] = found;
            links[next] = links[variables + found] as number;
            links[variables + found] = slot;
            continue;
          }
        }
        if (otherValue < 0) {
          this.propagated = propagated;
          this.decided = decided;
          return clause;
        }
        value[variables + other] = level;
        value[variables - other] = -level;
        trail[decided] = other;
        why[decided++] = clause;
        link = next;
      }
    }
    this.propagated = propagated;
    this.decided = decided;
    return 0;
  }

  /** Takes back all decisions above a level. */
  revert(level: number): void {
    const { value, variables, trail } = this;
    while (this.decided > 0) {
      const literal = trail[this.decided - 1] as number;
      if ((value[variables + literal] as number) <= level) break;
      value[variables + literal] = 0;
      value[variables - literal] = 0;
      this.decided--;
      this.propagated = this.decided;
    }
    this.reasons.length = level + 1;
    this.onRevert?.(level);
  }

  /** Shortens the trail, whatever the levels; decisions are taken back without telling anyone. */
  revertTo(length: number): void {
    const { value, variables, trail } = this;
    while (this.decided > length) {
      const literal = trail[--this.decided] as number;
      value[variables + literal] = 0;
      value[variables - literal] = 0;
    }
    this.propagated = Math.min(this.propagated, length);
  }

  /** Takes back everything. */
  reset(): void {
    const { value, variables, trail } = this;
    for (let at = 0; at < this.decided; at++) {
      const literal = trail[at] as number;
      value[variables + literal] = 0;
      value[variables - literal] = 0;
    }
    this.decided = 0;
    this.propagated = 0;
    this.reasons.splice(0, this.reasons.length, 0, 0);
    this.onRevert?.(0);
  }

  /**
   * Decides a literal on a new level (0: none, just follow what is open) and follows it. Each contradiction teaches a clause that takes
   * back levels. Gives the level then; 0 for a contradiction on level 1, of {@link failed}. `clause` is what it is decided for, `reason` the
   * caller's.
   */
  decide(level: number, literal: number, clause = 0, reason = 0): number {
    let at = level;
    if (literal !== 0) {
      at++;
      this.assign(literal, at, -clause);
      this.reasons[at] = reason;
    }
    for (;;) {
      const conflict = this.propagate(at);
      if (conflict === 0) return at;
      if (++this.conflicts > mostConflicts) {
        throw new WeirError("SOLVE_GAVE_UP", `no answer after ${mostConflicts} dead ends`, {
          hints: ["ask for less at once, or name versions"],
        });
      }
      if (at === 1) {
        this.failed = conflict;
        return 0;
      }
      at = this.learn(conflict, at);
    }
  }

  /** Learns from a clause that failed on a level above 1: adds a clause, goes back to where it forces a literal, and assigns that. Gives the level. */
  learn(conflict: number, level: number): number {
    const { value, variables, trail, clauses } = this;
    const seen = this.#seen;
    const rest: number[] = [];
    const reasonsAt = this.#learntPool.length;
    let back = 1;
    let open = 0;
    let openOnFirst = 0;
    let place = this.decided;
    let clause = conflict;
    let asserting = 0;
    for (;;) {
      this.#learntPool.push(clause);
      for (let at = clauses.start[clause] as number; at < (clauses.end[clause] as number); at++) {
        const literal = clauses.literals[at] as number;
        const signed = value[variables + literal] as number;
        if (signed > 0) continue;
        const variable = literal > 0 ? literal : -literal;
        if (seen[variable] === 1) continue;
        seen[variable] = 1;
        const its = -signed;
        if (its === 1) openOnFirst++;
        else if (its === level) open++;
        else {
          rest.push(literal);
          if (its > back) back = its;
        }
      }
      // Next: the last decision on this level that matters; when there is only one left, those on level 1, for the record of reasons.
      let reason = 0;
      let done = false;
      while (reason <= 0) {
        if (open === 0 && (asserting === 0 || openOnFirst === 0)) {
          done = true;
          break;
        }
        let variable = 0;
        let literal = 0;
        do {
          literal = trail[--place] as number;
          variable = literal > 0 ? literal : -literal;
        } while (seen[variable] !== 1);
        seen[variable] = 0;
        if (asserting !== 0) openOnFirst--;
        else if (--open === 0) {
          asserting = -literal;
          for (const other of rest) seen[other > 0 ? other : -other] = 0;
          continue;
        }
        reason = this.why[place] as number;
      }
      if (done) break;
      clause = reason;
    }
    this.#learntPool.push(0);
    this.learntCount++;
    this.revert(back);
    const learnt = clauses.add([asserting, ...rest]);
    this.#learntAt[learnt - this.learntFrom] = reasonsAt;
    if (rest.length === 0) this.onAssertion?.(learnt);
    else this.#watchLearnt(learnt);
    this.assign(asserting, back, learnt);
    return back;
  }

  /** The clauses a learnt one follows from, learnt ones among them. */
  learntReasons(clause: number): number[] {
    const found: number[] = [];
    const from = this.#learntAt[clause - this.learntFrom];
    if (from === undefined) return found;
    for (let at = from; this.#learntPool[at] !== 0; at++) found.push(this.#learntPool[at] as number);
    return found;
  }

  /** Turns off the learnt clauses that follow from one that is off, and on all others. */
  refreshLearnt(): void {
    const { off, count } = this.clauses;
    for (let clause = this.learntFrom; clause < count; clause++) {
      let good = 1;
      for (let at = this.#learntAt[clause - this.learntFrom] as number; this.#learntPool[at] !== 0; at++) {
        if (off[this.#learntPool[at] as number] === 1) {
          good = 0;
          break;
        }
      }
      off[clause] = 1 - good;
    }
  }

  /** Watches a clause of two literals or more that was added after {@link watch}, while nothing is decided. It follows from no other. */
  attach(clause: number): void {
    this.#learntAt[clause - this.learntFrom] = this.#learntPool.length;
    this.#learntPool.push(0);
    this.#watchLearnt(clause);
  }

  #watchLearnt(clause: number): void {
    const { clauses, variables, value } = this;
    const base = 2 * variables;
    if (2 * clause + 2 > this.#watched.length) {
      const size = Math.ceil(clause * 3.4) + 128;
      this.#watched = larger(this.#watched, size);
      this.#links = larger(this.#links, base + size);
    }
    const at = clauses.start[clause] as number;
    const end = clauses.end[clause] as number;
    let second = clauses.literals[at + 1] as number;
    let highest = 0;
    // The second watch goes to the literal that is taken back first.
    for (let place = at + 1; place < end; place++) {
      const literal = clauses.literals[place] as number;
      const its = Math.abs(value[variables + literal] as number);
      if (its > highest) {
        highest = its;
        second = literal;
      }
    }
    const slot = 2 * clause;
    for (const [side, literal] of [clauses.literals[at] as number, second].entries()) {
      this.#watched[slot + side] = literal;
      this.#links[base + slot + side] = this.#links[variables + literal] as number;
      this.#links[variables + literal] = slot + side;
    }
  }
}

function larger(old: Int32Array, size: number): Int32Array {
  const made = new Int32Array(size);
  made.set(old);
  return made;
}
