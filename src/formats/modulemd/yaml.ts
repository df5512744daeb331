import type { YamlMap, YamlValue } from "./types.ts";
import { mostDepth, YamlRefused } from "./yaml-error.ts";
import { blockText, FoldedText, trimBlanks, unescape } from "./yaml-scalars.ts";

/**
 * Reads one YAML document in linear time: block and flow collections, all kinds of scalars, comments. Anchors, aliases, tags and complex
 * keys are refused, equal keys too: module metadata has none, and what they make possible is harm. Scalars stay text.
 */
export function readYaml(text: string, firstLine: number): YamlValue {
  return new YamlReader(text, firstLine).read();
}

class YamlReader {
  readonly #text: string;
  readonly #firstLine: number;
  #at = 0;
  #lineStart = 0;

  constructor(text: string, firstLine: number) {
    this.#text = text;
    this.#firstLine = firstLine;
  }

  read(): YamlValue {
    const column = this.#nextContent();
    if (column < 0) return "";
    const value = this.#blockNode(column, -1, 0);
    if (this.#nextContent() >= 0) throw this.#refuse("text that belongs to nothing above it");
    return value;
  }

  #refuse(message: string): YamlRefused {
    let line = this.#firstLine;
    for (let at = this.#text.indexOf("\n"); at >= 0 && at < this.#at; at = this.#text.indexOf("\n", at + 1)) line++;
    return new YamlRefused(message, line);
  }

  /** From a line's start to the next line with content: its column, -1 at the end. */
  #nextContent(): number {
    const text = this.#text;
    for (;;) {
      if (this.#at >= text.length) return -1;
      let at = this.#at;
      while (text.charCodeAt(at) === 32) at++;
      const code = text.charCodeAt(at);
      if (code === 9) {
        const end = this.#lineEnd(at);
        this.#at = at;
        if (trimBlanks(text.slice(at, end)) !== "") throw this.#refuse("a tab in the indentation");
        this.#startLine(end);
      } else if (code === 10 || at >= text.length) this.#startLine(at);
      else if (code === 35) this.#startLine(this.#lineEnd(at));
      else {
        this.#at = at;
        return at - this.#lineStart;
      }
    }
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end < 0 ? this.#text.length : end;
  }

  /** Goes on behind the line feed at `end`. */
  #startLine(end: number): void {
    this.#at = Math.min(this.#text.length, end + 1);
    this.#lineStart = this.#at;
  }

  #blockNode(column: number, parent: number, depth: number): YamlValue {
    if (depth > mostDepth) throw this.#refuse("values nested too deeply");
    if (this.#isItem()) return this.#sequence(column, depth);
    if (this.#isKey()) return this.#map(column, depth);
    return this.#scalar(parent, depth);
  }

  /** Whether a `- ` stands here. */
  #isItem(): boolean {
    return this.#text.charCodeAt(this.#at) === 45 && this.#isBlankAt(this.#at + 1);
  }

