export { openRepositories } from "./open.ts";
export { openKeys } from "./signature.ts";
export type * from "./types.ts";
