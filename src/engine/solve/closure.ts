import { compareText, formatNevra } from "../../core/index.ts";
import type { Dependency } from "../../formats/rpm/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import { type Capabilities, type Formula, formulaOf, never } from "./formula.ts";
import { Pool } from "./pool.ts";
import { richOf } from "./rules.ts";
import type { ClosureProblem } from "./types.ts";

export interface ClosureOptions {
  /** Look at packages of this architecture and noarch alone; default: all but source packages. */
  readonly arch?: string;
  /** Also name packages whose requirement is met only by packages that are themselves broken. Default false. */
  readonly deep?: boolean;
}

/**
 * Packages with requirements that nothing in the repositories meets, sorted by NEVRA. Conflicts are not looked at; a rich requirement
 * counts as met when some choice of packages meets it.
 */
export function checkClosure(repositories: readonly Repository[], options: ClosureOptions = {}): ClosureProblem[] {
  const { arch } = options;
  const pool = new Pool(repositories, (candidate) =>
    arch === undefined ? candidate !== "src" && candidate !== "nosrc" : candidate === arch || candidate === "noarch",
  );
  const context: Capabilities = { pool, assumed: () => false };
  const formulas = new Map<Dependency, Formula>();
  const formula = (dependency: Dependency): Formula => {
    let known = formulas.get(dependency);
    if (known === undefined) {
      const rich = richOf(dependency);
      known = rich === undefined ? never : formulaOf(rich, true, context);
      formulas.set(dependency, known);
    }
    return known;
  };
  const broken = new Map<number, Dependency[]>();
  const isBroken = (index: number) => broken.has(index);
  const nobody = () => false;
  for (let changed = true, first = true; changed && (first || options.deep === true); first = false) {
    changed = false;
    for (const [index, pkg] of pool.packages.entries()) {
      if (broken.has(index)) continue;
      const missing = pkg.requires.filter(
        (dependency) =>
          !dependency.name.startsWith("rpmlib(") && !possible(formula(dependency), first ? nobody : isBroken),
      );
      if (missing.length === 0) continue;
      broken.set(index, missing);
      changed = true;
    }
  }
  const problems = [...broken].map(([index, missing]): ClosureProblem => {
    return { nevra: formatNevra(pool.package(index)), repository: pool.repository(index).id, missing };
  });
  return problems.sort((a, b) => compareText(a.nevra, b.nevra));
}

function possible(formula: Formula, broken: (index: number) => boolean): boolean {
  switch (formula.kind) {
    case "any":
      return formula.packages.some((index) => !broken(index));
    case "none":
      return true;
    case "and":
      return formula.items.every((item) => possible(item, broken));
    case "or":
      return formula.items.some((item) => possible(item, broken));
  }
}
