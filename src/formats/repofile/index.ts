export { looksLikeMetalink, parseMetalink, parseMirrorlist } from "./metalink.ts";
export { parseRepoFile } from "./read-repo.ts";
export type * from "./types.ts";
export { baseArchitecture, refuseVariables, replaceVariables, repoVariables } from "./variables.ts";
