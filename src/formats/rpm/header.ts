import { WeirError } from "../../core/index.ts";
import { valueSize, valueType } from "./tags.ts";

/** Entries and bytes of data that rpm itself accepts at most, and texts of one tag that are accepted here. */
export const headerLimits = { entries: 65_535, data: 256 << 20, texts: 4 << 20 } as const;

/** An entry of a header's index. `offset` counts from the start of the data. */
export interface HeaderEntry {
  readonly tag: number;
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

const ENTRY = 16;

/**
 * A header, its values read when asked for. `blob` is what rpm's database stores: two big-endian counts, the index, the data,
 * without the 8 bytes of magic. Asking for a tag with the wrong type, or a value that is cut short, is `RPM_TAG_BAD`.
 */
export class RpmHeader {
  readonly blob: Uint8Array;
  readonly where: string;
  readonly entryCount: number;
  readonly dataLength: number;
  readonly #buffer: Buffer;
  readonly #dataStart: number;
  readonly #index = new Map<number, number>();

  /** `blob` must have been measured with {@link measureHeader}. */
  constructor(blob: Uint8Array, where: string) {
    this.blob = blob;
    this.where = where;
    this.#buffer = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
    const size = measureHeader(blob, 0, where);
    if (size.end > blob.length) throw bad(where, "header is cut short", "RPM_TRUNCATED");
    this.entryCount = size.entries;
    this.dataLength = size.data;
    this.#dataStart = 8 + size.entries * ENTRY;
    for (let i = 0; i < size.entries; i++) {
      const entry = this.entry(i);
      checkEntry(entry, size.data, where);
      if (!this.#index.has(entry.tag)) this.#index.set(entry.tag, i);
    }
  }

  /** The nth entry of the index, in the order of the file. */
  entry(n: number): HeaderEntry {
    const at = 8 + n * ENTRY;
    return {
      tag: this.#buffer.readUInt32BE(at),
      type: this.#buffer.readUInt32BE(at + 4),
      offset: this.#buffer.readInt32BE(at + 8),
      count: this.#buffer.readUInt32BE(at + 12),
    };
  }

  /** The first entry of a tag. */
  find(tag: number): HeaderEntry | undefined {
    const n = this.#index.get(tag);
    return n === undefined ? undefined : this.entry(n);
  }

  has(tag: number): boolean {
    return this.#index.has(tag);
  }

  /** Text of a string tag, the first of a list. Undefined where the tag is absent. */
  string(tag: number): string | undefined {
    const entry = this.find(tag);
    if (!entry) return undefined;
    this.#expect(entry, isText);
    if (entry.count === 0) return undefined;
    const start = this.#dataStart + entry.offset;
    return this.#buffer.toString("utf8", start, this.#textEnd(entry, start));
  }

  /** Texts of a string tag, all or the first `most`; empty where the tag is absent. */
  strings(tag: number, most = headerLimits.texts): string[] {
    const entry = this.find(tag);
    if (!entry || entry.count === 0 || most < 1) return [];
    this.#expect(entry, isText);
    if (entry.count > headerLimits.texts) {
      throw bad(this.where, `tag ${entry.tag} claims ${entry.count} texts`, "RPM_TAG_BAD");
    }
    const start = this.#dataStart + entry.offset;
    let end = start;
    const count = Math.min(entry.count, most);
    for (let i = 0; i < count; i++) end = this.#textEnd(entry, end) + 1;
    return this.#buffer.toString("utf8", start, end - 1).split("\0");
  }

  /** First value of an integer tag (64-bit ones as far as a double is exact). */
  number(tag: number): number | undefined {
    const entry = this.find(tag);
    if (!entry || entry.count === 0) return undefined;
    this.#expect(entry, isInteger);
    return this.#integer(entry, 0);
  }

  /** All values of an integer tag; empty where the tag is absent. */
  numbers(tag: number): ArrayLike<number> {
    const entry = this.find(tag);
    if (!entry) return none;
    this.#expect(entry, isInteger);
    const values = makeArray(entry.type, entry.count);
    for (let i = 0; i < entry.count; i++) values[i] = this.#integer(entry, i);
    return values;
  }

  /** Bytes of a binary tag, a view. */
  binary(tag: number): Uint8Array | undefined {
    const entry = this.find(tag);
    if (!entry) return undefined;
    this.#expect(entry, (type) => type === valueType.bin || type === valueType.char || type === valueType.int8);
    const start = this.#dataStart + entry.offset;
    return this.blob.subarray(start, start + entry.count);
  }

  /** Where an entry's texts start in {@link blob}, for reading them byte by byte up to {@link blob}'s end, a NUL behind each. */
  textStart(entry: HeaderEntry): number {
    this.#expect(entry, isText);
    return this.#dataStart + entry.offset;
  }

  /** Bytes of an entry's value, whatever its type, a view. For strings up to and with the last NUL. */
  rawValue(entry: HeaderEntry): Uint8Array {
    const start = this.#dataStart + entry.offset;
    let end = start;
    if (isText(entry.type)) for (let i = 0; i < entry.count; i++) end = this.#textEnd(entry, end) + 1;
    else end = start + entry.count * (valueSize[entry.type] ?? 1);
    return this.blob.subarray(start, end);
  }

  #textEnd(entry: HeaderEntry, start: number): number {
    const end = start < this.blob.length ? this.blob.indexOf(0, start) : -1;
    if (end < 0 || end >= this.#dataStart + this.dataLength) {
      throw bad(this.where, `text of tag ${entry.tag} has no end`, "RPM_TAG_BAD");
    }
    return end;
  }

