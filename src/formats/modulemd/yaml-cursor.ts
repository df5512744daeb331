import { YamlRefused } from "./yaml-error.ts";
import { trimBlanks } from "./yaml-scalars.ts";

/** A place in a YAML document, and what every part of the reader asks of it. */
export class YamlCursor {
  readonly text: string;
  readonly #firstLine: number;
  at = 0;
  lineStart = 0;

  constructor(text: string, firstLine: number) {
    this.text = text;
    this.#firstLine = firstLine;
  }

  refuse(message: string): YamlRefused {
    let line = this.#firstLine;
    for (let at = this.text.indexOf("\n"); at >= 0 && at < this.at; at = this.text.indexOf("\n", at + 1)) line++;
    return new YamlRefused(message, line);
  }

  /** From a line's start to the next line with content: its column, -1 at the end. */
  nextContent(): number {
    const text = this.text;
    for (;;) {
      if (this.at >= text.length) return -1;
      let at = this.at;
      while (text.charCodeAt(at) === 32) at++;
      const code = text.charCodeAt(at);
      if (code === 9) {
        const end = this.lineEnd(at);
        this.at = at;
        if (trimBlanks(text.slice(at, end)) !== "") throw this.refuse("a tab in the indentation");
        this.startLine(end);
      } else if (code === 10 || at >= text.length) this.startLine(at);
      else if (code === 35) this.startLine(this.lineEnd(at));
      else {
        this.at = at;
        return at - this.lineStart;
      }
    }
  }

  lineEnd(from: number): number {
    const end = this.text.indexOf("\n", from);
    return end < 0 ? this.text.length : end;
  }

  /** Goes on behind the line feed at `end`. */
  startLine(end: number): void {
    this.at = Math.min(this.text.length, end + 1);
    this.lineStart = this.at;
  }

  isBlankAt(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === 32 || code === 10 || code === 9 || at >= this.text.length;
  }

  indentOf(lineStart: number): number {
    let at = lineStart;
    while (this.text.charCodeAt(at) === 32) at++;
    return at - lineStart;
  }

  /** Whether a `- ` stands here. */
  isItem(): boolean {
    return this.text.charCodeAt(this.at) === 45 && this.isBlankAt(this.at + 1);
  }

  refuseIndicator(): void {
    const mark = this.text[this.at] ?? "";
    if (mark === "&" || mark === "*" || mark === "!") throw this.refuse("an anchor, alias or tag, which are not read");
    if ("%@`,[]{}|>".includes(mark)) throw this.refuse(`text that begins with ${mark}`);
    if (mark === "?" && this.isBlankAt(this.at + 1)) throw this.refuse("a complex key, which is not read");
    if (mark === "-" && this.isBlankAt(this.at + 1)) throw this.refuse("a sequence where text is expected");
  }

  finishLine(): void {
    const end = this.lineEnd(this.at);
    if (!/^(?:[ \t]+#.*|[ \t]*)$/.test(this.text.slice(this.at, end))) throw this.refuse("text behind a value's end");
    this.startLine(end);
  }
}
