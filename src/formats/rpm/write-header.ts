import { valueSize, valueType } from "./tags.ts";

/** A value to be written into a header. Integers are unsigned; 64-bit ones as bigint. */
export type HeaderValue =
  | { readonly tag: number; readonly type: "string"; readonly value: string }
  | { readonly tag: number; readonly type: "stringArray" | "i18nString"; readonly value: readonly string[] }
  | { readonly tag: number; readonly type: "char" | "int8" | "int16" | "int32"; readonly value: ArrayLike<number> }
  | { readonly tag: number; readonly type: "int64"; readonly value: readonly bigint[] }
  | { readonly tag: number; readonly type: "bin"; readonly value: Uint8Array };

/** An index entry and its bytes, apart from where the bytes will lie. */
export interface EncodedValue {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

export function encodeValue(item: HeaderValue): EncodedValue {
  const type = valueType[item.type];
  switch (item.type) {
    case "string":
      return { tag: item.tag, type, count: 1, bytes: Buffer.from(`${item.value}\0`) };
    case "stringArray":
    case "i18nString":
      return {
        tag: item.tag,
        type,
        count: item.value.length,
        bytes: Buffer.from(item.value.map((text) => `${text}\0`).join("")),
      };
    case "bin":
      return { tag: item.tag, type, count: item.value.length, bytes: item.value };
    case "int64": {
      const bytes = Buffer.alloc(item.value.length * 8);
      for (const [i, value] of item.value.entries()) bytes.writeBigUInt64BE(value, i * 8);
      return { tag: item.tag, type, count: item.value.length, bytes };
    }
    default: {
      const size = valueSize[type] ?? 1;
      const bytes = Buffer.alloc(item.value.length * size);
      for (let i = 0; i < item.value.length; i++) bytes.writeUIntBE(item.value[i] ?? 0, i * size, size);
      return { tag: item.tag, type, count: item.value.length, bytes };
    }
  }
}

/**
 * Lays out index and data of a header: the blob without magic. Values are sorted by tag. With `region` (a tag such as
 * `headerImmutable`) the whole is one region, its entry first and its trailer last in the data.
 */
export function writeHeader(values: readonly HeaderValue[], region?: number): Uint8Array {
  const encoded = values.map(encodeValue).sort((a, b) => a.tag - b.tag);
  const count = encoded.length + (region === undefined ? 0 : 1);
  const { offsets, length } = layOut(encoded, 0);
  const dataLength = length + (region === undefined ? 0 : 16);
  const blob = Buffer.alloc(8 + count * 16 + dataLength);
  blob.writeUInt32BE(count, 0);
  blob.writeUInt32BE(dataLength, 4);
  const data = 8 + count * 16;
  let at = 8;
  if (region !== undefined) {
    writeEntry(blob, at, region, valueType.bin, length, 16);
    writeEntry(blob, data + length, region, valueType.bin, -count * 16, 16);
    at += 16;
  }
  writeValues(blob, at, data, encoded, offsets);
  return blob;
}

/**
 * Adds values behind a header that is one region, without touching it: what rpm calls dribbles, and does when it installs. Order is
 * kept as given.
 */
export function appendToHeader(blob: Uint8Array, values: readonly HeaderValue[]): Uint8Array {
  const old = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  const oldCount = old.readUInt32BE(0);
  const oldLength = old.readUInt32BE(4);
  const encoded = values.map(encodeValue);
  const { offsets, length } = layOut(encoded, oldLength);
  const count = oldCount + encoded.length;
  const result = Buffer.alloc(8 + count * 16 + length);
  result.writeUInt32BE(count, 0);
  result.writeUInt32BE(length, 4);
  result.set(old.subarray(8, 8 + oldCount * 16), 8);
  const data = 8 + count * 16;
  result.set(old.subarray(8 + oldCount * 16, 8 + oldCount * 16 + oldLength), data);
  writeValues(result, 8 + oldCount * 16, data, encoded, offsets);
  return result;
}

function layOut(encoded: readonly EncodedValue[], start: number): { offsets: number[]; length: number } {
  let length = start;
  const offsets = encoded.map((item) => {
    const size = valueSize[item.type] ?? 1;
    const offset = Math.ceil(length / size) * size;
    length = offset + item.bytes.length;
    return offset;
  });
  return { offsets, length };
}

function writeValues(
  blob: Buffer,
  index: number,
  data: number,
  encoded: readonly EncodedValue[],
  offsets: readonly number[],
): void {
  for (const [i, item] of encoded.entries()) {
    const offset = offsets[i] ?? 0;
    writeEntry(blob, index + i * 16, item.tag, item.type, offset, item.count);
    blob.set(item.bytes, data + offset);
  }
}

function writeEntry(blob: Buffer, at: number, tag: number, type: number, offset: number, count: number): void {
  blob.writeUInt32BE(tag, at);
  blob.writeUInt32BE(type, at + 4);
  blob.writeInt32BE(offset, at + 8);
  blob.writeUInt32BE(count, at + 12);
}
