import * as zlib from "node:zlib";
import { messageOf, systemCode, WeirError } from "../../core/index.ts";
import { openBzip2 } from "./bzip2.ts";
import { loadZstd } from "./packages.ts";
import type { Compression, DecompressOptions } from "./types.ts";
import { UnsupportedFilter } from "./xz-blocks.ts";
import { openXz, xzSize } from "./xz.ts";
import { zstdDeclaredSize, zstdFrames } from "./zstd-frames.ts";

const magics: readonly (readonly [Compression, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["lzma", [0x5d, 0, 0]],
];

/** How data is compressed, by its first bytes; `none` for all else. */
export function detectCompression(bytes: Uint8Array): Compression {
  if (isSkippableFrame(bytes)) return "zstd";
  for (const [name, magic] of magics) if (magic.every((byte, i) => bytes[i] === byte)) return name;
  return "none";
}

function isSkippableFrame(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0xf0) === 0x50 && bytes[1] === 0x2a && bytes[2] === 0x4d && bytes[3] === 0x18;
}

/**
 * Decompresses a whole buffer: gzip (RFC 1952, all members), zstd (RFC 8878, all frames), xz, bzip2 (all streams). Memory is bounded
 * by `limit` before it is taken. Errors: `ARCHIVE_DAMAGED`, `ARCHIVE_TOO_LARGE`, `ARCHIVE_UNSUPPORTED`.
 */
