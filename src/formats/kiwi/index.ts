export { readKiwi } from "./read.ts";
export { selectKiwi } from "./select.ts";
export type * from "./types.ts";
