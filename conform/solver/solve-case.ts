import { WeirError } from "../../src/core/index.ts";
import type { SolveFunction } from "./run-case.ts";

/** Weir's solver. */
export const solveCase: SolveFunction = () => {
  throw new WeirError("CASE_SOLVER", "there is no solver yet");
};
