export { isElf, readElf, readElfFile } from "./read.ts";
export type * from "./types.ts";
