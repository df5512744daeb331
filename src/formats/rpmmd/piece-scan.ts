import { WeirError } from "../../core/index.ts";
import { NameTable } from "./name-table.ts";
import { event, XmlScanner } from "./scan.ts";

/** No element below the document's own is larger. */
const mostElementBytes = 64 << 20;

/** So much is waited for before a package without its end is looked at more closely. */
const patience = 8 << 20;

const packageClose = Buffer.from("</package>");

/**
 * Reads a document of packages piece by piece. A package that looks as repository tools write it is read by {@link fast} where it stands; every
 * other one is handed to {@link strict} as a document of its own, so that the answer, or the error, is that of the strict scanner. Errors:
 * `RPMMD_TRUNCATED`, `RPMMD_MALFORMED`, with offsets into the whole document.
 */
export abstract class PieceScan {
  readonly #rootName: string;
  readonly #before: Buffer;
  readonly #after: Buffer;
  readonly #table: NameTable;
  protected readonly file: string;
  #state: "before" | "inside" | "after" = "before";
  /** What was not read yet of the pieces so far, and where in the document it begins. */
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;
  /** Pieces behind `rest` that are not worth another try yet. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** An element that did not fit is tried again when there is so much. */
  #enough = 0;
  /** The document element's name as written. */
  #root: Buffer = Buffer.alloc(0);

  /** `root` is the name of the document's element, `file` is for messages. */
  constructor(root: string, file: string) {
    this.#rootName = root;
    this.#before = Buffer.from(`<${root}>`);
    this.#after = Buffer.from(`</${root}>`);
    this.#table = new NameTable([root]);
    this.file = file;
  }

  /** Reads the package whose `<` is at `start`; gives the offset behind it, -1 where it is not as expected. Some `</package>` follows. */
  protected abstract fast(bytes: Buffer, start: number): number;
  /** Reads a document that holds one element; `base` is added to offsets in messages. */
  protected abstract strict(document: Buffer, base: number): void;

  /** Reads the next piece; it is not held on to. */
  push(piece: Buffer): void {
    if (this.#rest.length === 0) {
      this.#keep(piece, this.#read(piece, false));
      return;
    }
    if (this.#rest.length + this.#waitingBytes + piece.length < this.#enough) {
      this.#waiting.push(Buffer.from(piece));
      this.#waitingBytes += piece.length;
      return;
    }
    const rest = this.#takeRest();
    // The element at the border of two pieces is read from a copy, the others where they are.
    const close = this.#state === "inside" ? piece.indexOf(packageClose) : -1;
    if (close < 0) {
      const all = Buffer.concat([rest, piece]);
      this.#keep(all, this.#read(all, false));
      return;
    }
    const end = close + packageClose.length;
    const border = Buffer.concat([rest, piece.subarray(0, end)]);
    const read = this.#read(border, false);
    if (read === border.length) {
      this.#offset += read;
      const others = piece.subarray(end);
      this.#keep(others, this.#read(others, false));
    } else this.#keep(Buffer.concat([border.subarray(read), piece.subarray(end)]), 0, read);
  }

  /** Ends the document. */
  finish(): void {
    const bytes = this.#takeRest();
    const read = this.#read(bytes, true);
    if (this.#state === "before") throw this.#scanner(bytes, read).truncated();
    if (this.#state === "inside") throw this.#truncated(this.#offset + bytes.length);
  }

  /** All that was not read, in one. */
  #takeRest(): Buffer {
    const rest = this.#waiting.length === 0 ? this.#rest : Buffer.concat([this.#rest, ...this.#waiting]);
    this.#rest = Buffer.alloc(0);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return rest;
  }

  #keep(bytes: Buffer, read: number, readBefore = 0): void {
    this.#offset += read + readBefore;
    const left = bytes.length - read;
    if (left > mostElementBytes) throw this.#malformed(`an element of more than ${mostElementBytes} bytes`, 0);
    // Where nothing could be read, twice as much may do.
    this.#enough = read + readBefore > 0 ? 0 : Math.min(left * 2, mostElementBytes + 1);
    this.#rest = Buffer.from(bytes.subarray(read));
  }

  /** Reads what is complete; gives how much that was. */
  #read(bytes: Buffer, last: boolean): number {
    let at = 0;
    if (this.#state === "before") {
      const open = this.#open(bytes, last);
      if (open < 0) return 0;
      at = open;
    }
    if (this.#state === "inside") at = this.#packages(bytes, at, last);
    return this.#state === "after" ? this.#end(bytes, at, last) : at;
  }

