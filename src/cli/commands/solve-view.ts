import { makeReport, type Finding, type Report, type Skip } from "../../core/index.ts";
import type { AnswerProblem, SolutionDocument, AnswerReason, TreeNode } from "../../engine/solve/index.ts";
import { commandRules } from "../rules.ts";

/** A solution as a report: what comes, what goes, and each problem as a finding. */
export function solutionReport(document: SolutionDocument, skips: readonly Skip[] = []): Report {
  const { install, changes, problems } = document;
  return makeReport("solution", "", {
    summary: summaryOf(document),
    tables: [
      {
        id: "install",
        title: "",
        columns: ["package", "repository", "size", "reason"],
        rows:
          problems.length > 0 ? [] : install.map((item) => [item.nevra, item.repo, item.size, reasonText(item.reason)]),
      },
      {
        id: "changes",
        title: changes.length === 0 ? "" : "Changes to what is installed",
        columns: ["package", "what", "to"],
        rows: problems.length > 0 ? [] : changes.map((item) => [item.nevra, item.kind, item.to]),
      },
    ],
    findings: problems.map(findingOf),
    skips,
    data: document,
  });
}

function summaryOf({ install, changes, totals, problems }: SolutionDocument): string[] {
  if (problems.length > 0) {
    return [problems.length === 1 ? "There is no solution." : `There is no solution: ${problems.length} problems.`];
  }
  const parts = [
    `${install.length} package${install.length === 1 ? "" : "s"} to install, ${formatBytes(totals.size)} to download`,
  ];
  if (install.length > 0) parts.push(`${formatBytes(totals.installedSize)} installed`);
  if (changes.length > 0) parts.push(`${changes.length} change${changes.length === 1 ? "" : "s"} to what is installed`);
  return [`${parts.join(", ")}.`];
}

function findingOf(problem: AnswerProblem): Finding {
  const [hint] = problem.hints;
  return {
    rule: commandRules.SOLVE001.id,
    severity: commandRules.SOLVE001.severity,
    subject: problem.subject,
    message: problem.message,
    evidence: problem.chain.map((what) => ({ what })),
    ...(hint === undefined ? {} : { remedy: hint.text }),
  };
}

const mostProblems = 20;

/** The problems as people read them in a terminal: sentence, tree, what to do. What helps several is said once, at the end. */
export function problemText(problems: readonly AnswerProblem[]): string {
  const shown = problems.slice(0, mostProblems);
  const times = new Map<string, number>();
  for (const hint of shown.flatMap((problem) => problem.hints)) times.set(hint.text, (times.get(hint.text) ?? 0) + 1);
  const lines: string[] = [];
  for (const problem of shown) {
    if (lines.length > 0) lines.push("");
    lines.push(problem.message, ...treeLines(problem.tree));
    for (const { text } of problem.hints) if (times.get(text) === 1) lines.push(`  → ${text}`);
  }
  if (problems.length > shown.length)
    lines.push("", `and ${problems.length - shown.length} more problems: -o json has all`);
  const common = [...times].filter(([, count]) => count > 1);
  if (common.length > 0) lines.push("");
  for (const [text, count] of common) lines.push(`→ for ${count} of these: ${text}`);
  return `${lines.join("\n")}\n`;
}

/** A forest with branches drawn before each line. */
export function treeLines(roots: readonly TreeNode[]): string[] {
  const lines: string[] = [];
  const open: { node: TreeNode; before: string; last: boolean }[] = [];
  const push = (nodes: readonly TreeNode[], before: string) => {
    for (const [index, node] of [...nodes.entries()].reverse())
      open.push({ node, before, last: index === nodes.length - 1 });
  };
  push(roots, "");
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    lines.push(`${item.before}${item.last ? "└─ " : "├─ "}${item.node.text}`);
    push(item.node.children, `${item.before}${item.last ? "   " : "│  "}`);
  }
  return lines;
}

/** Why a package is there, in a few words. */
export function reasonText(reason: AnswerReason): string {
  if (reason.kind === "requested") return `requested: ${reason.request}`;
  if (reason.kind === "replaces") return `replaces ${reason.by}`;
  if (reason.kind === "chosen") return "chosen";
  const verb = { required: "required", recommended: "recommended", supplemented: "supplements" }[reason.kind];
  return `${verb} by ${reason.by}: ${reason.dependency}`;
}

/** Bytes with a unit, three digits. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}
