import { Engine } from "../clauses/index.ts";
import type { Chooser, Formula } from "../closure/index.ts";

/** What a search for the least weight found. */
export interface Least {
  /**
   * `optimal`: nothing weighs less. `bounded`: the steps ran out before that was clear. `impossible`: nothing meets the clauses.
   */
  readonly status: "optimal" | "bounded" | "impossible";
  /** Packages of the lightest set found, ascending; empty where none was. */
  readonly packages: readonly number[];
  /** What they weigh, infinite where there is no set. */
  readonly weight: number;
  /** Nothing weighs less than this. */
  readonly bound: number;
  /** Contradictions, cores and sets that it took. */
  readonly steps: number;
}

export interface LeastOptions {
  /** What each package weighs: whole numbers, 0 and more. */
  readonly weights: Float64Array;
  /** A set that is known to meet everything. */
  readonly known?: readonly number[];
  /** After so many steps the search ends with what it has. */
  readonly steps: number;
  readonly chooser: (formula: Formula, engine: Engine) => Chooser;
}

/** From so many contradictions on the engine gives up by itself. */
const mostConflicts = 150_000;
/** Helpers that cores may take. */
const spareHelpers = 200_000;
const mostTrims = 4;

/**
 * The lightest set of packages that meets a formula. Weights are taken up from the heaviest down; each contradiction with leaving out what
 * weighs gives a core, packages of which one has to come, and so a part of the bound (core-guided search with stratification and
 * hardening; cores are relaxed as in PMRES, Narodytska and Bacchus 2014). Deterministic: it counts steps, not time.
 */
export class CoreGuidedSearch {
  readonly #formula: Formula;
  readonly #engine: Engine;
  readonly #chooser: Chooser;
  readonly #options: LeastOptions;
  readonly #limit: number;
  /** For each literal that is to hold: what it costs not to. */
  readonly #soft = new Map<number, number>();
  readonly #name: Int32Array;
  #bound = 0;
  #best: readonly number[] = [];
  #weight = Number.POSITIVE_INFINITY;
  #events = 0;

  constructor(formula: Formula, options: LeastOptions) {
    this.#formula = formula;
    this.#options = options;
    this.#limit = formula.variables + spareHelpers;
    this.#engine = new Engine(formula.clauses, this.#limit);
    this.#chooser = options.chooser(formula, this.#engine);
    this.#name = formula.universe.pool.columns.name;
    if (options.known !== undefined) this.#keep(options.known);
  }

