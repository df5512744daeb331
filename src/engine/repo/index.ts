export { createRepository } from "./create.ts";
export type * from "./types.ts";
