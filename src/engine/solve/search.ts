import type { Rules } from "./rules.ts";
import { type Literal, positive } from "./sat.ts";

/**
 * Meets what is decided, need by need, in the order in which things were decided and each in its order of preference: so the best
 * version is tried first, and nothing is chosen that nobody asked for.
 */
export class Search {
  readonly #rules: Rules;
  /** Trail entries before this one ask for nothing that is not chosen. */
  #met = 0;
  readonly #marks: number[] = [];

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Whether all that is decided can be met. */
  run(): boolean {
    return this.#rules.sat.search(this.#decide, this.#backtracked);
  }

  /** Decides a variable for good if all stays solvable; false leaves everything as it was. */
  tryTo(variable: number): boolean {
    const { sat } = this.#rules;
    if (!sat.settle()) return false;
    const literal = positive(variable);
    if (sat.value(literal) !== 0) return sat.value(literal) > 0;
    this.#marks[sat.level] = this.#met;
    sat.push(literal);
    this.run();
    sat.keep();
    return sat.value(literal) > 0;
  }

  /** Takes back all decisions, those kept for good included. */
  reset(): void {
    this.#rules.sat.reset();
    this.#met = 0;
  }

  readonly #backtracked = (level: number): void => {
    this.#met = Math.min(this.#met, this.#marks[level] ?? 0);
  };

  readonly #decide = (): Literal => {
    const { sat, needs } = this.#rules;
    for (; this.#met < sat.trail.length; this.#met++) {
      const literal = sat.trail[this.#met] as Literal;
      if ((literal & 1) === 1) continue;
      for (const need of this.#rules.needsOf(literal >> 1)) {
        const wish = this.#unmet(needs[need] as readonly Literal[]);
        if (wish < 0) continue;
        this.#marks[sat.level] = this.#met;
        return wish;
      }
    }
    return -1;
  };

  /** The preferred way to meet a clause, -1 when it is met: an open condition counts as not given. */
  #unmet(literals: readonly Literal[]): Literal {
    const { sat } = this.#rules;
    let first = -1;
    for (const literal of literals) {
      const value = sat.value(literal);
      if (value > 0 || (value === 0 && (literal & 1) === 1)) return -1;
      if (value === 0 && first < 0) first = literal;
    }
    return first;
  }
}
