import type { MappedText } from "./source.ts";
import type { ShellWord } from "./types.ts";
import { expandText, type Variables } from "./variables.ts";

/** The JSON form of an instruction, or undefined where the text is none. */
export function parseExec(body: MappedText): ShellWord[] | undefined {
  const { text } = body;
  if (!text.startsWith("[") || !text.endsWith("]")) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) return undefined;
  const words: ShellWord[] = [];
  const pattern = /"(?:[^"\\]|\\.)*"/g;
  for (const value of values) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const to = match.index + match[0].length;
    const literal = body.isWhole(match.index, to);
    words.push({ text: match[0], span: body.span(match.index, to), value, literal });
  }
  return words;
}

interface Piece {
  readonly from: number;
  readonly to: number;
}

/** Words at blanks outside quotes. */
function pieces(text: string, escape: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    while (at < text.length && /\s/.test(text[at] as string)) at++;
    if (at >= text.length) break;
    const from = at;
    let quote = "";
    for (; at < text.length; at++) {
      const char = text[at] as string;
      if (char === escape && quote !== "'") at++;
      else if (quote !== "") {
        if (char === quote) quote = "";
      } else if (char === '"' || char === "'") quote = char;
      else if (/\s/.test(char)) break;
    }
    at = Math.min(at, text.length);
    found.push({ from, to: at });
  }
  return found;
}

/** Arguments of an instruction with variables expanded. */
export function splitWords(body: MappedText, variables: Variables, escape: string): ShellWord[] {
  return pieces(body.text, escape).map(({ from, to }) => {
    const text = body.text.slice(from, to);
    const value = expandText(text, variables, 0, escape);
    return { text, span: body.span(from, to), value, literal: !text.includes("$") && body.isWhole(from, to) };
  });
}

/** `NAME=value …`, or `NAME value` where allowed. A value is undefined where it is not known or not given. */
export function parsePairs(
  body: MappedText,
  variables: Variables,
  escape: string,
  allowBlank: boolean,
): { readonly name: string; readonly value: string | undefined }[] {
  const words = pieces(body.text, escape).map(({ from, to }) => body.text.slice(from, to));
  const [first = ""] = words;
  if (allowBlank && !first.includes("=")) {
    const value = expandText(body.text.slice(first.length).trim(), variables, 0, escape);
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(first) ? [{ name: first, value }] : [];
  }
  const pairs: { name: string; value: string | undefined }[] = [];
  const known = variables.copy();
  for (const word of words) {
    const match = /^([A-Za-z_][A-Za-z0-9_.-]*)(?:=([\s\S]*))?$/.exec(word);
    if (!match) continue;
    // All values of one ENV see the variables from before it; those of one ARG see each other.
    const value = match[2] === undefined ? undefined : expandText(match[2], allowBlank ? variables : known, 0, escape);
    known.set(match[1] as string, value);
    pairs.push({ name: match[1] as string, value });
  }
  return pairs;
}
