export { type Edge, type Neighbours, neighboursOf, reachable } from "./edges.ts";
export { type Path, pathsTo } from "./paths.ts";
export type * from "./types.ts";
export { type WhyOptions, whyPackage } from "./why.ts";
