import { isUtf8 } from "node:buffer";
import { OverlayFailure } from "./failure.ts";

const loneByte = 0xdc00;

/**
 * Bytes as text that gives the same bytes back: UTF-8, where a byte that is no part of a valid character becomes the lone surrogate
 * U+DC00 + byte.
 */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < buffer.length; ) {
    const length = characterLength(buffer, i);
    if (length > 0) {
      i += length;
      continue;
    }
    parts.push(buffer.toString("utf8", start, i), String.fromCharCode(loneByte + (buffer[i] ?? 0)));
    i++;
    start = i;
  }
  parts.push(buffer.toString("utf8", start));
  return parts.join("");
}

function characterLength(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > buffer.length || !isUtf8(buffer.subarray(at, at + length))) return 0;
  return length;
}

/** The inverse of {@link decodeText}. */
export function encodeText(text: string): Uint8Array {
  if (!/(?<![\ud800-\udbff])[\udc80-\udcff]/.test(text)) return Buffer.from(text);
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) {
      i++;
    } else if (code >= 0xdc80 && code <= 0xdcff) {
      parts.push(Buffer.from(text.slice(start, i)), Uint8Array.of(code - loneByte));
      start = i + 1;
    }
  }
  parts.push(Buffer.from(text.slice(start)));
  return Buffer.concat(parts);
}

const longestLine = 65_535;

/**
 * The lines of a spec: ends at `\n`, one `\r` before it is dropped, a last line without `\n` counts. A line of more than 65,535 bytes is
 * refused: `OVERLAY_LINE_TOO_LONG`.
 */
export function splitSpec(text: string): string[] {
  if (text === "") return [];
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line.length * 3 > longestLine && encodeText(line).length > longestLine) {
      throw new OverlayFailure(
        "OVERLAY_LINE_TOO_LONG",
        `line ${i + 1} of the spec is longer than ${longestLine} bytes`,
        ["break the line, or keep the text in a file of its own"],
      );
    }
    if (line.endsWith("\r")) lines[i] = line.slice(0, -1);
  }
  return lines;
}

/** Each line with `\n` behind it. */
export function joinSpec(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

// Unicode's White_Space, which differs from what String.prototype.trim removes: U+0085 is in it, U+FEFF is not.
const space = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const leadingSpace = new RegExp(`^${space}+`);
const isSpace = new RegExp(`^${space}$`);
const spaces = new RegExp(`${space}+`);

/** Removes Unicode white space at both ends, in linear time. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text.charAt(end - 1))) end--;
  return text.slice(0, end).replace(leadingSpace, "");
}

/** The words between Unicode white space. */
export function words(text: string): string[] {
  const trimmed = trimSpace(text);
  return trimmed === "" ? [] : trimmed.split(spaces);
}

/** Equal under simple case folding, character by character. */
export function equalFold(a: string, b: string): boolean {
  if (a === b) return true;
  const x = Array.from(a);
  const y = Array.from(b);
  return x.length === y.length && x.every((character, index) => fold(character) === fold(y[index] ?? ""));
}

function fold(character: string): string {
  const upper = character.toUpperCase();
  return upper.length === character.length ? upper.toLowerCase() : character.toLowerCase();
}
