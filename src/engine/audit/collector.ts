import { compareText, type Evidence, type Finding, type Severity, type Skip, sortFindings } from "../../core/index.ts";
import type { Span } from "../../formats/dockerfile/index.ts";
import { type AuditRule, auditRules } from "./rules.ts";
import type { AuditCheck, TextEdit } from "./types.ts";

export interface FindingDetail {
  readonly severity?: Severity;
  readonly remedy?: string;
  readonly evidence?: readonly Evidence[];
  readonly inhibitor?: boolean;
  /** Text to put in place of the span. */
  readonly edit?: string | undefined;
}

/** Gathers what the checks of one file say. */
export class Collector {
  readonly file: string;
  readonly text: string;
  readonly #findings: Finding[] = [];
  readonly #skips: Skip[] = [];
  readonly #edits: TextEdit[] = [];
  readonly #looked = new Set<AuditRule>();
  readonly #failed = new Set<AuditRule>();

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** The rule had something to look at. */
  looked(...rules: AuditRule[]): void {
    for (const rule of rules) this.#looked.add(rule);
  }

  /** The rule could not be judged. */
  failed(rule: AuditRule): void {
    this.#failed.add(rule);
  }

  place(span: Span) {
    return { file: this.file, line: span.start.line, column: span.start.column };
  }

  finding(rule: AuditRule, span: Span, subject: string, message: string, detail: FindingDetail = {}): void {
    const info = auditRules[rule];
    this.#looked.add(rule);
    const quoted = this.text
      .slice(span.start.offset, Math.min(span.end.offset, span.start.offset + 200))
      .replace(/\s+/g, " ");
    this.#findings.push({
      rule,
      severity: detail.severity ?? info.severity,
      subject,
      message,
      evidence: [{ what: quoted, where: this.place(span) }, ...(detail.evidence ?? [])],
      remedy: detail.remedy ?? info.remedy,
      ...(detail.inhibitor === undefined ? {} : { inhibitor: detail.inhibitor }),
    });
    if (detail.edit !== undefined) this.edit(rule, span, detail.edit);
  }

  edit(rule: AuditRule, span: Span, after: string): void {
    const { offset, line, column } = span.start;
    this.#edits.push({
      rule,
      start: offset,
      end: span.end.offset,
      line,
      column,
      before: this.text.slice(offset, span.end.offset),
      after,
    });
  }

  skip(span: Span, subject: string, reason: string): void {
    this.#skips.push({ subject: `${this.file}:${span.start.line}:${span.start.column} ${subject}`, reason });
  }

  finish(): { checks: AuditCheck[]; findings: Finding[]; skips: Skip[]; edits: TextEdit[] } {
    const findings = sortFindings(unique(this.#findings));
    const counts = new Map<string, number>();
    for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const checks = (Object.keys(auditRules) as AuditRule[]).map((rule): AuditCheck => {
      const count = counts.get(rule) ?? 0;
      const state =
        count > 0 ? "fail" : this.#failed.has(rule) ? "error" : this.#looked.has(rule) ? "pass" : "not-applicable";
      return { rule, state, findings: count };
    });
    const skips = [...this.#skips].sort((a, b) => compareText(a.subject, b.subject) || compareText(a.reason, b.reason));
    return { checks, findings, skips: unique(skips), edits: withoutOverlaps(this.#edits) };
  }
}

function unique<T>(items: readonly T[]): T[] {
  const seen = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...seen.values()];
}

function withoutOverlaps(edits: readonly TextEdit[]): TextEdit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end || compareText(a.rule, b.rule));
  const kept: TextEdit[] = [];
  let end = -1;
  for (const edit of sorted) {
    if (edit.start < end) continue;
    kept.push(edit);
    end = edit.end;
  }
  return kept;
}
