import type { Pool } from "../../pool/index.ts";
import type { SolverJob } from "../jobs.ts";

/** What explanations say about a solve beside its rules. */
export interface ExplainContext {
  readonly pool: Pool;
  readonly jobs: readonly SolverJob[];
  /** The job a rule is for, -1 for none. */
  jobOf(rule: number): number;
  /** The words of the request behind a job. */
  requestOf(job: number): string;
  /** Day a repository was made, `2024-03-01`; undefined where it does not say. By index of the repository. */
  dateOf?(repository: number): string | undefined;
  /** Why a package is not considered; undefined where that is not known. */
  whyNotConsidered?(pkg: number): string | undefined;
}
