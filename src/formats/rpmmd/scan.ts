import { WeirError } from "../../core/index.ts";
import { entity } from "./entities.ts";
import { hashFactor, hashSeed, type NameTable } from "./name-table.ts";
import { StringPool } from "./strings.ts";

/** What {@link XmlScanner.next} found. An empty element (`<a/>`) gives `open` and then `close`. */
export const event = { end: 0, open: 1, close: 2 } as const;

const mostDepth = 64;
const mostAttributes = 32;

/** What `toString` calls in the end; the way through it costs more than short text itself. */
interface SlicedBuffer {
  utf8Slice(start: number, end: number): string;
}

/**
 * A strict pull scanner over the bytes of an XML document in UTF-8, made for rpm-md: prefixes are ignored, document types and unknown
 * entities refused, nesting and attributes bounded. Errors: `RPMMD_TRUNCATED`, `RPMMD_MALFORMED`, both with the byte offset.
 */
export class XmlScanner {
  readonly bytes: Buffer;
  readonly #sliced: SlicedBuffer;
  readonly strings: StringPool;
  readonly #file: string;
  readonly #names: NameTable;
  readonly #base: number;
  #at: number;
  /** Elements open at the moment; after `open` the new one counts, after `close` the closed one no longer does. */
  depth = 0;
  /** Id of the element of the last event, -1 for a name not in the table. */
  name = -1;
  #emptyPending = false;
  readonly #stackStart = new Int32Array(mostDepth);
  readonly #stackEnd = new Int32Array(mostDepth);
  readonly #stackName = new Int32Array(mostDepth);
  #textStart = 0;
  #textEnd = 0;
  #textBefore = "";
  #rootSeen = false;
  #attributes = 0;
  readonly #attributeName = new Int32Array(mostAttributes);
  readonly #attributeNameHash = new Int32Array(mostAttributes);
  readonly #attributeNameStart = new Int32Array(mostAttributes);
  readonly #attributeNameEnd = new Int32Array(mostAttributes);
  readonly #attributeStart = new Int32Array(mostAttributes);
  readonly #attributeEnd = new Int32Array(mostAttributes);
  readonly #attributeHash = new Int32Array(mostAttributes);
  readonly #decode = (start: number, end: number): string => this.#attributeText(start, end);

  /** `base` is added to offsets in messages, where `bytes` are a part of the document. */
  constructor(bytes: Buffer, file: string, names: NameTable, base = 0) {
    this.bytes = bytes;
    this.#base = base;
    this.#sliced = bytes as unknown as SlicedBuffer;
    this.#file = file;
    this.#names = names;
    this.strings = new StringPool(bytes);
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  /** Offset of the next unread byte. */
  get position(): number {
    return this.#at;
  }

  next(): 0 | 1 | 2 {
    if (this.#emptyPending) {
      this.#emptyPending = false;
      this.#textStart = this.#textEnd = this.#at;
      this.#textBefore = "";
      return this.#pop();
    }
    const bytes = this.bytes;
    this.#textBefore = "";
    this.#textStart = this.#at;
    for (;;) {
      const tag = this.#findTag(this.#at);
      if (tag < 0) return this.#finish();
      this.#textEnd = tag;
      if (this.depth === 0) this.#onlyBlank(this.#at, tag);
      const next = bytes[tag + 1];
      if (next === 47) return this.#close(tag);
      if (next !== 33 && next !== 63) return this.#open(tag);
      this.#aside(tag);
    }
  }

  #findTag(from: number): number {
    // Most tags are a few blanks away; only longer text is worth a call out of the loop.
    const bytes = this.bytes;
    const near = Math.min(from + 24, bytes.length);
    for (let at = from; at < near; at++) if (bytes[at] === 60) return at;
    return near === bytes.length ? -1 : bytes.indexOf(60, near);
  }

  /** The character data between the last two events. */
  text(): string {
    const last = this.#characters(this.#textStart, this.#textEnd);
    return this.#textBefore === "" ? last : this.#textBefore + last;
  }

  /** How many attributes the element just opened has. */
  get attributes(): number {
    return this.#attributes;
  }

  /** Name id of an attribute, -1 for one not in the table. */
  attributeName(index: number): number {
    return this.#attributeName[index] as number;
  }

