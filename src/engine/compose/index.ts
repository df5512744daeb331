export { compose } from "./compose.ts";
export { cutGroups } from "./groups.ts";
export { readSnapshot, snapshotFile } from "./snapshot.ts";
export type * from "./types.ts";
