import type { SolverResult } from "../../src/engine/solve/jobs.ts";
import {
  type ProblemSolution,
  problemRules,
  problemSentence,
  type SolutionAction,
  solutionsOf,
} from "../../src/engine/solve/problems/index.ts";
import { digestOf, ruleIdentity, sortedTexts } from "./identity.ts";
import { caseJobText } from "./job-text.ts";
import { casePackageText } from "./package-text.ts";

/** `problem ID info SENTENCE` and `problem ID solution ID ACTION` for each problem. Solves again to find solutions. */
export function problemLines(result: SolverResult): string[] {
  const started = result.problems.map((problem) => {
    const identities = sortedTexts(problemRules(result, problem).map((rule) => ruleIdentity(result, rule)));
    return { problem, start: `problem ${digestOf(identities, 4)}` };
  });
  const lines = started.map(({ problem, start }) => `${start} info ${problemSentence(result, problem)}`);
  for (const { problem, start } of started)
    for (const solution of solutionsOf(result, problem))
      for (const action of solution.actions)
        lines.push(`${start} solution ${solutionIdentity(result, solution)} ${actionText(result, action)}`);
  return lines;
}

function solutionIdentity(result: SolverResult, { element }: ProblemSolution): string {
  if (element >= 0) return digestOf([ruleIdentity(result, element)], 4);
  const job = result.jobs[~element];
  return digestOf([job === undefined ? "" : caseJobText(result.pool, job)], 4);
}

function actionText({ pool, jobs }: SolverResult, action: SolutionAction): string {
  const text = (pkg: number): string => casePackageText(pool, pkg);
  switch (action.kind) {
    case "delete-job": {
      const job = jobs[action.job];
      return `deljob ${job === undefined ? "" : caseJobText(pool, job)}`;
    }
    case "erase":
      return `erase ${text(action.package)}`;
    case "replace":
      return `replace ${text(action.package)} ${text(action.by)}`;
    case "allow":
      return `allow ${text(action.package)}`;
  }
}
