import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { compareText, joinBelow, WeirError } from "../../src/core/index.ts";
import { loadMacroSet, type MacroContext } from "../../src/formats/macro/index.ts";
import { decodeSpec, evaluateSpec } from "../../src/formats/spec/index.ts";
import { type CaseOutcome, Results } from "../results.ts";
import { extraFields, headerFields, judgeSpec, type SpecField } from "./judge.ts";
import { readSpecTruth, type SpecTruth } from "./read-truth.ts";

export interface SpecConformOptions {
  /** The folder that paths of the truth file start from. */
  readonly tree: string;
  /** A macro set, laid out as rpm's own folder. */
  readonly macros: string;
  readonly truth: string;
  readonly results: string | undefined;
}

const mostBytes = 16 << 20;

/**
 * Evaluates each spec of a truth file and compares the headers. Prints a table by field and counts. Gives the exit code.
 * Errors: `CONFORM_CASES`, `MACRO_SET_EMPTY`.
 */
export function conformSpecs(options: SpecConformOptions): number {
  const truths = readSpecTruth(options.truth);
  const vendor = vendorOf(options.macros);
  const macros = loadMacroSet(options.macros, vendor === undefined ? {} : { vendor });
  const results = new Results(options.results);
  const fields = [...headerFields, ...extraFields];
  const exact = new Map<SpecField, number>(fields.map((field) => [field, 0]));
  let seconds = 0;
  try {
    for (const truth of truths) {
      const before = process.cpuUsage();
      const { outcome, wrong } = judgeOne(options.tree, macros, truth);
      const spent = process.cpuUsage(before);
      seconds += (spent.user + spent.system) / 1e6;
      results.add(outcome);
      if (wrong === undefined) continue;
      for (const field of fields) if (!wrong.has(field)) exact.set(field, (exact.get(field) ?? 0) + 1);
    }
  } finally {
    results.close();
  }
  const [pass, fail, skip] = (["pass", "fail", "skip"] as const).map((kind) => results.count(kind));
  for (const { case: name, result, reason } of results.outcomes)
    if (result !== "pass") process.stdout.write(`${result} ${name}: ${reason}\n`);
  const judged = (pass ?? 0) + (fail ?? 0);
  for (const field of fields) process.stdout.write(`${field.padEnd(16)}${exact.get(field)} of ${judged}\n`);
  process.stdout.write(`whole header    ${pass} of ${judged}, ${seconds.toFixed(1)} CPU s\n`);
  process.stdout.write(
    `${JSON.stringify({ suite: "specs", cases: truths.length, pass, fail, skip, fields: Object.fromEntries(exact), cpuSeconds: Number(seconds.toFixed(2)) })}\n`,
  );
  return fail === 0 ? 0 : 1;
}

function judgeOne(
  tree: string,
  macros: MacroContext,
  truth: SpecTruth,
): { readonly outcome: CaseOutcome; readonly wrong?: ReadonlyMap<SpecField, string> } {
  const skip = (reason: string) => ({ outcome: { case: truth.path, result: "skip" as const, reason } });
  if (!truth.ok) return skip("rpm does not read it");
  const bytes = readRegular(() => joinBelow(tree, truth.path));
  if (bytes === undefined) return skip("the tree lacks it");
  if (truth.specSha256 !== undefined && createHash("sha256").update(bytes).digest("hex") !== truth.specSha256)
    return skip("the tree has another version of it");
  const readSource = (name: string) => {
    const found = readRegular(() => joinBelow(tree, join(dirname(truth.path), basename(name))));
    return found === undefined ? undefined : decodeSpec(found).text;
  };
  try {
    const spec = evaluateSpec(decodeSpec(bytes).text, macros, { file: truth.path, readSource });
    const wrong = judgeSpec(spec, truth.fields);
    const whole = headerFields.filter((field) => wrong.has(field));
    if (whole.length === 0) return { outcome: { case: truth.path, result: "pass", reason: "" }, wrong };
    const taint = spec.tainted[0];
    const cause = taint === undefined ? "" : ` (line ${taint.line}, ${taint.subject}: ${taint.reason})`;
    const reason = `${whole.map((field) => `${field} ${wrong.get(field)}`).join("; ")}${cause}`;
    return { outcome: { case: truth.path, result: "fail", reason }, wrong };
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    const wrong = new Map<SpecField, string>([...headerFields, ...extraFields].map((field) => [field, error.code]));
    return { outcome: { case: truth.path, result: "fail", reason: `${error.message} [${error.code}]` }, wrong };
  }
}

function readRegular(pathOf: () => string): Buffer | undefined {
  try {
    const path = pathOf();
    const info = lstatSync(path);
    return info.isFile() && info.size <= mostBytes ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** The vendor's folder of a macro set: the first, by name, that holds `macros`. */
function vendorOf(folder: string): string | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && readRegular(() => joinBelow(folder, `${entry.name}/macros`)) !== undefined,
      )
      .map((entry) => entry.name)
      .sort(compareText)[0];
  } catch {
    return undefined;
  }
}
