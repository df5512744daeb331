import { closeSync, openSync, writeSync } from "node:fs";
import { WeirError } from "../src/core/index.ts";

/** What became of one case. */
export interface CaseOutcome {
  /** What it is called in results: a path below the folder, or a place in a file. */
  readonly case: string;
  readonly result: "pass" | "fail" | "skip";
  /** Why it failed or was not run; empty for a pass. */
  readonly reason: string;
}

/** Takes outcomes as they come, writes each as a line of JSON where a file is asked for, and counts. */
export class Results {
  readonly outcomes: CaseOutcome[] = [];
  readonly #file: number | undefined;

  /** Errors: `CONFORM_RESULTS` where the file cannot be written. */
  constructor(file: string | undefined) {
    if (file === undefined) return;
    try {
      this.#file = openSync(file, "w");
    } catch (error) {
      throw new WeirError("CONFORM_RESULTS", `${file} cannot be written`, { cause: error });
    }
  }

  add(outcome: CaseOutcome): void {
    this.outcomes.push(outcome);
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(outcome)}\n`);
  }

  count(result: CaseOutcome["result"]): number {
    return this.outcomes.filter((outcome) => outcome.result === result).length;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

/** A table of outcomes by group, then the reasons of those that did not pass. */
export function outcomeTable(outcomes: readonly CaseOutcome[], groupOf: (name: string) => string): string {
  const groups = new Map<string, { pass: number; fail: number; skip: number }>();
  for (const { case: name, result } of outcomes) {
    const key = groupOf(name);
    const counts = groups.get(key) ?? { pass: 0, fail: 0, skip: 0 };
    counts[result]++;
    groups.set(key, counts);
  }
  const width = Math.max(5, ...[...groups.keys()].map((name) => name.length));
  const number = (value: number): string => (value === 0 ? "." : String(value)).padStart(6);
  const lines = [`${"".padEnd(width)}  pass  fail  skip`];
  for (const [name, { pass, fail, skip }] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
    lines.push(`${name.padEnd(width)}${number(pass)}${number(fail)}${number(skip)}`);
  for (const { case: name, result, reason } of outcomes) if (result === "fail") lines.push(`fail ${name}: ${reason}`);
  const skipped = new Map<string, string[]>();
  for (const { case: name, result, reason } of outcomes)
    if (result === "skip") skipped.set(reason, [...(skipped.get(reason) ?? []), name]);
  for (const [reason, names] of skipped)
    lines.push(`skip ${names.length > 3 ? `${names.length} cases` : names.join(", ")}: ${reason}`);
  return `${lines.join("\n")}\n`;
}
