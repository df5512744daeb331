import type { Repository } from "../../../formats/rpmmd/index.ts";
import type { Pool } from "../../pool/index.ts";
import { problemOf, tellProblems, type ToldProblem } from "../explain/index.ts";
import type { ExplainContext } from "../explain/index.ts";
import type { SolverResult } from "../jobs.ts";
import type { SolveProblem } from "../types.ts";
import { hintsForMissing } from "./hints.ts";

export interface ProblemFacts {
  readonly repositories: readonly Repository[];
  requestOf(job: number): string;
  /** Names that were left out. */
  readonly excluded: readonly string[];
}

/** Problems in sentences, each with what to do about it. */
export function problemsOf(result: SolverResult, facts: ProblemFacts): SolveProblem[] {
  const { pool } = result;
  const context: ExplainContext = {
    pool,
    jobs: result.jobs,
    jobOf: (rule) => result.rules.job(rule),
    requestOf: (job) => facts.requestOf(job),
    whyNotConsidered: (pkg) =>
      facts.excluded.includes(pool.columns.strings.text(pool.columns.name[pkg] as number)) ? "is excluded" : undefined,
  };
  return tellProblems(result, context).map((told) => {
    const { message, chain } = problemOf(told, [], context);
    return { message, chain, hints: hintsOf(told, pool, facts) };
  });
}

function hintsOf(told: ToldProblem, pool: Pool, facts: ProblemFacts): string[] {
  const hints = new Set<string>();
  for (const cause of told.story.causes) {
    if (cause.kind === "excluded") {
      for (const pkg of cause.members)
        hints.add(`do not exclude ${pool.columns.strings.text(pool.columns.name[pkg] as number)}`);
    } else if (cause.kind === "nothing-provides" || cause.kind === "unknown-request") {
      const [by = 0] = cause.kind === "unknown-request" ? [] : cause.members;
      for (const hint of hintsForMissing(pool, cause.need, by, facts.repositories)) hints.add(hint);
    }
  }
  return [...hints];
}
