import { formatPlace, type Report, type Table } from "../core/index.ts";
import { cellText } from "./table.ts";

/** A report as Markdown, for a pull request or a page. */
export function renderMarkdown(report: Report): string {
  return `${renderSection(report, 2).join("\n").trim()}\n`;
}

function renderSection(report: Report, level: number): string[] {
  const heading = "#".repeat(Math.min(level, 6));
  const lines: string[] = [];
  if (report.title !== "") lines.push(`${heading} ${escape(report.title)}`, "");
  for (const sentence of report.summary) lines.push(escape(sentence), "");
  for (const table of report.tables) {
    if (table.rows.length === 0) continue;
    if (table.title !== "") lines.push(`**${escape(table.title)}**`, "");
    lines.push(...renderTableRows(table), "");
  }
  if (report.findings.length > 0) {
    lines.push(
      `${heading}# Findings`,
      "",
      "| severity | rule | subject | what | remedy | evidence |",
      "|---|---|---|---|---|---|",
    );
    for (const finding of report.findings) {
      const evidence = finding.evidence.map((item) => item.what + (item.where ? ` (${formatPlace(item.where)})` : ""));
      const cells = [
        finding.severity,
        finding.rule,
        finding.subject,
        finding.message,
        finding.remedy ?? "",
        evidence.join("; "),
      ];
      lines.push(`| ${cells.map(escapeCell).join(" | ")} |`);
    }
    lines.push("");
  }
  if (report.skips.length > 0) {
    lines.push(`${heading}# Not judged`, "");
    for (const skip of report.skips) lines.push(`- ${escape(skip.subject)}: ${escape(skip.reason)}`);
    lines.push("");
  }
  for (const section of report.sections ?? []) lines.push(...renderSection(section, level + 1));
  return lines;
}

function renderTableRows(table: Table): string[] {
  const row = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  const lines = [row(table.columns), `|${table.columns.map(() => "---").join("|")}|`];
  for (const cells of table.rows) lines.push(row(table.columns.map((_, index) => cellText(cells[index]))));
  return lines;
}

function escape(text: string): string {
  return cellText(text).replace(/([\\`*_[\]<>])/g, "\\$1");
}

function escapeCell(text: string): string {
  return escape(text).replaceAll("|", "\\|");
}
