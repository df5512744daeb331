export { openRepositories } from "./open.ts";
export { packageAddress, readSource } from "./read-source.ts";
export type * from "./types.ts";
