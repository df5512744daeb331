import { MappedText } from "./source.ts";
import type { Heredoc, Problem, ShellWord } from "./types.ts";
import { expandVariable, maxExpansion, type Variables } from "./variables.ts";

/** A word before it is counted as one or more arguments. */
export interface RawWord {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Arguments it gives; several after field splitting and braces; undefined where unknown. */
  readonly fields: readonly string[] | undefined;
  readonly literal: boolean;
  /** No quote, no escape, no expansion: may be a reserved word. */
  readonly plain: boolean;
  /** The single value with the place of each character, for text that is itself a script. */
  readonly mapped: MappedText | undefined;
  /** Scripts inside command substitutions: ranges of the text. */
  readonly scripts: readonly { readonly from: number; readonly to: number }[];
  /** `NAME=` at its start, outside quotes. */
  readonly assignment: { readonly name: string; readonly valueFrom: number } | undefined;
}

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
const braceLimit = 256;
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
    return { kind: "word", word: this.#word(variables) };
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

  #word(variables: Variables): RawWord {
    const { text } = this;
    const from = this.at;
    const mapped = new MappedText(this.source.lines);
    const scripts: { from: number; to: number }[] = [];
    // Pieces with a mark for those that are split into fields: unquoted expansions.
    const pieces: { text: string; split: boolean; brace: boolean }[] = [];
    let known = true;
    let plain = true;
    let literal = true;
    let anyQuote = false;
    let size = 0;
    const add = (value: string, at: number, split = false, fixed = false, brace = false) => {
      size += value.length;
      if (size > maxExpansion) known = false;
      else {
        mapped.append(value, this.source.offsetAt(at), fixed);
        pieces.push({ text: value, split, brace });
      }
    };
    const dollar = (quoted: boolean) => {
      const at = this.at;
      plain = false;
      if (text[at + 1] === "(") {
        literal = false;
        known = false;
        if (text[at + 2] === "(") {
          const end = this.#balanced(at + 1);
          this.at = end;
          return;
        }
        const end = this.#balanced(at + 1);
        scripts.push({ from: at + 2, to: Math.max(at + 2, end - 1) });
        this.at = end;
        return;
      }
      const expanded = expandVariable(text, at, variables);
      if (!expanded) {
        add("$", at);
        this.at++;
        return;
      }
      literal = false;
      if (expanded.value === undefined) known = false;
      else add(expanded.value, at, !quoted, true);
      this.at = expanded.end;
    };
    loop: while (this.at < text.length) {
      const char = text[this.at] as string;
      switch (char) {
        case " ":
        case "\t":
        case "\n":
        case "\r":
        case "|":
        case "&":
        case ";":
        case "(":
        case ")":
        case "<":
        case ">":
          break loop;
        case "\\":
          if (text[this.at + 1] === "\n") {
            this.at += 2;
            break;
          }
          plain = false;
          anyQuote = true;
          if (this.at + 1 < text.length) add(text[this.at + 1] as string, this.at + 1);
          this.at += 2;
          break;
        case "'": {
          plain = false;
          anyQuote = true;
          const end = text.indexOf("'", this.at + 1);
          if (end < 0) this.#unended("'", this.at);
          add(text.slice(this.at + 1, end < 0 ? text.length : end), this.at + 1);
          this.at = end < 0 ? text.length : end + 1;
          break;
        }
        case '"': {
          plain = false;
          anyQuote = true;
          const start = this.at++;
          let run = this.at;
          const flush = () => {
            if (run < this.at) add(text.slice(run, this.at), run);
          };
          for (;;) {
            const inner = text[this.at];
            if (inner === undefined) {
              flush();
              this.#unended('"', start);
              break;
            }
            if (inner === '"') {
              flush();
              this.at++;
              break;
            }
            if (inner === "\\" && '"\\$`\n'.includes(text[this.at + 1] ?? "x")) {
              flush();
              if (text[this.at + 1] !== "\n") add(text[this.at + 1] as string, this.at + 1);
              this.at += 2;
              run = this.at;
            } else if (inner === "$") {
              flush();
              dollar(true);
              run = this.at;
            } else if (inner === "`") {
              flush();
              this.#backtick(scripts);
              literal = false;
              known = false;
              run = this.at;
            } else this.at++;
          }
          break;
        }
        case "`":
          plain = false;
          literal = false;
          known = false;
          this.#backtick(scripts);
          break;
        case "$":
          if (text[this.at + 1] === "'") {
            const end = /'(?:[^'\\]|\\[\s\S])*'/y;
            end.lastIndex = this.at + 1;
            const match = end.exec(text);
            plain = false;
            anyQuote = true;
            literal = false;
            const start = this.at;
            if (match)
              add(
                match[0]
                  .slice(1, -1)
                  .replace(/\\([\\'"nt])/g, (_, c: string) => (c === "n" ? "\n" : c === "t" ? "\t" : c)),
                start + 2,
                false,
                true,
              );
            else this.#unended("$'", start);
            this.at = match ? start + 1 + match[0].length : text.length;
          } else if (text[this.at + 1] === '"') this.at++;
          else dollar(false);
          break;
        default: {
          const start = this.at;
          do this.at++;
          while (this.at < text.length && !/[\s|&;()<>\\'"`$]/.test(text[this.at] as string));
          add(text.slice(start, this.at), start, false, false, true);
        }
      }
    }
    if (this.at === from) this.at++;
    const raw = text.slice(from, this.at);
    let fields: string[] | undefined;
    if (known) {
      fields = splitFields(pieces);
      if (!anyQuote && raw.includes("{") && fields.length === 1) {
        const braces = expandBraces(fields[0] as string);
        if (braces.length > 1) {
          fields = braces;
          literal = false;
        }
      }
      if (anyQuote && fields.length === 0) fields = [""];
    }
    if (!this.source.isWhole(from, this.at)) literal = false;
    const name = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/.exec(raw);
    return {
      from,
      to: this.at,
      text: raw,
      fields,
      literal,
      plain: plain && !anyQuote,
      mapped: known ? mapped : undefined,
      scripts,
      assignment: name ? { name: name[1] as string, valueFrom: from + name[0].length } : undefined,
    };
  }

  #unended(quote: string, at: number): void {
    this.problems.push({ span: this.source.span(at, this.text.length), message: `the quote ${quote} does not end` });
  }

  /** Moves past a backquoted command. Its escapes are left as they are: good enough to see the commands. */
  #backtick(scripts: { from: number; to: number }[]): void {
    const start = this.at++;
    while (this.at < this.text.length && this.text[this.at] !== "`") this.at += this.text[this.at] === "\\" ? 2 : 1;
    if (this.at >= this.text.length) {
      this.at = this.text.length;
      this.#unended("`", start);
    }
    scripts.push({ from: start + 1, to: this.at });
    this.at++;
  }

  /** Offset after the parenthesis that closes the one at `open`, quotes and escapes respected. */
  #balanced(open: number): number {
    let depth = 0;
    for (let at = open; at < this.text.length; at++) {
      const char = this.text[at];
      if (char === "\\") at++;
      else if (char === "'") {
        const end = this.text.indexOf("'", at + 1);
        if (end < 0) break;
        at = end;
      } else if (char === '"') {
        const end = this.#endOfDouble(at);
        if (end < 0) break;
        at = end;
      } else if (char === "(") depth++;
      else if (char === ")" && --depth === 0) return at + 1;
    }
    this.#unended("$(", open - 1);
    return this.text.length;
  }

  #endOfDouble(at: number): number {
    let depth = 0;
    for (let index = at + 1; index < this.text.length; index++) {
      const char = this.text[index];
      if (char === "\\") index++;
      else if (char === "$" && this.text[index + 1] === "(") depth++;
      else if (char === ")" && depth > 0) depth--;
      else if (char === '"' && depth === 0) return index;
    }
    return -1;
  }
}

