import type { RuleKind, SolverResult } from "../../src/engine/solve/jobs.ts";
import { systemPackage } from "../../src/engine/pool/index.ts";
import { caseLiterals, ruleIdentity } from "./identity.ts";
import { casePackageText } from "./package-text.ts";

const kindWords: Readonly<Record<RuleKind, string>> = {
  package: "pkg",
  feature: "feature",
  update: "update",
  job: "job",
  infarch: "infarch",
  distupgrade: "distupgrade",
  best: "best",
  yumobs: "yumobs",
  black: "black",
  strictrepopriority: "strictrepoprio",
  choice: "choice",
  recommends: "recommends",
  learnt: "learnt",
};

/** `rule KIND ID` and a literal, for each literal of each rule. */
export function caseRuleLines(result: SolverResult): string[] {
  const { rules, pool } = result;
  const lines: string[] = [];
  for (let rule = 1; rule < rules.count; rule++) {
    const kind = rules.kind(rule);
    const literals = caseLiterals(result, rule);
    if (kind === "feature" && literals.length === 1 && literals[0] === -systemPackage) continue;
    const start = `rule ${kindWords[kind]} ${ruleIdentity(result, rule)}`;
    for (const literal of literals)
      lines.push(`${start} ${literal < 0 ? "-" : " "}${casePackageText(pool, Math.abs(literal))}`);
  }
  return lines;
}
