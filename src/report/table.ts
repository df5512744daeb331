import { type Finding, formatPlace, type Report, type Severity, type Table } from "../core/index.ts";
import type { Style } from "./style.ts";
import { cellText, columnsOf, oneLine, pad, wrap } from "./text.ts";

const marks: Record<Severity, string> = {
  blocker: "BLOCKER",
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
  info: "INFO",
};

const gap = 2;
/** A column that must shrink keeps this many terminal columns; a table that cannot give it shows records instead. */
const leastColumn = 24;
/** Columns that are never made narrower than what they hold, up to this. */
const alwaysWhole = 16;
/** Longer words are broken. */
const longestWord = 48;
/** Lines that a cell takes at most where the width is limited. */
const cellLines = 8;
/** Narrower terminals are treated as this wide. */
const leastWidth = 20;

/**
 * A report for a terminal of `width` columns: wide columns wrap, and a table that would be squeezed shows its rows one below another.
 * With width 0 nothing is cut or wrapped: one row, one line.
 */
export function renderTable(report: Report, style: Style, width = 0): string {
  return `${renderSection(report, style, width > 0 ? Math.max(leastWidth, width) : 0).join("\n")}\n`;
}

function renderSection(report: Report, style: Style, width: number): string[] {
  const lines: string[] = [];
  const title = oneLine(report.title);
  if (title !== "") lines.push(...flow(title, width).map(style.bold));
  for (const sentence of report.summary) lines.push(...flow(oneLine(sentence), width));
  for (const table of report.tables) {
    if (table.rows.length === 0) continue;
    if (lines.length > 0) lines.push("");
    if (table.title !== "") lines.push(style.bold(oneLine(table.title)));
    lines.push(...renderRows(table, style, width));
  }
  if (report.findings.length > 0) {
    lines.push("", style.bold(`Findings (${report.findings.length})`));
    for (const finding of report.findings) lines.push(...renderFinding(finding, style, width));
  }
  if (report.skips.length > 0) {
    lines.push("", style.bold(`Not judged (${report.skips.length})`));
    for (const skip of report.skips) lines.push(...flow(oneLine(`${skip.subject}: ${skip.reason}`), width, 2, 4));
  }
  for (const section of report.sections ?? []) lines.push("", ...renderSection(section, style, width));
  return lines;
}

function renderFinding(finding: Finding, style: Style, width: number): string[] {
  const mark = marks[finding.severity];
  const loud = finding.severity === "blocker" || finding.severity === "high";
  const colour = loud ? style.red : style.yellow;
  const head = oneLine(`${mark} ${finding.rule} ${finding.subject}: ${finding.message}`);
  const lines = flow(head, width, 2, 6);
  lines[0] = `  ${colour(mark)}${(lines[0] ?? "").slice(2 + mark.length)}`;
  if (finding.inhibitor) lines.push(...flow("blocks the move", width, 6).map(colour));
  for (const evidence of finding.evidence) {
    const where = evidence.where === undefined ? "" : ` (${formatPlace(evidence.where)})`;
    lines.push(...flow(oneLine(`${evidence.what}${where}`), width, 6, 8).map(style.dim));
  }
  if (finding.remedy !== undefined) lines.push(...flow(`→ ${oneLine(finding.remedy)}`, width, 6, 8));
  return lines;
}

/** Text in lines of `width` columns, the first indented by `first`, the others by `next`. */
function flow(text: string, width: number, first = 0, next = first): string[] {
  if (width === 0) return [" ".repeat(first) + text];
  return wrap(text, width - Math.max(first, next)).map((line, index) => " ".repeat(index === 0 ? first : next) + line);
}

interface Column {
  readonly name: string;
  /** Width of the widest cell or the name. */
  readonly natural: number;
  /** Width of the longest word. */
  readonly word: number;
  readonly numeric: boolean;
}

function renderRows(table: Table, style: Style, width: number): string[] {
  const texts = table.rows.map((row) => table.columns.map((_, index) => cellText(row[index])));
  const columns = table.columns.map((column, index): Column => {
    const name = oneLine(column);
    const natural = texts.reduce((most, cells) => Math.max(most, columnsOf(cells[index] ?? "")), columnsOf(name));
    const numeric = table.rows.every((row) => typeof row[index] === "number" || row[index] === null);
    return { name, natural, word: longestWordOf(texts, index, natural), numeric };
  });
  const widths = shareWidth(columns, width);
  if (widths === undefined) return renderRecords(columns, texts, style, width);
  const grid = (cells: readonly string[]): string[] => {
    const wrapped = cells.map((text, index) => (width === 0 ? [text] : wrap(text, widths[index] ?? 0, cellLines)));
    const height = Math.max(1, ...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, row) =>
      wrapped
        .map((lines, index) => pad(lines[row] ?? "", widths[index] ?? 0, columns[index]?.numeric))
        .join(" ".repeat(gap))
        .trimEnd(),
    );
  };
  const head = grid(columns.map((column) => column.name.toUpperCase()));
  return [...head.map(style.dim), ...texts.flatMap(grid)];
}

function longestWordOf(texts: readonly (readonly string[])[], index: number, natural: number): number {
  if (natural <= alwaysWhole) return natural;
  let most = 0;
  for (const cells of texts) {
    for (const word of (cells[index] ?? "").split(" ")) most = Math.max(most, columnsOf(word));
  }
  return most;
}

/** Widths of the columns: the widest give way evenly, none below its longest word. Undefined when they cannot. */
function shareWidth(columns: readonly Column[], width: number): number[] | undefined {
  const room = width - gap * Math.max(0, columns.length - 1);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  const natural = columns.map((column) => column.natural);
  if (width === 0 || sum(natural) <= room) return natural;
  const least = columns.map((column) =>
    column.numeric || column.natural <= alwaysWhole
      ? column.natural
      : Math.min(column.natural, Math.max(leastColumn, Math.min(column.word, longestWord))),
  );
  const shared = (cap: number) => natural.map((size, index) => Math.max(least[index] as number, Math.min(size, cap)));
  if (sum(least) > room) return undefined;
  let cap = width;
  while (cap > 0 && sum(shared(cap)) > room) cap--;
  return shared(cap);
}

/**
 * Rows one below another: the first cell as a title (the first two where the first alone repeats), under it a line for each other cell
 * that is not empty.
 */
function renderRecords(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
  width: number,
): string[] {
  const titles = columns.length > 2 && new Set(rows.map((cells) => cells[0])).size < rows.length ? 2 : 1;
  const rest = columns.slice(titles);
  const label = Math.min(Math.max(0, ...rest.map((column) => columnsOf(column.name))), Math.floor(width / 3));
  const hang = 2 + label + gap;
  return rows.flatMap((cells) => {
    const title = cells.slice(0, titles).join("  ").trim();
    const lines = wrap(title, width, cellLines).map(style.bold);
    rest.forEach((column, index) => {
      const text = cells[index + titles] ?? "";
      if (text === "") return;
      const name = pad(wrap(column.name, label, 1)[0] ?? "", label);
      wrap(text, width - hang, cellLines).forEach((line, row) => {
        lines.push(row === 0 ? `  ${style.dim(name)}${" ".repeat(gap)}${line}` : " ".repeat(hang) + line);
      });
    });
    return lines;
  });
}
