/** Words that braces may give, and their characters in sum. */
const braceLimit = 256;
const sizeLimit = 1 << 16;

/** A stretch of a word's value; `split` where it came from an expansion outside quotes. */
export interface Piece {
  readonly text: string;
  readonly split: boolean;
}

/** The arguments that the pieces of one word give: expansions outside quotes are split at blanks. */
export function splitFields(pieces: readonly Piece[]): string[] {
  const fields: string[] = [];
  let current: string | undefined;
  for (const { text, split } of pieces) {
    if (!split) {
      current = (current ?? "") + text;
      continue;
    }
    for (const [index, part] of text.split(/[ \t\n]+/).entries()) {
      if (index > 0 && current !== undefined) {
        fields.push(current);
        current = undefined;
      }
      if (part !== "") current = (current ?? "") + part;
    }
  }
  if (current !== undefined) fields.push(current);
  return fields;
}

/** `a{b,c}d` → `abd`, `acd`; left as it is where it would give too many. */
export function expandBraces(text: string): string[] {
  const done: string[] = [];
  let open = [text];
  while (open.length > 0) {
    const next: string[] = [];
    for (const item of open) {
      const match = /\{([^{}]*,[^{}]*)\}/.exec(item);
      if (!match) done.push(item);
      else {
        const [whole, inside = ""] = match;
        for (const part of inside.split(","))
          next.push(item.slice(0, match.index) + part + item.slice(match.index + whole.length));
      }
      if (done.length + next.length > braceLimit || (done.length + next.length) * text.length > sizeLimit)
        return [text];
    }
    open = next;
  }
  return done.filter((item) => item !== "");
}
