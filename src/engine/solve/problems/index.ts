export { problemRules, tellingRule } from "./problem-rules.ts";
export { problemSentence } from "./sentences.ts";
export { type ProblemSolution, type SolutionAction, solutionsOf } from "./solutions.ts";
