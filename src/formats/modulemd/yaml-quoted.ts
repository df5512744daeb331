import type { YamlCursor } from "./yaml-cursor.ts";
import { FoldedText, trimBlanks, unescape } from "./yaml-scalars.ts";

/** The text in single quotes that begins here; further lines may be indented as they like, which YAML forbids and libyaml allows. */
export function singleQuoted(cursor: YamlCursor): string {
  const text = cursor.text;
  let folded: FoldedText | undefined;
  let piece = "";
  let at = cursor.at + 1;
  let line = -1;
  for (;;) {
    const quote = text.indexOf("'", at);
    if (quote < 0) throw cursor.refuse("a quote that is never closed");
    if (line < at) line = cursor.lineEnd(at);
    if (line < quote) {
      piece += text.slice(at, line);
      folded = breakLine(cursor, folded, trimBlanks(piece), false);
      piece = "";
      at = continueAt(cursor, line, folded);
      continue;
    }
    piece += text.slice(at, quote);
    at = quote + 1;
    if (text.charCodeAt(at) !== 39) break;
    piece += "'";
    at++;
  }
  cursor.at = at;
  return endQuoted(cursor, folded, piece);
}

/** As {@link singleQuoted}, in double quotes with escapes. */
export function doubleQuoted(cursor: YamlCursor): string {
  const text = cursor.text;
  let folded: FoldedText | undefined;
  let joined = false;
  let piece = "";
  /** Escaped blanks at a line's end stay. */
  let kept = 0;
  let at = cursor.at + 1;
  for (let start = at; ; ) {
    const code = text.charCodeAt(at);
    if (at >= text.length) throw cursor.refuse("a quote that is never closed");
    if (code === 34) {
      piece += text.slice(start, at);
      break;
    }
    if (code === 92 && text.charCodeAt(at + 1) !== 10) {
      piece += text.slice(start, at);
      const escape = unescape(text, at + 1);
      if (escape === undefined) throw cursor.refuse("an escape that means nothing");
      piece += escape.value;
      kept = piece.length;
      at += 1 + escape.length;
      start = at;
    } else if (code === 10 || code === 92) {
      const escaped = code === 92;
      piece += text.slice(start, at);
      const whole = escaped ? piece : piece.slice(0, kept) + trimBlanks(piece.slice(kept));
      folded = breakLine(cursor, folded, whole, joined);
      joined = escaped;
      piece = "";
      kept = 0;
      at = continueAt(cursor, escaped ? at + 1 : at, folded);
      start = at;
    } else at++;
  }
  cursor.at = at + 1;
  return endQuoted(cursor, folded, piece, joined);
}

function breakLine(cursor: YamlCursor, folded: FoldedText | undefined, piece: string, joined: boolean): FoldedText {
  if (folded === undefined) return new FoldedText(piece);
  if (joined) folded.join(piece);
  else folded.line(piece);
  return folded;
}

function endQuoted(cursor: YamlCursor, folded: FoldedText | undefined, piece: string, joined = false): string {
  return folded === undefined ? piece : breakLine(cursor, folded, piece, joined).text;
}

/** Behind the break at `line`: empty lines counted, then the column of the line that goes on. */
function continueAt(cursor: YamlCursor, line: number, folded: FoldedText): number {
  const text = cursor.text;
  let start = line + 1;
  for (;;) {
    let at = start;
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
    if (text.charCodeAt(at) === 10) {
      folded.blank();
      start = at + 1;
      continue;
    }
    cursor.lineStart = start;
    return at;
  }
}
