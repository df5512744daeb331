import { WeirError } from "../../core/index.ts";
import type { ElfBytes } from "./layout.ts";

/** Bytes of one name, and of all names of a file: names may share tails, so the table's size alone bounds nothing. */
const maxName = 1 << 16;
const maxTotal = 96 << 20;

/** The dynamic string table. A name that runs out of the table, or names too long in sum, are errors. */
export class StringTable {
  readonly #file: ElfBytes;
  readonly #start: number;
  readonly #end: number;
  readonly #known = new Map<number, string>();
  #total = 0;

  constructor(file: ElfBytes, start: number, size: number) {
    file.need(start, size, "dynamic string table");
    this.#file = file;
    this.#start = start;
    this.#end = start + size;
  }

  at(index: number): string {
    if (index === 0) return "";
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    const bytes = this.#file.bytes;
    const from = this.#start + index;
    let to = from;
    const limit = Math.min(this.#end, from + maxName);
    let high = 0;
    for (; to < limit; to++) {
      const byte = bytes[to] as number;
      if (byte === 0) break;
      high |= byte;
    }
    if (to >= limit || from >= this.#end) {
      throw this.#file.malformed(`name at ${index} does not end inside the string table or within ${maxName} bytes`);
    }
    this.#total += to - from;
    if (this.#total > maxTotal) {
      throw new WeirError("ELF_TOO_LARGE", `names of more than ${maxTotal} bytes in sum`, {
        where: this.#file.where,
        hints: ["no real library is like this: the file was made to exhaust memory"],
      });
    }
    const text = high < 0x80 ? bytes.toString("latin1", from, to) : bytes.toString("utf8", from, to);
    this.#known.set(index, text);
    return text;
  }
}
