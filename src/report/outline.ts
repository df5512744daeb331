import { digestOf, type Evidence, type Finding, type Report, type Severity, severities } from "../core/index.ts";
import { makeAnchors } from "./html-text.ts";

/** Findings that say the same of the same subject, with the evidence of all. */
export interface Item {
  readonly id: string;
  readonly finding: Finding;
  readonly evidence: readonly Evidence[];
  /** How many findings it stands for. */
  readonly times: number;
}

/** Findings of one severity in one part of a report. */
export interface Group {
  readonly id: string;
  readonly severity: Severity;
  /** Findings, not items. */
  readonly count: number;
  readonly items: readonly Item[];
}

/** A report with the anchors of all that a page links to. */
export interface Part {
  readonly id: string;
  readonly report: Report;
  /** Heading level of its title, from 1. */
  readonly level: number;
  /** Worst first. */
  readonly groups: readonly Group[];
  readonly skipsId: string;
  readonly parts: readonly Part[];
}

/** One thing to do: every finding with the same rule and the same remedy. */
export interface Task {
  readonly items: readonly Item[];
  readonly finding: Finding;
  /** What it is about, each subject once. */
  readonly subjects: readonly string[];
}

/** The parts of a report. An anchor comes from what it names, so it stays when other findings come and go. */
export function outline(report: Report): Part {
  const anchor = makeAnchors();
  for (const fixed of ["top", "first", "findings", "contents"]) anchor(fixed);
  const visit = (part: Report, level: number): Part => {
    const id = anchor(part.kind);
    return {
      id,
      report: part,
      level,
      groups: groups(part, id, anchor),
      skipsId: anchor(`${id}-skips`),
      parts: (part.sections ?? []).map((section) => visit(section, level + 1)),
    };
  };
  return visit(report, 1);
}

function groups(report: Report, id: string, anchor: (wanted: string) => string): Group[] {
  const found: Group[] = [];
  for (const severity of [...severities].reverse()) {
    const findings = report.findings.filter((finding) => finding.severity === severity);
    if (findings.length === 0) continue;
    const groupId = anchor(`${id}-${severity}`);
    const merged = new Map<string, { finding: Finding; evidence: Evidence[]; times: number }>();
    for (const finding of findings) {
      const { rule, subject, message, remedy = null, inhibitor = false } = finding;
      const key = JSON.stringify([rule, subject, message, remedy, inhibitor]);
      const same = merged.get(key);
      if (same === undefined) merged.set(key, { finding, evidence: [...finding.evidence], times: 1 });
      else {
        same.evidence.push(...finding.evidence);
        same.times += 1;
      }
    }
    const items = [...merged].map(([key, item]) => ({
      id: anchor(`${item.finding.rule}-${digestOf(key).slice(0, 8)}`),
      ...item,
    }));
    found.push({ id: groupId, severity, count: findings.length, items });
  }
  return found;
}

/** A part and all below it, in reading order. */
export function allParts(part: Part): Part[] {
  return [part, ...part.parts.flatMap(allParts)];
}

/** What to do, the worst first: medium severity and above, in the order in which findings are sorted. */
export function tasks(root: Part): Task[] {
  const items = allParts(root).flatMap((part) => part.groups.flatMap((group) => group.items));
  const rank = ({ finding }: Item) => (finding.inhibitor ? 100 : 0) + severities.indexOf(finding.severity);
  const compare = (a: Item, b: Item) =>
    rank(b) - rank(a) || (a.finding.rule < b.finding.rule ? -1 : a.finding.rule > b.finding.rule ? 1 : 0);
  const together = new Map<string, Item[]>();
  for (const item of items.filter((one) => rank(one) >= severities.indexOf("medium")).sort(compare)) {
    const { rule, remedy, message } = item.finding;
    const key = JSON.stringify([rule, remedy ?? message]);
    const same = together.get(key);
    if (same === undefined) together.set(key, [item]);
    else same.push(item);
  }
  return [...together.values()].map((same) => ({
    items: same,
    finding: (same[0] as Item).finding,
    subjects: [...new Set(same.map((item) => item.finding.subject))],
  }));
}
