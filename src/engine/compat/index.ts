export { type CompareOptions, compareDistributions } from "./compare.ts";
export { compareElf, type ElfChange } from "./elf-diff.ts";
export { PackageIndex, plainPath, sourceName } from "./package-index.ts";
export { openFromRepository } from "./open.ts";
export { buildPackageMap } from "./package-map.ts";
export { compatReport } from "./report.ts";
export { type CompatRule, type CompatRuleInfo, compatRules } from "./rules.ts";
export { matchesGlob } from "./system-diff.ts";
export * from "./types.ts";
