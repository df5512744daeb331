import { crc32 } from "node:zlib";

/** Sound data in a form that is not read here. */
export class UnsupportedFilter extends Error {}

/** Kinds of integrity check of an xz stream, by number, and their bytes. */
export type XzCheck = "none" | "crc32" | "crc64" | "sha256";

/** A block of xz data: its LZMA2 chunks (end exclusive), what comes out of it, and the check over that. */
export interface XzBlock {
  readonly start: number;
  readonly end: number;
  readonly size: number;
  readonly dictionary: number;
  readonly check: XzCheck;
  readonly expected: Uint8Array;
}

const checks: Readonly<Record<number, readonly [XzCheck, number]>> = {
  0: ["none", 0],
  1: ["crc32", 4],
  4: ["crc64", 8],
  10: ["sha256", 32],
};

/**
 * Walks streams, blocks and LZMA2 chunks without decoding them (the .xz file format 1.2), so that sizes are known before any memory is
 * taken. Throws a plain Error on data that does not add up, {@link UnsupportedFilter} on filters other than LZMA2.
 */
export function xzBlocks(bytes: Uint8Array): XzBlock[] {
  const walker = new Walker(bytes);
  const blocks: XzBlock[] = [];
  while (!walker.atEnd) {
    if (walker.skipPadding()) continue;
    walker.stream(blocks);
  }
  return blocks;
}

class Walker {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skipPadding(): boolean {
    if (this.#at === 0 || this.#byte(0) !== 0) return false;
    if (this.#take(4) !== this.#at - 4 || this.#view.getUint32(this.#at - 4) !== 0) throw this.#bad("stream padding");
    return true;
  }

  stream(blocks: XzBlock[]): void {
    const start = this.#take(12);
    const head = this.#bytes.subarray(start, start + 6);
    const kind = checks[this.#byte(7, start)];
    if (!head.every((byte, i) => byte === magic[i]) || this.#byte(6, start) !== 0 || !kind)
      throw this.#bad("stream header");
    if (crc32(this.#bytes.subarray(start + 6, start + 8)) !== this.#view.getUint32(start + 8, true)) {
      throw this.#bad("stream header");
    }
    const records: { readonly unpadded: number; readonly size: number }[] = [];
    while (this.#byte(0) !== 0) records.push(this.#block(kind, blocks));
    this.#index(records);
    const footer = this.#take(12);
    if (this.#byte(10, footer) !== 0x59 || this.#byte(11, footer) !== 0x5a) throw this.#bad("stream footer");
    if (this.#byte(9, footer) !== this.#byte(7, start)) throw this.#bad("stream footer");
  }

  #block([check, checkSize]: readonly [XzCheck, number], blocks: XzBlock[]): { unpadded: number; size: number } {
    const start = this.#at;
    const headerSize = (this.#byte(0) + 1) * 4;
    this.#take(headerSize);
    const afterHeader = this.#at;
    if (crc32(this.#bytes.subarray(start, afterHeader - 4)) !== this.#view.getUint32(afterHeader - 4, true)) {
      throw this.#bad("block header");
    }
    this.#at = start + 1;
    const flags = this.#bytes[this.#take(1)] ?? 0;
    if ((flags & 0x40) !== 0) this.#number();
    if ((flags & 0x80) !== 0) this.#number();
    const filter = this.#number();
    if ((flags & 3) !== 0 || filter !== 0x21) throw new UnsupportedFilter("filters other than LZMA2 cannot be read");
    if (this.#number() !== 1) throw this.#bad("block header");
    const bits = this.#bytes[this.#take(1)] ?? 0;
    if (bits > 40 || this.#at > afterHeader - 4) throw this.#bad("block header");
    this.#at = afterHeader;
    const size = this.#chunks();
    const end = this.#at;
    this.#take((4 - ((end - start) % 4)) % 4);
    const at = this.#take(checkSize);
    blocks.push({
      start: afterHeader,
      end,
      size,
      dictionary: bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11),
      check,
      expected: this.#bytes.subarray(at, at + checkSize),
    });
    return { unpadded: end - start + checkSize, size };
  }

  /** LZMA2 chunks up to and with the end marker; gives how many bytes come out of them. */
  #chunks(): number {
    let size = 0;
    for (;;) {
      const control = this.#bytes[this.#take(1)] ?? 0;
      if (control === 0) return size;
      if (control < 0x80) {
        if (control > 2) throw this.#bad("LZMA2 chunk");
        const length = this.#view.getUint16(this.#take(2)) + 1;
        this.#take(length);
        size += length;
        continue;
      }
      const at = this.#take(4);
      size += ((control & 0x1f) << 16) + this.#view.getUint16(at) + 1;
      this.#take(this.#view.getUint16(at + 2) + 1 + (control >= 0xc0 ? 1 : 0));
    }
  }

  #index(records: readonly { readonly unpadded: number; readonly size: number }[]): void {
    const start = this.#take(1);
    if (this.#number() !== records.length) throw this.#bad("index");
    for (const record of records) {
      if (this.#number() !== record.unpadded || this.#number() !== record.size) throw this.#bad("index");
    }
    this.#take((4 - ((this.#at - start) % 4)) % 4);
    this.#take(4);
  }

  /** A number of variable length, 7 bits a byte, the lowest first. */
  #number(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.#bytes[this.#take(1)] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw this.#bad("number");
  }

  #byte(offset: number, from = this.#at): number {
    const byte = this.#bytes[from + offset];
    if (byte === undefined) throw new Error(`data ends at byte ${this.#bytes.length} inside a stream`);
    return byte;
  }

  /** Moves on by so many bytes, which must be there, and gives where they start. */
  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw new Error(`data ends at byte ${this.#bytes.length} inside a stream`);
    this.#at = start + count;
    return start;
  }

  #bad(what: string): Error {
    return new Error(`unsound ${what} before byte ${this.#at}`);
  }
}

const magic: readonly number[] = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];

/**
 * The block as a stream of its own without check: what every xz decoder accepts, also one that knows neither SHA-256 nor several
 * streams. The dictionary is no larger than what comes out.
 */
export function xzStreamOf(bytes: Uint8Array, block: XzBlock): Buffer {
  const data = bytes.subarray(block.start, block.end);
  const head = Buffer.from([...magic, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(crc32(head.subarray(6, 8)), 8);
  const blockHead = Buffer.from([
    2,
    0,
    0x21,
    1,
    dictionaryBits(Math.min(block.dictionary, block.size)),
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  blockHead.writeUInt32LE(crc32(blockHead.subarray(0, 8)), 8);
  const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
  const records = [0, 1, ...encodeNumber(blockHead.length + data.length), ...encodeNumber(block.size)];
  while (records.length % 4 !== 0) records.push(0);
  const index = Buffer.from([...records, 0, 0, 0, 0]);
  index.writeUInt32LE(crc32(index.subarray(0, -4)), index.length - 4);
  const footer = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x59, 0x5a]);
  footer.writeUInt32LE(index.length / 4 - 1, 4);
  footer.writeUInt32LE(crc32(footer.subarray(4, 10)), 0);
  return Buffer.concat([head, blockHead, data, padding, index, footer]);
}

function dictionaryBits(size: number): number {
  let bits = 0;
  while (bits < 40 && (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11) < size) bits++;
  return bits;
}

function encodeNumber(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return bytes;
}
