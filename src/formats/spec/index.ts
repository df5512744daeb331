export { parseDependencyList, type ParsedDependency, qualifierFlags } from "./dependencies.ts";
export { decodeSpec, encodeSpec, parseSpec, writeSpec } from "./document.ts";
export { evaluateSpec } from "./evaluate.ts";
export type * from "./types.ts";
