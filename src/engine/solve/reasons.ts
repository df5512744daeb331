import { type Formula, wantedPackages } from "./formula.ts";
import type { Pool } from "./pool.ts";
import type { Rules } from "./rules.ts";
import { positive } from "./sat.ts";
import type { SolveReason } from "./types.ts";
import { dependencyText, type WeakChoice } from "./weak.ts";

/**
 * The chosen packages with the first reason that brings each: requests, then what those require, nearest first, then weak choices and
 * what they require. A package that no reason reaches is not needed, and left out.
 */
export function collectReasons(
  pool: Pool,
  rules: Rules,
  requests: readonly { readonly text: string; readonly formula: Formula }[],
  weak: readonly WeakChoice[],
): Map<number, SolveReason> {
  const reasons = new Map<number, SolveReason>();
  const queue: number[] = [];
  const chosen = (index: number) => rules.sat.value(positive(index)) > 0;
  const take = (index: number, reason: SolveReason) => {
    if (reasons.has(index)) return;
    reasons.set(index, reason);
    queue.push(index);
  };
  const takeAll = (formula: Formula, reason: SolveReason) => {
    // Of a plain set the preferred member is enough; other shapes keep whatever they may rest on.
    if (formula.kind === "any") {
      const known = formula.packages.find((index) => reasons.has(index)) ?? formula.packages.find(chosen);
      if (known !== undefined) take(known, reason);
      return;
    }
    wantedPackages(formula, (index) => {
      if (chosen(index)) take(index, reason);
    });
  };
  let next = 0;
  const follow = () => {
    for (; next < queue.length; next++) {
      const index = queue[next] as number;
      const by = pool.nevra(index);
      for (const dependency of pool.package(index).requires) {
        if (dependency.name.startsWith("rpmlib(")) continue;
        takeAll(rules.formula(dependency), { kind: "required", by, dependency: dependencyText(dependency) });
      }
      for (const dependency of pool.package(index).conflicts) {
        if (!dependency.name.startsWith("(")) continue;
        takeAll(rules.opposite(dependency), { kind: "required", by, dependency: `not ${dependency.name}` });
      }
    }
  };
  for (const { text, formula } of requests) takeAll(formula, { kind: "requested", request: text });
  follow();
  for (const choice of weak) {
    const by = pool.nevra(choice.package);
    const dependency = dependencyText(choice.dependency);
    if (choice.kind === "recommended") {
      if (reasons.has(choice.package)) {
        takeAll(rules.formula(choice.dependency), { kind: "recommended", by, dependency });
      }
    } else take(choice.package, { kind: "supplemented", by: supplementedBy(pool, rules, choice, chosen), dependency });
    follow();
  }
  return reasons;
}

/** The chosen package that the Supplements of another one names. */
function supplementedBy(pool: Pool, rules: Rules, choice: WeakChoice, chosen: (index: number) => boolean): string {
  let found: number | undefined;
  wantedPackages(rules.formula(choice.dependency), (index) => {
    if (found === undefined && chosen(index)) found = index;
  });
  return found === undefined ? "" : pool.nevra(found);
}
