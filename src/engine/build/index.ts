export { type Buildroot, type HostBuildroot, type HostBuildrootOptions, openHostBuildroot } from "./buildroot.ts";
export { buildComponent, type ComponentBuild, type ComponentBuildOptions } from "./component.ts";
export { type CandidatePackage, candidateOf, readArtifact } from "./packages.ts";
export { type BuildHistory, BuildStore, type StoredBuild } from "./store.ts";
export type * from "./types.ts";
export { type BaseRuntime, buildBaseRuntime } from "./base-runtime.ts";
export {
  type BlockedNode,
  type BuildAllOptions,
  type BuildOutcome,
  buildAll,
  type ComponentSources,
  type FailedNode,
} from "./all.ts";
export {
  buildGroup,
  openRepositoryBuildroot,
  type RepositoryBuildroot,
  type RepositoryBuildrootOptions,
} from "./repository-buildroot.ts";
