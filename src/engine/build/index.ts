export { type Buildroot, type HostBuildrootOptions, openHostBuildroot } from "./buildroot.ts";
export { buildComponent, type ComponentBuild, type ComponentBuildOptions } from "./component.ts";
export { type CandidatePackage, candidateOf, readArtifact } from "./packages.ts";
export { type BuildHistory, BuildStore, type StoredBuild } from "./store.ts";
export type * from "./types.ts";
