export type * from "./answer/types.ts";
export { checkClosure, type ClosureOptions } from "./closure.ts";
export { checkInstallable } from "./installable.ts";
export { contains, overlaps } from "./match.ts";
export { type Capability, leavesOf, parseCapability, parseRich, type Rich } from "./rich.ts";
export { createSolver, type Solver, type SolverRequest, solve } from "./solve.ts";
export type * from "./types.ts";
