export { type ComponentFilter, type ListedComponent, listComponents, selectComponents } from "./list.ts";
export { type LoadOptions, loadProject } from "./load.ts";
export { compileGlob, type Glob, globMatches, globProblem } from "./load-glob.ts";
export { DefinitionError, type DefinitionIssue } from "./load-issues.ts";
export type { LoadLimits } from "./load-tree.ts";
export { type ShownValue, showComponent } from "./show.ts";
export type * from "./types.ts";
