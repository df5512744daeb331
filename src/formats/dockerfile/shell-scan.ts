/** Offset after the parenthesis that closes the one at `open`, quotes and escapes respected; undefined where none does. */
export function closeParenthesis(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return undefined;
      at = end;
    } else if (char === '"') {
      const end = closeDouble(text, at);
      if (end === undefined) return undefined;
      at = end;
    } else if (char === "(") depth++;
    else if (char === ")" && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Offset of the quote that closes the double quote at `open`, substitutions skipped. */
function closeDouble(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open + 1; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "$" && text[at + 1] === "(") depth++;
    else if (char === ")" && depth > 0) depth--;
    else if (char === '"' && depth === 0) return at;
  }
  return undefined;
}

/** Offset of the backquote that closes the one at `open`. */
export function closeBackquote(text: string, open: number): number | undefined {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "`") return at;
  }
  return undefined;
}
