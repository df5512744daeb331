/** Without blanks and tabs at the end; other white space is text. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 32 || text.charCodeAt(end - 1) === 9)) end--;
  return text.slice(0, end);
}

/** Joins the lines of a plain or quoted scalar: one break is a blank, each further one a line feed. */
export class FoldedText {
  #text: string;
  #breaks = 0;

  constructor(first: string) {
    this.#text = first;
  }

  /** An empty line. */
  blank(): void {
    this.#breaks++;
  }

  line(text: string): void {
    this.#text += this.#breaks === 0 ? ` ${text}` : "\n".repeat(this.#breaks) + text;
    this.#breaks = 0;
  }

  /** Joins without a blank: the break before was escaped. */
  join(text: string): void {
    this.#text += "\n".repeat(this.#breaks) + text;
    this.#breaks = 0;
  }

  get text(): string {
    return this.#text;
  }
}

/** Lines of a block scalar, their indentation taken off, as text. `keep` is `+`, `-` or nothing. */
export function blockText(lines: readonly string[], folded: boolean, keep: string): string {
  let end = lines.length;
  while (end > 0 && lines[end - 1] === "") end--;
  const body = folded ? foldBlock(lines, end) : lines.slice(0, end).join("\n");
  if (keep === "-") return body;
  if (keep === "+") return end === 0 ? "\n".repeat(lines.length) : `${body}${"\n".repeat(1 + lines.length - end)}`;
  return end === 0 ? "" : `${body}\n`;
}

function foldBlock(lines: readonly string[], end: number): string {
  const parts: string[] = [];
  let breaks = 0;
  let before: string | undefined;
  for (let index = 0; index < end; index++) {
    const line = lines[index] as string;
    if (line === "") {
      breaks++;
      continue;
    }
    if (before === undefined) parts.push("\n".repeat(breaks));
    else if (isIndented(before) || isIndented(line)) parts.push("\n".repeat(breaks + 1));
    else parts.push(breaks === 0 ? " " : "\n".repeat(breaks));
    parts.push(line);
    before = line;
    breaks = 0;
  }
  return parts.join("");
}

function isIndented(line: string): boolean {
  return line[0] === " " || line[0] === "\t";
}

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};
const widths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** What a backslash and what follows it mean, and how many characters follow; undefined where they mean nothing. */
export function unescape(text: string, at: number): { readonly value: string; readonly length: number } | undefined {
  const mark = text[at] ?? "";
  const simple = Object.hasOwn(escapes, mark) ? escapes[mark] : undefined;
  if (simple !== undefined) return { value: simple, length: 1 };
  const width = Object.hasOwn(widths, mark) ? (widths[mark] ?? 0) : 0;
  const digits = text.slice(at + 1, at + 1 + width);
  if (width === 0 || !/^[0-9A-Fa-f]+$/.test(digits) || digits.length !== width) return undefined;
  const code = Number.parseInt(digits, 16);
  return code > 0x10ffff ? undefined : { value: String.fromCodePoint(code), length: 1 + width };
}
