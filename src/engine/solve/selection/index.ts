export { type DependencySource, selectByDependency, selectByProvider } from "./by-dependency.ts";
export { filterBySelection, selectedPackages } from "./filter.ts";
export { isGlob, matchesGlob } from "./glob.ts";
export { packagesOf } from "./packages.ts";
export { selectPackages } from "./select.ts";
export type * from "./types.ts";
