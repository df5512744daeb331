export { planBuild } from "./plan.ts";
export { planReasons } from "./reasons.ts";
export type * from "./types.ts";