function splitFields(pieces: readonly { text: string; split: boolean }[]): string[] {
  const fields: string[] = [];
  let current: string | undefined;
  for (const { text, split } of pieces) {
    if (!split) {
      current = (current ?? "") + text;
      continue;
    }
    const parts = text.split(/[ \t\n]+/);
    parts.forEach((part, index) => {
      if (index > 0 && current !== undefined) {
        fields.push(current);
        current = undefined;
      }
      if (part !== "") current = (current ?? "") + part;
    });
  }
  if (current !== undefined) fields.push(current);
  return fields;
}

/** `a{b,c}d` → `abd`, `acd`; bounded, and left alone beyond the bound. */
export function expandBraces(text: string): string[] {
  let done: string[] = [];
  let open = [text];
  while (open.length > 0) {
    const next: string[] = [];
    for (const item of open) {
      const match = /\{([^{}]*,[^{}]*)\}/.exec(item);
      if (!match) done.push(item);
      else {
        for (const part of (match[1] as string).split(",")) {
          next.push(item.slice(0, match.index) + part + item.slice(match.index + match[0].length));
        }
      }
      if (done.length + next.length > braceLimit) return [text];
    }
    open = next;
  }
  done = done.filter((item) => item !== "");
  return done;
}

/** The arguments that a word gives. */
export function toArguments(source: MappedText, word: RawWord): ShellWord[] {
  const span = source.span(word.from, word.to);
  if (!word.fields) return [{ text: word.text, span, value: undefined, literal: false }];
  return word.fields.map((value) => ({ text: word.text, span, value, literal: word.literal }));
}