  #open(bytes: Buffer, last: boolean): number {
    const xml = this.#scanner(bytes, 0);
    const found = this.#unlessCut(last, () => xml.next());
    if (found === undefined) return -1;
    if (found === event.end) throw xml.truncated();
    if (xml.name !== 0) throw xml.malformed(`the document is no <${this.#rootName}>`);
    const start = bytes.lastIndexOf(60, xml.position - 1);
    this.#state = "inside";
    if (bytes[xml.position - 2] === 47) {
      this.#state = "after";
      return xml.position;
    }
    let end = start + 1;
    while ((bytes[end] as number) > 32 && bytes[end] !== 62) end++;
    this.#root = Buffer.from(bytes.subarray(start + 1, end));
    return xml.position;
  }

  #packages(bytes: Buffer, from: number, last: boolean): number {
    const lastClose = bytes.lastIndexOf(packageClose);
    let at = from;
    for (;;) {
      let code = bytes[at] as number;
      while (code === 10 || code === 32 || code === 9 || code === 13) code = bytes[++at] as number;
      if (at >= bytes.length) return at;
      if (code !== 60) {
        const tag = bytes.indexOf(60, at);
        if (tag < 0) return last ? bytes.length : at;
        at = tag;
        continue;
      }
      const end = at <= lastClose ? this.fast(bytes, at) : -1;
      if (end >= 0) {
        at = end;
        continue;
      }
      // Without an end in sight there is more to come, unless that end is written in a way of its own.
      if (!last && (at + 2 >= bytes.length || (at > lastClose && bytes.length - at < patience))) return at;
      const next = bytes[at + 1];
      if (next === 47) return this.#close(bytes, at, last);
      const past = next === 33 || next === 63 ? this.#aside(bytes, at, last) : this.#element(bytes, at, last);
      if (past < 0) return at;
      at = past;
    }
  }

  /** The end of the document's element, or of the part of it that is there. */
  #close(bytes: Buffer, start: number, last: boolean): number {
    const name = this.#root;
    let at = start + 2;
    for (let index = 0; index < name.length; index++, at++) {
      if (at >= bytes.length) return this.#cut(start, last, bytes.length);
      if (bytes[at] !== name[index]) throw this.#malformed(`</${name.toString().slice(0, 80)}> expected`, start);
    }
    while ((bytes[at] as number) <= 32) at++;
    if (at >= bytes.length) return this.#cut(start, last, bytes.length);
    if (bytes[at] !== 62) throw this.#malformed(`</${name.toString().slice(0, 80)}> expected`, start);
    this.#state = "after";
    return at + 1;
  }

  #cut(start: number, last: boolean, length: number): number {
    if (last) throw this.#truncated(this.#offset + length);
    return start;
  }

  /** A comment, an instruction, text in CDATA: of no account here. Gives where it ends, -1 where that is not there yet. */
  #aside(bytes: Buffer, start: number, last: boolean): number {
    const head = bytes.toString("latin1", start, start + 9);
    for (const [open, close] of asides) {
      if (head.startsWith(open)) {
        const end = bytes.indexOf(close, start + open.length, "latin1");
        if (end >= 0) return end + close.length;
        return this.#cut(-1, last, bytes.length);
      }
      if (open.startsWith(head)) return this.#cut(-1, last, bytes.length);
    }
    throw this.#malformed("a document type or declaration, which metadata has none of", start);
  }

  /** An element read by the strict scanner; gives where it ends, -1 where that is not there yet. */
  #element(bytes: Buffer, start: number, last: boolean): number {
    const xml = this.#scanner(bytes, start);
    const whole = this.#unlessCut(last, () => {
      do xml.next();
      while (xml.depth > 0);
      return true;
    });
    if (whole === undefined) return -1;
    const end = start + xml.position;
    const document = Buffer.concat([this.#before, bytes.subarray(start, end), this.#after]);
    this.strict(document, this.#offset + start - this.#before.length);
    return end;
  }

  #end(bytes: Buffer, at: number, last: boolean): number {
    if (!last) return at;
    const rest = Buffer.concat([Buffer.from("<a/>"), bytes.subarray(at)]);
    const xml = new XmlScanner(rest, this.file, this.#table, this.#offset + at - 4);
    while (xml.next() !== event.end);
    return bytes.length;
  }

  #scanner(bytes: Buffer, from: number): XmlScanner {
    return new XmlScanner(bytes.subarray(from), this.file, this.#table, this.#offset + from);
  }

  /** What `read` gives; undefined where it ran into the end of the pieces so far. */
  #unlessCut<T>(last: boolean, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!last && error instanceof WeirError && error.code === "RPMMD_TRUNCATED") return undefined;
      throw error;
    }
  }

  #malformed(what: string, at: number): WeirError {
    return new XmlScanner(Buffer.alloc(0), this.file, this.#table, this.#offset).malformed(what, at);
  }

  #truncated(length: number): WeirError {
    return new WeirError("RPMMD_TRUNCATED", `${this.file} ends at byte ${length} inside <${this.#rootName}>`, {
      where: this.file,
      hints: ["the file was not transferred completely: fetch it again"],
    });
  }
}

const asides: readonly (readonly [open: string, close: string])[] = [
  ["<!--", "-->"],
  ["<?", "?>"],
  ["<![CDATA[", "]]>"],
];
