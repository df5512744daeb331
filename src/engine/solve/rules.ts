import { WeirError } from "../../core/index.ts";
import type { Dependency } from "../../formats/rpm/index.ts";
import {
  always,
  type Capabilities,
  clausesOf,
  type Formula,
  formulaOf,
  isAlways,
  never,
  wantedPackages,
} from "./formula.ts";
import type { Pool } from "./pool.ts";
import { parseRich, type Rich } from "./rich.ts";
import { type Literal, negative, positive, Sat } from "./sat.ts";

/** What a clause stands for; explanations are made of these. */
export type Origin =
  | { readonly kind: "request"; readonly request: number }
  | { readonly kind: "requires" | "conflicts" | "obsoletes"; readonly package: number; readonly dependency: Dependency }
  | { readonly kind: "excluded"; readonly package: number }
  | { readonly kind: "same-name"; readonly name: string }
  | { readonly kind: "weak" | "helper" };

const mostLiterals = 6_000_000;
const pairwise = 6;

/** Reads a package's dependency; what is malformed counts as what nobody provides. */
export function richOf(dependency: Dependency): Rich | undefined {
  return dependency.name.startsWith("(") ? parseRich(dependency.name) : { kind: "leaf", capability: dependency };
}

/**
 * The clauses of all packages that a request can reach, made as they are reached. A clause that asks for something is also listed
 * under each variable that makes it ask, with its answers in order of preference.
 */
export class Rules {
  readonly #context: Capabilities;
  readonly #pool: Pool;
  readonly #exclude: ReadonlySet<string>;
  readonly sat: Sat;
  readonly origins: Origin[] = [];
  /** Per variable: indexes into `needs`. */
  readonly #needsOf = new Map<number, number[]>();
  readonly needs: (readonly Literal[])[] = [];
  readonly #reached: Uint8Array;
  readonly #queue: number[] = [];
  readonly #names = new Set<string>();
  readonly #anyOf = new Map<string, number>();
  readonly #formulas = new Map<Dependency, Formula>();
  readonly #opposites = new Map<Dependency, Formula>();
  #origin = -1;
  #variables: number;
  #literals = 0;

  constructor(context: Capabilities, exclude: ReadonlySet<string>, mostConflicts?: number) {
    this.#context = context;
    this.#pool = context.pool;
    this.#exclude = exclude;
    const packages = context.pool.packages.length;
    this.#variables = packages;
    this.sat = new Sat(packages, mostConflicts);
    this.#reached = new Uint8Array(packages);
  }

  isPackage(variable: number): boolean {
    return variable < this.#pool.packages.length;
  }

  needsOf(variable: number): readonly number[] {
    return this.#needsOf.get(variable) ?? [];
  }

  /** The meaning of a package's dependency. */
  formula(dependency: Dependency): Formula {
    let formula = this.#formulas.get(dependency);
    if (formula === undefined) {
      const rich = richOf(dependency);
      formula = rich === undefined ? never : formulaOf(rich, true, this.#context);
      this.#formulas.set(dependency, formula);
    }
    return formula;
  }

  /** What a rich conflict demands: that it does not come true. It may be met by packages, too, as in `(a unless b)`. */
  opposite(dependency: Dependency): Formula {
    let formula = this.#opposites.get(dependency);
    if (formula === undefined) {
      const rich = parseRich(dependency.name);
      formula = rich === undefined ? always : formulaOf(rich, false, this.#context);
      this.#opposites.set(dependency, formula);
    }
    return formula;
  }

  /** A new variable that, when true, demands the formula. */
  demand(formula: Formula, origin: Origin): number {
    this.#begin(origin);
    const variable = this.#variable();
    this.#state(formula, [negative(variable)]);
    this.#drain();
    return variable;
  }

  /** Makes the clauses of a package and all it can reach. */
  reach(index: number): void {
    this.#reach(index);
    this.#drain();
  }

  fact(literal: Literal, origin: Origin): void {
    this.#begin(origin);
    this.#clause([literal]);
  }

  #begin(origin: Origin): void {
    this.#origin = this.origins.length;
    this.origins.push(origin);
  }

  #state(formula: Formula, prefix: readonly Literal[]): void {
    clausesOf(formula, prefix, this.#sink);
    wantedPackages(formula, (index) => this.#reach(index));
  }

  readonly #sink = {
    clause: (literals: readonly Literal[]) => this.#clause(literals),
    variable: () => this.#variable(),
    anyOf: (packages: readonly number[], label: string) => this.#any(packages, label),
  };

  #variable(): number {
    this.sat.grow(this.#variables + 1);
    return this.#variables++;
  }

  #any(packages: readonly number[], label: string): number {
    let variable = this.#anyOf.get(label);
    if (variable === undefined) {
      variable = this.#variable();
      this.#anyOf.set(label, variable);
      const origin = this.#origin;
      this.#begin({ kind: "helper" });
      for (const index of packages) this.#clause([negative(index), positive(variable)]);
      this.#origin = origin;
    }
    return variable;
  }

