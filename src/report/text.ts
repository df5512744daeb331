import stringWidth from "fast-string-width";
import { type Cell, cleanText } from "../core/index.ts";

/** Text without control characters, each run of white space a single blank. */
export function oneLine(value: string): string {
  return cleanText(value).replace(/\s+/g, " ").trim();
}

/** Text of a cell: on one line, control characters are gone, true and false read as yes and no. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  return oneLine(String(cell));
}

/** Text of at most `limit` UTF-16 units, an ellipsis where some is gone; never half a character. */
export function clip(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const unit = value.charCodeAt(limit - 2);
  const end = unit >= 0xd800 && unit <= 0xdbff ? limit - 2 : limit - 1;
  return `${value.slice(0, end)}…`;
}

/** Columns of a terminal that text takes: wide characters take two. */
export function columnsOf(value: string): number {
  return stringWidth(value);
}

/** Text of at most `columns` terminal columns, an ellipsis where some is gone. */
export function fit(value: string, columns: number): string {
  if (columnsOf(value) <= columns) return value;
  return columns < 1 ? "" : `${take(value, columns - 1)[0]}…`;
}

/** Text padded with blanks to `columns` terminal columns. */
export function pad(value: string, columns: number, right = false): string {
  const blanks = " ".repeat(Math.max(0, columns - columnsOf(value)));
  return right ? blanks + value : value + blanks;
}

/**
 * Text broken at blanks, or within a word that is too long, into lines of at most `columns` terminal columns (at least 2). Past `most`
 * lines the last one ends in an ellipsis.
 */
export function wrap(value: string, columns: number, most = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(2, columns);
  if (columnsOf(value) <= room) return [value];
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of value.split(" ")) {
    if (lines.length > most) break;
    let rest = word;
    let size = columnsOf(rest);
    if (used > 0 && used + 1 + size <= room) {
      line += ` ${rest}`;
      used += 1 + size;
      continue;
    }
    if (used > 0) lines.push(line);
    while (size > room && lines.length <= most) {
      const [head, tail] = take(rest, room);
      lines.push(head);
      rest = tail;
      size = columnsOf(rest);
    }
    line = rest;
    used = size;
  }
  if (line !== "") lines.push(line);
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  const last = kept[most - 1] ?? "";
  kept[most - 1] = columnsOf(last) < room ? `${last}…` : `${take(last, room - 1)[0]}…`;
  return kept;
}

/** Rows that a line takes on a terminal of `columns`, which breaks it anywhere but within a character. */
export function rowsOf(value: string, columns: number): number {
  let rows = 1;
  for (let rest = value; columnsOf(rest) > columns && rest !== ""; rows++) rest = take(rest, columns)[1];
  return rows;
}

let segmenter: Intl.Segmenter | undefined;

/** The longest start of text, in whole characters, that fits, and the rest; at least one character. */
function take(value: string, columns: number): [string, string] {
  if (/^[ -~]*$/.test(value)) {
    const end = Math.max(1, columns);
    return [value.slice(0, end), value.slice(end)];
  }
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let end = 0;
  let used = 0;
  for (const { segment, index } of segmenter.segment(value)) {
    used += columnsOf(segment);
    if (used > columns && index > 0) break;
    end = index + segment.length;
  }
  return [value.slice(0, end), value.slice(end)];
}
