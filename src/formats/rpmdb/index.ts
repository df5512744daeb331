export { readRpmdb } from "./read.ts";
export * from "./types.ts";
export { writeRpmdb } from "./write.ts";
