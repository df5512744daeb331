export { parseComps } from "./read.ts";
export type * from "./types.ts";
export { writeComps } from "./write.ts";
