export { createRepository } from "./create.ts";
export { diffRepositories, type PackageChange, type PackageChangeKind, type RepositoryDiff } from "./diff.ts";
export { type ExtraType, extraTypes, readExtra } from "./extra.ts";
export { describeRepository, type RepositoryInfo } from "./info.ts";
export { newest, queryPackages, type RepositoryQuery, sourcesOf } from "./query.ts";
export { parseChannels } from "./split.ts";
export type * from "./types.ts";
