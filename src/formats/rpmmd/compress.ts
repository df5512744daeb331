import { promisify } from "node:util";
import * as zlib from "node:zlib";

/** How metadata is stored. */
export const compressions = ["gzip", "zstd", "xz", "none"] as const;
export type MetadataCompression = (typeof compressions)[number];

/** What a name ends with. */
export const compressionSuffix: Readonly<Record<MetadataCompression, string>> = {
  gzip: ".gz",
  zstd: ".zst",
  xz: ".xz",
  none: "",
};

/** Pieces are compressed side by side. Their size is part of the format: another one gives other bytes. */
const pieceSize = 1 << 20;
/** How far deflate looks back (RFC 1951). */
const windowSize = 32 << 10;
const gzipLevel = 6;
/** Room for a whole piece as a rule: each further chunk is a way back to the main thread. */
const outputChunk = 256 << 10;
/** createrepo_c's. */
const levels = { zstd: 10, xz: 6 } as const;

const deflateRaw = promisify(
  (data: Uint8Array, options: zlib.ZlibOptions, done: (error: Error | null, packed: Buffer) => void) =>
    zlib.deflateRaw(data, options, done),
);

/**
 * Compresses one document. Equal bytes give equal bytes under one version of the compressor. gzip (RFC 1952) is one member without name
 * and time; Errors: those of the archive room's compressors.
 */
export async function compressDocument(data: Uint8Array, compression: MetadataCompression): Promise<Uint8Array> {
  switch (compression) {
    case "gzip":
      return await gzip(data);
    case "none":
      return data;
    default:
      return await throughStream(data, compression);
  }
}

async function gzip(data: Uint8Array): Promise<Uint8Array> {
  const pieces: Promise<Buffer>[] = [];
  for (let start = 0; start < data.length || start === 0; start += pieceSize) {
    const isLast = start + pieceSize >= data.length;
    pieces.push(
      deflateRaw(data.subarray(start, start + pieceSize), {
        level: gzipLevel,
        chunkSize: outputChunk,
        finishFlush: isLast ? zlib.constants.Z_FINISH : zlib.constants.Z_SYNC_FLUSH,
        ...(start === 0 ? {} : { dictionary: data.subarray(Math.max(0, start - windowSize), start) }),
      }),
    );
  }
  // RFC 1952: no flags, no time, no word on the compressor's zeal, operating system unknown.
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(zlib.crc32(data), 0);
  tail.writeUInt32LE(data.length % 2 ** 32, 4);
  return Buffer.concat([head, ...(await Promise.all(pieces)), tail]);
}

/** One version of the compressor on every Node, which the native one is not. Frames of some 16 MiB each. */
async function throughStream(data: Uint8Array, compressor: "zstd" | "xz"): Promise<Uint8Array> {
  const { compressStream } = await import("../archive/index.ts");
  const source = (async function* () {
    yield data;
  })();
  const parts: Uint8Array[] = [];
  for await (const part of compressStream(source, compressor, levels[compressor])) parts.push(part);
  return Buffer.concat(parts);
}
