export { archColour, compatibleArchs } from "./arch.ts";
export { compareEvrIds, type ReleaseRule, rangesMeet } from "./evr-order.ts";
export { loadPool } from "./load.ts";
export { addMetadata, dependencyId } from "./from-metadata.ts";
export { Pool, systemPackage } from "./pool.ts";
export { noProviders } from "./provider-index.ts";
export type * from "./types.ts";
