export { MacroContext } from "./context.ts";
export { evaluateExpression } from "./expression.ts";
export { findPattern, type PatternMatch, substitutePattern } from "./lua-pattern.ts";
export { loadMacroSet, type MacroSetOptions } from "./macro-set.ts";
export { LineJoiner } from "./scan.ts";
export type * from "./types.ts";