  #integer(entry: HeaderEntry, n: number): number {
    const at = this.#dataStart + entry.offset + n * (valueSize[entry.type] ?? 1);
    switch (entry.type) {
      case valueType.int16:
        return this.#buffer.readUInt16BE(at);
      case valueType.int32:
        return this.#buffer.readUInt32BE(at);
      case valueType.int64:
        return this.#buffer.readUInt32BE(at) * 4_294_967_296 + this.#buffer.readUInt32BE(at + 4);
      default:
        return this.#buffer.readUInt8(at);
    }
  }

  #expect(entry: HeaderEntry, accepts: (type: number) => boolean): void {
    if (!accepts(entry.type)) {
      throw bad(this.where, `tag ${entry.tag} has the unexpected value type ${entry.type}`, "RPM_TAG_BAD");
    }
  }
}

const none: ArrayLike<number> = [];

/** Takes no more memory than the values do in the header, but for 64-bit ones. */
function makeArray(type: number, count: number): Uint8Array | Uint16Array | Uint32Array | Float64Array {
  if (type === valueType.int16) return new Uint16Array(count);
  if (type === valueType.int32) return new Uint32Array(count);
  return type === valueType.int64 ? new Float64Array(count) : new Uint8Array(count);
}

function isText(type: number): boolean {
  return type === valueType.string || type === valueType.stringArray || type === valueType.i18nString;
}

function isInteger(type: number): boolean {
  return type >= valueType.char && type <= valueType.int64;
}

/** Reads the two counts at `offset` (behind the magic) and gives where the header ends; needs 8 bytes there. */
export function measureHeader(
  bytes: Uint8Array,
  offset: number,
  where: string,
): { readonly entries: number; readonly data: number; readonly end: number } {
  if (bytes.length < offset + 8) throw bad(where, "header is cut short", "RPM_TRUNCATED");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = view.getUint32(offset);
  const data = view.getUint32(offset + 4);
  if (entries < 1 || entries > headerLimits.entries) throw bad(where, `header claims ${entries} entries`);
  if (data > headerLimits.data) throw bad(where, `header claims ${data} bytes of data`);
  return { entries, data, end: offset + 8 + entries * ENTRY + data };
}

function checkEntry(entry: HeaderEntry, dataLength: number, where: string): void {
  const size = valueSize[entry.type];
  if (size === undefined) throw bad(where, `tag ${entry.tag} has the unknown value type ${entry.type}`);
  const room = dataLength - entry.offset;
  if (entry.offset < 0 || room < 0 || entry.count * size > room) {
    throw bad(where, `value of tag ${entry.tag} lies outside the header's data`);
  }
  if (entry.type === valueType.string && entry.count !== 1) throw bad(where, `tag ${entry.tag} claims several strings`);
  if (size > 1 && entry.offset % size !== 0) throw bad(where, `value of tag ${entry.tag} is not aligned`);
}

function bad(where: string, message: string, code = "RPM_HEADER_BAD"): WeirError {
  return new WeirError(code, message, {
    where,
    hints: [code === "RPM_TRUNCATED" ? "fetch the package again" : "the package is damaged: fetch or build it again"],
  });
}
