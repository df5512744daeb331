import type { Literal } from "./sat.ts";
import { negative, positive } from "./sat.ts";
import type { Pool } from "./pool.ts";
import type { Capability, Rich } from "./rich.ts";

/** A condition over packages in negation normal form: `any` of these is chosen, `none` of them is. */
export type Formula =
  | { readonly kind: "any" | "none"; readonly packages: readonly number[]; readonly label: string }
  | { readonly kind: "and" | "or"; readonly items: readonly Formula[] };

export const always: Formula = { kind: "and", items: [] };
export const never: Formula = { kind: "or", items: [] };

/** What formulas are made from: who provides what, and what counts as present without a package. */
export interface Capabilities {
  readonly pool: Pool;
  assumed(capability: Capability): boolean;
}

/** All of these; what always holds falls away, and one that never does decides. */
function every(items: readonly Formula[]): Formula {
  const kept = items.filter((item) => !isAlways(item));
  if (kept.some(isNever)) return never;
  return kept.length === 1 ? (kept[0] as Formula) : { kind: "and", items: kept };
}

/** One of these; what never holds falls away, and one that always does decides. */
function some(items: readonly Formula[]): Formula {
  const kept = items.filter((item) => !isNever(item));
  if (kept.some(isAlways)) return always;
  return kept.length === 1 ? (kept[0] as Formula) : { kind: "or", items: kept };
}

export function isAlways(formula: Formula): boolean {
  return formula.kind === "and" && formula.items.length === 0;
}

export function isNever(formula: Formula): boolean {
  return formula.kind === "or" && formula.items.length === 0;
}

/** The meaning of a dependency, or with `wanted` false of its opposite. */
export function formulaOf(rich: Rich, wanted: boolean, context: Capabilities): Formula {
  const same = (node: Rich) => formulaOf(node, wanted, context);
  const yes = (node: Rich) => formulaOf(node, true, context);
  const no = (node: Rich) => formulaOf(node, false, context);
  switch (rich.kind) {
    case "leaf":
    case "with":
    case "without":
      return setFormula(rich, wanted, context);
    case "and":
      return (wanted ? every : some)(rich.items.map(same));
    case "or":
      return (wanted ? some : every)(rich.items.map(same));
    case "if": {
      const { what, condition, otherwise } = rich;
      if (wanted) {
        const held = some([yes(what), no(condition)]);
        return otherwise === undefined ? held : every([held, some([yes(otherwise), yes(condition)])]);
      }
      const broken = every([no(what), yes(condition)]);
      return otherwise === undefined ? broken : some([broken, every([no(otherwise), no(condition)])]);
    }
    case "unless": {
      const { what, condition, otherwise } = rich;
      if (wanted) {
        const held = every([yes(what), no(condition)]);
        return otherwise === undefined ? held : some([held, every([yes(otherwise), yes(condition)])]);
      }
      const broken = some([no(what), yes(condition)]);
      return otherwise === undefined ? broken : every([broken, some([no(otherwise), no(condition)])]);
    }
  }
}

function setFormula(rich: Rich, wanted: boolean, context: Capabilities): Formula {
  if (setAssumed(rich, context)) return wanted ? always : never;
  const packages = setOf(rich, context.pool);
  if (packages.length === 0) return wanted ? never : always;
  return { kind: wanted ? "any" : "none", packages, label: setLabel(rich) };
}

function setLabel(rich: Rich): string {
  if (rich.kind !== "leaf") return JSON.stringify(rich);
  const { name, op, evr } = rich.capability;
  return op === undefined ? name : `${name}\0${op}${evr}`;
}

/** The packages that meet a leaf, or `with`/`without` over leaves, each on its own. */
export function setOf(rich: Rich, pool: Pool): readonly number[] {
  switch (rich.kind) {
    case "leaf":
      return pool.providers(rich.capability);
    case "with": {
      const [first, ...rest] = rich.items.map((item) => setOf(item, pool));
      const sets = rest.map((list) => new Set(list));
      return (first ?? []).filter((index) => sets.every((set) => set.has(index)));
    }
    case "without": {
      const but = new Set(setOf(rich.but, pool));
      return setOf(rich.what, pool).filter((index) => !but.has(index));
    }
    case "or":
    case "and":
      return [...new Set(rich.items.flatMap((item) => setOf(item, pool)))];
    default:
      return [];
  }
}

function setAssumed(rich: Rich, context: Capabilities): boolean {
  switch (rich.kind) {
    case "leaf":
      return context.assumed(rich.capability);
    case "with":
      return rich.items.every((item) => setAssumed(item, context));
    case "without":
      return setAssumed(rich.what, context) && !setAssumed(rich.but, context);
    default:
      return false;
  }
}

/** Whether a formula holds for a set of chosen packages. */
export function holds(formula: Formula, chosen: (index: number) => boolean): boolean {
  switch (formula.kind) {
    case "any":
      return formula.packages.some(chosen);
    case "none":
      return !formula.packages.some(chosen);
    case "and":
      return formula.items.every((item) => holds(item, chosen));
    case "or":
      return formula.items.some((item) => holds(item, chosen));
  }
}

/** Every package that choosing could make a formula true. */
export function wantedPackages(formula: Formula, visit: (index: number) => void): void {
  if (formula.kind === "any") for (const index of formula.packages) visit(index);
  else if (formula.kind === "and" || formula.kind === "or") {
    for (const item of formula.items) wantedPackages(item, visit);
  }
}

/** Where clauses go, and new variables come from. */
export interface ClauseSink {
  clause(literals: readonly Literal[]): void;
  variable(): number;
  /** The variable that is true as soon as any package of the set is chosen. */
  anyOf(packages: readonly number[], label: string): number;
}

/** Clauses that say: one of `prefix`, or the formula. Helper variables keep them as many as the formula is long (Plaisted and Greenbaum). */
export function clausesOf(formula: Formula, prefix: readonly Literal[], sink: ClauseSink): void {
  switch (formula.kind) {
    case "any":
      sink.clause([...prefix, ...formula.packages.map(positive)]);
      return;
    case "none":
      for (const index of formula.packages) sink.clause([...prefix, negative(index)]);
      return;
    case "and":
      for (const item of formula.items) clausesOf(item, prefix, sink);
      return;
    case "or": {
      const literals: Literal[] = [...prefix];
      const later: (readonly [Formula, number])[] = [];
      const collect = (item: Formula): void => {
        if (item.kind === "any") for (const index of item.packages) literals.push(positive(index));
        else if (item.kind === "none") {
          const [only] = item.packages;
          const single = item.packages.length === 1 && only !== undefined;
          literals.push(negative(single ? only : sink.anyOf(item.packages, item.label)));
        } else if (item.kind === "or") for (const part of item.items) collect(part);
        else {
          const variable = sink.variable();
          literals.push(positive(variable));
          later.push([item, variable]);
        }
      };
      collect(formula);
      sink.clause(literals);
      for (const [item, variable] of later) clausesOf(item, [negative(variable)], sink);
    }
  }
}
