export type * from "./build-types.ts";
export { describedValues } from "./describe.ts";
export { formatDependency } from "./format-dependency.ts";
export { headerValue, headerValues } from "./header-values.ts";
export { RpmHeader } from "./header.ts";
export { isRpmlib, packageHeadOf, packageOfHeader, type RpmPackageHead } from "./package.ts";
export {
  type RpmFileHead,
  type RpmHeaders,
  type RpmSource,
  readRpm,
  readRpmHeaders,
  withSignatureSizes,
} from "./read.ts";
export { installedSize, layEntries, needsLong } from "./lay-entries.ts";
export { type Capability, leavesOf, parseCapability, parseRich, type Rich } from "./rich.ts";
export { isVersion6, signatureHeaderWith } from "./resign.ts";
export { type RpmSignature, signaturesOf } from "./signatures.ts";
export { type KnownTag, knownTag, tagName } from "./known-tags.ts";
export { signatureTag, tag, valueType } from "./tags.ts";
export * from "./types.ts";
export { headerMagic, type RpmCheck, type RpmObserver, type RpmVerification, verifyRpm } from "./verify.ts";
export { appendToHeader, type HeaderValue, writeHeader } from "./write-header.ts";
export { type HeadOptions, writeMainHeader, writePackageHead } from "./write-package.ts";
