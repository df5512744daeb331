import { type Lines, MappedText } from "./source.ts";
import type { Heredoc, Problem } from "./types.ts";

export interface TakenHeredoc {
  readonly heredoc: Heredoc;
  /** The body with the place of each character. */
  readonly mapped: MappedText;
}

/** Joins an instruction's lines: continuation marks, comment lines and blank lines between them are left out. */
export function readLogicalLine(lines: Lines, first: number, escape: string): { text: MappedText; next: number } {
  const joined = new MappedText(lines);
  let line = first;
  let continues = true;
  while (continues && line < lines.starts.length) {
    const { text, offset } = lines.line(line);
    line++;
    if (line - 1 > first) {
      const trimmed = text.trimStart();
      if (trimmed === "" || trimmed.startsWith("#")) continue;
    }
    let end = text.length;
    while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
    continues = end > 0 && text[end - 1] === escape && text[end - 2] !== escape;
    joined.append(continues ? text.slice(0, end - 1) : text, offset);
  }
  return { text: joined, next: line };
}

/** Finds `<<NAME` outside quotes and takes the bodies that follow from line `next` on, in order. */
export function takeHeredocs(
  lines: Lines,
  body: MappedText,
  next: number,
): { heredocs: TakenHeredoc[]; next: number; problems: Problem[] } {
  const heredocs: TakenHeredoc[] = [];
  const problems: Problem[] = [];
  let line = next;
  for (const { name, tabs, expands, from, to } of findHeredocs(body.text)) {
    const mapped = new MappedText(lines);
    let closed = false;
    const start = line < lines.starts.length ? lines.line(line).offset : lines.text.length;
    while (line < lines.starts.length && !closed) {
      const { text, offset } = lines.line(line++);
      const skipped = tabs ? text.length - text.replace(/^\t+/, "").length : 0;
      if (text.slice(skipped) === name) closed = true;
      else {
        mapped.append(text.slice(skipped), offset + skipped);
        mapped.append("\n", offset + text.length);
      }
    }
    if (!closed) problems.push({ span: body.span(from, to), message: `the heredoc ${name} does not end` });
    const end = line < lines.starts.length ? lines.line(line).offset : lines.text.length;
    const span = { start: lines.positionAt(start), end: lines.positionAt(end) };
    heredocs.push({ heredoc: { name, body: mapped.text, span, expands }, mapped });
  }
  return { heredocs, next: line, problems };
}

function findHeredocs(text: string): { name: string; tabs: boolean; expands: boolean; from: number; to: number }[] {
  const found: { name: string; tabs: boolean; expands: boolean; from: number; to: number }[] = [];
  const pattern = /<<(-?)[ \t]*(?:"([^"\s]+)"|'([^'\s]+)'|([A-Za-z0-9_][^\s<>|&;()'"`$]*))/y;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "'" || char === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== char) end += char === '"' && text[end] === "\\" ? 2 : 1;
      at = end;
    } else if (char === "#" && (at === 0 || /\s/.test(text[at - 1] as string))) break;
    else if (char === "<" && text[at + 1] === "<") {
      if (text[at + 2] === "<") {
        at += 2;
        continue;
      }
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) continue;
      const to = at + match[0].length;
      const quoted = match[2] ?? match[3];
      found.push({
        name: quoted ?? (match[4] as string),
        tabs: match[1] === "-",
        expands: quoted === undefined,
        from: at,
        to,
      });
      if (found.length >= 64) break;
      at = to - 1;
    }
  }
  return found;
}
