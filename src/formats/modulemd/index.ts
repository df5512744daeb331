export { parseModules } from "./read.ts";
export type * from "./types.ts";
export { compareStreams, writeModules } from "./write.ts";