  /** Index of the attribute with that name id on the element just opened, or -1. */
  attribute(name: number): number {
    for (let index = 0; index < this.#attributes; index++) if (this.#attributeName[index] === name) return index;
    return -1;
  }

  /** The value of an attribute as an id of `strings`; -1 for index -1. */
  attributeId(index: number): number {
    if (index < 0) return -1;
    const start = this.#attributeStart[index] as number;
    return this.strings.id(
      start,
      this.#attributeEnd[index] as number,
      this.#attributeHash[index] as number,
      this.#decode,
    );
  }

  /** The value of the attribute with that name id, empty where absent. */
  attributeText(name: number): string {
    const index = this.attribute(name);
    if (index < 0) return "";
    return this.#attributeText(this.#attributeStart[index] as number, this.#attributeEnd[index] as number);
  }

  /** The attribute as a number of digits; 0 where absent or empty. */
  attributeNumber(name: number): number {
    const index = this.attribute(name);
    if (index < 0) return 0;
    const start = this.#attributeStart[index] as number;
    const end = this.#attributeEnd[index] as number;
    let value = 0;
    let sound = end - start <= 15;
    for (let at = start; at < end && sound; at++) {
      const digit = (this.bytes[at] as number) - 48;
      sound = digit >= 0 && digit <= 9;
      value = value * 10 + digit;
    }
    if (!sound) throw this.malformed(`attribute ${this.#names.names[name]} is no number`, start);
    return value;
  }

  malformed(what: string, at = this.#at): WeirError {
    return new WeirError("RPMMD_MALFORMED", `${what}, at byte ${this.#base + at}`, {
      where: this.#file,
      hints: ["the metadata was not written by a repository tool, or is damaged: create it again"],
    });
  }

  truncated(): WeirError {
    const inside = this.depth > 0 ? `inside <${this.#openName(this.depth - 1)}>` : "before its first element";
    return new WeirError("RPMMD_TRUNCATED", `${this.#file} ends at byte ${this.#base + this.bytes.length} ${inside}`, {
      where: this.#file,
      hints: ["the file was not transferred completely: fetch it again"],
    });
  }

  #openName(level: number): string {
    return this.bytes.toString("utf8", this.#stackStart[level], this.#stackEnd[level]).slice(0, 80);
  }

  #finish(): 0 {
    if (this.depth > 0 || !this.#rootSeen) throw this.truncated();
    this.#onlyBlank(this.#at, this.bytes.length);
    this.#at = this.bytes.length;
    this.name = -1;
    return event.end;
  }

  #onlyBlank(start: number, end: number): void {
    for (let at = start; at < end; at++) {
      if ((this.bytes[at] as number) > 32) throw this.malformed("text outside the document's element", at);
    }
  }

