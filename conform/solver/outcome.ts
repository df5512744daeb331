import type { Pool } from "../../src/engine/pool/index.ts";
import type { SolverResult } from "../../src/engine/solve/jobs.ts";
import type { DependencyId } from "../../src/formats/rpmmd/index.ts";
import { caseDependencyText, caseOperatorText, parseCaseDependency } from "./dependency-text.ts";
import { caseJobText } from "./job-text.ts";
import { casePackageText } from "./package-text.ts";
import { problemLines } from "./problem-lines.ts";
import { caseRuleLines } from "./rule-lines.ts";
import type { StagedSolve } from "./stage.ts";

/** Sections of a result, the first word of their lines, and whether Weir has them. */
const sectionWords: Readonly<Record<string, readonly string[]>> = {
  transaction: [
    "install",
    "multiinstall",
    "erase",
    "upgrade",
    "downgrade",
    "change",
    "reinstall",
    "obsolete",
    "multireinstall",
  ],
  problems: ["problem"],
  recommended: ["recommended", "suggested"],
  orphaned: ["orphaned"],
  cleandeps: ["cleandeps"],
  rules: ["rule"],
  jobs: ["job"],
  genid: ["genid"],
};
/** Sections that tell how libsolv got there. */
const foreignSections = ["unneeded", "alternatives", "reason", "userinstalled", "order", "orderedges", "proof"];

/** Steps that cases name more plainly. */
const stepWords: Readonly<Record<string, string>> = { obsolete: "erase", multiinstall: "install" };

/** Whether a section only tells how libsolv works inside. */
export function isForeignSection(section: string): boolean {
  return foreignSections.includes(section);
}

/** The section a line of a result belongs to. */
export function sectionOf(line: string): string | undefined {
  const word = line.slice(0, line.search(/ |$/));
  return Object.keys(sectionWords).find((section) => sectionWords[section]?.includes(word));
}

/** Lines for the sections that need no solve. */
export function inputLines(staged: StagedSolve, sections: readonly string[]): string[] {
  const { pool, jobs } = staged;
  const lines: string[] = [];
  if (sections.includes("jobs")) lines.push(...jobs.map((job) => `job ${caseJobText(pool, job)}`));
  if (sections.includes("genid")) {
    for (const { action, select, flags } of jobs)
      if (action === "noop" && select.kind === "provides" && (flags ?? []).length === 0)
        lines.push(...dependencyLines(pool, select.dependency));
  }
  return lines;
}

/** Lines of a result for its sections, in the words of libsolv's test cases; in no order. */
export function resultLines(result: SolverResult, sections: readonly string[]): string[] {
  const { pool } = result;
  const text = (pkg: number): string => casePackageText(pool, pkg);
  const lines: string[] = [];
  if (sections.includes("transaction"))
    for (const { type, package: pkg, other } of result.steps)
      lines.push(`${stepWords[type] ?? type} ${text(pkg)}${other === 0 ? "" : ` ${text(other)}`}`);
  if (sections.includes("recommended")) {
    lines.push(...result.recommended.map((pkg) => `recommended ${text(pkg)}`));
    lines.push(...result.suggested.map((pkg) => `suggested ${text(pkg)}`));
  }
  if (sections.includes("orphaned")) lines.push(...result.orphaned.map((pkg) => `orphaned ${text(pkg)}`));
  if (sections.includes("cleandeps")) lines.push(...result.cleaned.map((pkg) => `cleandeps ${text(pkg)}`));
  if (sections.includes("rules")) lines.push(...caseRuleLines(result));
  // Last: to look for solutions solves again, which changes the result.
  if (sections.includes("problems")) lines.push(...problemLines(result));
  return lines;
}

function dependencyLines(pool: Pool, id: DependencyId): string[] {
  const text = caseDependencyText(pool.columns, id);
  const lines = [`genid dep ${text}`];
  const again = parseCaseDependency(pool.columns, text);
  if (again !== id) lines.push(`genid roundtrip error: ${caseDependencyText(pool.columns, again)}`);
  dumpDependency(pool, id, 1, lines);
  return lines;
}

/** Lines of the steps that make a dependency, parts first; gives the number of the next step. */
function dumpDependency(pool: Pool, id: DependencyId, number: number, lines: string[]): number {
  const { columns } = pool;
  const line = (step: number, text: string): void => {
    lines.push(`genid ${String(step).padStart(2)}: genid ${text}`);
  };
  if (id >= 0) {
    const text = columns.strings.text(id);
    line(number, id === 0 ? "null" : `lit ${text === "\0" ? "" : text}`);
    return number + 1;
  }
  const op = columns.relationOp[~id] as number;
  const right = dumpDependency(pool, columns.relationName[~id] as number, number, lines);
  const own = dumpDependency(pool, columns.relationEvr[~id] as number, right, lines);
  line(own, `op ${caseOperatorText(op)}`);
  return own + 1;
}
