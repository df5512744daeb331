import { makeReport, type Report } from "../../core/index.ts";
import { auditRules } from "./rules.ts";
import type { AuditResult } from "./types.ts";

/** Findings, skips, the state of each check and the edits of one audit, or of several together. `data` is the result, or the list. */
export function auditReport(result: AuditResult | readonly AuditResult[]): Report {
  const results: readonly AuditResult[] = isList(result) ? result : [result];
  const summary = results.map(({ file, target, findings, skips, edits, inventory, checks }) => {
    const passed = checks.filter((check) => check.state === "pass").length;
    return (
      `${file} on ${target}: ${findings.length} findings, ${skips.length} skips, ${edits.length} edits; ` +
      `${passed} checks passed; ${inventory.legacyStages} of ${inventory.stages} stages on the legacy distribution, ` +
      `${inventory.packages} package arguments in ${inventory.packageCommands} commands.`
    );
  });
  if (results.length === 0) summary.push("No file was audited.");
  return makeReport("audit", "Audit", {
    summary,
    tables: [
      {
        id: "checks",
        title: "Checks",
        columns: ["file", "rule", "title", "state", "findings"],
        rows: results.flatMap(({ file, checks }) =>
          checks.map((check) => [file, check.rule, auditRules[check.rule].title, check.state, check.findings]),
        ),
      },
      {
        id: "edits",
        title: "Edits",
        columns: ["file", "line", "column", "rule", "before", "after"],
        rows: results.flatMap(({ file, edits }) =>
          edits.map((edit) => [file, edit.line, edit.column, edit.rule, edit.before, edit.after]),
        ),
      },
    ],
    findings: results.flatMap(({ findings }) => findings),
    skips:
      results.length === 0
        ? [{ subject: "audit", reason: "no file was given" }]
        : results.flatMap(({ skips }) => skips),
    data: result,
  });
}

function isList(result: AuditResult | readonly AuditResult[]): result is readonly AuditResult[] {
  return Array.isArray(result);
}
