import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { run, WeirError } from "../../core/index.ts";

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
const zstdLevel = 10;
/** What fits into the WebAssembly heap beside its compressed form. */
const zstdMost = 512 << 20;

const deflateRaw = promisify(
  (data: Uint8Array, options: zlib.ZlibOptions, done: (error: Error | null, packed: Buffer) => void) =>
    zlib.deflateRaw(data, options, done),
);

/**
 * Compresses one document. Equal bytes give equal bytes under one version of the compressor. gzip (RFC 1952) is one member without name
 * and time; zstd (RFC 8878) is one frame. Errors: `RPMMD_TOO_LARGE`, and those of running `xz`.
 */
export async function compressDocument(data: Uint8Array, compression: MetadataCompression): Promise<Uint8Array> {
  switch (compression) {
    case "gzip":
      return await gzip(data);
    case "none":
      return data;
    case "zstd":
      return await zstd(data);
    case "xz":
      return await xz(data);
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

type Zstd = typeof import("@bokuweb/zstd-wasm");
let loaded: Promise<Zstd> | undefined;

/** One version of the compressor on every Node, which the native one is not. */
async function zstd(data: Uint8Array): Promise<Uint8Array> {
  if (data.length > zstdMost) {
    throw new WeirError("RPMMD_TOO_LARGE", `zstd compresses no more than ${zstdMost} bytes here, not ${data.length}`, {
      hints: ["use gzip or xz for a repository that large"],
    });
  }
  loaded ??= import("@bokuweb/zstd-wasm").then(async (module) => {
    await module.init();
    return module;
  });
  return (await loaded).compress(Buffer.from(data.buffer, data.byteOffset, data.length), zstdLevel);
}

async function xz(data: Uint8Array): Promise<Uint8Array> {
  // One thread: more would split the stream and give other bytes.
  const { stdout } = await run("xz", ["--compress", "--stdout", "--threads=1", "-6"], {
    input: data,
    maxOutput: 1 << 30,
  });
  return stdout;
}
