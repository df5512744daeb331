import { formatPlace, type Report, type Table } from "../core/index.ts";
import { cellText, oneLine } from "./text.ts";

/** A report as Markdown (GitHub's dialect), for a pull request or a page. Text of the report stays text: no markup, mention or reference. */
export function renderMarkdown(report: Report): string {
  return `${renderSection(report, 2).join("\n").trim()}\n`;
}

function renderSection(report: Report, level: number): string[] {
  const lines: string[] = [];
  if (report.title !== "") lines.push(`${heading(level)} ${escape(report.title)}`, "");
  for (const sentence of report.summary) lines.push(escapeLine(sentence), "");
  for (const table of report.tables) {
    if (table.rows.length === 0) continue;
    if (table.title !== "") lines.push(`**${escape(table.title)}**`, "");
    lines.push(...renderRows(table), "");
  }
  if (report.findings.length > 0) {
    lines.push(`${heading(level + 1)} Findings`, "");
    lines.push(row(["severity", "rule", "subject", "what", "remedy", "evidence"]), "|---|---|---|---|---|---|");
    for (const finding of report.findings) {
      const evidence = finding.evidence.map((item) => item.what + (item.where ? ` (${formatPlace(item.where)})` : ""));
      const severity = finding.inhibitor ? `${finding.severity}, blocks the move` : finding.severity;
      lines.push(
        row([severity, finding.rule, finding.subject, finding.message, finding.remedy ?? "", evidence.join("; ")]),
      );
    }
    lines.push("");
  }
  if (report.skips.length > 0) {
    lines.push(`${heading(level + 1)} Not judged`, "");
    for (const skip of report.skips) lines.push(`- ${escapeLine(`${skip.subject}: ${skip.reason}`)}`);
    lines.push("");
  }
  for (const section of report.sections ?? []) lines.push(...renderSection(section, level + 1));
  return lines;
}

function heading(level: number): string {
  return "#".repeat(Math.min(level, 6));
}

function renderRows(table: Table): string[] {
  const rule = table.columns.map((_, index) =>
    table.rows.every((cells) => typeof cells[index] === "number" || cells[index] === null) ? "--:" : "---",
  );
  const lines = [row(table.columns), `|${rule.join("|")}|`];
  for (const cells of table.rows) lines.push(row(table.columns.map((_, index) => cellText(cells[index]))));
  return lines;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => escape(cell)).join(" | ")} |`;
}

/**
 * Text without a meaning in Markdown. A mention (`@name`) or reference (`#12`) is found by a forge after escapes are resolved, so an empty
 * comment parts its sign from its name.
 */
function escape(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~&!$]/g, "\\$&")
    .replace(/(^|[^\w])@(?=\w)/g, "$1@<!-- -->")
    .replace(/#(?=\d)/g, "#<!-- -->")
    .replace(/\b(GH)-(?=\d)/gi, "$1<!-- -->-");
}

/** Escaped text that starts a line: no heading, list, rule or quote either. */
function escapeLine(text: string): string {
  return escape(text).replace(/^(?:[#+=-]|(\d{1,9})(?=[.)]))/, (start, digits?: string) =>
    digits === undefined ? `\\${start}` : `${digits}\\`,
  );
}
