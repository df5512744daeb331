import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import { Chooser, Cones, Formula, propagateDeaths, Universe } from "../closure/index.ts";
import { isComplex, normalForm } from "../rules/normal-form.ts";
import type { Pool } from "../../pool/index.ts";
import { CoreGuidedSearch, type Least } from "./core-guided.ts";

/** Something that has to be there: one of some packages. */
export interface Demand {
  readonly text: string;
  readonly packages: readonly number[];
  /** A rich dependency instead, where the packages do not say all. */
  readonly dependency?: DependencyId;
}

export interface ClosureSearchOptions {
  /** Recommended packages that can be had must come too. */
  readonly weak?: boolean;
  /** 1 for packages to be taken wherever they are among others that meet a need. */
  readonly preferred?: Uint8Array;
}

/** Looks for the lightest closures of demands over a prepared pool. Nothing is installed before; one package of each name is. */
export class ClosureSearch {
  readonly universe: Universe;
  readonly #options: ClosureSearchOptions;

  constructor(pool: Pool, options: ClosureSearchOptions = {}) {
    this.universe = new Universe(pool);
    this.#options = options;
  }

  /** The lightest closure. `known`: one that meets the demands. Errors: `SOLVE_GAVE_UP`, `SOLVE_TOO_LARGE`. */
  run(demands: readonly Demand[], weights: Float64Array, steps: number, known?: readonly number[]): Least {
    const formula = this.formulaOf(demands);
    const rank = Float64Array.from(weights);
    const search = new CoreGuidedSearch(formula, {
      weights,
      steps,
      chooser: (own, engine) => new Chooser(own, engine, rank),
      ...(known === undefined ? {} : { known }),
    });
    return search.run();
  }

  formulaOf(demands: readonly Demand[]): Formula {
    const { universe } = this;
    const { pool } = universe;
    const deaths = propagateDeaths(universe);
    const living = universe.usable.map((usable, pkg) => (usable === 1 && deaths.dead[pkg] !== 1 ? 1 : 0));
    const blocks: number[][] = [];
    for (const { packages, dependency = 0 } of demands) {
      if (!isComplex(pool, dependency)) blocks.push([...packages]);
      else {
        const form = normalForm(pool, dependency);
        if (form === false) blocks.push([]);
        else if (form !== true) blocks.push(...form);
      }
    }
    let wanted = [...new Set(blocks.flat().filter((literal) => literal > 0))];
    const recommends = new Map<number, number[][]>();
    if (this.#options.weak === true) wanted = this.#withRecommended(wanted, living, recommends);
    const formula = new Formula(universe, deaths, wanted);
    const { within } = formula;
    for (const block of blocks) formula.demand(block);
    for (const [pkg, lists] of recommends) {
      if (within[pkg] !== 1) continue;
      for (const list of lists) formula.addGuard(pkg, list);
    }
    const near = new Cones(universe, universe.usable).of(wanted);
    for (const pkg of universe.lesserAmong(near)) if (within[pkg] === 1) formula.clauses.addPair(-pkg);
    const { preferred } = this.#options;
    if (preferred !== undefined) formula.prefer(preferred);
    return formula;
  }

  /** Follows recommends as well; `found` gets those that some living package meets. */
  #withRecommended(start: readonly number[], living: Uint8Array, found: Map<number, number[][]>): number[] {
    const { universe } = this;
    const { pool } = universe;
    const cones = new Cones(universe, living);
    const wanted = new Set(start);
    for (let before = -1; before !== wanted.size; ) {
      before = wanted.size;
      for (const pkg of cones.of([...wanted])) {
        if (found.has(pkg)) continue;
        const lists: number[][] = [];
        for (const id of pool.dependencies(pkg, "recommends")) {
          if (isComplex(pool, id)) continue;
          const list = pool.providersOf(id).filter((other) => living[other] === 1);
          if (list.length === 0 || list.includes(pkg)) continue;
          lists.push(list);
          for (const other of list) wanted.add(other);
        }
        found.set(pkg, lists);
      }
    }
    return [...wanted];
  }
}
