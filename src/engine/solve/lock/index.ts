export { parseLock } from "./read.ts";
export { checkQuestion, type LockQuestion, resolveLock } from "./resolve.ts";
export type * from "./types.ts";
export { formatLock } from "./write.ts";
