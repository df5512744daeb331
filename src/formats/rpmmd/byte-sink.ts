import { WeirError } from "../../core/index.ts";

/** As much as readers open of one metadata file. */
const mostBytes = 1 << 30;

/** Up to so many characters a loop is faster than a call out of the engine. */
const mostInLoop = 512;

/** Bytes that grow at their end. Errors: `RPMMD_TOO_LARGE` beyond 1 GiB. */
export class ByteSink {
  bytes: Buffer;
  length = 0;

  constructor(capacity = 64 << 10) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for so many more bytes. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    if (needed > mostBytes) {
      throw new WeirError("RPMMD_TOO_LARGE", `a metadata document would have more than ${mostBytes} bytes`, {
        hints: [
          "no repository has metadata that large: split it, or leave out packages that are made to exhaust memory",
        ],
      });
    }
    const larger = Buffer.allocUnsafeSlow(Math.min(mostBytes, Math.max(needed, 2 * this.bytes.length)));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  /** Appends text as UTF-8. */
  text(text: string): void {
    const { length } = text;
    const room = 3 * length;
    if (this.length + room > this.bytes.length) this.reserve(room);
    if (length <= mostInLoop) {
      const out = this.bytes;
      let to = this.length;
      let seen = 0;
      for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i);
        seen |= code;
        out[to++] = code;
      }
      if (seen < 0x80) {
        this.length = to;
        return;
      }
    }
    this.length += this.bytes.write(text, this.length);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was appended, a view that the next append makes stale. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
