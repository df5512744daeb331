import { runSolver } from "../../src/engine/solve/run.ts";
import type { SolverFlags, SolverJob, SolverResult } from "../../src/engine/solve/jobs.ts";
import { problemSentence } from "../../src/engine/solve/problems/index.ts";
import { readCaseJob } from "../solver/job-text.ts";
import { casePackageText } from "../solver/package-text.ts";
import { wordsOf } from "../solver/words.ts";
import type { OwnSettings } from "./peer.ts";
import type { DiffRequest } from "./request.ts";
import type { Universe } from "./universe.ts";

/** What a solver says to a request. */
export interface Answer {
  /** Packages to install as cases write them, without their repository, sorted; empty where there are problems. */
  readonly install: readonly string[];
  /** A sentence each; empty where the request can be met. */
  readonly problems: readonly string[];
}

/** Weir's answer, and the packages as numbers. */
export interface OwnAnswer extends Answer {
  readonly result: SolverResult;
  readonly milliseconds: number;
}

/** Asks Weir, with settings besides whether recommended packages come along. */
export function askWeir({ pool }: Universe, request: DiffRequest, more: OwnSettings): OwnAnswer {
  let jobs: SolverJob[] = [];
  for (const item of request.items) {
    const flags = item.startsWith("name ") ? "" : (more.capabilityFlags ?? "");
    jobs = readCaseJob(pool, ["install", ...wordsOf(`${item} ${flags}`)], jobs);
  }
  for (const job of more.jobs) jobs = readCaseJob(pool, wordsOf(job), jobs);
  const flags: SolverFlags = {
    allowNameChange: true,
    dupAllowDowngrade: true,
    dupAllowNameChange: true,
    dupAllowArchChange: true,
    dupAllowVendorChange: true,
    ...(request.weak ? {} : { ignoreRecommended: true }),
    ...more.flags,
  };
  const start = performance.now();
  const result = runSolver(pool, jobs, flags);
  const milliseconds = performance.now() - start;
  const problems = result.problems.map((problem) => problemSentence(result, problem));
  const packages =
    problems.length > 0 ? [] : result.steps.filter(({ type }) => /install$/.test(type)).map((step) => step.package);
  return {
    install: packages.map((pkg) => plainText(casePackageText(pool, pkg))).sort(),
    problems,
    result,
    milliseconds,
  };
}

/** A package of a case without `@repository`. */
export function plainText(text: string): string {
  const at = text.lastIndexOf("@");
  return at < 0 ? text : text.slice(0, at);
}