  run(): Least {
    const engine = this.#engine;
    engine.watch();
    const { clauses } = engine;
    let contradiction = false;
    for (let clause = 1; clause < engine.learntFrom && !contradiction; clause++) {
      if (clauses.lengthOf(clause) !== 1) continue;
      const literal = clauses.first(clause);
      const value = engine.valueOf(literal);
      if (value < 0) contradiction = true;
      else if (value === 0) engine.assign(literal, 1, clause);
    }
    if (contradiction || engine.propagate(1) !== 0) return this.#result("impossible");
    const { weights } = this.#options;
    for (let pkg = 2; pkg < this.#formula.universe.count; pkg++) {
      if (this.#formula.within[pkg] !== 1 || weights[pkg] === 0) continue;
      const value = engine.valueOf(pkg);
      if (value > 0) this.#bound += weights[pkg] as number;
      else if (value === 0) this.#soft.set(-pkg, weights[pkg] as number);
    }
    return this.#search();
  }

  #search(): Least {
    let least = this.#nextStratum(Number.POSITIVE_INFINITY);
    for (;;) {
      if (this.#bound >= this.#weight) return this.#result("optimal");
      if (this.#isOver()) return this.#result("bounded");
      const core = this.#solve(this.#assumptions(least));
      this.#events++;
      if (core === "stopped") return this.#result("bounded");
      if (core === "met") {
        this.#keep(this.#installed());
        if (least === 0) return this.#result("optimal");
        least = this.#nextStratum(least);
        if (!this.#harden()) return this.#result(this.#weight < Number.POSITIVE_INFINITY ? "optimal" : "impossible");
        continue;
      }
      if (core.length === 0) return this.#result(this.#weight < Number.POSITIVE_INFINITY ? "optimal" : "impossible");
      if (!this.#relax(this.#trimmed(core)))
        return this.#result(this.#formula.variables + 2 * core.length > this.#limit ? "bounded" : this.#end());
    }
  }

  #end(): "optimal" | "impossible" {
    return this.#weight < Number.POSITIVE_INFINITY ? "optimal" : "impossible";
  }

  #result(status: Least["status"]): Least {
    const steps = this.#steps();
    if (status === "impossible")
      return { status, packages: [], weight: Number.POSITIVE_INFINITY, bound: Number.POSITIVE_INFINITY, steps };
    const bound = status === "optimal" ? this.#weight : this.#bound;
    return { status, packages: this.#best, weight: this.#weight, bound, steps };
  }

  #isOver(): boolean {
    return this.#steps() > this.#options.steps || this.#engine.conflicts > mostConflicts;
  }

  #steps(): number {
    return this.#engine.conflicts + this.#events;
  }

  #keep(packages: readonly number[]): void {
    const weight = packages.reduce((sum, pkg) => sum + (this.#options.weights[pkg] as number), 0);
    if (weight >= this.#weight) return;
    this.#weight = weight;
    this.#best = [...packages].sort((a, b) => a - b);
  }

  #installed(): number[] {
    const engine = this.#engine;
    const { count } = this.#formula.universe;
    const found: number[] = [];
    for (let at = 0; at < engine.decided; at++) {
      const literal = engine.trail[at] as number;
      if (literal > 0 && literal < count) found.push(literal);
    }
    return found;
  }

  /** The next lower weight to take up: about a third, 0 where that is all. */
  #nextStratum(above: number): number {
    const weights = [...this.#soft.values()];
    const highest = weights.reduce((most, weight) => (weight < above ? Math.max(most, weight) : most), 0);
    const limit = above === Number.POSITIVE_INFINITY ? highest : above / 3;
    const next = weights.reduce((most, weight) => (weight <= limit ? Math.max(most, weight) : most), 0);
    return next > 0 && weights.some((weight) => weight < next) ? next : 0;
  }

  /** Literals to hold, heaviest first. */
  #assumptions(least: number): number[] {
    const found: number[] = [];
    for (const [literal, weight] of this.#soft) if (weight >= least) found.push(literal);
    return found.sort((a, b) => (this.#soft.get(b) as number) - (this.#soft.get(a) as number) || b - a);
  }

  /**
   * Finds a set that meets the clauses and the assumptions, left on the trail (`met`); or gives assumptions of which one cannot hold, none
   * where no set is left at all; `stopped` where the steps ran out.
   */
  #solve(assumptions: readonly number[]): number[] | "met" | "stopped" {
    const engine = this.#engine;
    engine.revert(1);
    if (engine.propagate(1) !== 0) return [];
    let level = 1;
    let place = 0;
    for (;;) {
      let next = 0;
      for (; place < assumptions.length; place++) {
        const literal = assumptions[place] as number;
        const value = engine.valueOf(literal);
        if (value < 0) return this.#coreOf(literal);
        if (value === 0) {
          next = literal;
          break;
        }
      }
      if (next === 0) next = this.#chooser.next();
      if (next === 0) return "met";
      const before = engine.conflicts;
      this.#chooser.open(level + 1);
      level = engine.decide(level, next);
      if (level === 0) return [];
      if (engine.conflicts > before) {
        // Levels were taken back, assumptions among them.
        place = 0;
        if (this.#isOver()) return "stopped";
      }
    }
  }

  /** Assumptions that together rule out one: a decision each, or the one itself. */
  #coreOf(literal: number): number[] {
    const engine = this.#engine;
    const { clauses, trail, why } = engine;
    const core = [literal];
    const seen = new Set<number>([Math.abs(literal)]);
    for (let at = engine.decided - 1; at >= 0; at--) {
      const decided = trail[at] as number;
      if (!seen.has(Math.abs(decided)) || engine.valueOf(decided) === 1) continue;
      const reason = why[at] as number;
      if (reason <= 0) {
        if (decided !== -literal) core.push(decided);
        continue;
      }
      for (const other of clauses.literalsOf(reason)) if (engine.valueOf(other) < -1) seen.add(Math.abs(other));
    }
    return core;
  }

  /** A core with what the search in the opposite order does not need left out. */
  #trimmed(core: readonly number[]): number[] {
    let best = [...core];
    for (let turn = 0; turn < mostTrims && best.length > 1; turn++) {
      const smaller = this.#solve([...best].reverse());
      if (typeof smaller === "string" || smaller.length === 0 || smaller.length >= best.length) break;
      best = smaller;
    }
    return best.sort((a, b) => b - a);
  }

  /** Takes a core into the bound, and lets one of it come; false where that contradicts, or there are no helpers left. */
  #relax(core: readonly number[]): boolean {
    const least = Math.min(...core.map((literal) => this.#soft.get(literal) ?? 0));
    if (!(least > 0)) return false;
    this.#bound += least;
    for (const literal of core) this.#less(literal, least);
    this.#engine.revert(1);
    const [only = 0] = core;
    if (core.length === 1) return this.#fact(-only);
    // That one has to come follows from the clauses; said outright it follows sooner.
    if (!this.#add(core.map((literal) => -literal))) return false;
    if (this.#areVersions(core)) return true;
    if (this.#formula.variables + 2 * core.length > this.#limit) return false;
    let rest = 0;
    for (let place = core.length - 1; place > 0; place--) {
      // `rest`: some after this place comes.
      const some = this.#formula.addPlain();
      const both = this.#formula.addPlain();
      if (!this.#add([core[place] as number, some])) return false;
      if (rest !== 0 && !this.#add([-rest, some])) return false;
      if (!this.#add([core[place - 1] as number, -some, both])) return false;
      this.#soft.set(-both, least);
      rest = some;
    }
    return true;
  }

  /** Whether a core is of packages of which one can be there at most. */
  #areVersions(core: readonly number[]): boolean {
    const { count } = this.#formula.universe;
    const name = this.#name[-(core[0] as number)];
    return core.every((literal) => literal < 0 && -literal < count && this.#name[-literal] === name);
  }

  #less(literal: number, weight: number): void {
    const rest = (this.#soft.get(literal) as number) - weight;
    if (rest > 0) this.#soft.set(literal, rest);
    else this.#soft.delete(literal);
  }

  /** Makes facts of what may not be otherwise in any lighter set; false where none is left. */
  #harden(): boolean {
    this.#engine.revert(1);
    const room = this.#weight - this.#bound;
    for (const [literal, weight] of this.#soft) {
      if (weight < room) continue;
      this.#soft.delete(literal);
      if (!this.#fact(literal)) return false;
    }
    return true;
  }

  /** Adds a clause on level 1, as far as facts leave it open; false where they contradict it. */
  #add(literals: readonly number[]): boolean {
    const engine = this.#engine;
    if (literals.some((literal) => engine.valueOf(literal) > 0)) return true;
    const open = literals.filter((literal) => engine.valueOf(literal) === 0);
    const [only = 0] = open;
    if (open.length < 2) return only !== 0 && this.#fact(only);
    engine.attach(engine.clauses.add(open));
    return true;
  }

  #fact(literal: number): boolean {
    const engine = this.#engine;
    const value = engine.valueOf(literal);
    if (value !== 0) return value > 0;
    engine.assign(literal, 1, engine.clauses.addPair(literal));
    return engine.propagate(1) === 0;
  }
}
