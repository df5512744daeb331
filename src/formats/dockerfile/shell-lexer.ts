import { type RawWord, WordReader } from "./shell-word.ts";
import type { MappedText } from "./source.ts";
import type { Heredoc, Problem } from "./types.ts";
import type { Variables } from "./variables.ts";

export type Token =
  | { readonly kind: "word"; readonly word: RawWord }
  | { readonly kind: "operator"; readonly text: string; readonly from: number; readonly to: number }
  | { readonly kind: "end"; readonly from: number };

const operators = [
  "&>>",
  "<<-",
  "<<<",
  ";;&",
  "&&",
  "||",
  ";;",
  ";&",
  "|&",
  "&>",
  ">>",
  ">&",
  ">|",
  "<<",
  "<&",
  "<>",
  "&",
  "|",
  ";",
  "(",
  ")",
  "<",
  ">",
  "\n",
];
/** Here-documents that one line may start. */
const maxPending = 64;

/** Words and operators of a POSIX shell text with bash's braces. Never throws: what does not end is a problem, and ends with the text. */
export class ShellLexer {
  readonly source: MappedText;
  readonly text: string;
  readonly problems: Problem[] = [];
  at = 0;
  #pending: { name: string; tabs: boolean; expands: boolean; fill: (heredoc: Heredoc) => void }[] = [];

  constructor(source: MappedText) {
    this.source = source;
    this.text = source.text;
  }

  /** The body follows after the next newline. */
  expectHeredoc(name: string, tabs: boolean, expands: boolean, fill: (heredoc: Heredoc) => void): void {
    if (this.#pending.length < maxPending) this.#pending.push({ name, tabs, expands, fill });
  }

  next(variables: Variables): Token {
    const { text } = this;
    for (;;) {
      const char = text[this.at];
      if (char === " " || char === "\t" || char === "\r") this.at++;
      else if (char === "\\" && text[this.at + 1] === "\n") this.at += 2;
      else if (char === "#") {
        const end = text.indexOf("\n", this.at);
        this.at = end < 0 ? text.length : end;
      } else break;
    }
    const from = this.at;
    if (from >= text.length) return { kind: "end", from };
    const descriptor = /^\d{1,3}(?=[<>])/.exec(text.slice(from, from + 4))?.[0];
    if (descriptor !== undefined) this.at += descriptor.length;
    const operator = "&|;()<>\n".includes(text[this.at] ?? " ")
      ? operators.find((candidate) => text.startsWith(candidate, this.at))
      : undefined;
    if (operator !== undefined) {
      this.at += operator.length;
      if (operator === "\n") this.#readHeredocs();
      return { kind: "operator", text: operator, from, to: this.at };
    }
    const word = new WordReader(this.source, this.at, variables, this.problems).read();
    this.at = word.to;
    return { kind: "word", word };
  }

  #readHeredocs(): void {
    for (const { name, tabs, expands, fill } of this.#pending) {
      const from = this.at;
      let body = "";
      let closed = false;
      while (this.at < this.text.length) {
        const end = this.text.indexOf("\n", this.at);
        const stop = end < 0 ? this.text.length : end;
        let line = this.text.slice(this.at, stop);
        if (tabs) line = line.replace(/^\t+/, "");
        this.at = end < 0 ? stop : stop + 1;
        if (line === name) {
          closed = true;
          break;
        }
        body += `${line}\n`;
      }
      const span = this.source.span(from, this.at);
      if (!closed) this.problems.push({ span, message: `the heredoc ${name} does not end` });
      fill({ name, body, span, expands });
    }
    this.#pending = [];
  }
}
