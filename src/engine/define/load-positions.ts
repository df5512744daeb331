/** A path inside a TOML document: keys and array indexes. */
export type ValuePath = readonly (string | number)[];

/** Makes the text a path is looked up by. Keys and indexes do not collide: no key of a document holds U+0000. */
export function pathKey(path: ValuePath): string {
  let key = "";
  for (const part of path) key += `${key === "" ? "" : "\0"}${typeof part === "number" ? "#" : "."}${part}`;
  return key;
}

/** Beyond it places are not kept: a hostile document could make the keys' total length the square of its own. */
const longestKey = 4096;

/** Letters, digits, `_` and `-`: what keys without quotes are made of. */
function isBare(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x2d;
}

/**
 * Where each key, array element and table of a TOML document begins, as offsets, by {@link pathKey}. A table is where its first header
 * (or first dotted key) stands. The text must have been parsed without error; on any other text the answer is incomplete, never wrong
 * in form. Linear time; TOML 1.1.
 */
export function scanPositions(text: string): Map<string, number> {
  return new Scanner(text).run();
}

class Scanner {
  readonly #text: string;
  readonly #found = new Map<string, number>();
  /** How many elements each array of tables has so far, by its key. */
  readonly #counts = new Map<string, number>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Map<string, number> {
    let table = "";
    while ((this.#skipBlank(), this.#at < this.#text.length)) {
      const before = this.#at;
      if (this.#text[this.#at] === "[") table = this.#header();
      else this.#pair(table);
      this.#skipLine();
      if (this.#at === before) this.#at++;
    }
    return this.#found;
  }

  #note(key: string, offset: number): void {
    if (key.length <= longestKey && !this.#found.has(key)) this.#found.set(key, offset);
  }

  /** `[a.b]` or `[[a.b]]`; gives the key of the table that following pairs belong to. */
  #header(): string {
    const isArray = this.#text[this.#at + 1] === "[";
    this.#at += isArray ? 2 : 1;
    const parts = this.#keys();
    this.#at += isArray ? 2 : 1;
    let key = "";
    for (const [index, [part, offset]] of parts.entries()) {
      key = join(key, `.${part}`);
      this.#note(key, offset);
      const last = index === parts.length - 1;
      const count = this.#counts.get(key);
      if (last && isArray) {
        this.#counts.set(key, (count ?? 0) + 1);
        key = join(key, `#${count ?? 0}`);
        this.#note(key, offset);
      } else if (count !== undefined) key = join(key, `#${count - 1}`);
    }
    return key;
  }

  #pair(table: string): void {
    let key = table;
    for (const [part, offset] of this.#keys()) {
      key = join(key, `.${part}`);
      this.#note(key, offset);
    }
    this.#blank();
    if (this.#text[this.#at] === "=") {
      this.#at++;
      this.#value(key);
    }
  }

  /** A dotted key: its parts, unescaped, with their offsets. */
  #keys(): [string, number][] {
    const parts: [string, number][] = [];
    for (;;) {
      this.#skipBlank();
      const start = this.#at;
      const char = this.#text[start];
      if (char === '"' || char === "'") parts.push([this.#string(), start]);
      else {
        while (isBare(this.#text.charCodeAt(this.#at))) this.#at++;
        if (this.#at === start) return parts;
        parts.push([this.#text.slice(start, this.#at), start]);
      }
      this.#blank();
      if (this.#text[this.#at] !== ".") return parts;
      this.#at++;
    }
  }

  #value(key: string): void {
    this.#blank();
    const char = this.#text[this.#at];
    if (char === '"' || char === "'") this.#string();
    else if (char === "[") this.#array(key);
    else if (char === "{") this.#inlineTable(key);
    else while (this.#at < this.#text.length && !/[,\]}\n#]/.test(this.#text[this.#at] as string)) this.#at++;
  }

  #array(key: string): void {
    this.#at++;
    for (let index = 0; ; ) {
      this.#skipBlank();
      const char = this.#text[this.#at];
      if (char === undefined) return;
      if (char === "]" || char === ",") {
        this.#at++;
        if (char === "]") return;
        continue;
      }
      const before = this.#at;
      const element = join(key, `#${index++}`);
      this.#note(element, before);
      this.#value(element);
      if (this.#at === before) this.#at++;
    }
  }

  #inlineTable(key: string): void {
    this.#at++;
    for (;;) {
      this.#skipBlank();
      const char = this.#text[this.#at];
      if (char === undefined) return;
      if (char === "}" || char === ",") {
        this.#at++;
        if (char === "}") return;
        continue;
      }
      const before = this.#at;
      this.#pair(key);
      if (this.#at === before) this.#at++;
    }
  }

  /** Moves behind a text of any of the four kinds; gives its content, unescaped for the kinds that keys may have. */
  #string(): string {
    const text = this.#text;
    const quote = text[this.#at] as string;
    const start = this.#at;
    if (text.startsWith(quote.repeat(3), start)) {
      this.#at += 3;
      while (this.#at < text.length && !text.startsWith(quote.repeat(3), this.#at)) {
        this.#at += quote === '"' && text[this.#at] === "\\" ? 2 : 1;
      }
      this.#at += 3;
      while (text[this.#at] === quote) this.#at++;
      return "";
    }
    this.#at++;
    let escaped = false;
    while (this.#at < text.length && text[this.#at] !== quote && text[this.#at] !== "\n") {
      if (quote === '"' && text[this.#at] === "\\") {
        escaped = true;
        this.#at++;
      }
      this.#at++;
    }
    const content = text.slice(start + 1, this.#at++);
    return escaped ? unescape(content) : content;
  }

  /** Skips spaces and tabs. */
  #blank(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
  }

  /** Skips blanks, line ends and comments. */
  #skipBlank(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === "#") this.#skipLine();
      else if (char === " " || char === "\t" || char === "\n" || char === "\r") this.#at++;
      else return;
    }
  }

  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }
}

function join(key: string, part: string): string {
  if (key.length > longestKey) return key;
  return key === "" ? part : `${key}\0${part}`;
}

const shortEscapes: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\x1b" };

function unescape(content: string): string {
  return content.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))/gsu,
    (all, u, big, x, char) => {
      const code = u ?? big ?? x;
      if (code === undefined) return shortEscapes[char as string] ?? (char as string);
      const point = Number.parseInt(code as string, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    },
  );
}

/** Turns offsets into lines and columns (both from 1; columns in UTF-16 code units). */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] as number) + 1 };
  }
}
