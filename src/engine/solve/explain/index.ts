export type { ExplainContext } from "./context.ts";
export { type Change, type HintContext, hintsFor } from "./hints.ts";
export { problemOf, type ToldProblem, tellProblems } from "./problems.ts";
export { byVersion } from "./words.ts";
