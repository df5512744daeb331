import type { Place } from "./error.ts";

export const severities = ["info", "low", "medium", "high", "blocker"] as const;
export type Severity = (typeof severities)[number];

/** A fact that supports a finding: a file position, a package, a tag. */
export interface Evidence {
  readonly what: string;
  readonly where?: Place | string;
}

/** A fact about the user's distribution or image. Never thrown. `rule` names the rule (`PKG002`); one union of rules per room. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** What it is about: a NEVRA, a component, a file. */
  readonly subject: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** What to do, one sentence or a command. */
  readonly remedy?: string;
  /** Blocks the move whatever its severity. */
  readonly inhibitor?: boolean;
}

/** What could not be judged and why. Counted and listed in every report. */
export interface Skip {
  readonly subject: string;
  readonly reason: string;
}

export type Cell = string | number | boolean | null;

/** A table of a report. Every row has as many cells as there are columns. */
export interface Table {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * What a command gives: facts for a renderer. `data` is the machine-readable value (with its own `schema`), what `-o json` prints
 * if present; tables, findings and skips are what people read. Same input, same report: no clock, no absolute path.
 */
export interface Report {
  readonly schema: "weir/report/1";
  /** Kind of report, for example `rebuild`, `components`, `compat`. */
  readonly kind: string;
  readonly title: string;
  /** Sentences for the top of the page. */
  readonly summary: readonly string[];
  readonly tables: readonly Table[];
  readonly findings: readonly Finding[];
  readonly skips: readonly Skip[];
  readonly data?: unknown;
  /** Reports that this one is made of, in reading order. Their findings and skips are theirs alone. */
  readonly sections?: readonly Report[];
}

export function makeReport(
  kind: string,
  title: string,
  parts: Partial<Omit<Report, "schema" | "kind" | "title">>,
): Report {
  return {
    schema: "weir/report/1",
    kind,
    title,
    summary: parts.summary ?? [],
    tables: parts.tables ?? [],
    findings: sortFindings(parts.findings ?? []),
    skips: parts.skips ?? [],
    ...(parts.data === undefined ? {} : { data: parts.data }),
    ...(parts.sections === undefined ? {} : { sections: parts.sections }),
  };
}

/** Worst first, then by rule and subject: the order every renderer uses. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) => severities.length - severities.indexOf(finding.severity);
  return [...findings].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareText(a.rule, b.rule) ||
      compareText(a.subject, b.subject) ||
      compareText(a.message, b.message),
  );
}

/** Findings of a report and of all its sections. */
export function allFindings(report: Report): Finding[] {
  return [...report.findings, ...(report.sections ?? []).flatMap(allFindings)];
}

/** Skips of a report and of all its sections. */
export function allSkips(report: Report): Skip[] {
  return [...report.skips, ...(report.sections ?? []).flatMap(allSkips)];
}

export function atOrAbove(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(threshold);
}

/** Orders text by UTF-16 code unit: independent of locale, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
