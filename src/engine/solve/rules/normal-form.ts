import { WeirError } from "../../../core/index.ts";
import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import { type Pool, systemPackage } from "../../pool/index.ts";

/**
 * A normal form: blocks of literals, each ascending and without repetitions. In a conjunction every block must have a true literal (CNF), in
 * an alternative one block must have true ones only (DNF). `true` and `false` are what holds always or never.
 */
export type NormalForm = boolean | number[][];

export interface NormalFormOptions {
  /** An alternative of conjunctions (DNF) instead of a conjunction of alternatives. */
  readonly alternatives?: boolean;
  /** Packages must have the name themselves. */
  readonly byName?: boolean;
  /**
   * Gives a new variable where parts would multiply; which of two parts holds is then up to that. Such a form may become a clause, or be
   * negated and become one, but says nothing about packages alone. Without it a form that would grow beyond bounds is an error.
   */
  readonly helper?: () => number;
}

/** Where parts would multiply to more literals than this, a helper variable stands for the choice. */
const mostMultiplied = 20_000;
/** No normal form grows beyond so many literals. */
const mostLiterals = 400_000;
const deepest = 200;

/** Whether a dependency is more than a set of packages of which one is enough. */
export function isComplex(pool: Pool, dependency: DependencyId): boolean {
  const { relationOp: ops, relationName, relationEvr } = pool.columns;
  let id = dependency;
  for (;;) {
    if (id >= 0) return false;
    const op = ops[~id] as number;
    if (op === relationOp.and || op === relationOp.if || op === relationOp.unless) return true;
    if (op !== relationOp.or) return false;
    if (isComplex(pool, relationName[~id] as number)) return true;
    id = relationEvr[~id] as number;
  }
}

/** The normal form of a dependency over packages. Errors: `SOLVE_TOO_LARGE`. */
export function normalForm(pool: Pool, dependency: DependencyId, options: NormalFormOptions = {}): NormalForm {
  return new Normalizer(pool, options).form(dependency, options.alternatives ?? false, 0);
}

/** The normal form of what is not asked for but wished: one that would be too large says nothing. */
export function weakForm(pool: Pool, dependency: DependencyId): NormalForm {
  try {
    return normalForm(pool, dependency);
  } catch (error) {
    if (error instanceof WeirError && error.code === "SOLVE_TOO_LARGE") return true;
    throw error;
  }
}

/** The opposite, with the other meaning of blocks: the negation of a CNF as a DNF, and the other way round. */
export function negated(form: NormalForm): NormalForm {
  if (typeof form === "boolean") return !form;
  return form.map((block) => block.map((literal) => -literal).reverse());
}

class Normalizer {
  readonly #pool: Pool;
  readonly #byName: boolean;
  readonly #helper: (() => number) | undefined;

  constructor(pool: Pool, { byName, helper }: NormalFormOptions) {
    this.#pool = pool;
    this.#byName = byName ?? false;
    this.#helper = helper;
  }

  form(id: DependencyId, dnf: boolean, depth: number): NormalForm {
    if (depth > deepest) throw tooLarge("is nested too deeply");
    if (!isComplex(this.#pool, id)) return this.#simple(id, dnf);
    const { columns } = this.#pool;
    const op = columns.relationOp[~id] as number;
    const left = columns.relationName[~id] as number;
    const right = columns.relationEvr[~id] as number;
    const of = (part: DependencyId): NormalForm => this.form(part, dnf, depth + 1);
    const not = (part: DependencyId): NormalForm => negated(this.form(part, !dnf, depth + 1));
    const isElse = right < 0 && columns.relationOp[~right] === relationOp.else;
    const condition = isElse ? (columns.relationName[~right] as number) : right;
    const otherwise = isElse ? (columns.relationEvr[~right] as number) : 0;
    switch (op) {
      case relationOp.and:
      case relationOp.or: {
        // Chains lean to the right and may be long.
        let form = of(left);
        let rest = right;
        while (rest < 0 && columns.relationOp[~rest] === op) {
          const next = columns.relationName[~rest] as number;
          form = this.#joined(op, form, () => of(next), dnf);
          rest = columns.relationEvr[~rest] as number;
        }
        return this.#joined(op, form, () => of(rest), dnf);
      }
      case relationOp.if: {
        const met = this.#either(of(left), () => not(condition), dnf);
        return isElse ? this.#both(met, () => this.#either(of(condition), () => of(otherwise), dnf), dnf) : met;
      }
      default: {
        const met = this.#both(of(left), () => not(condition), dnf);
        return isElse ? this.#either(met, () => this.#both(of(condition), () => of(otherwise), dnf), dnf) : met;
      }
    }
  }

  #simple(id: DependencyId, dnf: boolean): NormalForm {
    let packages = this.#pool.providersOf(id);
    if (packages[0] === systemPackage) return true;
    if (this.#byName) packages = packages.filter((pkg) => this.#pool.isNamed(pkg, id));
    if (packages.length === 0) return false;
    return dnf ? packages.map((pkg) => [pkg]) : [packages];
  }

  #joined(op: number, a: NormalForm, other: () => NormalForm, dnf: boolean): NormalForm {
    return op === relationOp.and ? this.#both(a, other, dnf) : this.#either(a, other, dnf);
  }

  // The first form is the caller's own and may be extended in place.
  #both(a: NormalForm, other: () => NormalForm, dnf: boolean): NormalForm {
    if (a === false) return false;
    const b = other();
    if (b === false) return false;
    if (a === true) return b;
    if (b === true) return a;
    return dnf ? this.#multiplied(a, b, dnf) : extended(a, b);
  }

