import { type Dirent, existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { WeirError } from "../../src/core/index.ts";
import { outcomeTable, Results } from "../results.ts";
import { type CaseReport, runCase, type SolveFunction, type Strictness } from "./run-case.ts";

export interface SolverConformOptions {
  readonly directory: string;
  readonly results: string | undefined;
  /** Only cases whose path ends so, with all differences. */
  readonly only: readonly string[];
  readonly strictness: Strictness;
}

/** Runs the cases below a folder and prints what came of them. Gives the exit code. Errors: `CONFORM_CASES`. */
export function conformSolver(solve: SolveFunction, options: SolverConformOptions): number {
  // In a checkout of libsolv the cases lie deeper, and are named from there.
  const suite = join(options.directory, "test/testcases");
  const directory = existsSync(suite) ? suite : options.directory;
  const files = caseFiles(directory);
  const chosen =
    options.only.length === 0 ? files : files.filter((file) => options.only.some((name) => isCase(file, name)));
  if (chosen.length === 0)
    throw new WeirError(
      "CONFORM_CASES",
      options.only.length > 0 ? "there is no such case" : "there are no cases here",
      {
        where: options.directory,
        hints: ["cases are files that end in .t, e.g. those of libsolv in test/testcases"],
      },
    );
  const results = new Results(options.results);
  let solves = 0;
  let exact = 0;
  for (const file of chosen) {
    const report = runCase(join(directory, file), solve, options.strictness);
    solves += report.sections.length;
    if (options.only.length > 0) process.stdout.write(details(file, report));
    const { result, reason } = verdict(report);
    if (result === "pass" && options.strictness === "text") {
      const again = verdict(runCase(join(directory, file), solve, "all"));
      if (again.result === "pass") exact++;
    } else if (result === "pass") exact++;
    results.add({ case: file, result, reason });
  }
  results.close();
  process.stdout.write(outcomeTable(results.outcomes, (name) => name.split("/").slice(0, -1).join("/") || "."));
  const [pass, fail, skip] = (["pass", "fail", "skip"] as const).map((kind) => results.count(kind));
  const summary = { suite: "solver", cases: chosen.length, solves, pass, fail, skip, exact };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return fail === 0 ? 0 : 1;
}

function verdict(report: CaseReport): { result: "pass" | "fail" | "skip"; reason: string } {
  if (report.skipped !== undefined) return { result: "skip", reason: report.skipped };
  if (report.error !== undefined)
    return { result: "fail", reason: `solve ${report.sections.length + 1}: ${report.error.split("\n")[0] ?? ""}` };
  const bad = report.sections.filter(({ missing, surplus }) => missing.length + surplus.length > 0);
  const [first] = bad;
  if (first === undefined) return { result: "pass", reason: "" };
  const numbers = bad.map(({ number }) => number).join(", ");
  const [line] = [...first.missing.map((text) => `-${text}`), ...first.surplus.map((text) => `+${text}`)];
  return { result: "fail", reason: `solves ${numbers} of ${report.sections.length} differ, first in ${line ?? ""}` };
}

function details(file: string, report: CaseReport): string {
  const lines = [file];
  for (const { number, missing, surplus, lines: all } of report.sections) {
    const differs = missing.length + surplus.length > 0;
    lines.push(`solve ${number}: ${differs ? "differs" : "equal"}`);
    lines.push(...missing.map((line) => `  -${line}`), ...surplus.map((line) => `  +${line}`));
    if (differs) lines.push("  all that was found:", ...[...all].sort().map((line) => `   ${line}`));
  }
  if (report.skipped !== undefined) lines.push(`not run: ${report.skipped}`);
  if (report.error !== undefined) lines.push(`stopped: ${report.error}`);
  return `${lines.join("\n")}\n\n`;
}

/** Paths of case files below a folder, sorted; links are not followed. */
function caseFiles(directory: string): string[] {
  const found: string[] = [];
  const open = [directory];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      throw new WeirError("CONFORM_CASES", "the folder cannot be read", { where: folder, cause: error });
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules" && entry.name !== ".git") open.push(path);
      else if (entry.isFile() && entry.name.endsWith(".t")) found.push(relative(directory, path));
    }
  }
  return found.sort();
}

function isCase(file: string, name: string): boolean {
  const bare = file.replace(/\.t$/, "");
  return file === name || bare === name || file.endsWith(`/${name}`) || bare.endsWith(`/${name}`);
}
