export { compressStream } from "./compress.ts";
export { CpioReader } from "./cpio.ts";
export { decompress, decompressStream, detectCompression } from "./decompress.ts";
export { type PackOptions, packageBytes, type WrittenPackage, writePackage } from "./pack.ts";
export { RootPaths } from "./root-paths.ts";
export { type TarEntry, tarEnd, tarHead, tarPadding } from "./tar-write.ts";
export type * from "./types.ts";
export { openPayload, unpackRpm } from "./unpack.ts";
export { zstdFrames } from "./zstd-frames.ts";