  #aside(tag: number): void {
    const bytes = this.bytes;
    const before = this.#characters(this.#textStart, tag);
    const isAt = (text: string) => bytes.toString("latin1", tag, tag + text.length) === text;
    let end: number;
    if (bytes[tag + 1] === 63) {
      end = this.#past("?>", tag + 2);
      this.#textBefore += before;
    } else if (isAt("<!--")) {
      end = this.#past("-->", tag + 4);
      this.#textBefore += before;
    } else if (isAt("<![CDATA[") && this.depth > 0) {
      end = this.#past("]]>", tag + 9);
      this.#textBefore += before + bytes.toString("utf8", tag + 9, end - 3);
    } else if (tag + 9 > bytes.length) {
      throw this.truncated();
    } else {
      throw this.malformed("a document type or declaration, which metadata has none of", tag);
    }
    this.#at = end;
    this.#textStart = end;
  }

  #past(mark: string, from: number): number {
    const found = this.bytes.indexOf(mark, from, "latin1");
    if (found < 0) throw this.truncated();
    return found + mark.length;
  }

  #open(tag: number): 1 {
    const bytes = this.bytes;
    let at = tag + 1;
    let start = at;
    let hash = hashSeed;
    let code = 0;
    for (; ; at++) {
      code = bytes[at] as number;
      if (code <= 32 || code === 47 || code === 62 || code === undefined) break;
      if (code === 58) {
        start = at + 1;
        hash = hashSeed;
        continue;
      }
      if (code === 60 || code === 38 || code === 34 || code === 39 || code === 61) {
        throw this.malformed("a broken element name", at);
      }
      hash = Math.imul(hash ^ code, hashFactor);
    }
    if (at >= bytes.length) throw this.truncated();
    if (at === start) throw this.malformed("an element without a name", tag);
    if (this.depth === 0 && this.#rootSeen) throw this.malformed("a second element after the document's own", tag);
    if (this.depth >= mostDepth) throw this.malformed("elements nested too deeply", tag);
    this.#rootSeen = true;
    this.name = this.#names.id(bytes, start, at, hash);
    this.#stackStart[this.depth] = tag + 1;
    this.#stackEnd[this.depth] = at;
    this.#stackName[this.depth] = this.name;
    this.depth++;
    this.#at = this.#readAttributes(at);
    return event.open;
  }

  #readAttributes(from: number): number {
    const bytes = this.bytes;
    let at = from;
    let count = 0;
    for (;;) {
      let code = bytes[at] as number;
      const blank = code <= 32;
      while (code <= 32) code = bytes[++at] as number;
      if (code === 62) {
        this.#attributes = count;
        return at + 1;
      }
      if (code === 47) {
        if (bytes[at + 1] !== 62) {
          if (at + 1 >= bytes.length) throw this.truncated();
          throw this.malformed("a stray slash in a tag", at);
        }
        this.#attributes = count;
        this.#emptyPending = true;
        return at + 2;
      }
      if (at >= bytes.length) throw this.truncated();
      if (!blank) throw this.malformed("no blank before an attribute", at);
      if (count >= mostAttributes) throw this.malformed("too many attributes", at);
      at = this.#readAttribute(at, count);
      count++;
    }
  }

  #readAttribute(from: number, index: number): number {
    const bytes = this.bytes;
    const end = bytes.length;
    let at = from;
    let start = at;
    let hash = hashSeed;
    let whole = hashSeed;
    let code = bytes[at] as number;
    for (; code !== 61 && code > 32 && code !== 62 && code !== 60 && code !== 47; code = bytes[++at] as number) {
      whole = Math.imul(whole ^ code, hashFactor);
      if (code === 58) {
        start = at + 1;
        hash = hashSeed;
      } else hash = Math.imul(hash ^ code, hashFactor);
    }
    const nameEnd = at;
    while (code <= 32) code = bytes[++at] as number;
    if (at >= end) throw this.truncated();
    if (code !== 61 || nameEnd === start) throw this.malformed("a broken attribute", at);
    code = bytes[++at] as number;
    while (code <= 32) code = bytes[++at] as number;
    if (at >= end) throw this.truncated();
    if (code !== 34 && code !== 39) throw this.malformed("an attribute without quotes", at);
    const quote = code;
    const valueStart = ++at;
    let valueHash = hashSeed;
    for (code = bytes[at] as number; code !== quote; code = bytes[++at] as number) {
      if (code === 60) throw this.malformed("a < in an attribute", at);
      if (at >= end) throw this.truncated();
      valueHash = Math.imul(valueHash ^ code, hashFactor);
    }
    const name = this.#names.id(bytes, start, nameEnd, hash);
    for (let other = 0; other < index; other++) {
      if (this.#attributeNameHash[other] === whole && this.#sameName(other, from, nameEnd)) {
        throw this.malformed("an attribute given twice", from);
      }
    }
    this.#attributeName[index] = name;
    this.#attributeNameHash[index] = whole;
    this.#attributeNameStart[index] = from;
    this.#attributeNameEnd[index] = nameEnd;
    this.#attributeStart[index] = valueStart;
    this.#attributeEnd[index] = at;
    this.#attributeHash[index] = valueHash;
    return at + 1;
  }

  #sameName(index: number, start: number, end: number): boolean {
    const other = this.#attributeNameStart[index] as number;
    if ((this.#attributeNameEnd[index] as number) - other !== end - start) return false;
    for (let at = 0; at < end - start; at++) if (this.bytes[other + at] !== this.bytes[start + at]) return false;
    return true;
  }

  #close(tag: number): 2 {
    const bytes = this.bytes;
    if (this.depth === 0) throw this.malformed("a closing tag too many", tag);
    let at = tag + 2;
    const level = this.depth - 1;
    const end = this.#stackEnd[level] as number;
    for (let open = this.#stackStart[level] as number; open < end; open++, at++) {
      if (bytes[at] === bytes[open]) continue;
      if (at >= bytes.length) throw this.truncated();
      throw this.malformed(`</${this.#openName(level)}> expected`, tag);
    }
    while ((bytes[at] as number) <= 32) at++;
    if (at >= bytes.length) throw this.truncated();
    if (bytes[at] !== 62) throw this.malformed(`</${this.#openName(level)}> expected`, tag);
    this.#at = at + 1;
    return this.#pop();
  }

  #pop(): 2 {
    this.depth--;
    this.name = this.#stackName[this.depth] as number;
    this.#attributes = 0;
    return event.close;
  }

  #characters(start: number, end: number): string {
    if (start >= end) return "";
    const text = this.#slice(start, end);
    const plain = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    return plain.includes("&") ? this.#entities(plain, start) : plain;
  }

  #attributeText(start: number, end: number): string {
    const bytes = this.bytes;
    let odd = 0;
    for (let at = start; at < end; at++) {
      const code = bytes[at] as number;
      if (code < 32 || code === 38 || code > 126) odd = 1;
    }
    const text = this.#slice(start, end);
    if (odd === 0) return text;
    const plain = text.replace(/\r\n|[\t\n\r]/g, " ");
    return plain.includes("&") ? this.#entities(plain, start) : plain;
  }

  #slice(start: number, end: number): string {
    return this.#sliced.utf8Slice(start, end);
  }

  #entities(text: string, at: number): string {
    return text.replace(/&([^;&]{0,12}(?:;|))/g, (_whole, body: string) => {
      const value = body.endsWith(";") ? entity(body.slice(0, -1)) : undefined;
      if (value === undefined) throw this.malformed(`an unknown entity &${body.slice(0, 12)}`, at);
      return value;
    });
  }
}
