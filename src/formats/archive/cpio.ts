import { WeirError } from "../../core/index.ts";
import type { CpioEntry, CpioHandler } from "./types.ts";

const HEAD = 110;
const STRIPPED_HEAD = 16;
const NAME_MOST = 4096;

/**
 * Reads cpio archives of the "newc" and "crc" forms (magic 070701, 070702) and rpm's stripped form (07070X), fed chunk by chunk and
 * handed on without copies. Bytes after the trailer are ignored. Errors: `CPIO_BAD`, `CPIO_TRUNCATED`.
 */
export class CpioReader {
  readonly #handler: CpioHandler;
  readonly #where: string;
  /** Bytes of an unfinished head or name. */
  #pending: Buffer = Buffer.alloc(0);
  #position = 0;
  #remaining = 0;
  #padding = 0;
  #ended = false;

  constructor(handler: CpioHandler, where: string) {
    this.#handler = handler;
    this.#where = where;
  }

  /** Whether the trailer has been read. */
  get ended(): boolean {
    return this.#ended;
  }

  feed(chunk: Uint8Array): void {
    let at = 0;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    while (at < bytes.length && !this.#ended) {
      if (this.#remaining > 0) {
        const take = Math.min(this.#remaining, bytes.length - at);
        this.#handler.data(bytes.subarray(at, at + take));
        this.#remaining -= take;
        at += take;
        if (this.#remaining === 0) this.#handler.end();
        continue;
      }
      if (this.#padding > 0) {
        const take = Math.min(this.#padding, bytes.length - at);
        this.#padding -= take;
        at += take;
        continue;
      }
      at += this.#readHead(bytes, at);
    }
    this.#position += bytes.length;
  }

  /** To be called at the end of the data: an archive without its trailer is `CPIO_TRUNCATED`. */
  finish(): void {
    if (!this.#ended) {
      throw new WeirError("CPIO_TRUNCATED", `the archive ends at byte ${this.#position} without its trailer`, {
        where: this.#where,
        hints: ["the file is damaged or was not transferred completely: fetch it again"],
      });
    }
  }

  /** Takes bytes for the head and name of the next entry; gives how many of `bytes` it took. */
  #readHead(bytes: Buffer, at: number): number {
    const had = this.#pending.length;
    const window =
      had === 0 ? bytes.subarray(at) : Buffer.concat([this.#pending, bytes.subarray(at, at + HEAD + NAME_MOST + 4)]);
    const need = window.length < 6 ? 6 : this.#needed(window, at);
    if (window.length < need) {
      this.#pending = Buffer.from(window);
      return bytes.length - at;
    }
    this.#pending = Buffer.alloc(0);
    const entry = window[5] === X ? this.#strippedEntry(window) : this.#plainEntry(window, at);
    const used = window[5] === X ? STRIPPED_HEAD : need;
    if (entry.name === "TRAILER!!!" && entry.index < 0) {
      this.#ended = true;
      return used - had;
    }
    this.#remaining = entry.size;
    this.#padding = (4 - (entry.size % 4)) % 4;
    this.#handler.entry(entry);
    if (entry.size === 0) this.#handler.end();
    return used - had;
  }

  /** How many bytes head and name take, with padding; at least until that is known. */
  #needed(window: Buffer, at: number): number {
    const magic = window.toString("latin1", 0, 6);
    if (magic === "07070X") return STRIPPED_HEAD;
    if (magic !== "070701" && magic !== "070702") throw this.#bad("no entry starts", at);
    if (window.length < HEAD) return HEAD;
    const nameSize = this.#hex(window, 94, at);
    if (nameSize < 1 || nameSize > NAME_MOST) throw this.#bad(`a name claims ${nameSize} bytes`, at);
    return HEAD + nameSize + ((4 - ((HEAD + nameSize) % 4)) % 4);
  }

  #plainEntry(window: Buffer, at: number): CpioEntry {
    const nameSize = this.#hex(window, 94, at);
    const end = window.indexOf(0, HEAD);
    if (end !== HEAD + nameSize - 1) throw this.#bad("a name does not end where it claims", at);
    const name = window.toString("utf8", HEAD, end);
    if (name.includes("\ufffd")) throw this.#bad("a name is not UTF-8", at);
    return {
      name,
      mode: this.#hex(window, 14, at),
      uid: this.#hex(window, 22, at),
      gid: this.#hex(window, 30, at),
      links: this.#hex(window, 38, at),
      mtime: this.#hex(window, 46, at),
      size: this.#hex(window, 54, at),
      index: -1,
    };
  }

  #strippedEntry(window: Buffer): CpioEntry {
    const index = this.#hex(window, 6, 0);
    const size = this.#handler.sizeOf?.(index);
    if (size === undefined) throw this.#bad(`entry ${index} of the stripped form belongs to no file`, 0);
    return { name: "", mode: 0, uid: 0, gid: 0, links: 1, mtime: 0, size, index };
  }

  #hex(window: Buffer, offset: number, at: number): number {
    let value = 0;
    for (let i = offset; i < offset + 8; i++) {
      const code = window[i] ?? 0;
      const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : code - 55;
      if (digit < 0 || digit > 15 || (code > 57 && code < 65)) throw this.#bad("a number is not hexadecimal", at);
      value = value * 16 + digit;
    }
    return value;
  }

  #bad(what: string, at: number): WeirError {
    return new WeirError("CPIO_BAD", `${what} at byte ${this.#position + at}`, {
      where: this.#where,
      hints: ["the archive is damaged: fetch or build it again"],
    });
  }
}

const X = 88;
