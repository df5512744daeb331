import { compareText } from "../../../core/index.ts";
import type { Pool } from "../../pool/index.ts";
import { ClosureSearch, type Demand } from "./closure-search.ts";
import type { Least } from "./core-guided.ts";
import type { Measure, MinimalBudget, MinimalChoice, MinimalDocument, MinimalPackage, MinimalTotals } from "./types.ts";

export interface MinimizeOptions {
  readonly arch: string;
  /** What has to be there. */
  readonly demands: readonly Demand[];
  /** What the solver usually answers, to compare with. */
  readonly usual: readonly number[];
  readonly measure: Measure;
  readonly weak: boolean;
  /** Limits, by measure. */
  readonly budgets: Partial<Record<Measure, number>>;
  /** 1 for packages to be taken wherever they are among others that meet a need. */
  readonly preferred?: Uint8Array;
  /** Service units of packages; without it none are known. */
  readonly services?: ReadonlyMap<number, readonly string[]>;
  /** After so many steps the best so far is given with a bound; default 100,000. */
  readonly steps?: number;
}

const measures = ["bytes", "packages", "services"] as const;
const defaultSteps = 100_000;
const mostChoices = 200;
/** So many requests are tried to be given up, for each budget. */
const mostGivenUp = 24;

/** The smallest closure of demands, with proof or bound. Errors: `SOLVE_GAVE_UP`, `SOLVE_TOO_LARGE`. */
export function minimizeClosure(pool: Pool, options: MinimizeOptions): MinimalDocument {
  return new Minimization(pool, options).document();
}

class Minimization {
  readonly #pool: Pool;
  readonly #options: MinimizeOptions;
  readonly #search: ClosureSearch;
  readonly #least = new Map<Measure, Least>();
  /** What one more of the measure weighs against bytes, which decide between what is equal. */
  readonly #unit: number;

  constructor(pool: Pool, options: MinimizeOptions) {
    this.#pool = pool;
    this.#options = options;
    const { preferred, weak } = options;
    this.#search = new ClosureSearch(pool, { weak, ...(preferred === undefined ? {} : { preferred }) });
    let all = 0;
    for (let pkg = 2; pkg < pool.columns.count; pkg++) all += this.#bytes(pkg);
    this.#unit = all < 2 ** 36 ? 2 ** 36 : 2 ** 40;
  }

