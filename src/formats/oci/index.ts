export { parseOciConfig, parseOciIndex, parseOciManifest } from "./decode.ts";
export { blobPath, describeBlob, encodeOci, ociLayoutFile, ociMediaType, ociPlatform } from "./encode.ts";
export type * from "./types.ts";
