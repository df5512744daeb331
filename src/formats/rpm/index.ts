export { type HeaderEntry, headerLimits, measureHeader, RpmHeader } from "./header.ts";
export { filePathsOf, isRpmlib, packageOfHeader } from "./package.ts";
export { type RpmFileHead, type RpmLead, readRpm } from "./read.ts";
export { signatureTag, tag, valueSize, valueType } from "./tags.ts";
export * from "./types.ts";
export { digestNames, headerMagic, type RpmCheck, type RpmVerification, verifyRpm } from "./verify.ts";
export { appendToHeader, type EncodedValue, encodeValue, type HeaderValue, writeHeader } from "./write-header.ts";
