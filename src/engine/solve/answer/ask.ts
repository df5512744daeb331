import type { Pool } from "../../pool/index.ts";
import { type Change, type HintContext, hintsFor, problemOf, tellProblems } from "../explain/index.ts";
import type { SolverResult } from "../jobs.ts";
import { runSolver } from "../run.ts";
import { type PreparedQuestion, prepareQuestion, type Question } from "./question.ts";
import type { AnswerRequest } from "./solution.ts";
import type { AnswerProblem } from "./types.ts";

/** Changes that are tried for all problems of a question together. */
const mostTries = 30;

export interface Answer {
  readonly result: SolverResult;
  readonly question: PreparedQuestion;
  /** What was asked to be installed, with what meets it. */
  readonly requests: readonly AnswerRequest[];
  readonly problems: readonly AnswerProblem[];
}

/** What explanations know beside the pool. */
export interface AskOptions {
  /** Day a repository was made, by its index. */
  dateOf?(repository: number): string | undefined;
  /** A sentence on who else has a dependency. */
  elsewhere?(dependency: string): string | undefined;
  /** False gives each problem in a sentence, without looking for what would help. */
  readonly hints?: boolean;
  /** The question with a module stream enabled. */
  enableModule?(question: Question, stream: string): Question | undefined;
}

/** Solves a question; problems are explained, and hints tried before they are given. Errors: those of reading requests and of the solver. */
export function ask(pool: Pool, question: Question, options: AskOptions = {}): Answer {
  const prepared = prepareQuestion(pool, question);
  const result = runSolver(pool, prepared.jobs, prepared.flags);
  const requests: AnswerRequest[] = [];
  for (const [index, request] of prepared.requests.entries()) {
    if (question.wishes[index]?.action !== "install" && question.wishes[index]?.action !== "downgrade") continue;
    for (const candidates of request.candidates) requests.push({ text: request.text, ...candidates });
  }
  const problems = result.problems.length === 0 ? [] : explainAll(pool, question, prepared, result, options);
  return { result, question: prepared, requests, problems };
}

function explainAll(
  pool: Pool,
  question: Question,
  prepared: PreparedQuestion,
  result: SolverResult,
  options: AskOptions,
): AnswerProblem[] {
  const filter = question.modules?.filter;
  let tries = mostTries;
  const context: HintContext = {
    pool,
    jobs: prepared.jobs,
    jobOf: (rule) => result.rules.job(rule),
    requestOf: (job) => prepared.requests[prepared.requestOfJob[job] ?? -1]?.text ?? "everything",
    dateOf: (repository) => options.dateOf?.(repository),
    whyNotConsidered: (pkg) => {
      if (question.without?.includes(pkg) === true) return "is left out";
      const pattern = prepared.excluded.get(pkg);
      return pattern === undefined ? filter?.why(pkg) : `is excluded (${pattern})`;
    },
    streamsOf: (pkg) => (filter?.why(pkg) === undefined ? [] : (filter?.streamsOf(pkg) ?? [])),
    excludedBy: (pkg) => {
      const pattern = prepared.excluded.get(pkg);
      return pattern !== undefined && question.exclude.includes(pattern) ? pattern : undefined;
    },
    elsewhere: (dependency) => options.elsewhere?.(dependency),
    best: question.best === true,
    hasInstalled: pool.installed >= 0,
    helps: (change, count) => {
      const changed = applyChange(question, change, options);
      if (changed === undefined || tries-- <= 0) return false;
      const other = prepareQuestion(pool, changed);
      const fewer = runSolver(pool, other.jobs, other.flags).problems.length <= result.problems.length - count;
      pool.considered = prepared.considered;
      return fewer;
    },
  };
  const told = tellProblems(result, context);
  return told.map((problem) => problemOf(problem, options.hints === false ? [] : hintsFor(problem, context), context));
}

/** The question with the change; undefined where that cannot be asked. */
function applyChange(question: Question, change: Change, options: AskOptions): Question | undefined {
  switch (change.kind) {
    case "replace":
      return {
        ...question,
        wishes: question.wishes.map((wish) => (wish.text === change.request ? { ...wish, text: change.by } : wish)),
      };
    case "drop":
      return { ...question, wishes: question.wishes.filter((wish) => wish.text !== change.request) };
    case "enable-module":
      return options.enableModule?.(question, change.stream);
    case "unexclude":
      return { ...question, exclude: question.exclude.filter((pattern) => pattern !== change.pattern) };
    case "allow-erasing":
      return { ...question, allowErasing: true };
    case "nobest":
      return { ...question, best: false };
  }
}
