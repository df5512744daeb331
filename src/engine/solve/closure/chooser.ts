import type { Engine } from "../clauses/index.ts";
import { type Formula, isPlain } from "./formula.ts";

/** Chooses what to install so that everything that is in has what it needs; looks at each decision once. Takes the engine's `onRevert`. */
export class Chooser {
  readonly #formula: Formula;
  readonly #engine: Engine;
  /** Smaller is better, among packages that meet one need. */
  readonly #rank: ArrayLike<number>;
  /** What stands before it in the trail has what it needs. */
  #looked = 0;
  /** How far that was when each level began. */
  readonly #lookedAt: number[] = [];

  constructor(formula: Formula, engine: Engine, rank: ArrayLike<number>) {
    this.#formula = formula;
    this.#engine = engine;
    this.#rank = rank;
    engine.onRevert = (level) => {
      // What was looked at since the first level that is gone may have been met by it.
      for (let gone = level + 1; gone < this.#lookedAt.length; gone++)
        this.#looked = Math.min(this.#looked, this.#lookedAt[gone] as number);
      this.#looked = Math.min(this.#looked, engine.decided);
      this.#lookedAt.length = Math.min(this.#lookedAt.length, level + 1);
    };
  }

  /** To be called before the first decision on a level. */
  open(level: number): void {
    for (let known = this.#lookedAt.length; known <= level; known++) this.#lookedAt.push(this.#looked);
    this.#lookedAt[level] = this.#looked;
  }

  /** A literal to decide so that what is in has what it needs; 0 where it has. */
  next(): number {
    const engine = this.#engine;
    const { helperOf, guardsOf, universe } = this.#formula;
    const { count } = universe;
    for (; this.#looked < engine.decided; this.#looked++) {
      const literal = engine.trail[this.#looked] as number;
      if (literal < 0) continue;
      let choice = 0;
      if (literal < count) {
        const guards = guardsOf.get(literal);
        if (guards === undefined) continue;
        for (const place of guards) if (choice === 0) choice = this.#choiceOfGuard(place);
      } else {
        const helper = helperOf[literal - count] as number;
        if (helper >= 0) choice = this.#choiceOfNeed(helper);
        else if (helper !== isPlain) choice = this.#choiceOfGuard(-1 - helper);
      }
      if (choice !== 0) return choice;
    }
    return 0;
  }

  #choiceOfNeed(need: number): number {
    const engine = this.#engine;
    const { choices, choicesOf } = this.#formula;
    let best = 0;
    let bestRank = 0;
    for (let at = choicesOf[need] as number; choices[at] !== 0; at++) {
      const pkg = choices[at] as number;
      const value = engine.valueOf(pkg);
      if (value > 0) return 0;
      if (value < 0) continue;
      const rank = this.#rank[pkg] as number;
      if (best !== 0 && rank >= bestRank) continue;
      best = pkg;
      bestRank = rank;
    }
    return best;
  }

  #choiceOfGuard(place: number): number {
    const engine = this.#engine;
    const { helper, literals } = this.#formula.guards[place] as Formula["guards"][number];
    if (engine.valueOf(helper) <= 0) return 0;
    let best = 0;
    for (const literal of literals) {
      const value = engine.valueOf(literal);
      // A condition that is open is not met unless something installs it.
      if (value > 0 || (value === 0 && literal < 0)) return 0;
      if (value === 0 && (best === 0 || (this.#rank[literal] as number) < (this.#rank[best] as number))) best = literal;
    }
    return best;
  }
}
