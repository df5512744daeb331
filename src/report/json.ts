import { canonicalJson, type Report } from "../core/index.ts";

/** A report as JSON: its `data` where it has one, else the whole report. Keys are sorted, so equal values give equal bytes. */
export function renderJson(report: Report): string {
  return `${canonicalJson(report.data ?? report, 2)}\n`;
}

/** The whole report as JSON, whatever data it carries. */
export function renderReportJson(report: Report): string {
  return `${canonicalJson(report, 2)}\n`;
}