  #clause(literals: readonly Literal[]): void {
    this.#literals += literals.length;
    if (this.#literals > mostLiterals) {
      throw new WeirError("SOLVE_TOO_LARGE", "the packages' dependencies name each other too often to be solved", {
        hints: ["look for packages whose Requires or Conflicts match a large part of the repository"],
      });
    }
    this.sat.add(literals, this.#origin);
    const kind = this.origins[this.#origin]?.kind;
    if (kind === "helper" || kind === "same-name" || !literals.some(isPositive)) return;
    const need = this.needs.length;
    this.needs.push(literals);
    for (const literal of literals) {
      if ((literal & 1) === 0) continue;
      const list = this.#needsOf.get(literal >> 1);
      if (list === undefined) this.#needsOf.set(literal >> 1, [need]);
      else list.push(need);
    }
  }

  #reach(index: number): void {
    if (this.#reached[index] !== 0) return;
    this.#reached[index] = 1;
    this.#queue.push(index);
  }

  #drain(): void {
    for (let index = this.#queue.pop(); index !== undefined; index = this.#queue.pop()) this.#package(index);
  }

  #package(index: number): void {
    const pkg = this.#pool.package(index);
    const not = negative(index);
    if (this.#exclude.has(pkg.name)) {
      this.fact(not, { kind: "excluded", package: index });
      return;
    }
    for (const dependency of pkg.requires) {
      if (dependency.name.startsWith("rpmlib(")) continue;
      const formula = this.formula(dependency);
      if (isAlways(formula)) continue;
      if (formula.kind === "any" && formula.packages.includes(index)) continue;
      this.#begin({ kind: "requires", package: index, dependency });
      this.#state(formula, [not]);
    }
    for (const dependency of pkg.conflicts) {
      this.#begin({ kind: "conflicts", package: index, dependency });
      this.#conflict(index, dependency);
    }
    for (const dependency of pkg.obsoletes) {
      this.#begin({ kind: "obsoletes", package: index, dependency });
      for (const other of this.#pool.named(dependency)) {
        if (this.#pool.package(other).name !== pkg.name) this.#clause([not, negative(other)]);
      }
    }
    if (!this.#names.has(pkg.name)) {
      this.#names.add(pkg.name);
      this.#oneOf(pkg.name);
    }
  }

  #conflict(index: number, dependency: Dependency): void {
    const not = negative(index);
    if (dependency.name.startsWith("(")) {
      this.#state(this.opposite(dependency), [not]);
      return;
    }
    const others = this.#pool.providers(dependency);
    if (others.length > pairwise && !others.includes(index)) {
      const { name, op, evr } = dependency;
      const label = op === undefined ? name : `${name}\0${op}${evr}`;
      this.#clause([not, negative(this.#any(others, label))]);
      return;
    }
    for (const other of others) if (other !== index) this.#clause([not, negative(other)]);
  }

  /** At most one version of a package: pairs where there are few, else a chain of helpers (Sinz's sequential counter). */
  #oneOf(name: string): void {
    const all = this.#pool.byName.get(name) ?? [];
    if (all.length < 2) return;
    this.#begin({ kind: "same-name", name });
    if (all.length <= pairwise) {
      for (const [place, a] of all.entries()) {
        for (const b of all.slice(place + 1)) this.#clause([negative(a), negative(b)]);
      }
      return;
    }
    let before = -1;
    for (const index of all) {
      const here = this.#variable();
      this.#clause([negative(index), positive(here)]);
      if (before >= 0) {
        this.#clause([negative(before), positive(here)]);
        this.#clause([negative(index), negative(before)]);
      }
      before = here;
    }
  }
}

function isPositive(literal: Literal): boolean {
  return (literal & 1) === 0;
}
