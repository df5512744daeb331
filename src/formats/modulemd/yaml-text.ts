import type { YamlCursor } from "./yaml-cursor.ts";
import { blockText, FoldedText, trimBlanks } from "./yaml-scalars.ts";

/** Text without quotes that begins here, with the lines that go on; ends at a line's start. */
export function plainText(cursor: YamlCursor, parent: number): string {
  const first = plainLine(cursor);
  if (first.comment) return first.text;
  const folded = new FoldedText(first.text);
  for (;;) {
    // A line that goes on is indented more than what the scalar belongs to, and no comment.
    let at = cursor.at;
    while (cursor.text.charCodeAt(at) === 32 || cursor.text.charCodeAt(at) === 9) at++;
    if (at >= cursor.text.length) break;
    const code = cursor.text.charCodeAt(at);
    if (code === 10) {
      folded.blank();
      cursor.startLine(at);
      continue;
    }
    if (code === 35 || cursor.indentOf(cursor.at) <= parent) break;
    cursor.at = at;
    const next = plainLine(cursor);
    folded.line(next.text);
    if (next.comment) break;
  }
  return folded.text;
}

/** The rest of a line as plain text, up to a comment; goes to the next line. */
function plainLine(cursor: YamlCursor): { readonly text: string; readonly comment: boolean } {
  const end = cursor.lineEnd(cursor.at);
  let line = cursor.text.slice(cursor.at, end);
  const comment = / #|\t#/.exec(line);
  if (comment !== null) line = line.slice(0, comment.index);
  line = trimBlanks(line);
  if (/:(?:[ \t]|$)/.test(line)) throw cursor.refuse("a colon that belongs to no key: quote the text");
  cursor.startLine(end);
  return { text: line, comment: comment !== null };
}

/** A `|` or `>` and the block below it; ends at a line's start. */
export function blockScalar(cursor: YamlCursor, parent: number): string {
  const text = cursor.text;
  const headEnd = cursor.lineEnd(cursor.at);
  const head = /^([|>])(?:([+-])([1-9])?|([1-9])([+-])?)?(?:[ \t]+#.*|[ \t]*)$/.exec(text.slice(cursor.at, headEnd));
  if (head === null) throw cursor.refuse("a broken head of a block of text");
  const digit = head[3] ?? head[4];
  let indent = digit === undefined ? -1 : Math.max(0, parent) + Number(digit);
  cursor.startLine(headEnd);
  const lines: string[] = [];
  let deepestBlank = 0;
  while (cursor.at < text.length) {
    const end = cursor.lineEnd(cursor.at);
    const blanks = cursor.indentOf(cursor.at);
    const isBlank = cursor.at + blanks >= end;
    if (isBlank && (indent < 0 || blanks <= indent)) {
      deepestBlank = Math.max(deepestBlank, blanks);
      lines.push("");
    } else {
      if (indent < 0) {
        if (blanks <= parent) break;
        indent = blanks;
        if (deepestBlank > indent) throw cursor.refuse("an empty line indented more than the text below it");
      }
      if (blanks < indent) break;
      lines.push(text.slice(cursor.at + indent, end));
    }
    cursor.startLine(end);
  }
  // The empty piece behind a last line feed is no line.
  return blockText(lines, head[1] === ">", head[2] ?? head[5] ?? "");
}
