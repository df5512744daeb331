import { WeirError } from "../../core/index.ts";
import { type HeaderEntry, headerLimits, type RpmHeader } from "./header.ts";
import { tag, valueType } from "./tags.ts";
import type { HeaderValue } from "./write-header.ts";

/**
 * Every value of a header in its order, but for the entry of its region. Values that share their bytes are refused: a small header could
 * claim any amount that way. Errors: `RPM_TAG_BAD`.
 */
export function headerValues(header: RpmHeader): HeaderValue[] {
  const values: HeaderValue[] = [];
  let taken = 0;
  for (let i = 0; i < header.entryCount; i++) {
    const entry = header.entry(i);
    if (entry.tag === tag.headerImmutable || entry.tag === tag.headerSignatures) continue;
    taken += header.rawValue(entry).length;
    if (taken > header.dataLength) {
      throw new WeirError("RPM_TAG_BAD", `the value of tag ${entry.tag} shares its bytes with others`, {
        where: header.where,
        hints: ["the package is damaged or made to deceive: fetch or build it again"],
      });
    }
    const value = valueOfEntry(header, entry);
    if (value) values.push(value);
  }
  return values;
}

/** The value of a tag as the header types it; undefined where the tag is absent or has no value. Errors: `RPM_TAG_BAD`. */
export function headerValue(header: RpmHeader, number: number): HeaderValue | undefined {
  const entry = header.find(number);
  return entry && valueOfEntry(header, entry);
}

function valueOfEntry(header: RpmHeader, entry: HeaderEntry): HeaderValue | undefined {
  const { tag: number, type } = entry;
  if (isText(type) && entry.count > headerLimits.texts) {
    throw new WeirError("RPM_TAG_BAD", `tag ${number} claims ${entry.count} texts`, {
      where: header.where,
      hints: ["the package is damaged: fetch or build it again"],
    });
  }
  const bytes = header.rawValue(entry);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case valueType.string:
      return { tag: number, type: "string", value: buffer.toString("utf8", 0, buffer.length - 1) };
    case valueType.stringArray:
      return { tag: number, type: "stringArray", value: texts(buffer, entry.count) };
    case valueType.i18nString:
      return { tag: number, type: "i18nString", value: texts(buffer, entry.count) };
    case valueType.bin:
      return { tag: number, type: "bin", value: bytes };
    case valueType.char:
      return { tag: number, type: "char", value: bytes };
    case valueType.int8:
      return { tag: number, type: "int8", value: bytes };
    case valueType.int16:
      return {
        tag: number,
        type: "int16",
        value: Uint16Array.from({ length: entry.count }, (_, i) => buffer.readUInt16BE(i * 2)),
      };
    case valueType.int32:
      return {
        tag: number,
        type: "int32",
        value: Uint32Array.from({ length: entry.count }, (_, i) => buffer.readUInt32BE(i * 4)),
      };
    case valueType.int64:
      return {
        tag: number,
        type: "int64",
        value: Array.from({ length: entry.count }, (_, i) => buffer.readBigUInt64BE(i * 8)),
      };
    default:
      return undefined;
  }
}

function isText(type: number): boolean {
  return type === valueType.string || type === valueType.stringArray || type === valueType.i18nString;
}

function texts(buffer: Buffer, count: number): string[] {
  return count === 0 ? [] : buffer.toString("utf8", 0, buffer.length - 1).split("\0");
}
