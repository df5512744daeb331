import type { ByteSink } from "./byte-sink.ts";
import { escapeXml } from "./write-xml.ts";

const special = 0;
const plain = 1;
const entity = 2;

/** What a byte of a header's text means for XML: itself, one of four entities, or a text that needs decoding. */
const kinds = new Uint8Array(256).fill(special);
kinds.fill(plain, 0x20, 0x7f);
kinds[0x09] = plain;
kinds[0x0a] = plain;
const entities: (Uint8Array | undefined)[] = [];
for (const [text, name] of [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
] as const) {
  kinds[text.charCodeAt(0)] = entity;
  entities[text.charCodeAt(0)] = bytesOf(name);
}

const longestEntity = 6;

/** The bytes of a text, for {@link putBytes}. */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

/** Appends a few bytes: for so few a loop is faster than a call out of the engine. */
export function putBytes(sink: ByteSink, bytes: Uint8Array): void {
  const { length } = bytes;
  if (sink.length + length > sink.bytes.length) sink.reserve(length);
  const out = sink.bytes;
  let to = sink.length;
  for (let i = 0; i < length; i++) out[to++] = bytes[i] as number;
  sink.length = to;
}

/**
 * Appends the text that starts at `at` and ends with a NUL before `limit`, escaped as {@link escapeXml} does. Gives where the next text
 * starts, or -1 where this one does not end.
 */
export function putText(sink: ByteSink, data: Uint8Array, at: number, limit: number): number {
  const next = skipText(data, at, limit);
  if (next >= 0) putRange(sink, data, at, next - 1);
  return next;
}

/** As {@link putText}, of the bytes up to `stop`, which are no NUL. */
export function putRange(sink: ByteSink, data: Uint8Array, start: number, stop: number): void {
  const room = longestEntity * (stop - start);
  if (sink.length + room > sink.bytes.length) sink.reserve(room);
  const out = sink.bytes;
  let to = sink.length;
  for (let from = start; from < stop; from++) {
    const byte = data[from] as number;
    const kind = kinds[byte] as number;
    if (kind === plain) out[to++] = byte;
    else if (kind === entity) {
      const name = entities[byte] as Uint8Array;
      for (let i = 0; i < name.length; i++) out[to++] = name[i] as number;
    } else return sink.text(escapeXml(textOf(data, start, stop)));
  }
  sink.length = to;
}

/** Text from bytes; what is no UTF-8 becomes U+FFFD. */
export function textOf(data: Uint8Array, start: number, stop: number): string {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes.toString("utf8", start, stop);
}

/** Where the text after this one starts, or -1. */
export function skipText(data: Uint8Array, at: number, limit: number): number {
  for (let from = at; from < limit; from++) if (data[from] === 0) return from + 1;
  return -1;
}