  #either(a: NormalForm, other: () => NormalForm, dnf: boolean): NormalForm {
    if (a === true) return true;
    const b = other();
    if (b === true) return true;
    if (a === false) return b;
    if (b === false) return a;
    return dnf ? extended(a, b) : this.#multiplied(a, b, dnf);
  }

  /** Each block of one with each of the other; blocks with a literal and its opposite say nothing and go. */
  #multiplied(a: number[][], b: number[][], dnf: boolean): NormalForm {
    const size = (blocks: readonly number[][]): number => blocks.reduce((sum, block) => sum + block.length, 0);
    const literals = size(a) * b.length + size(b) * a.length;
    if (literals > mostMultiplied && this.#helper !== undefined) {
      const helper = this.#helper();
      return [...a.map((block) => [-helper, ...block]), ...b.map((block) => [...block, helper])];
    }
    if (literals > mostLiterals) throw tooLarge("multiplies beyond bounds");
    const product: number[][] = [];
    for (const left of a) {
      for (const right of b) {
        const block = merged(left, right);
        if (!contradicts(block)) product.push(block);
      }
    }
    return product.length > 0 ? product : !dnf;
  }
}

function extended(a: number[][], b: readonly number[][]): number[][] {
  for (const block of b) a.push(block);
  return a;
}

function merged(a: readonly number[], b: readonly number[]): number[] {
  const found: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i] ?? Number.POSITIVE_INFINITY;
    const y = b[j] ?? Number.POSITIVE_INFINITY;
    found.push(Math.min(x, y));
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return found;
}

function contradicts(block: readonly number[]): boolean {
  let low = 0;
  let high = block.length - 1;
  while (low < high) {
    const sum = (block[low] as number) + (block[high] as number);
    if (sum === 0) return true;
    if (sum < 0) low++;
    else high--;
  }
  return false;
}

function tooLarge(what: string): WeirError {
  return new WeirError("SOLVE_TOO_LARGE", `a rich dependency ${what}`, {
    hints: ["leave out the package that has it"],
  });
}

/** Runs over the packages whose installation can help to meet a dependency. */
export function wantedPackages(pool: Pool, dependency: DependencyId, visit: (pkg: number) => void): void {
  const open: { id: DependencyId; negative: boolean }[] = [{ id: dependency, negative: false }];
  const { columns } = pool;
  const seen = new Set<number>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id, negative } = next;
    const key = 2 * id + (negative ? 1 : 0);
    if (seen.has(key)) continue;
    seen.add(key);
    const op = id < 0 ? (columns.relationOp[~id] as number) : 0;
    const { and, or } = relationOp;
    if (op === and || op === or || op === relationOp.if || op === relationOp.unless) {
      const right = columns.relationEvr[~id] as number;
      const turned = op === and || op === or ? negative : !negative;
      const isElse = op !== and && op !== or && right < 0 && columns.relationOp[~right] === relationOp.else;
      if (isElse) {
        const condition = columns.relationName[~right] as number;
        open.push({ id: condition, negative: turned });
        open.push({ id: columns.relationEvr[~right] as number, negative: !turned });
        open.push({ id: condition, negative: !turned });
      } else open.push({ id: right, negative: turned });
      open.push({ id: columns.relationName[~id] as number, negative });
    } else if (!negative) {
      const from = pool.whatProvides(id);
      const lists = pool.providerLists;
      for (let at = from; lists[at] !== 0; at++) visit(lists[at] as number);
    }
  }
}
