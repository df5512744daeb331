export { parseUpdateinfo, readUpdateinfo } from "./read.ts";
export type * from "./types.ts";
export { writeUpdateinfo } from "./write.ts";
