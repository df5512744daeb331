import { verifySolution } from "../../src/engine/solve/check.ts";
import type { Answer, OwnAnswer } from "./answer.ts";

/**
 * How an answer of Weir's stands to another one: the same set; the same once the other has dependencies in the order of the metadata; no answer in both; another set that is sound and not larger; a larger one; one
 * that is not sound; an answer where only one of the two has one.
 */
export type Verdict = "same" | "reordered" | "unsolvable" | "valid" | "larger" | "invalid" | "only-weir" | "only-peer";

export function judge(ours: OwnAnswer, theirs: Answer): { verdict: Verdict; reason: string } {
  if (ours.problems.length > 0 && theirs.problems.length > 0) return { verdict: "unsolvable", reason: "" };
  if (ours.problems.length > 0) return { verdict: "only-peer", reason: ours.problems.join("; ") };
  const complaints = verifySolution(ours.result.pool, ours.result);
  if (complaints.length > 0) return { verdict: "invalid", reason: complaints.slice(0, 3).join("; ") };
  if (theirs.problems.length > 0) return { verdict: "only-weir", reason: theirs.problems.join("; ") };
  const more = missingIn(ours.steps, theirs.steps);
  const less = missingIn(theirs.steps, ours.steps);
  if (more.length === 0 && less.length === 0) return { verdict: "same", reason: "" };
  const some = (sign: string, list: readonly string[]): string =>
    list
      .slice(0, 4)
      .map((text) => `${sign}${text}`)
      .join(" ");
  const reason = `${some("+", more)} ${some("-", less)} (${ours.steps.length} for ${theirs.steps.length})`;
  return { verdict: sizeOf(ours.steps) <= sizeOf(theirs.steps) ? "valid" : "larger", reason };
}

/** How many packages there are more at the end. */
function sizeOf(steps: readonly string[]): number {
  return (
    steps.filter((step) => step.startsWith("install ")).length -
    steps.filter((step) => step.startsWith("erase ")).length
  );
}

function missingIn(a: readonly string[], b: readonly string[]): string[] {
  const there = new Set(b);
  return a.filter((text) => !there.has(text));
}
