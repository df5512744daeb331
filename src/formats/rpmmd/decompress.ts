import * as zlib from "node:zlib";
import { messageOf, systemCode, WeirError } from "../../core/index.ts";

/** Bytes that one opened metadata file may have unless the caller says otherwise. */
export const defaultOpenLimit = 1 << 30;

/**
 * Opens gzip, zstd, xz or bzip2 data, told apart by their first bytes; anything else is returned as it is. `file` is for messages.
 * The result never has more than `limit` bytes. Errors: `RPMMD_DECOMPRESS`, `RPMMD_TOO_LARGE`.
 */
export async function decompress(bytes: Uint8Array, file: string, limit = defaultOpenLimit): Promise<Buffer> {
  try {
    if (startsWith(bytes, [0x1f, 0x8b])) return await openGzip(bytes, limit);
    if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return await openZstd(bytes, limit);
    if (startsWith(bytes, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])) return await openXz(bytes, limit);
    if (startsWith(bytes, [0x42, 0x5a, 0x68])) return await openBzip2(bytes, limit);
  } catch (error) {
    if (error instanceof TooLarge) throw tooLarge(file, limit);
    throw new WeirError("RPMMD_DECOMPRESS", `cannot open ${file}: ${messageOf(error)}`, {
      where: file,
      hints: ["the file is damaged or was not transferred completely: fetch it again"],
      cause: error,
    });
  }
  if (bytes.length > limit) throw tooLarge(file, limit);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

class TooLarge extends Error {}

function tooLarge(file: string, limit: number): WeirError {
  return new WeirError("RPMMD_TOO_LARGE", `${file} opens to more than ${limit} bytes`, {
    where: file,
    hints: ["raise the limit on opened metadata if the repository is really that large"],
  });
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function openGzip(bytes: Uint8Array, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zlib.gunzip(bytes, { maxOutputLength: limit, chunkSize: 1 << 20 }, (error, result) => {
      if (!error) resolve(result);
      else reject(systemCode(error) === "ERR_BUFFER_TOO_LARGE" ? new TooLarge() : error);
    });
  });
}

interface ZstdFrame {
  readonly start: number;
  readonly end: number;
  /** No more bytes than this come out of it. */
  readonly bound: number;
}

/**
 * Walks the frames of zstd data without decoding them, so that the size is bounded before any memory is taken (RFC 8878, 3.1.1).
 * Skippable frames are left out.
 */
export function zstdFrames(bytes: Uint8Array): ZstdFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames: ZstdFrame[] = [];
  let at = 0;
  const need = (count: number) => {
    if (at + count > bytes.length) throw new Error(`zstd data ends at byte ${bytes.length} inside a frame`);
  };
  while (at < bytes.length) {
    const start = at;
    need(8);
    const magic = view.getUint32(at, true);
    if (magic >>> 4 === 0x184d2a5) {
      const size = view.getUint32(at + 4, true);
      at += 8;
      need(size);
      at += size;
      continue;
    }
    if (magic !== 0xfd2fb528) throw new Error(`no zstd frame at byte ${at}`);
    const descriptor = view.getUint8(at + 4);
    const single = (descriptor & 32) !== 0;
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
    at += 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + sizeBytes;
    let bound = 0;
    for (let last = false; !last; ) {
      need(3);
      const header = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16);
      at += 3;
      last = (header & 1) === 1;
      const kind = (header >>> 1) & 3;
      const size = header >>> 3;
      if (kind === 3) throw new Error(`reserved zstd block at byte ${at - 3}`);
      bound += kind === 2 ? 1 << 17 : size;
      need(kind === 1 ? 1 : size);
      at += kind === 1 ? 1 : size;
    }
    if ((descriptor & 4) !== 0) {
      need(4);
      at += 4;
    }
    frames.push({ start, end: at, bound });
  }
  return frames;
}

type ZstdOpen = (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer;

async function openZstd(bytes: Uint8Array, limit: number): Promise<Buffer> {
  const frames = zstdFrames(bytes);
  const open = await zstdFrameOpener();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const frame of frames) {
    const part = open(bytes.subarray(frame.start, frame.end), frame.bound, limit - total);
    total += part.length;
    if (total > limit) throw new TooLarge();
    parts.push(part);
  }
  const only = parts.length === 1 ? parts[0] : undefined;
  return only ? Buffer.from(only.buffer, only.byteOffset, only.length) : Buffer.concat(parts, total);
}

async function zstdFrameOpener(): Promise<(frame: Uint8Array, bound: number, room: number) => Uint8Array> {
  const native = "zstdDecompressSync" in zlib ? (zlib.zstdDecompressSync as ZstdOpen) : undefined;
  if (native) {
    return (frame, _bound, room) => {
      try {
        return native(frame, { maxOutputLength: Math.max(1, room) });
      } catch (error) {
        throw systemCode(error) === "ERR_BUFFER_TOO_LARGE" ? new TooLarge() : error;
      }
    };
  }
  const wasm = await import("@bokuweb/zstd-wasm");
  await wasm.init();
  return (frame, bound, room) => {
    // The declared size, or the bound without one, decides how much memory is taken: refuse before it is.
    const declared = declaredSize(frame);
    if (declared !== undefined && declared > bound) throw new Error("zstd frame declares more than its blocks hold");
    if ((declared ?? 0) > room || (declared ?? bound) > wasmMost) throw new TooLarge();
    return wasm.decompress(frame, { defaultHeapSize: Math.max(1, bound) });
  };
}

/** More than this is not asked of the WebAssembly heap, which has 2 GiB in all. */
const wasmMost = 1 << 30;

function declaredSize(frame: Uint8Array): number | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const descriptor = view.getUint8(4);
  const single = (descriptor & 32) !== 0;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  switch (descriptor >>> 6) {
    case 0:
      return single ? view.getUint8(at) : undefined;
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

async function openXz(bytes: Uint8Array, limit: number): Promise<Buffer> {
  const { XzReadableStream } = await import("xz-decompress");
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of new XzReadableStream(source) as AsyncIterable<Uint8Array>) {
    total += part.length;
    if (total > limit) throw new TooLarge();
    parts.push(part.slice());
  }
  return Buffer.concat(parts, total);
}

interface Bunzip {
  decode(input: Uint8Array, output: { writeByte(byte: number): void; flush?(): void }, multistream: boolean): void;
}

async function openBzip2(bytes: Uint8Array, limit: number): Promise<Buffer> {
  const module = (await import("seek-bzip" as string)) as { default: Bunzip };
  let out = Buffer.allocUnsafe(Math.min(limit, Math.max(1 << 16, bytes.length * 8)));
  let length = 0;
  const writeByte = (byte: number) => {
    if (length === out.length) {
      if (length >= limit) throw new TooLarge();
      const larger = Buffer.allocUnsafe(Math.min(limit, out.length * 2));
      out.copy(larger, 0, 0, length);
      out = larger;
    }
    out[length++] = byte;
  };
  module.default.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { writeByte }, true);
  return out.subarray(0, length);
}
