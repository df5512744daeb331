import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askTestsolv, needTool } from "../diff/libsolv.ts";
import { Random } from "../diff/random.ts";
import { outcomeTable, Results } from "../results.ts";
import { type CaseReport, runCase, type SolveFunction, type Strictness } from "../solver/run-case.ts";
import { shrinkCase } from "./shrink.ts";
import { type TinyCase, tinyCase, tinyCaseText } from "./tiny-case.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  readonly tools: string | undefined;
  readonly results: string | undefined;
  /** Folder for cases that differ, made small. */
  readonly freeze: string | undefined;
  readonly strictness: Strictness;
}

const batch = 50;
const sections = "transaction,problems";

/** Solves random small cases with Weir and with libsolv's testsolv and prints where they differ. Gives the exit code. */
export function conformFuzz(solve: SolveFunction, options: FuzzOptions): number {
  const testsolv = needTool("testsolv", options.tools);
  const scratch = mkdtempSync(join(tmpdir(), "weir-conform-"));
  const results = new Results(options.results);
  const compare = new Comparison(scratch, testsolv, solve);
  let frozen = 0;
  let exact = 0;
  try {
    for (let from = 0; from < options.count; from += batch) {
      const numbers = Array.from(
        { length: Math.min(batch, options.count - from) },
        (_, index) => options.seed + from + index,
      );
      const cases = numbers.map((number) => tinyCase(new Random(number)));
      for (const [index, reports] of compare.all(cases).entries()) {
        const name = `fuzz ${numbers[index]}`;
        const report = options.strictness === "all" ? reports.all : reports.text;
        const bad = difference(report);
        if (difference(reports.all) === undefined) exact++;
        results.add({ case: name, result: bad === undefined ? "pass" : "fail", reason: bad ?? "" });
        if (bad === undefined || options.freeze === undefined) continue;
        mkdirSync(options.freeze, { recursive: true });
        const chosen = (one: { text: CaseReport; all: CaseReport }): CaseReport =>
          options.strictness === "all" ? one.all : one.text;
        const small = shrinkCase(cases[index] as TinyCase, (one) => {
          const [again] = compare.all([one]);
          if (again === undefined || difference(chosen(again)) === undefined) return false;
          return (chosen(again).error === undefined) === (report.error === undefined);
        });
        writeFileSync(join(options.freeze, `fuzz-${numbers[index]}.t`), compare.expected(small));
        frozen++;
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    results.close();
  }
  process.stdout.write(outcomeTable(results.outcomes, () => "fuzz"));
  const fail = results.count("fail");
  const summary = {
    suite: "fuzz",
    seed: options.seed,
    cases: options.count,
    pass: results.count("pass"),
    fail,
    exact,
    frozen,
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return fail === 0 ? 0 : 1;
}

/** The first line that differs, undefined where all are equal. */
function difference(report: CaseReport): string | undefined {
  if (report.error !== undefined) return report.error.split("\n").slice(0, 3).join(" ");
  for (const { number, missing, surplus } of report.sections) {
    const lines = [...missing.map((line) => `-${line}`), ...surplus.map((line) => `+${line}`)];
    if (lines.length > 0) return `solve ${number}: ${lines.slice(0, 3).join(" ")}`;
  }
  return undefined;
}

class Comparison {
  readonly #scratch: string;
  readonly #testsolv: string;
  readonly #solve: SolveFunction;

  constructor(scratch: string, testsolv: string, solve: SolveFunction) {
    this.#scratch = scratch;
    this.#testsolv = testsolv;
    this.#solve = solve;
  }

  all(cases: readonly TinyCase[]): { text: CaseReport; all: CaseReport }[] {
    const files = this.#withResults(cases);
    return files.map((file) => ({ text: runCase(file, this.#solve, "text"), all: runCase(file, this.#solve, "all") }));
  }

  /** A case with what libsolv says to it. */
  expected(one: TinyCase): string {
    const [lines] = this.#answers([one]);
    return tinyCaseText(one, sections, lines);
  }

  #withResults(cases: readonly TinyCase[]): string[] {
    return this.#answers(cases).map((lines, index) => {
      const file = join(this.#scratch, `expected-${index}.t`);
      writeFileSync(file, tinyCaseText(cases[index] as TinyCase, sections, lines));
      return file;
    });
  }

  #answers(cases: readonly TinyCase[]): string[][][] {
    const files = cases.map((one, index) => {
      const file = join(this.#scratch, `case-${index}.t`);
      writeFileSync(file, tinyCaseText(one, sections));
      return file;
    });
    const solves = cases.reduce((sum, one) => sum + one.solves.length, 0);
    const lines = askTestsolv(this.#testsolv, files, solves);
    let at = 0;
    return cases.map((one) => {
      const own = lines.slice(at, at + one.solves.length);
      at += one.solves.length;
      return own;
    });
  }
}
