import { readFileSync, statSync } from "node:fs";
import { WeirError } from "../../src/core/index.ts";
import type { SolverFlags, SolverJob, SolverResult } from "../../src/engine/solve/jobs.ts";
import type { Pool } from "../../src/engine/pool/index.ts";
import { inputLines, isForeignSection, resultLines, sectionOf } from "./outcome.ts";
import { readCase } from "./read-case.ts";
import { caseRuleLines } from "./rule-lines.ts";
import { CaseStage } from "./stage.ts";

/** What is run over a case. */
export type SolveFunction = (pool: Pool, jobs: readonly SolverJob[], flags: SolverFlags) => SolverResult;

/** How much has to be equal: `text` is the transaction and what problems say, `all` every line but those that tell how libsolv works. */
export type Strictness = "text" | "all";

/** One solve of a case. Lines are sorted, and only those that are compared. */
export interface SectionOutcome {
  readonly number: number;
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
  /** All lines that were made, to look at. */
  readonly lines: readonly string[];
}

export interface CaseReport {
  readonly sections: readonly SectionOutcome[];
  /** Why the case was not run, or not to its end. */
  readonly skipped: string | undefined;
  readonly error: string | undefined;
}

const mostCaseBytes = 64 << 20;

/** Runs all solves of a case file and compares each with what the case expects. */
export function runCase(file: string, solve: SolveFunction, strictness: Strictness): CaseReport {
  return run(file, solve, strictness, () => {
    if (statSync(file).size > mostCaseBytes)
      throw new WeirError("CASE_FILE", `the case is larger than ${mostCaseBytes} bytes`);
    return readFileSync(file, "utf8");
  });
}

/** The same for the text of a case; files it names lie beside `file`. */
export function runCaseText(text: string, file: string, solve: SolveFunction, strictness: Strictness): CaseReport {
  return run(file, solve, strictness, () => text);
}

function run(file: string, solve: SolveFunction, strictness: Strictness, read: () => string): CaseReport {
  const sections: SectionOutcome[] = [];
  const report = (skipped?: string, error?: string): CaseReport => ({ sections, skipped, error });
  try {
    const stage = new CaseStage(file);
    let compared = 0;
    let foreign: string[] = [];
    let keepSolver = false;
    let keptRules: string[] = [];
    for (const [index, section] of readCase(read(), file).entries()) {
      const staged = stage.run(section, keepSolver);
      keepSolver = section.reuseSolver;
      const names = section.result?.sections ?? [];
      foreign = [...foreign, ...names.filter(isForeignSection)];
      if (section.result?.data === undefined) continue;
      const expected = stage.read(section.result.data).split("\n");
      const lines = inputLines(staged, names);
      if (section.reuseSolver || names.some((name) => name !== "jobs" && name !== "genid" && !isForeignSection(name))) {
        const result = solve(staged.pool, staged.jobs, staged.flags);
        // A solver that goes on still has the package rules of the solve before, which Weir makes anew.
        const former = keptRules;
        keptRules = section.reuseSolver ? caseRuleLines(result).filter((line) => line.startsWith("rule pkg ")) : [];
        lines.push(...resultLines(result, names));
        if (names.includes("rules")) lines.push(...former.filter((line) => !lines.includes(line)));
      }
      if (names.some((name) => !isForeignSection(name))) compared++;
      sections.push({ number: index + 1, ...difference(expected, lines, strictness), lines });
    }
    if (compared === 0)
      return report(foreign.length > 0 ? `it only compares ${[...new Set(foreign)].join(", ")}` : "it expects nothing");
    return report();
  } catch (error) {
    if (error instanceof WeirError && error.code === "CASE_UNSUPPORTED") return report(error.message);
    if (error instanceof WeirError) return report(undefined, `${error.message} [${error.code}]`);
    return report(undefined, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function difference(
  expected: readonly string[],
  got: readonly string[],
  strictness: Strictness,
): { missing: string[]; surplus: string[] } {
  const prepared = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => comparable(line, strictness) ?? []).sort();
  const [left, right] = [prepared(expected), prepared(got)];
  const missing: string[] = [];
  const surplus: string[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [a, b] = [left[i], right[j]];
    if (a === b) {
      i++;
      j++;
    } else if (b === undefined || (a !== undefined && a < b)) {
      missing.push(a as string);
      i++;
    } else {
      surplus.push(b);
      j++;
    }
  }
  return { missing, surplus };
}

/** The line as it is compared, undefined where it is not. */
function comparable(line: string, strictness: Strictness): string | undefined {
  const section = sectionOf(line);
  if (section === undefined) return undefined;
  if (strictness === "all") return line;
  switch (section) {
    case "problems":
      // libsolv writes <NULL> where it knows no other package.
      return /^problem \S+ info /.test(line)
        ? line.replace(/^problem \S+ /, "problem ").replace(/ provided by (<NULL>)?$/, "")
        : undefined;
    case "transaction":
    case "rules":
    case "jobs":
    case "genid":
      return line;
    default:
      return undefined;
  }
}
