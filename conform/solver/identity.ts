import { createHash } from "node:crypto";
import type { SolverResult } from "../../src/engine/solve/jobs.ts";
import { systemPackage } from "../../src/engine/pool/index.ts";
import { casePackageText } from "./package-text.ts";

/** MD5 of texts, each with a NUL after it; in hexadecimal digits, whole or so many bytes of it. */
export function digestOf(texts: readonly string[], bytes = 16): string {
  const hash = createHash("md5");
  for (const text of texts) hash.update(`${text}\0`);
  return hash.digest("hex").slice(0, bytes * 2);
}

/** Each text once, by the order of bytes. */
export function sortedTexts(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Literals of a rule as cases tell them: without "not the system", unless nothing else is left. */
export function caseLiterals({ rules }: SolverResult, rule: number): number[] {
  const literals = rules.literals(rule).filter((literal) => literal !== -systemPackage);
  return literals.length === 0 ? [-systemPackage] : literals;
}

/** A name for a rule that is the same in every solver that makes it. */
export function ruleIdentity(result: SolverResult, rule: number): string {
  const texts = caseLiterals(result, rule).map((literal) => {
    const text = casePackageText(result.pool, Math.abs(literal));
    return literal < 0 ? `!${text}` : text;
  });
  return digestOf(sortedTexts(texts));
}
