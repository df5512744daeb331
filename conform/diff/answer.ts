import { runSolver } from "../../src/engine/solve/run.ts";
import type { SolverFlags, SolverJob, SolverResult } from "../../src/engine/solve/jobs.ts";
import { type Pool, systemPackage } from "../../src/engine/pool/index.ts";
import { packagesOf } from "../../src/engine/solve/selection/index.ts";
import { problemSentence } from "../../src/engine/solve/problems/index.ts";
import { setSolverFlags, untouchedSolverFlags } from "../solver/flags.ts";
import { readCaseJob } from "../solver/job-text.ts";
import { resultLines } from "../solver/outcome.ts";
import { wordsOf } from "../solver/words.ts";
import type { OwnSettings } from "./peer.ts";
import type { DiffRequest } from "./request.ts";
import type { Universe } from "./universe.ts";

/** What a solver says to a request. */
export interface Answer {
  /** What changes as cases write it, without repositories, sorted; empty where there are problems. */
  readonly steps: readonly string[];
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
  for (const job of request.jobs) {
    const flags = job.startsWith("install provides ") ? (more.capabilityFlags ?? "") : "";
    jobs = readCaseJob(pool, wordsOf(`${job} ${flags}`), jobs);
  }
  if (more.orObsoleters === true) jobs = jobs.map((job) => withObsoleters(pool, job));
  for (const job of more.jobs) jobs = readCaseJob(pool, wordsOf(job), jobs);
  const asked = untouchedSolverFlags();
  setSolverFlags(asked, request.weak ? request.flags : [...request.flags, "ignorerecommended"]);
  const flags: SolverFlags = { ...asked, ...more.flags };
  const start = performance.now();
  const result = runSolver(pool, jobs, flags);
  const milliseconds = performance.now() - start;
  const problems = result.problems.map((problem) => problemSentence(result, problem));
  const steps = problems.length > 0 ? [] : resultLines(result, ["transaction"]).map(plainStep).sort();
  return { steps, problems, result, milliseconds };
}

/** The job, met by packages that obsolete what it names too. */
function withObsoleters(pool: Pool, job: SolverJob): SolverJob {
  if (job.select.kind !== "name") return job;
  const named = packagesOf(pool, job.select);
  const found: number[] = [];
  for (let pkg = systemPackage + 1; pkg < pool.columns.count; pkg++) {
    if (!pool.isInstallable(pkg) || named.includes(pkg)) continue;
    for (const id of pool.dependencies(pkg, "obsoletes"))
      if (named.some((one) => pool.isNamed(one, id))) {
        found.push(pkg);
        break;
      }
  }
  if (found.length === 0) return job;
  const packages = [...named, ...found].sort((a, b) => a - b);
  return { ...job, select: { kind: "oneof", packages } };
}

/** A step of a case without repositories. */
export function plainStep(line: string): string {
  return line
    .split(" ")
    .map((word) => word.replace(/@[^@]*$/, ""))
    .join(" ");
}