export async function decompress(bytes: Uint8Array, options: DecompressOptions): Promise<Buffer> {
  const compression = options.compression ?? detectCompression(bytes);
  try {
    switch (compression) {
      case "gzip":
        return zlib.gunzipSync(bytes, { maxOutputLength: Math.max(1, options.limit), chunkSize: gzipChunk(bytes) });
      case "zstd":
        return await openZstd(bytes, options.limit);
      case "xz":
        if (xzSize(bytes) > options.limit) throw new TooLarge();
        return await gather(openXz(bytes), options.limit);
      case "bzip2":
        return await gather(openBzip2(bytes), options.limit);
      case "lzma":
        throw unsupported("lzma data of the old kind", options.where);
      case "none":
        if (bytes.length > options.limit) throw new TooLarge();
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
  } catch (error) {
    throw explain(error, compression, options);
  }
}

/**
 * As {@link decompress}, chunk by chunk. Of zstd and xz the compressed data is gathered first, then opened frame by frame and block by
 * block (large frames of zstd in pieces where Node has zstd), so also of bzip2. A chunk is valid until the next is asked for.
 */
export async function* decompressStream(
  source: AsyncIterable<Uint8Array>,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  const { first, all } = await peek(source);
  const compression = options.compression ?? detectCompression(first);
  let total = 0;
  try {
    for await (const chunk of openStream(all, compression, options)) {
      total += chunk.length;
      if (total > options.limit) throw new TooLarge();
      yield chunk;
    }
  } catch (error) {
    throw explain(error, compression, options);
  }
}

class TooLarge extends Error {}

function unsupported(what: string, where: string): WeirError {
  return new WeirError("ARCHIVE_UNSUPPORTED", `${what} cannot be read`, {
    where,
    hints: ["compress it again as xz, gzip or zstd"],
  });
}

function explain(error: unknown, compression: Compression, options: DecompressOptions): unknown {
  if (error instanceof WeirError) return error;
  if (error instanceof UnsupportedFilter) return unsupported("xz data with other filters than LZMA2", options.where);
  const code = systemCode(error);
  if (error instanceof TooLarge || code === "ERR_BUFFER_TOO_LARGE") {
    return new WeirError("ARCHIVE_TOO_LARGE", `${compression} data opens to more than ${options.limit} bytes`, {
      where: options.where,
      hints: ["the data may be made to exhaust memory; if it is sound, raise the limit"],
    });
  }
  if (code !== undefined && !code.startsWith("Z_") && !code.startsWith("ERR_") && !code.startsWith("ZSTD_"))
    return error;
  return new WeirError("ARCHIVE_DAMAGED", `${compression} data cannot be opened: ${messageOf(error)}`, {
    where: options.where,
    hints: ["the file is damaged or was not transferred completely: fetch it again"],
    cause: error,
  });
}

async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ first: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let first: Uint8Array = new Uint8Array(0);
  let ended = false;
  while (first.length < 8 && !ended) {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  const all = (async function* () {
    try {
      if (first.length > 0) yield first;
      for (let next = ended ? undefined : await iterator.next(); next?.done === false; next = await iterator.next()) {
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  })();
  return { first, all };
}

function openStream(
  source: AsyncGenerator<Uint8Array>,
  compression: Compression,
  options: DecompressOptions,
): AsyncIterable<Uint8Array> {
  switch (compression) {
    case "none":
      return source;
    case "xz":
      return xzStream(source, options.limit);
    case "gzip":
      return through(source, gunzip(options.pieceSize ?? 256 << 10));
    case "zstd":
      return zstdStream(source, options.limit);
    case "bzip2":
      return bzip2Stream(source, options.limit);
    default:
      return wholeFirst(source, { ...options, compression });
  }
}

/** Opens some pieces ahead on another thread while one is looked at. */
function gunzip(pieceSize: number): zlib.Gunzip {
  const options: zlib.ZlibOptions & { readonly readableHighWaterMark: number } = {
    chunkSize: pieceSize,
    readableHighWaterMark: 2 * pieceSize,
  };
  return zlib.createGunzip(options);
}

async function* wholeFirst(source: AsyncIterable<Uint8Array>, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  yield await decompress(await gather(source, options.limit), options);
}

async function* through(source: AsyncIterable<Uint8Array>, transform: zlib.Gunzip): AsyncGenerator<Uint8Array> {
  let stopped = false;
  const feed = (async () => {
    for await (const chunk of source) {
      if (stopped) return;
      if (!transform.write(chunk)) {
        await new Promise<void>((resolve) => {
          const done = () => {
            transform.off("drain", done).off("close", done).off("error", done);
            resolve();
          };
          transform.on("drain", done).on("close", done).on("error", done);
        });
      }
    }
    transform.end();
  })().catch((error: unknown) => {
    transform.destroy(error instanceof Error ? error : new Error(messageOf(error)));
  });
  try {
    yield* transform as AsyncIterable<Uint8Array>;
  } finally {
    stopped = true;
    transform.destroy();
    await feed;
  }
}

async function* bzip2Stream(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  yield* openBzip2(await gather(source, limit));
}

async function* xzStream(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  const bytes = await gather(source, limit);
  if (xzSize(bytes) > limit) throw new TooLarge();
  yield* openXz(bytes);
}

async function gather(source: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of source) {
    total += part.length;
    if (total > limit) throw new TooLarge();
    parts.push(Uint8Array.prototype.slice.call(part));
  }
  return Buffer.concat(parts, total);
}

/** Room for the usual ratio at once, so that the output is not pieced together from small chunks. */
function gzipChunk(bytes: Uint8Array): number {
  return Math.min(1 << 20, Math.max(16 << 10, bytes.length * 4));
}

type ZstdSync = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;
type ZstdWasm = typeof import("@bokuweb/zstd-wasm");

/** More than this is not asked of the WebAssembly heap, which ends at 2 GiB. */
const wasmMost = 1 << 30;
let zstdWasm: Promise<ZstdWasm> | undefined;

async function openZstd(bytes: Uint8Array, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of openFrames(bytes, limit)) {
    total += part.length;
    parts.push(part);
  }
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return Buffer.from(only.buffer, only.byteOffset, only.length);
  return Buffer.concat(parts, total);
}

/** Each frame opened by itself. */
async function* openFrames(bytes: Uint8Array, limit: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for (const { data, bound, declared } of soundFrames(bytes)) {
    if ((declared ?? 0) > limit - total) throw new TooLarge();
    const part = await openFrame(data, declared ?? bound, limit - total);
    total += part.length;
    if (total > limit) throw new TooLarge();
    yield part;
  }
}

function* soundFrames(bytes: Uint8Array): Generator<{ data: Uint8Array; bound: number; declared: number | undefined }> {
  for (const frame of zstdFrames(bytes)) {
    const data = bytes.subarray(frame.start, frame.end);
    const declared = zstdDeclaredSize(data);
    if (declared !== undefined && declared > frame.bound) throw new Error("a frame declares more than its blocks hold");
    yield { data, bound: frame.bound, declared };
  }
}

/** Frames that may open to more than this are opened piece by piece, where Node can. */
const STREAM_FROM = 8 << 20;

type ZstdStream = (options: { readonly chunkSize: number }) => zlib.Gunzip;

/** Frame by frame: Node's own stream ends quietly after the first of several. */
async function* zstdStream(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  const bytes = await gather(source, limit);
  const native = (zlib as { readonly createZstdDecompress?: ZstdStream }).createZstdDecompress;
  let total = 0;
  for (const { data, bound, declared } of soundFrames(bytes)) {
    const size = declared ?? bound;
    if ((declared ?? 0) > limit - total) throw new TooLarge();
    if (native === undefined || size <= STREAM_FROM) {
      const part = await openFrame(data, size, limit - total);
      total += part.length;
      yield part;
      continue;
    }
    let opened = 0;
    for await (const chunk of through(oneChunk(data), native({ chunkSize: 256 << 10 }))) {
      opened += chunk.length;
      yield chunk;
    }
    if (declared !== undefined && opened !== declared) throw new Error("a frame gives less than it declares");
    total += opened;
  }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function openFrame(frame: Uint8Array, bound: number, room: number): Promise<Uint8Array> {
  const native = (zlib as { readonly zstdDecompressSync?: ZstdSync }).zstdDecompressSync;
  if (native) return native(frame, { maxOutputLength: Math.max(1, room) });
  if (bound > wasmMost || frame.length > wasmMost) throw new TooLarge();
  const module = await zstdModule();
  return module.decompress(frame, { defaultHeapSize: Math.max(1, bound) });
}

/** The WebAssembly build of zstd, loaded once. */
export function zstdModule(): Promise<ZstdWasm> {
  zstdWasm ??= (async () => {
    const module = loadZstd();
    await module.init();
    return module;
  })();
  return zstdWasm;
}
