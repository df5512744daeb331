import { compareText } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import { explain } from "./explain.ts";
import { type Capabilities, isNever, never } from "./formula.ts";
import { Pool } from "./pool.ts";
import { Rules } from "./rules.ts";
import { negative, positive } from "./sat.ts";
import { Search } from "./search.ts";
import type { ClosureProblem } from "./types.ts";

const mostConflicts = 500_000;
/** A story is told from this many clauses at most. */
const mostTold = 300;

/**
 * Packages of an architecture (and noarch) that cannot be installed at all, with whatever else, each with the story why; sorted by
 * NEVRA. Finds what {@link checkClosure} cannot: conflicts, and versions that exclude each other. Installs as many packages at once as
 * go together, again and again, so that only the broken ones are looked at alone (the way of libsolv's installcheck).
 */
export function checkInstallable(repositories: readonly Repository[], arch: string): ClosureProblem[] {
  const pool = new Pool(repositories, (candidate) => candidate === arch || candidate === "noarch");
  const context: Capabilities = { pool, assumed: () => false };
  const rules = new Rules(context, new Set(), mostConflicts);
  const { sat } = rules;
  for (let index = 0; index < pool.packages.length; index++) rules.reach(index);
  sat.settle();
  const search = new Search(rules);
  const broken: number[] = [];
  let open: number[] = [];
  for (let index = 0; index < pool.packages.length; index++) {
    if (sat.value(negative(index)) > 0) broken.push(index);
    else open.push(index);
  }
  while (open.length > 0) {
    const [first] = open;
    for (const index of open) search.tryTo(index);
    open = open.filter((index) => sat.value(positive(index)) <= 0);
    search.reset();
    // Whatever is tried first is tried alone: when it did not get in, it never will.
    if (open[0] === first && first !== undefined) {
      broken.push(first);
      open.shift();
    }
  }
  const problems = broken.map((index): ClosureProblem => {
    const core = [...(sat.value(negative(index)) > 0 ? sat.coreOf(positive(index), mostTold) : [])].sort(
      (a, b) => a - b,
    );
    const origins = core.map((origin) => rules.origins[origin]).filter((origin) => origin !== undefined);
    const { chain } = explain(context, rules, origins, () => ({ text: "", formula: never }), index);
    const missing = pool.package(index).requires.filter((dependency) => {
      return !dependency.name.startsWith("rpmlib(") && isNever(rules.formula(dependency));
    });
    return { nevra: pool.nevra(index), repository: pool.repository(index).id, missing, chain };
  });
  return problems.sort((a, b) => compareText(a.nevra, b.nevra));
}
