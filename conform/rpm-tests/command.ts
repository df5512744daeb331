import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WeirError } from "../../src/core/index.ts";
import { MacroContext } from "../../src/formats/macro/index.ts";
import { type CaseOutcome, outcomeTable, Results } from "../results.ts";
import { type MacroStep, type RpmCheck, readChecks, readMacroCalls } from "./read-checks.ts";

const files = ["rpmmacro.at", "rpmspec.at", "rpmexpand.at"];

/**
 * Replays the macro checks of a checkout of rpm that need neither a shell nor files, over its base macros. Prints a table and counts.
 * Gives the exit code. Error: `CONFORM_CASES` where the folder is no checkout of rpm.
 */
export function conformRpmTests(directory: string, resultFile: string | undefined): number {
  if (!existsSync(join(directory, "tests/rpmmacro.at"))) {
    throw new WeirError("CONFORM_CASES", "the folder holds no tests/rpmmacro.at", {
      where: directory,
      hints: ["name a checkout of rpm"],
    });
  }
  const base = new MacroContext();
  if (existsSync(join(directory, "macros.in"))) base.load(baseMacros(directory), "macros.in");
  const results = new Results(resultFile);
  try {
    for (const file of files) {
      const path = join(directory, "tests", file);
      if (!existsSync(path)) continue;
      for (const check of readChecks(readFileSync(path, "utf8")))
        results.add({ case: `${file}:${check.line}`, ...judgeCheck(base, check) });
    }
  } finally {
    results.close();
  }
  process.stdout.write(outcomeTable(results.outcomes, (name) => name.split(":")[0] ?? ""));
  const [pass, fail, skip] = (["pass", "fail", "skip"] as const).map((kind) => results.count(kind));
  const cases = results.outcomes.length;
  process.stdout.write(`${JSON.stringify({ suite: "rpm-tests", cases, pass, fail, skip })}\n`);
  return fail === 0 ? 0 : 1;
}

/** What a check's calls print and whether the last one fails, against what the check expects. */
export function judgeCheck(base: MacroContext, check: RpmCheck): Pick<CaseOutcome, "result" | "reason"> {
  const calls = readMacroCalls(check.script);
  if (calls === undefined) return { result: "skip", reason: "needs a shell, files or other options of rpm" };
  let printed = "";
  let code = 0;
  for (const steps of calls) {
    const answer = runCall(base.fork(), steps);
    printed += answer.printed;
    code = answer.code;
  }
  if (printed !== check.stdout)
    return { result: "fail", reason: `${JSON.stringify(printed)} instead of ${JSON.stringify(check.stdout)}` };
  if (code !== check.code) return { result: "fail", reason: `exit code ${code} instead of ${check.code}` };
  return { result: "pass", reason: "" };
}

function runCall(context: MacroContext, steps: readonly MacroStep[]): { printed: string; code: number } {
  let printed = "";
  for (const { kind, value } of steps) {
    try {
      if (kind === "eval") {
        // rpm prints no line for an empty expansion.
        const text = context.expand(value);
        if (text !== "") printed += `${text}\n`;
      } else if (kind === "define") context.load(`%${value.replace(/^%/, "")}\n`, "--define");
      else context.undefine(value);
    } catch (error) {
      if (error instanceof WeirError) return { printed, code: 1 };
      throw error;
    }
  }
  return { printed, code: 0 };
}

/** rpm's base macros as its build writes them for /usr. */
function baseMacros(directory: string): string {
  const values: Readonly<Record<string, string>> = { prefix: "/usr", RPM_CONFIGDIR: "/usr/lib/rpm" };
  return readFileSync(join(directory, "macros.in"), "utf8").replace(
    /@(\w+)@/g,
    (_, name: string) => values[name] ?? `/usr/bin/${name.replace(/^_+/, "").toLowerCase()}`,
  );
}
