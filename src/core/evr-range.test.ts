import { expect, it } from "vitest";
import { parseEvr } from "./evr.ts";
import { type EvrComparison, rangesOverlap } from "./evr-range.ts";

it.each([
  ["= 1.2", "= 1.2", true],
  ["= 1.2", "> 1.2", false],
  ["> 1.2", ">= 9", true],
  ["< 1.2", "> 1.2", false],
  ["<= 1.2", ">= 1.2", true],
  ["= 1.2-1", "= 1.2", true],
  ["= 1.2-1", "> 1.2", false],
  ["= 1.2", "> 1.2-1", true],
  ["> 1.2", "<= 1.2-1", false],
  ["= 1:1", "> 2", true],
  ["= 1~rc", "< 1", true],
] as const)("%s and %s share a version: %s", (a, b, expected) => {
  const [opA, evrA] = a.split(" ") as [EvrComparison, string];
  const [opB, evrB] = b.split(" ") as [EvrComparison, string];
  expect(rangesOverlap(opA, parseEvr(evrA), opB, parseEvr(evrB))).toBe(expected);
  expect(rangesOverlap(opB, parseEvr(evrB), opA, parseEvr(evrA))).toBe(expected);
});
