export { Clauses } from "./clauses.ts";
export { Engine } from "./engine.ts";
