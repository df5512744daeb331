export { type Answer, type AskOptions, ask } from "./answer/ask.ts";
export { type ClosureDocument, type ClosurePackage, closureDocument } from "./answer/closure-document.ts";
export type { Question, RequestAction, Wish } from "./answer/question.ts";
export type { RequestGroup } from "./answer/requests.ts";
export { type AnswerRequest, solutionDocument } from "./answer/solution.ts";
export type * from "./answer/types.ts";
export { checkClosure, type ClosureOptions } from "./closure.ts";
export { verifySolution } from "./check.ts";
export { checkInstallable } from "./installable.ts";
export { contains, overlaps } from "./match.ts";
export { type Capability, leavesOf, parseCapability, parseRich, type Rich } from "./rich.ts";
export { createSolver, type Solver, type SolverRequest, solve } from "./face/solver.ts";
export type * from "./types.ts";
export * from "./lock/index.ts";
export * from "./modules/index.ts";
export * from "./why/index.ts";
export { selectedPackages, selectPackages } from "./selection/index.ts";
export {
  type BrokenPackage,
  type ClosureCause,
  type ClosureChange,
  type ClosureRepository,
  keepNewest,
  type RepoclosureDocument,
  repoclosure,
} from "./closure/index.ts";
export * from "./minimize/index.ts";
