export { formatDependency } from "./format-dependency.ts";
export { RpmHeader } from "./header.ts";
export { isRpmlib, packageOfHeader } from "./package.ts";
export { type RpmFileHead, readRpm } from "./read.ts";
export { type Capability, leavesOf, parseCapability, parseRich, type Rich } from "./rich.ts";
export { signatureTag, tag, valueType } from "./tags.ts";
export * from "./types.ts";
export { headerMagic, verifyRpm } from "./verify.ts";
export { appendToHeader, type HeaderValue, writeHeader } from "./write-header.ts";