  document(): MinimalDocument {
    const options = this.#options;
    const { measure, budgets } = options;
    let least = this.#leastBy(measure);
    const limited = measures.filter((item) => budgets[item] !== undefined);
    if (!this.#fits(least.packages, limited)) {
      // What is least by another measure may keep to every budget.
      const others = limited.map((item) => this.#leastBy(item)).filter(({ packages }) => this.#fits(packages, limited));
      const [best] = others.sort((a, b) => this.#value(a.packages, measure) - this.#value(b.packages, measure));
      if (best !== undefined) least = { ...best, status: "bounded" };
    }
    const value = this.#value(least.packages, measure);
    const bound = this.#primary(this.#leastBy(measure).bound, measure);
    const status = least.status === "impossible" ? "impossible" : value <= bound ? "optimal" : "bounded";
    const chosen = new Set(least.packages);
    const usual = new Set(options.usual);
    const namesOf = (packages: Iterable<number>) => new Set([...packages].map((pkg) => this.#pool.columns.name[pkg]));
    const here = namesOf(chosen);
    const there = namesOf(usual);
    return {
      schema: "weir/minimal/1",
      arch: options.arch,
      requests: [...new Set(options.demands.map(({ text }) => text))],
      measure,
      weak: options.weak,
      status,
      bound: status === "impossible" ? 0 : bound,
      steps: [...this.#least.values()].reduce((sum, { steps }) => sum + steps, 0),
      install: least.packages.map((pkg) => this.#package(pkg)).sort((a, b) => compareText(a.nevra, b.nevra)),
      totals: this.#totals(least.packages),
      usual: this.#totals(options.usual),
      choices: status === "impossible" ? [] : this.#choices(chosen, usual),
      leftOut: this.#nevras(options.usual.filter((pkg) => !here.has(this.#pool.columns.name[pkg]))),
      instead: this.#nevras(least.packages.filter((pkg) => !there.has(this.#pool.columns.name[pkg]))),
      budgets: limited.map((item) => this.#budget(item, least.packages, budgets[item] ?? 0)),
    };
  }

  #leastBy(measure: Measure): Least {
    let least = this.#least.get(measure);
    if (least === undefined) {
      const weights = this.#weights(measure);
      least = this.#search.run(this.#options.demands, weights, this.#options.steps ?? defaultSteps);
      if (least.status === "bounded" && least.packages.length === 0) {
        // Stopped before it found any: the usual answer is one.
        const packages = [...this.#options.usual];
        least = { ...least, packages, weight: packages.reduce((sum, pkg) => sum + (weights[pkg] as number), 0) };
      }
      this.#least.set(measure, least);
    }
    return least;
  }

  #weights(measure: Measure): Float64Array {
    const weights = new Float64Array(this.#pool.columns.count);
    for (let pkg = 2; pkg < weights.length; pkg++) {
      const own =
        measure === "bytes" ? 0 : measure === "packages" ? 1 : (this.#options.services?.get(pkg)?.length ?? 0);
      weights[pkg] = own * this.#unit + this.#bytes(pkg);
    }
    return weights;
  }

  #primary(weight: number, measure: Measure): number {
    return measure === "bytes" || weight === Number.POSITIVE_INFINITY ? weight : Math.floor(weight / this.#unit);
  }

  #bytes(pkg: number): number {
    const { installedSize, packageSize } = this.#pool.columns;
    return (installedSize[pkg] as number) || (packageSize[pkg] as number);
  }

  #value(packages: readonly number[], measure: Measure): number {
    if (measure === "packages") return packages.length;
    return packages.reduce((sum, pkg) => {
      return sum + (measure === "bytes" ? this.#bytes(pkg) : (this.#options.services?.get(pkg)?.length ?? 0));
    }, 0);
  }

  #fits(packages: readonly number[], limited: readonly Measure[]): boolean {
    return limited.every((item) => this.#value(packages, item) <= (this.#options.budgets[item] ?? 0));
  }

  #budget(measure: Measure, packages: readonly number[], limit: number): MinimalBudget {
    const { bound } = this.#leastBy(measure);
    const value = this.#value(packages, measure);
    const least = bound === Number.POSITIVE_INFINITY ? 0 : this.#primary(bound, measure);
    const state = value <= limit ? "met" : least > limit ? "impossible" : "unknown";
    return { measure, limit, value, least, state, giveUp: state === "impossible" ? this.#giveUp(measure, limit) : [] };
  }

  /** Requests each of which alone stands in the way of a budget. */
  #giveUp(measure: Measure, limit: number): string[] {
    const { demands } = this.#options;
    const steps = this.#options.steps ?? defaultSteps;
    const texts = [...new Set(demands.map(({ text }) => text))];
    if (texts.length < 2) return [];
    const weights = this.#weights(measure);
    return texts.slice(0, mostGivenUp).filter((text) => {
      const rest = demands.filter((demand) => demand.text !== text);
      const { weight } = this.#search.run(rest, weights, steps);
      return this.#primary(weight, measure) <= limit;
    });
  }

  #package(pkg: number): MinimalPackage {
    const { columns, repositories } = this.#pool;
    return {
      nevra: this.#pool.nevra(pkg),
      repo: repositories[columns.repository[pkg] as number]?.id ?? "",
      size: columns.packageSize[pkg] as number,
      installedSize: columns.installedSize[pkg] as number,
      services: [...(this.#options.services?.get(pkg) ?? [])].sort(compareText),
    };
  }

  #totals(packages: readonly number[]): MinimalTotals {
    const { packageSize, installedSize } = this.#pool.columns;
    const sum = (column: Float64Array) => packages.reduce((total, pkg) => total + (column[pkg] as number), 0);
    return {
      packages: packages.length,
      size: sum(packageSize),
      installedSize: sum(installedSize),
      services: this.#options.services === undefined ? -1 : this.#value(packages, "services"),
    };
  }

  #nevras(packages: readonly number[]): string[] {
    return packages.map((pkg) => this.#pool.nevra(pkg)).sort(compareText);
  }

  /** Needs of what is chosen that the usual answer meets with others. */
  #choices(chosen: ReadonlySet<number>, usual: ReadonlySet<number>): MinimalChoice[] {
    const { universe } = this.#search;
    const found = new Map<string, MinimalChoice>();
    const look = (need: string, by: string, packages: Iterable<number>): void => {
      const all = [...packages];
      const taken = all.filter((pkg) => chosen.has(pkg) && !usual.has(pkg));
      const instead = all.filter((pkg) => usual.has(pkg) && !chosen.has(pkg));
      if (taken.length === 0 || instead.length === 0 || all.some((pkg) => chosen.has(pkg) && usual.has(pkg))) return;
      const [takenTexts, insteadTexts] = [this.#nevras(taken), this.#nevras(instead)];
      const key = `${takenTexts.join(" ")}/${insteadTexts.join(" ")}`;
      if (found.has(key) || found.size >= mostChoices) return;
      const bytes = (some: readonly number[]) => some.reduce((sum, pkg) => sum + this.#bytes(pkg), 0);
      found.set(key, { need, by, taken: takenTexts, instead: insteadTexts, saved: bytes(instead) - bytes(taken) });
    };
    for (const { text, packages } of this.#options.demands) look(text, "", packages);
    const { requires, requiresStart, needStart, providers, needDependency } = universe;
    for (const pkg of [...chosen].sort((a, b) => a - b)) {
      for (let at = requiresStart[pkg] as number; at < (requiresStart[pkg + 1] as number); at++) {
        const need = requires[at] as number;
        const text = this.#pool.columns.dependencyText(needDependency[need] as number);
        look(text, this.#pool.nevra(pkg), providers.subarray(needStart[need], needStart[need + 1]));
      }
    }
    return [...found.values()].sort(
      (a, b) => b.saved - a.saved || compareText(a.need, b.need) || compareText(a.by, b.by),
    );
  }
}