  #isBlankAt(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code === 32 || code === 10 || code === 9 || at >= this.#text.length;
  }

  /** Whether a key and its colon stand here, on one line. */
  #isKey(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    if (code === 91 || code === 123) return false;
    return this.#keyEnd() >= 0;
  }

  /** Where the colon of the key that stands here is, or -1. */
  #keyEnd(): number {
    const text = this.#text;
    const start = this.#at;
    const quote = text.charCodeAt(start);
    let at = start;
    if (quote === 34 || quote === 39) {
      for (at++; ; at++) {
        const code = text.charCodeAt(at);
        if (code === 10 || at >= text.length) return -1;
        if (quote === 34 && code === 92) at++;
        else if (code === quote) {
          if (quote === 39 && text.charCodeAt(at + 1) === 39) at++;
          else break;
        }
      }
      at++;
      while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
      return text.charCodeAt(at) === 58 && this.#isBlankAt(at + 1) ? at : -1;
    }
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10) return -1;
      if (code === 58 && this.#isBlankAt(at + 1)) return at;
      if (code === 35 && at > start && this.#isBlankAt(at - 1)) return -1;
    }
    return -1;
  }

  #sequence(column: number, depth: number): YamlValue[] {
    const list: YamlValue[] = [];
    for (;;) {
      this.#at++;
      list.push(this.#value(column, depth + 1, false));
      const next = this.#nextContent();
      if (next < column) return list;
      if (next > column) throw this.#refuse("a line indented more than its sequence");
      if (!this.#isItem()) return list;
    }
  }

  #map(column: number, depth: number): YamlMap {
    const map = new Map<string, YamlValue>();
    for (;;) {
      const end = this.#keyEnd();
      if (end < 0) throw this.#refuse("a line that is no key with a colon");
      const key = this.#key(end);
      if (map.has(key)) throw this.#refuse(`the key ${key.slice(0, 80)} is there twice`);
      this.#at = end + 1;
      map.set(key, this.#value(column, depth + 1, true));
      const next = this.#nextContent();
      if (next < column) return map;
      if (next > column) throw this.#refuse("a line indented more than its map");
    }
  }

  #key(end: number): string {
    const code = this.#text.charCodeAt(this.#at);
    if (code === 34) return this.#doubleQuoted(-1);
    if (code === 39) return this.#singleQuoted(-1);
    this.#refuseIndicator();
    return trimBlanks(this.#text.slice(this.#at, end));
  }

  /** What comes behind a `-` or a key's colon; ends at a line's start. */
  #value(column: number, depth: number, ofMap: boolean): YamlValue {
    const text = this.#text;
    const begin = this.#at;
    while (text.charCodeAt(this.#at) === 32 || text.charCodeAt(this.#at) === 9) this.#at++;
    const code = text.charCodeAt(this.#at);
    if (this.#at >= text.length || code === 10 || (code === 35 && this.#at > begin)) {
      this.#startLine(this.#lineEnd(this.#at));
      const next = this.#nextContent();
      if (next > column) return this.#blockNode(next, column, depth);
      if (ofMap && next === column && this.#isItem()) {
        if (depth > mostDepth) throw this.#refuse("values nested too deeply");
        return this.#sequence(next, depth);
      }
      // Seen, not consumed: whoever comes next looks at the line from its start.
      if (next >= 0) this.#at = this.#lineStart;
      return "";
    }
    if (ofMap) {
      if (this.#isItem()) throw this.#refuse("a sequence on the line of its key");
      return this.#scalar(column, depth);
    }
    return this.#blockNode(this.#at - this.#lineStart, column, depth);
  }

  #refuseIndicator(): void {
    const mark = this.#text[this.#at] ?? "";
    if (mark === "&" || mark === "*" || mark === "!") throw this.#refuse("an anchor, alias or tag, which are not read");
    if ("%@`,[]{}|>".includes(mark)) throw this.#refuse(`text that begins with ${mark}`);
    if (mark === "?" && this.#isBlankAt(this.#at + 1)) throw this.#refuse("a complex key, which is not read");
    if (mark === "-" && this.#isBlankAt(this.#at + 1)) throw this.#refuse("a sequence where text is expected");
  }

  #scalar(parent: number, depth: number): YamlValue {
    switch (this.#text[this.#at]) {
      case "|":
      case ">":
        return this.#block(parent);
      case '"':
        return this.#finishLine(this.#doubleQuoted(parent));
      case "'":
        return this.#finishLine(this.#singleQuoted(parent));
      case "[":
      case "{":
        return this.#finishLine(this.#flow(depth));
      default:
        this.#refuseIndicator();
        return this.#plain(parent);
    }
  }

  #finishLine<T>(value: T): T {
    const end = this.#lineEnd(this.#at);
    if (!/^(?:[ \t]+#.*|[ \t]*)$/.test(this.#text.slice(this.#at, end)))
      throw this.#refuse("text behind a value's end");
    this.#startLine(end);
    return value;
  }

  #plain(parent: number): string {
    const first = this.#plainLine();
    if (first.comment) return first.text;
    const folded = new FoldedText(first.text);
    for (;;) {
      // A line that goes on is indented more than what the scalar belongs to, and no comment.
      let at = this.#at;
      while (this.#text.charCodeAt(at) === 32 || this.#text.charCodeAt(at) === 9) at++;
      if (at >= this.#text.length) break;
      const code = this.#text.charCodeAt(at);
      if (code === 10) {
        folded.blank();
        this.#startLine(at);
        continue;
      }
      if (code === 35 || this.#indentOf(this.#at) <= parent) break;
      this.#at = at;
      const next = this.#plainLine();
      folded.line(next.text);
      if (next.comment) break;
    }
    return folded.text;
  }

  #indentOf(lineStart: number): number {
    let at = lineStart;
    while (this.#text.charCodeAt(at) === 32) at++;
    return at - lineStart;
  }

  /** The rest of a line as plain text, up to a comment; goes to the next line. */
  #plainLine(): { readonly text: string; readonly comment: boolean } {
    const end = this.#lineEnd(this.#at);
    let line = this.#text.slice(this.#at, end);
    const comment = / #|\t#/.exec(line);
    if (comment !== null) line = line.slice(0, comment.index);
    line = trimBlanks(line);
    if (/:(?:[ \t]|$)/.test(line)) throw this.#refuse("a colon that belongs to no key: quote the text");
    this.#startLine(end);
    return { text: line, comment: comment !== null };
  }

  #singleQuoted(parent: number): string {
    const text = this.#text;
    let folded: FoldedText | undefined;
    let piece = "";
    let at = this.#at + 1;
    let line = -1;
    for (;;) {
      const quote = text.indexOf("'", at);
      if (quote < 0) throw this.#refuse("a quote that is never closed");
      if (line < at) line = this.#lineEnd(at);
      if (line < quote) {
        piece += text.slice(at, line);
        folded = this.#breakLine(folded, trimBlanks(piece), false);
        piece = "";
        at = this.#continueAt(line, parent, folded);
        continue;
      }
      piece += text.slice(at, quote);
      at = quote + 1;
      if (text.charCodeAt(at) !== 39) break;
      piece += "'";
      at++;
    }
    this.#at = at;
    return this.#endQuoted(folded, piece);
  }

  #doubleQuoted(parent: number): string {
    const text = this.#text;
    let folded: FoldedText | undefined;
    let joined = false;
    let piece = "";
    /** Escaped blanks at a line's end stay. */
    let kept = 0;
    let at = this.#at + 1;
    for (let start = at; ; ) {
      const code = text.charCodeAt(at);
      if (at >= text.length) throw this.#refuse("a quote that is never closed");
      if (code === 34) {
        piece += text.slice(start, at);
        break;
      }
      if (code === 92 && text.charCodeAt(at + 1) !== 10) {
        piece += text.slice(start, at);
        const escape = unescape(text, at + 1);
        if (escape === undefined) throw this.#refuse("an escape that means nothing");
        piece += escape.value;
        kept = piece.length;
        at += 1 + escape.length;
        start = at;
      } else if (code === 10 || code === 92) {
        const escaped = code === 92;
        piece += text.slice(start, at);
        const whole = escaped ? piece : piece.slice(0, kept) + trimBlanks(piece.slice(kept));
        folded = this.#breakLine(folded, whole, joined);
        joined = escaped;
        piece = "";
        kept = 0;
        at = this.#continueAt(escaped ? at + 1 : at, parent, folded);
        start = at;
      } else at++;
    }
    this.#at = at + 1;
    return this.#endQuoted(folded, piece, joined);
  }

  #breakLine(folded: FoldedText | undefined, piece: string, joined: boolean): FoldedText {
    if (folded === undefined) return new FoldedText(piece);
    if (joined) folded.join(piece);
    else folded.line(piece);
    return folded;
  }

  #endQuoted(folded: FoldedText | undefined, piece: string, joined = false): string {
    return folded === undefined ? piece : this.#breakLine(folded, piece, joined).text;
  }

  /** Behind the break at `line`: empty lines counted, then the column of the line that goes on. */
  #continueAt(line: number, parent: number, folded: FoldedText): number {
    const text = this.#text;
    let start = line + 1;
    for (;;) {
      let at = start;
      while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
      if (text.charCodeAt(at) === 10) {
        folded.blank();
        start = at + 1;
        continue;
      }
      this.#lineStart = start;
      if (this.#indentOf(start) <= parent) {
        this.#at = start;
        throw this.#refuse("quoted text that goes on without indentation");
      }
      return at;
    }
  }

  #block(parent: number): string {
    const text = this.#text;
    const headEnd = this.#lineEnd(this.#at);
    const head = /^([|>])(?:([+-])([1-9])?|([1-9])([+-])?)?(?:[ \t]+#.*|[ \t]*)$/.exec(text.slice(this.#at, headEnd));
    if (head === null) throw this.#refuse("a broken head of a block of text");
    const digit = head[3] ?? head[4];
    let indent = digit === undefined ? -1 : Math.max(0, parent) + Number(digit);
    this.#startLine(headEnd);
    const lines: string[] = [];
    let deepestBlank = 0;
    while (this.#at < text.length) {
      const end = this.#lineEnd(this.#at);
      const blanks = this.#indentOf(this.#at);
      const isBlank = this.#at + blanks >= end;
      if (isBlank && (indent < 0 || blanks <= indent)) {
        deepestBlank = Math.max(deepestBlank, blanks);
        lines.push("");
      } else {
        if (indent < 0) {
          if (blanks <= parent) break;
          indent = blanks;
          if (deepestBlank > indent) throw this.#refuse("an empty line indented more than the text below it");
        }
        if (blanks < indent) break;
        lines.push(text.slice(this.#at + indent, end));
      }
      this.#startLine(end);
    }
    // The empty piece behind a last line feed is no line.
    return blockText(lines, head[1] === ">", head[2] ?? head[5] ?? "");
  }

  #flow(depth: number): YamlValue {
    if (depth > mostDepth) throw this.#refuse("values nested too deeply");
    const mark = this.#text[this.#at];
    if (mark === '"') return this.#doubleQuoted(-1);
    if (mark === "'") return this.#singleQuoted(-1);
    if (mark === "[") return this.#flowSequence(depth);
    if (mark === "{") return this.#flowMap(depth);
    this.#refuseIndicator();
    return this.#flowPlain();
  }

  #flowSequence(depth: number): YamlValue[] {
    const list: YamlValue[] = [];
    this.#at++;
    for (;;) {
      this.#flowSpace();
      if (this.#text[this.#at] === "]") break;
      list.push(this.#flow(depth + 1));
      this.#flowSpace();
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "]") throw this.#refuse("neither , nor ] behind an item");
    }
    this.#at++;
    return list;
  }

  #flowMap(depth: number): YamlMap {
    const map = new Map<string, YamlValue>();
    this.#at++;
    for (;;) {
      this.#flowSpace();
      if (this.#text[this.#at] === "}") break;
      const key = this.#flow(depth + 1);
      if (typeof key !== "string") throw this.#refuse("a complex key, which is not read");
      if (map.has(key)) throw this.#refuse(`the key ${key.slice(0, 80)} is there twice`);
      this.#flowSpace();
      let value: YamlValue = "";
      if (this.#text[this.#at] === ":") {
        this.#at++;
        this.#flowSpace();
        const next = this.#text[this.#at];
        if (next !== "," && next !== "}") value = this.#flow(depth + 1);
        this.#flowSpace();
      }
      map.set(key, value);
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "}") throw this.#refuse("neither , nor } behind a value");
    }
    this.#at++;
    return map;
  }

  /** Skips blanks, breaks and comments; gives the number of breaks. */
  #flowSpace(): number {
    const text = this.#text;
    let breaks = 0;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (this.#at >= text.length) throw this.#refuse("a bracket that is never closed");
      if (code === 10) {
        breaks++;
        this.#startLine(this.#at);
      } else if (code === 32 || code === 9) this.#at++;
      else if (code === 35 && this.#isBlankAt(this.#at - 1)) this.#at = this.#lineEnd(this.#at);
      else return breaks;
    }
  }

  #flowPlain(): string {
    let folded: FoldedText | undefined;
    const text = this.#text;
    for (;;) {
      let at = this.#at;
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === 10 || code === 44 || code === 91 || code === 93 || code === 123 || code === 125) break;
        if (code === 58 && (this.#isBlankAt(at + 1) || ",[]{}".includes(text[at + 1] ?? " "))) break;
        if (code === 35 && this.#isBlankAt(at - 1)) break;
      }
      const piece = trimBlanks(text.slice(this.#at, at));
      if (folded === undefined) folded = new FoldedText(piece);
      else folded.line(piece);
      this.#at = at;
      if (text.charCodeAt(at) !== 10) break;
      const breaks = this.#flowSpace();
      for (let count = 1; count < breaks; count++) folded.blank();
      const next = text[this.#at] ?? "";
      if (",[]{}:#".includes(next)) break;
    }
    const value = folded.text;
    if (value === "") throw this.#refuse("an empty item");
    return value;
  }
}
