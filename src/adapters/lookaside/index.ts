export { cachedPath, fetchSource } from "./fetch-source.ts";
export type { CachedSource, LookasideOptions } from "./types.ts";
