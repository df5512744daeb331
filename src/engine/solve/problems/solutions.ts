import type { SolverProblem, SolverResult } from "../jobs.ts";
import { SolutionActions } from "./solution-actions.ts";

/** One thing to do. `allow` lets a package be there that a policy forbids. */
export type SolutionAction =
  | { readonly kind: "delete-job"; readonly job: number }
  | { readonly kind: "erase"; readonly package: number }
  | { readonly kind: "replace"; readonly package: number; readonly by: number }
  | { readonly kind: "allow"; readonly package: number };

/** A way out of a problem: all actions together. */
export interface ProblemSolution {
  /** What is given up first: a rule, or a job as `~index`. */
  readonly element: number;
  readonly actions: readonly SolutionAction[];
}

/** How often a single suggestion may be refined. */
const mostRounds = 1000;

/**
 * Ways out of a problem: for each thing that could be given up, what else has to go then. Solves again and again over the same rules, so
 * that nothing else of the result may be asked for afterwards.
 */
export function solutionsOf(result: SolverResult, problem: SolverProblem): ProblemSolution[] {
  const { jobs } = result;
  const isEssential = (element: number): boolean =>
    element < 0 && jobs[~element]?.flags?.includes("essential") === true;
  const elements = [...problem.elements].sort((a, b) => {
    if (a < 0 !== b < 0) return a < 0 ? 1 : -1;
    return Number(isEssential(a)) - Number(isEssential(b)) || a - b;
  });
  const actions = new SolutionActions(result);
  for (const essentialToo of [false, true]) {
    const found: ProblemSolution[] = [];
    for (const element of elements) {
      if (!essentialToo && isEssential(element)) continue;
      const given = refine(result, elements, element, (other) => !essentialToo && isEssential(other));
      const doing = given.flatMap((one) => actions.of(one));
      if (doing.length > 0) found.push({ element, actions: doing });
    }
    if (found.length > 0) return found;
  }
  // Nothing works out: the first thing that can be given up at all is better than no word.
  for (const element of elements) {
    const doing = actions.of(element);
    if (doing.length > 0) return [{ element: elements[elements.length - 1] ?? element, actions: doing }];
  }
  return [];
}

/** What has to be given up with one element of a problem so that there is an answer; empty where there is none that way. */
function refine(
  { rules, retry }: SolverResult,
  elements: readonly number[],
  suggestion: number,
  isUntouchable: (element: number) => boolean,
): number[] {
  for (const element of elements) if (element !== suggestion) retry.enable(element);
  retry.disable(suggestion);
  const given = [suggestion];
  const disabled: number[] = [];
  const place = elements.indexOf(suggestion);
  const kindOf = (element: number): string => (element < 0 ? "job" : rules.kind(element));
  let works = false;
  for (let round = 0; round < mostRounds; round++) {
    if (retry.solve()) {
      works = true;
      break;
    }
    const next = retry.problems[0]?.elements ?? [];
    const usable = next.filter((element) => !isUntouchable(element));
    // Elements of the problem stay, else one solution is the same as another's; in need those after the suggestion may go.
    let choice = usable.filter((element) => element === suggestion || !elements.includes(element));
    if (choice.length === 0)
      choice = usable.filter((element) => {
        const at = elements.indexOf(element);
        return element === suggestion || at < 0 || at > place;
      });
    if (choice.length === 0) break;
    const kinds = choice.map(kindOf);
    let hasFeature = kinds.includes("feature");
    if (hasFeature && kinds.includes("update") && kinds.every((kind) => kind === "update" || kind === "feature")) {
      choice = choice.filter((element) => kindOf(element) !== "feature");
      hasFeature = false;
    }
    const [only] = choice;
    // With several it is not for us to choose: who takes this solution meets another problem, and chooses there.
    if (choice.length === 1 && only !== undefined && !hasFeature && only !== suggestion) given.push(only);
    for (const element of choice) retry.disable(element);
    disabled.push(...choice);
  }
  for (const element of disabled) retry.enable(element);
  retry.reset(elements);
  return works ? given : [];
}
