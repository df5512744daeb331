import stringWidth from "fast-string-width";
import {
  cleanText,
  formatPlace,
  type Cell,
  type Finding,
  type Report,
  type Severity,
  type Table,
} from "../core/index.ts";
import type { Style } from "./style.ts";

const marks: Record<Severity, string> = {
  blocker: "BLOCKER",
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
  info: "INFO",
};

/** A report for a terminal. `width` (columns) limits the last column of tables; 0 means no limit. */
export function renderTable(report: Report, style: Style, width = 0): string {
  return `${renderSection(report, style, width).join("\n")}\n`;
}

function renderSection(report: Report, style: Style, width: number): string[] {
  const lines: string[] = [];
  if (report.title !== "") lines.push(style.bold(cleanText(report.title)));
  for (const sentence of report.summary) lines.push(cleanText(sentence));
  for (const table of report.tables) {
    if (table.rows.length === 0) continue;
    if (lines.length > 0) lines.push("");
    if (table.title !== "") lines.push(style.bold(table.title));
    lines.push(...renderRows(table, style, width));
  }
  if (report.findings.length > 0) {
    lines.push("", style.bold(`Findings (${report.findings.length})`));
    for (const finding of report.findings) lines.push(...renderFinding(finding, style));
  }
  if (report.skips.length > 0) {
    lines.push("", style.bold(`Not judged (${report.skips.length})`));
    for (const skip of report.skips) lines.push(`  ${cleanText(skip.subject)}: ${cleanText(skip.reason)}`);
  }
  for (const section of report.sections ?? []) lines.push("", ...renderSection(section, style, width));
  return lines;
}

function renderFinding(finding: Finding, style: Style): string[] {
  const loud = finding.severity === "blocker" || finding.severity === "high";
  const mark = loud ? style.red(marks[finding.severity]) : style.yellow(marks[finding.severity]);
  const lines = [`  ${mark} ${finding.rule} ${cleanText(finding.subject)}: ${cleanText(finding.message)}`];
  for (const evidence of finding.evidence) {
    const where = evidence.where === undefined ? "" : ` (${formatPlace(evidence.where)})`;
    lines.push(style.dim(`      ${cleanText(`${evidence.what}${where}`)}`));
  }
  if (finding.remedy !== undefined) lines.push(`      → ${cleanText(finding.remedy)}`);
  return lines;
}

/** Text of a cell: control characters are gone, true and false read as yes and no. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  return cleanText(String(cell)).replace(/\s*\n\s*/g, " ");
}

function renderRows(table: Table, style: Style, width: number): string[] {
  const count = table.columns.length;
  const widths = table.columns.map((column) => stringWidth(column));
  const numeric = table.columns.map(() => true);
  const texts = table.rows.map((row) =>
    table.columns.map((_, index) => {
      const cell = row[index];
      const text = cellText(cell);
      const size = stringWidth(text);
      if (size > (widths[index] ?? 0)) widths[index] = size;
      if (typeof cell !== "number" && cell !== null) numeric[index] = false;
      return text;
    }),
  );
  const last = count - 1;
  if (width > 0) {
    const used = widths.slice(0, last).reduce((sum, size) => sum + size + 2, 0);
    widths[last] = Math.min(widths[last] ?? 0, Math.max(20, width - used));
  }
  const line = (cells: readonly string[]) =>
    cells
      .map((text, index) => {
        const size = widths[index] ?? 0;
        if (index === last) return numeric[index] ? text.padStart(size) : shorten(text, size);
        const pad = " ".repeat(Math.max(0, size - stringWidth(text)));
        return numeric[index] ? pad + text : text + pad;
      })
      .join("  ")
      .trimEnd();
  return [style.dim(line(table.columns.map((column) => column.toUpperCase()))), ...texts.map(line)];
}

function shorten(text: string, size: number): string {
  if (stringWidth(text) <= size) return text;
  let short = text;
  while (short !== "" && stringWidth(short) > size - 1) short = short.slice(0, -1);
  return `${short}…`;
}
