import { expandBraces, type Piece, splitFields } from "./shell-fields.ts";
import { closeBackquote, closeParenthesis } from "./shell-scan.ts";
import { MappedText } from "./source.ts";
import type { Problem, ShellWord } from "./types.ts";
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

/** What one more argument counts in the allowance for expansions, in characters. */
const fieldCost = 64;
const breaks = new Set(" \t\n\r|&;()<>");
const special = /[\s|&;()<>\\'"`$]/;

/** Reads one word of a shell text from `at` on, at least one character. What does not end is a problem, and ends with the text. */
export class WordReader {
  readonly #source: MappedText;
  readonly #text: string;
  readonly #from: number;
  readonly #variables: Variables;
  readonly #problems: Problem[];
  readonly #mapped: MappedText;
  readonly #scripts: { from: number; to: number }[] = [];
  readonly #pieces: Piece[] = [];
  #at: number;
  #size = 0;
  #known = true;
  #literal = true;
  #quoted = false;
  #expands = false;

  constructor(source: MappedText, at: number, variables: Variables, problems: Problem[]) {
    this.#source = source;
    this.#text = source.text;
    this.#from = at;
    this.#at = at;
    this.#variables = variables;
    this.#problems = problems;
    this.#mapped = new MappedText(source.lines);
  }

  read(): RawWord {
    const text = this.#text;
    for (let char = text[this.#at]; char !== undefined && !breaks.has(char); char = text[this.#at]) {
      if (char === "\\") this.#escape();
      else if (char === "'") this.#single();
      else if (char === '"') this.#double();
      else if (char === "`") this.#backquote();
      else if (char === "$") this.#dollarOutside();
      else this.#run();
    }
    if (this.#at === this.#from) this.#at++;
    const raw = text.slice(this.#from, this.#at);
    const fields = this.#known ? this.#fields(raw) : undefined;
    const name = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/.exec(raw);
    return {
      from: this.#from,
      to: this.#at,
      text: raw,
      fields,
      literal: this.#literal && this.#source.isWhole(this.#from, this.#at),
      plain: !this.#quoted && !this.#expands,
      mapped: this.#known ? this.#mapped : undefined,
      scripts: this.#scripts,
      assignment: name ? { name: name[1] as string, valueFrom: this.#from + name[0].length } : undefined,
    };
  }

  #fields(raw: string): string[] | undefined {
    const fields = splitFields(this.#pieces);
    if (fields.length > 1 && !this.#variables.spend(fields.length * fieldCost)) return undefined;
    if (this.#quoted) return fields.length === 0 ? [""] : fields;
    const [only] = fields;
    if (fields.length !== 1 || only === undefined || !raw.includes("{")) return fields;
    if (!this.#variables.spend(only.length)) return undefined;
    const braces = expandBraces(only);
    if (braces.length <= 1) return fields;
    if (!this.#variables.spend(braces.length * (fieldCost + only.length))) return undefined;
    this.#literal = false;
    return braces;
  }

  #add(value: string, at: number, options: { readonly split?: boolean; readonly fixed?: boolean } = {}): void {
    this.#size += value.length;
    if (this.#size > maxExpansion) {
      this.#known = false;
      return;
    }
    this.#mapped.append(value, this.#source.offsetAt(at), options.fixed);
    this.#pieces.push({ text: value, split: options.split ?? false });
  }

  #run(): void {
    const start = this.#at;
    do this.#at++;
    while (this.#at < this.#text.length && !special.test(this.#text[this.#at] as string));
    this.#add(this.#text.slice(start, this.#at), start);
  }

  #escape(): void {
    const next = this.#text[this.#at + 1];
    if (next !== "\n") {
      this.#quoted = true;
      if (next !== undefined) this.#add(next, this.#at + 1);
    }
    this.#at += 2;
    this.#at = Math.min(this.#at, this.#text.length);
  }

  #single(): void {
    const start = this.#at + 1;
    const end = this.#text.indexOf("'", start);
    this.#quoted = true;
    if (end < 0) this.#unended("'", this.#at);
    this.#at = end < 0 ? this.#text.length : end;
    this.#add(this.#text.slice(start, this.#at), start);
    if (end >= 0) this.#at++;
  }

  #double(): void {
    const text = this.#text;
    const open = this.#at++;
    this.#quoted = true;
    let start = this.#at;
    const flush = () => {
      if (start < this.#at) this.#add(text.slice(start, this.#at), start);
    };
    for (;;) {
      const char = text[this.#at];
      if (char === undefined || char === '"') {
        flush();
        if (char === undefined) this.#unended('"', open);
        else this.#at++;
        return;
      }
      const next = text[this.#at + 1];
      if (char === "\\" && next !== undefined && '"\\$`\n'.includes(next)) {
        flush();
        if (next !== "\n") this.#add(next, this.#at + 1);
        this.#at += 2;
        start = this.#at;
      } else if (char === "$" || char === "`") {
        flush();
        if (char === "$") this.#dollar(false);
        else this.#backquote();
        start = this.#at;
      } else this.#at++;
    }
  }

  #dollarOutside(): void {
    const next = this.#text[this.#at + 1];
    if (next === "'") this.#ansi();
    else if (next === '"') this.#at++;
    else this.#dollar(true);
  }

  /** `$'…'` of bash. */
  #ansi(): void {
    const start = this.#at;
    const pattern = /'(?:[^'\\]|\\[\s\S])*'/y;
    pattern.lastIndex = start + 1;
    const match = pattern.exec(this.#text);
    this.#quoted = true;
    this.#literal = false;
    if (!match) {
      this.#unended("$'", start);
      this.#at = this.#text.length;
      return;
    }
    const controls: Readonly<Record<string, string>> = { n: "\n", t: "\t" };
    const value = match[0].slice(1, -1).replace(/\\([\\'"nt])/g, (_, char: string) => controls[char] ?? char);
    this.#add(value, start + 2, { fixed: true });
    this.#at = pattern.lastIndex;
  }

  #dollar(split: boolean): void {
    const start = this.#at;
    this.#expands = true;
    if (this.#text[start + 1] === "(") {
      this.#literal = false;
      this.#known = false;
      const end = closeParenthesis(this.#text, start + 1);
      if (end === undefined) this.#unended("$(", start);
      this.#at = end ?? this.#text.length;
      const arithmetic = this.#text[start + 2] === "(";
      if (!arithmetic)
        this.#scripts.push({ from: start + 2, to: Math.max(start + 2, end === undefined ? this.#at : end - 1) });
      return;
    }
    const expanded = expandVariable(this.#text, start, this.#variables);
    if (!expanded) {
      this.#add("$", start);
      this.#at++;
      return;
    }
    this.#literal = false;
    if (expanded.value === undefined) this.#known = false;
    else this.#add(expanded.value, start, { split, fixed: true });
    this.#at = expanded.end;
  }

  /** A backquoted command. Its escapes are left as they are: good enough to see the commands. */
  #backquote(): void {
    const start = this.#at;
    const end = closeBackquote(this.#text, start);
    this.#expands = true;
    this.#literal = false;
    this.#known = false;
    if (end === undefined) this.#unended("`", start);
    this.#scripts.push({ from: start + 1, to: end ?? this.#text.length });
    this.#at = end === undefined ? this.#text.length : end + 1;
  }

  #unended(quote: string, at: number): void {
    this.#problems.push({ span: this.#source.span(at, this.#text.length), message: `the quote ${quote} does not end` });
  }
}

/** The arguments that a word gives. */
export function toArguments(source: MappedText, word: RawWord): ShellWord[] {
  const span = source.span(word.from, word.to);
  if (!word.fields) return [{ text: word.text, span, value: undefined, literal: false }];
  return word.fields.map((value) => ({ text: word.text, span, value, literal: word.literal }));
}
