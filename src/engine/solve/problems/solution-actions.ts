import type { SolverResult } from "../jobs.ts";
import { packagesOf } from "../selection/index.ts";
import type { SolutionAction } from "./solutions.ts";

/** Turns what a solution gives up into things to do, by looking at the answer that was found without it. */
export class SolutionActions {
  readonly #result: SolverResult;
  readonly #multiversion = new Set<number>();
  #featureOf: Map<number, number> | undefined;
  #updateOf: Map<number, number> | undefined;

  constructor(result: SolverResult) {
    this.#result = result;
    for (const { action, select } of result.jobs)
      if (action === "multiversion") for (const pkg of packagesOf(result.pool, select)) this.#multiversion.add(pkg);
  }

  /** Empty where it turned out that nothing has to be given up. */
  of(element: number): SolutionAction[] {
    if (element < 0) return [{ kind: "delete-job", job: ~element }];
    const { rules } = this.#result;
    switch (rules.kind(element)) {
      case "infarch":
      case "distupgrade":
        return this.#allowOneOf(element);
      case "update":
        return this.#update(element);
      case "best":
        return this.#best(element);
      case "black":
      case "strictrepopriority":
        return [{ kind: "allow", package: -(rules.literals(element)[0] ?? 0) }];
      default:
        return [];
    }
  }

  /** Rules of one name lie side by side and go together: the package that came in is what to allow. */
  #allowOneOf(element: number): SolutionAction[] {
    const { rules, pool, retry } = this.#result;
    const kind = rules.kind(element);
    const packageOf = (rule: number): number => -(rules.literals(rule)[0] ?? 0);
    const name = pool.columns.name[packageOf(element)];
    const same = (rule: number): boolean =>
      rule > 0 && rule < rules.count && rules.kind(rule) === kind && pool.columns.name[packageOf(rule)] === name;
    let first = element;
    while (same(first - 1)) first--;
    for (let rule = first; same(rule); rule++)
      if (retry.decided(packageOf(rule)) > 0) return [{ kind: "allow", package: packageOf(rule) }];
    return [];
  }

  #update(element: number): SolutionAction[] {
    const { rules, retry } = this.#result;
    if (this.#isMet(element)) return [];
    const pkg = rules.package(element);
    if (retry.decided(pkg) > 0) return [];
    const { replacement, isMultiversion } = this.#replacement(this.#feature(pkg) ?? element);
    if (replacement === 0) return [{ kind: "erase", package: pkg }];
    const replace: SolutionAction = { kind: "replace", package: pkg, by: replacement };
    return isMultiversion ? [replace, { kind: "erase", package: pkg }] : [replace];
  }

  #best(element: number): SolutionAction[] {
    const { rules, retry } = this.#result;
    if (this.#isMet(element)) return [];
    const pkg = rules.package(element);
    if (pkg === 0) return [{ kind: "delete-job", job: rules.job(element) }];
    if (retry.decided(pkg) > 0) return [{ kind: "allow", package: pkg }];
    const rule = this.#feature(pkg) ?? this.#updateRule(pkg);
    if (rule === undefined) return [];
    const { replacement, isMultiversion } = this.#replacement(rule);
    if (replacement === 0) return [];
    const allow: SolutionAction = { kind: "allow", package: replacement };
    return isMultiversion ? [allow, { kind: "erase", package: pkg }] : [allow];
  }

  #isMet(rule: number): boolean {
    const { rules, retry } = this.#result;
    return rules.literals(rule).some((literal) => literal > 0 && retry.decided(literal) > 0);
  }

  /** The package that came in the place of one: one that replaces it before one that stands beside it. 0 for none. */
  #replacement(rule: number): { replacement: number; isMultiversion: boolean } {
    const { rules, pool, retry } = this.#result;
    let beside = 0;
    for (const literal of rules.literals(rule)) {
      if (literal <= 0 || retry.decided(literal) <= 0 || pool.isInstalled(literal)) continue;
      if (!this.#multiversion.has(literal)) return { replacement: literal, isMultiversion: false };
      beside = literal;
    }
    return { replacement: beside, isMultiversion: beside !== 0 };
  }

  #feature(pkg: number): number | undefined {
    this.#featureOf ??= this.#byPackage("feature");
    return this.#featureOf.get(pkg);
  }

  #updateRule(pkg: number): number | undefined {
    this.#updateOf ??= this.#byPackage("update");
    return this.#updateOf.get(pkg);
  }

  #byPackage(kind: "feature" | "update"): Map<number, number> {
    const { rules } = this.#result;
    const found = new Map<number, number>();
    for (let rule = 1; rule < rules.count; rule++)
      if (rules.kind(rule) === kind && rules.literals(rule).some((literal) => literal > 0))
        found.set(rules.package(rule), rule);
    return found;
  }
}
