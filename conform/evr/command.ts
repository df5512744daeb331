import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WeirError } from "../../src/core/index.ts";
import { outcomeTable, Results } from "../results.ts";
import { runCase, type SolveFunction } from "../solver/run-case.ts";
import { readCase } from "../solver/read-case.ts";
import { judgeLabels, judgeRanges, judgeVersions } from "./judge.ts";
import { readLabelCases, readRangeCases, readVersionCases } from "./rpm-cases.ts";

/**
 * Runs the version cases of a checkout of rpm (tests/rpmvercmp.at, rpmdepmatch.at, rpmpython.at) or of libsolv (test/testcases/evrcmp), or
 * of the folder in it that holds them. Gives the exit code. Errors: `CONFORM_CASES`.
 */
export function conformEvr(solve: SolveFunction, directory: string, file: string | undefined): number {
  const rpm = ["tests", "."].find((folder) => existsSync(join(directory, folder, "rpmvercmp.at")));
  const libsolv = ["test/testcases/evrcmp", "testcases/evrcmp", "evrcmp", "."].find((folder) =>
    existsSync(join(directory, folder, "testevr.t")),
  );
  if (rpm === undefined && libsolv === undefined)
    throw new WeirError("CONFORM_CASES", "there are no version cases here", {
      where: directory,
      hints: ["name a checkout of rpm, which has tests/rpmvercmp.at, or of libsolv, which has test/testcases/evrcmp"],
    });
  const results = new Results(file);
  if (rpm !== undefined) rpmCases(results, directory, rpm);
  if (libsolv !== undefined) libsolvCases(results, solve, directory, libsolv);
  results.close();
  process.stdout.write(outcomeTable(results.outcomes, (name) => name.replace(/:\d+$/, "")));
  const [pass, fail, skip] = (["pass", "fail", "skip"] as const).map((kind) => results.count(kind));
  process.stdout.write(`${JSON.stringify({ suite: "evr", cases: results.outcomes.length, pass, fail, skip })}\n`);
  return fail === 0 ? 0 : 1;
}

function rpmCases(results: Results, directory: string, folder: string): void {
  const read = (name: string): string | undefined => {
    const path = join(directory, folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  const add = (name: string, line: number, complaints: readonly string[], what: string): void =>
    results.add({
      case: join(folder, `${name}:${line}`),
      result: complaints.length === 0 ? "pass" : "fail",
      reason: complaints.length === 0 ? "" : `${what}: ${complaints.join(", ")}`,
    });
  for (const { line, a, b, order } of readVersionCases(read("rpmvercmp.at") ?? ""))
    add("rpmvercmp.at", line, judgeVersions(a, b, order), `${a} and ${b} are ${order}`);
  for (const { line, provides, requires, matches } of readRangeCases(read("rpmdepmatch.at") ?? ""))
    add(
      "rpmdepmatch.at",
      line,
      judgeRanges(provides, requires, matches),
      `${provides.join(" ")} ${matches ? "meets" : "does not meet"} ${requires.join(" ")}`,
    );
  for (const { line, a, b, order } of readLabelCases(read("rpmpython.at") ?? ""))
    add("rpmpython.at", line, judgeLabels(a, b, order), `${a} and ${b} are ${order}`);
}

/** Lines that compare versions count one by one; cases that solve count each as a whole. */
function libsolvCases(results: Results, solve: SolveFunction, directory: string, folder: string): void {
  const names = readdirSync(join(directory, folder)).filter((name) => name.endsWith(".t"));
  for (const name of names.sort()) {
    const path = join(directory, folder, name);
    const sections = readCase(readFileSync(path, "utf8"), name);
    const compared = sections.flatMap(({ commands }) => commands.filter(({ kind }) => kind === "evrcmp"));
    if (compared.length === 0) {
      const { sections: done, error, skipped } = runCase(path, solve, "text");
      for (const { number, missing, surplus } of done) {
        const [line] = [...missing.map((text) => `-${text}`), ...surplus.map((text) => `+${text}`)];
        results.add({
          case: join(folder, `${name}:${number}`),
          result: line === undefined ? "pass" : "fail",
          reason: line ?? "",
        });
      }
      if (error !== undefined || skipped !== undefined)
        results.add({
          case: join(folder, name),
          result: error === undefined ? "skip" : "fail",
          reason: error ?? skipped ?? "",
        });
      continue;
    }
    const expected = new Map<string, string>();
    for (const { result } of sections)
      if (result?.data !== undefined && "inline" in result.data)
        for (const line of result.data.inline) {
          const [a = "", op = "", b = ""] = line.replace(/^job noop provides /, "").split(" ");
          expected.set(`${a} ${b}`, op);
        }
    for (const command of compared) {
      if (command.kind !== "evrcmp") continue;
      const [a = "", b = ""] = command.words;
      const op = expected.get(`${a} ${b}`);
      const complaints =
        op === undefined ? ["nothing is expected"] : judgeLabels(a, b, op === "<" ? -1 : op === ">" ? 1 : 0);
      results.add({
        case: join(folder, `${name}:${command.line}`),
        result: complaints.length === 0 ? "pass" : "fail",
        reason: complaints.length === 0 ? "" : `${a} ${op ?? "?"} ${b}: ${complaints.join(", ")}`,
      });
    }
  }
}
