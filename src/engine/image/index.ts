export { buildImage, imageFiles } from "./build-image.ts";
export { installOrder } from "./order.ts";
export { type ImageRuleInfo, imageRules } from "./rules.ts";
export { packageUrl, type SbomPackage, type SbomSubject, writeSbom } from "./sbom.ts";
export type * from "./types.ts";
