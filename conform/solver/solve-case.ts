import { runSolver } from "../../src/engine/solve/run.ts";
import type { SolveFunction } from "./run-case.ts";

/** Weir's solver. */
export const solveCase: SolveFunction = runSolver;
