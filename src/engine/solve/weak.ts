import { compareText } from "../../core/index.ts";
import { type Dependency, formatDependency } from "../../formats/rpm/index.ts";
import { type Capabilities, holds } from "./formula.ts";
import type { Rules } from "./rules.ts";
import { positive } from "./sat.ts";

/** A weak dependency that was followed. For `supplemented`, `package` is the one that came. */
export interface WeakChoice {
  readonly kind: "recommended" | "supplemented";
  /** Who recommends, or who came because of its Supplements. */
  readonly package: number;
  readonly dependency: Dependency;
}

/**
 * Follows Recommends of what is chosen and Supplements of what is not, until nothing more comes. `tryTo` decides a variable if that
 * contradicts nothing.
 */
export function chooseWeak(rules: Rules, context: Capabilities, tryTo: (variable: number) => boolean): WeakChoice[] {
  const { pool } = context;
  const { sat } = rules;
  const chosen = (index: number) => sat.value(positive(index)) > 0;
  const choices: WeakChoice[] = [];
  const supplementing = supplementNames(context);
  const settled = new Set<number>();
  let at = 0;
  for (;;) {
    for (; at < sat.trail.length; at++) {
      const literal = sat.trail[at] as number;
      const variable = literal >> 1;
      if ((literal & 1) === 1 || !rules.isPackage(variable)) continue;
      for (const dependency of pool.package(variable).recommends) {
        const formula = rules.formula(dependency);
        if (holds(formula, chosen)) continue;
        if (tryTo(rules.demand(formula, { kind: "weak" }))) {
          choices.push({ kind: "recommended", package: variable, dependency });
        }
      }
    }
    const before = choices.length;
    for (const name of supplementing) {
      const all = pool.byName.get(name) ?? [];
      if (all.some(chosen)) continue;
      for (const index of all) {
        if (settled.has(index)) continue;
        const dependency = pool.package(index).supplements.find((item) => holds(rules.formula(item), chosen));
        if (dependency === undefined) continue;
        settled.add(index);
        rules.reach(index);
        if (!tryTo(index)) continue;
        choices.push({ kind: "supplemented", package: index, dependency });
        break;
      }
    }
    if (choices.length === before && at === sat.trail.length) return choices;
  }
}

/** Names that have any version with Supplements, in order. */
function supplementNames(context: Capabilities): string[] {
  const names = new Set<string>();
  for (const pkg of context.pool.packages) if (pkg.supplements.length > 0) names.add(pkg.name);
  return [...names].sort(compareText);
}

export function dependencyText(dependency: Dependency): string {
  return dependency.name.startsWith("(") ? dependency.name : formatDependency(dependency);
}
