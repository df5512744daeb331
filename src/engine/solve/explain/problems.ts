import { compareText } from "../../../core/index.ts";
import type { AnswerProblem, Hint } from "../answer/types.ts";
import type { SolverProblem, SolverResult } from "../jobs.ts";
import { problemRules } from "../problems/index.ts";
import type { ExplainContext } from "./context.ts";
import { derive, proofClauses } from "./proof.ts";
import { Sentences } from "./sentences.ts";
import { type Story, type StoryCause, tellStory } from "./story.ts";

/** A problem told, before hints are looked for. */
export interface ToldProblem {
  readonly story: Story;
  /** Jobs of all problems that come down to the same. */
  readonly jobs: readonly number[];
  /** How many problems these are. */
  readonly count: number;
}

const mostFlat = 40;

/** Tells each problem; those that come down to the same cause are one. */
export function tellProblems(result: SolverResult, context: ExplainContext): ToldProblem[] {
  const told = new Map<string, ToldProblem>();
  for (const problem of result.problems) {
    const story = tellProblem(problem, result, context);
    const key = story.causes[0]?.text ?? story.chain.join("\n");
    const known = told.get(key);
    if (known === undefined) told.set(key, { story, jobs: story.jobs, count: 1 });
    else {
      const tree = [
        ...known.story.tree,
        ...story.tree.filter((node) => !known.story.tree.some((other) => other.text === node.text)),
      ];
      const jobs = [...new Set([...known.jobs, ...story.jobs])].sort((a, b) => a - b);
      told.set(key, { story: { ...known.story, tree }, jobs, count: known.count + 1 });
    }
  }
  return [...told.values()];
}

function tellProblem(problem: SolverProblem, result: SolverResult, context: ExplainContext): Story {
  const clauses = proofClauses(result.rules, problemRules(result, problem));
  const contradiction = derive(clauses);
  if (contradiction !== undefined) return tellStory(contradiction, context);
  // Too large to be derived anew: the rules one after the other, as they are.
  const say = new Sentences(context);
  const lines = [...new Set(clauses.map((clause) => say.clause(clause)))].slice(0, mostFlat);
  const jobs = [...new Set(clauses.map((clause) => context.jobOf(clause.rule)).filter((job) => job >= 0))];
  const cause: StoryCause = {
    kind: "refused",
    text: lines[0] ?? "",
    packages: [],
    dependency: "",
    members: [],
    need: 0,
    job: -1,
    against: 0,
  };
  return {
    tree: lines.map((text) => ({ text, children: [] })),
    causes: lines.length === 0 ? [] : [cause],
    chain: lines,
    jobs: jobs.sort((a, b) => a - b),
  };
}

/** A told problem as it is given to programs. */
export function problemOf(told: ToldProblem, hints: readonly Hint[], context: ExplainContext): AnswerProblem {
  const { story } = told;
  const texts = [...new Set(told.jobs.map((job) => context.requestOf(job)))].sort(compareText);
  const subject = texts.join(", ");
  const shown = texts.length > 3 ? `${texts.slice(0, 3).join(", ")} and ${texts.length - 3} more` : subject;
  const action = context.jobs[told.jobs[0] ?? -1]?.action;
  const verb = action === "erase" ? "remove" : action === "update" || action === "distupgrade" ? "update" : "install";
  const [cause] = story.causes;
  const what = shown === "" ? "there is a contradiction" : `cannot ${verb} ${shown}`;
  return {
    subject,
    message: cause === undefined ? what : `${what}: ${cause.text}`,
    chain: story.chain,
    tree: story.tree,
    hints,
    causes: story.causes.map(({ kind, text, packages, dependency }) => ({ kind, text, packages, dependency })),
  };
}
