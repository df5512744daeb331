import { Engine } from "../clauses/index.ts";
import { Chooser } from "./chooser.ts";
import type { Formula } from "./formula.ts";

/** So many dead ends for one package, and for all together; what is left then stays undecided. */
const mostForOne = 5_000;
const mostForAll = 50_000;

/**
 * Tells of many packages whether each can be installed: as many as go together are put in at once, again and again, each with all it needs, so
 * that one search answers for thousands. What does not go in beside others comes first in the next round, where nothing is in its way.
 */
export class Rounds {
  readonly engine: Engine;
  readonly #chooser: Chooser;
  /** Literals that hold throughout. */
  #assumed: readonly number[] = [];
  #base = 1;
  rounds = 0;
  readonly undecided: number[] = [];

  constructor(formula: Formula) {
    const engine = new Engine(formula.clauses, formula.variables);
    this.engine = engine;
    this.#chooser = new Chooser(formula, engine, lastBuiltFirst(formula));
    engine.watch();
    const { clauses } = formula;
    for (let clause = 1; clause < engine.learntFrom; clause++) {
      if (clauses.lengthOf(clause) !== 1) continue;
      const literal = clauses.first(clause);
      if (engine.valueOf(literal) === 0) engine.assign(literal, 1, clause);
    }
    engine.propagate(1);
  }

  /** Holds literals throughout, instead of those before. */
  assume(literals: readonly number[]): void {
    this.engine.revert(1);
    this.#assumed = literals;
    this.#base = literals.length > 0 ? 2 : 1;
    this.#takeUp();
  }

  /** The packages that cannot be installed under what is assumed; those it could not tell of are in `undecided`. */
  run(packages: readonly number[]): number[] {
    const { engine } = this;
    const broken: number[] = [];
    let open = [...packages];
    while (open.length > 0) {
      this.rounds++;
      const [first = 0] = open;
      const good = this.#install(first);
      if (good === undefined) this.undecided.push(first);
      else if (!good) broken.push(first);
      let level = this.#level();
      for (const pkg of open) if (engine.valueOf(pkg) === 0) level = this.#tryBeside(pkg, level);
      open = open.filter((pkg) => pkg !== first && engine.valueOf(pkg) <= 0);
      this.engine.revert(this.#base);
      // What was learnt may rule out others as well.
      const ruledOut = open.filter((pkg) => engine.valueOf(pkg) < 0);
      if (ruledOut.length === 0) continue;
      broken.push(...ruledOut);
      open = open.filter((pkg) => engine.valueOf(pkg) >= 0);
    }
    return broken;
  }

  /** Installs a package and all it needs where nothing else is; false where that cannot be, undefined where that is not clear. */
  #install(pkg: number): boolean | undefined {
    const { engine } = this;
    const limit = Math.min(engine.conflicts + mostForOne, mostForAll);
    for (;;) {
      if (engine.conflicts > limit) {
        engine.revert(this.#base);
        return undefined;
      }
      if (this.#level() < this.#base) this.#takeUp();
      const value = engine.valueOf(pkg);
      if (value < 0) {
        if (-value <= this.#base) return false;
        // It is out only by choices made for it that were not taken back yet.
        this.engine.revert(this.#base);
        continue;
      }
      const next = value === 0 ? pkg : this.#chooser.next();
      if (next === 0) return true;
      const level = this.#level();
      this.#chooser.open(level + 1);
      engine.decide(level, next);
    }
  }

  /** Installs a package beside what is in where that goes without second thoughts; else leaves all as it was. Gives the level. */
  #tryBeside(pkg: number, before: number): number {
    const { engine } = this;
    const level = before + 1;
    this.#chooser.open(level);
    for (let next = pkg; next !== 0; next = this.#chooser.next()) {
      engine.assign(next, level, 0);
      if (engine.propagate(level) === 0) continue;
      this.engine.revert(before);
      return before;
    }
    return level;
  }

  /** The highest level there is. */
  #level(): number {
    const { engine } = this;
    const last = engine.decided === 0 ? 0 : (engine.trail[engine.decided - 1] as number);
    return last === 0 ? 1 : Math.max(1, engine.valueOf(last));
  }

  #takeUp(): void {
    const { engine } = this;
    if (this.#base === 1) return;
    this.#chooser.open(this.#base);
    for (const literal of this.#assumed) if (engine.valueOf(literal) === 0) engine.assign(literal, this.#base, 0);
    // What is assumed rules packages out and asks for none, so that it cannot contradict anything.
    engine.propagate(this.#base);
  }
}

/** Packages built last come first: versions that were built together mostly go together. */
function lastBuiltFirst({ universe }: Formula): Float64Array {
  return universe.pool.columns.buildTime.slice(0, universe.count).map((time) => -time);
}
