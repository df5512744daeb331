export { filterByModules, type ModuleFilter } from "./filter.ts";
export { type ActiveModules, activeModules, type ModuleChoices, type StreamFacts } from "./streams.ts";
