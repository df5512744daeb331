import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { loadXz } from "./packages.ts";
import { type XzBlock, type XzCheck, xzBlocks, xzStreamOf } from "./xz-blocks.ts";

/** What is needed of a dictionary at most; xz itself makes 64 MiB with -9. */
const DICTIONARY_MOST = 256 << 20;

/** How many bytes come out of xz data; throws a plain Error on data that does not add up. */
export function xzSize(bytes: Uint8Array): number {
  return xzBlocks(bytes).reduce((sum, block) => sum + block.size, 0);
}

/** Decompresses whole xz data chunk by chunk, all streams and blocks, and checks what each block states of its content. */
export async function* openXz(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = loadXz();
  for (const block of xzBlocks(bytes)) {
    if (Math.min(block.dictionary, block.size) > DICTIONARY_MOST) {
      throw new Error(`a dictionary of ${block.dictionary} bytes is too large`);
    }
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(xzStreamOf(bytes, block));
        controller.close();
      },
    });
    const check = makeCheck(block.check);
    let size = 0;
    for await (const chunk of new XzReadableStream(source) as unknown as AsyncIterable<Uint8Array>) {
      if (chunk.length === 0) continue;
      size += chunk.length;
      check?.update(chunk);
      yield chunk;
    }
    verify(block, size, check?.digest());
  }
}

function verify(block: XzBlock, size: number, actual: Uint8Array | undefined): void {
  if (size !== block.size) throw new Error(`a block gives ${size} bytes and states ${block.size}`);
  if (actual && !actual.every((byte, i) => byte === block.expected[i])) {
    throw new Error(`the ${block.check} of a block is not what it states`);
  }
}

interface Check {
  update(chunk: Uint8Array): unknown;
  digest(): Uint8Array;
}

function makeCheck(kind: XzCheck): Check | undefined {
  if (kind === "none") return undefined;
  if (kind === "sha256") return createHash("sha256");
  if (kind === "crc64") return new Crc64();
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    },
  };
}

/** CRC-64/XZ (ECMA-182, reflected), in halves of 32 bits. */
class Crc64 implements Check {
  #low = -1;
  #high = -1;

  update(chunk: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = 0; i < chunk.length; i++) {
      const index = (low ^ (chunk[i] as number)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] as number);
      high = (high >>> 8) ^ (tableHigh[index] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  digest(): Uint8Array {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(~this.#low, 0);
    bytes.writeInt32LE(~this.#high, 4);
    return bytes;
  }
}

const tableLow = new Int32Array(256);
const tableHigh = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let low = i;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const odd = (low & 1) !== 0;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      low ^= 0xd7870f42 | 0;
      high ^= 0xc96c5795 | 0;
    }
  }
  tableLow[i] = low;
  tableHigh[i] = high;
}
