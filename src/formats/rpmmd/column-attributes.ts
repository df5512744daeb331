import { entity } from "./entities.ts";

const mostAttributes = 16;
const quote = 34;
const ampersand = 38;
const less = 60;

/** Bytes at which a scan of an attribute's value stops: its quote, a reference, a `<`, control characters. */
export const valueStops: Uint8Array = stops(
  (code) => code === quote || code === ampersand || code === less || code < 32,
);
/** Bytes at which a scan of text stops: a tag, a reference, a carriage return. */
export const textStops: Uint8Array = stops((code) => code === less || code === ampersand || code === 13);

function stops(is: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (is(code) ? 1 : 0));
}

/**
 * Whether one of four bytes is below 40, which are quotes, references, blanks and controls, or a `<`: then it is worth looking at each. May
 * say so in vain.
 */
export function mayStop(four: number): boolean {
  const less = four ^ 0x3c3c3c3c;
  return ((((four - 0x28282828) & ~four) | ((less - 0x01010101) & ~less)) & 0x80808080) !== 0;
}

/** Whether one of four bytes is a `<` or a `&`. */
export function mayEndText(four: number): boolean {
  const less = four ^ 0x3c3c3c3c;
  const reference = four ^ 0x26262626;
  return ((((less - 0x01010101) & ~less) | ((reference - 0x01010101) & ~reference)) & 0x80808080) !== 0;
}

/** Whether one of the four bytes at `at` stops a scan. */
export function stopsWithin(bytes: Buffer, at: number, stops: Uint8Array): boolean {
  const first = (stops[bytes[at] as number] as number) | (stops[bytes[at + 1] as number] as number);
  return (first | (stops[bytes[at + 2] as number] as number) | (stops[bytes[at + 3] as number] as number)) !== 0;
}

/** Whether the bytes at `at` are those of `text`. */
export function matches(bytes: Buffer, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}

/**
 * The attributes of one tag, as spans of bytes. Takes only what repository tools write (one blank before each, no prefix, double quotes, no
 * blanks around `=`, none twice); everything else is for the strict scanner to judge. Reads on until the tag's end or a `<`, so the caller sees to it
 * that one of them is there.
 */
export class AttributeSpans {
  count = 0;
  readonly nameStart: Int32Array = new Int32Array(mostAttributes);
  readonly nameEnd: Int32Array = new Int32Array(mostAttributes);
  readonly start: Int32Array = new Int32Array(mostAttributes);
  readonly end: Int32Array = new Int32Array(mostAttributes);
  /** Whether the tag ends in `/>`. */
  empty = false;

  /** Reads from behind the element's name; gives where the tag ends (exclusive), -1 for what is not as expected. */
  read(bytes: Buffer, from: number): number {
    let at = from;
    this.count = 0;
    for (;;) {
      let code = bytes[at] as number;
      if (code === 62) {
        this.empty = false;
        return at + 1;
      }
      if (code === 47 && bytes[at + 1] === 62) {
        this.empty = true;
        return at + 2;
      }
      if (code !== 32 || this.count === mostAttributes) return -1;
      const name = ++at;
      code = bytes[at] as number;
      while (isNameByte(code)) code = bytes[++at] as number;
      if (code !== 61 || at === name || bytes[at + 1] !== quote) return -1;
      const nameEnd = at;
      at += 2;
      const start = at;
      code = bytes[at] as number;
      while (code !== quote && code !== less) code = bytes[++at] as number;
      if (code !== quote) return -1;
      const index = this.count;
      if (this.#has(bytes, name, nameEnd)) return -1;
      this.nameStart[index] = name;
      this.nameEnd[index] = nameEnd;
      this.start[index] = start;
      this.end[index] = at;
      this.count = index + 1;
      at++;
    }
  }

  /** Index of the attribute with that name, -1 for none. */
  find(bytes: Buffer, name: Uint8Array): number {
    for (let index = 0; index < this.count; index++) {
      const start = this.nameStart[index] as number;
      if ((this.nameEnd[index] as number) - start === name.length && matches(bytes, start, name)) return index;
    }
    return -1;
  }

  /** The attribute as a number of digits, 0 where absent or empty, -1 for what is none. */
  number(bytes: Buffer, name: Uint8Array): number {
    const index = this.find(bytes, name);
    if (index < 0) return 0;
    const start = this.start[index] as number;
    const end = this.end[index] as number;
    if (end - start > 15) return -1;
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  /** Whether an attribute is absent or empty. */
  isEmpty(bytes: Buffer, name: Uint8Array): boolean {
    const index = this.find(bytes, name);
    return index < 0 || this.start[index] === this.end[index];
  }

  /** Whether an attribute's bytes are its text: no references, no blanks that stand for others. */
  isPlain(bytes: Buffer, index: number): boolean {
    for (let at = this.start[index] as number; at < (this.end[index] as number); at++) {
      if (valueStops[bytes[at] as number] !== 0) return false;
    }
    return true;
  }

  /** The attribute's text, empty where absent; undefined for an unknown reference. */
  text(bytes: Buffer, name: Uint8Array): string | undefined {
    const index = this.find(bytes, name);
    if (index < 0 || this.start[index] === this.end[index]) return "";
    const start = this.start[index] as number;
    const end = this.end[index] as number;
    if (end - start === 1 && bytes[start] === 48) return "0";
    return valueText(bytes, start, end);
  }

  #has(bytes: Buffer, start: number, end: number): boolean {
    for (let index = 0; index < this.count; index++) {
      const from = this.nameStart[index] as number;
      if ((this.nameEnd[index] as number) - from !== end - start) continue;
      let same = 0;
      while (same < end - start && bytes[from + same] === bytes[start + same]) same++;
      if (same === end - start) return true;
    }
    return false;
  }
}

/** The text of an attribute's value; undefined for an unknown reference. */
export function valueText(bytes: Buffer, start: number, end: number): string | undefined {
  return references(bytes.toString("utf8", start, end).replace(/\r\n|[\t\n\r]/g, " "));
}

/** The text between two tags; undefined for an unknown reference. */
export function plainText(bytes: Buffer, start: number, end: number): string | undefined {
  return references(bytes.toString("utf8", start, end).replace(/\r\n?/g, "\n"));
}

function references(text: string): string | undefined {
  if (!text.includes("&")) return text;
  let known = true;
  const plain = text.replace(/&([^;&]{0,12}(?:;|))/g, (_whole, body: string) => {
    const value = body.endsWith(";") ? entity(body.slice(0, -1)) : undefined;
    if (value === undefined) known = false;
    return value ?? "";
  });
  return known ? plain : undefined;
}

function isNameByte(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 45 || code === 95;
}
