export type { Demand } from "./closure-search.ts";
export { type MinimizeOptions, minimizeClosure } from "./minimize.ts";
export { ServiceScan } from "./service-scan.ts";
export type * from "./types.ts";
export { matchesGlob } from "../selection/glob.ts";
