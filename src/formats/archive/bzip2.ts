import { loadBzip2 } from "./packages.ts";

/**
 * Opens bzip2 data block by block, all streams; each block's content is a buffer of its own, at most 46 MB. Checks the checksums of
 * blocks and streams. Throws a plain Error on data that does not add up.
 */
export async function* openBzip2(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const Bunzip = loadBzip2();
  if (!endsAsBzip2(bytes)) throw new Error("data ends inside a stream");
  const input = {
    pos: 0,
    readByte: () => bytes[input.pos++],
    read: (buffer: Uint8Array, offset: number, length: number) => {
      const part = bytes.subarray(input.pos, input.pos + length);
      buffer.set(part, offset);
      input.pos += part.length;
      return part.length;
    },
    seek: (pos: number) => {
      input.pos = pos;
    },
    eof: () => input.pos >= bytes.length,
  };
  const output = new Growing();
  do {
    const stream = new Bunzip(input, output);
    while (stream._init_block()) {
      stream._read_bunzip();
      yield output.take();
    }
    if (stream.reader.read(32) >>> 0 !== stream.streamCRC) throw new Error("the checksum of a stream is wrong");
  } while (!input.eof());
}

/** Takes bytes one by one. */
class Growing {
  #bytes = new Uint8Array(1 << 20);
  #length = 0;

  writeByte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}

/** The mark of a stream's end, 48 bits before a checksum of 32 and up to 7 of padding: the decoder itself takes a cut for the end. */
function endsAsBzip2(bytes: Uint8Array): boolean {
  let tail = 0n;
  for (const byte of bytes.subarray(-11)) tail = (tail << 8n) | BigInt(byte);
  for (let padding = 0n; padding < 8n; padding++) {
    if (((tail >> (32n + padding)) & 0xffffffffffffn) === 0x177245385090n) return true;
  }
  return false;
}
