import { describe, expect, it } from "vitest";
import { tinyDependency } from "../../../test/support/universe.ts";
import { overlaps } from "./index.ts";

/** provided, required, whether they meet; worked out from rpm's rules, each rule at least once. */
const pairs: readonly (readonly [string, string, boolean])[] = [
  ["a", "a", true],
  ["a", "a >= 9", true],
  ["a = 1", "a", true],
  ["a = 1", "a = 1", true],
  ["a = 1", "a > 1", false],
  ["a = 1", "a >= 1", true],
  ["a = 1", "a < 2", true],
  ["a = 2", "a < 2", false],
  ["a = 1-5", "a = 1", true],
  ["a = 1-5", "a > 1", false],
  ["a = 1-5", "a < 1", false],
  ["a = 1-5", "a >= 1-6", false],
  ["a = 1", "a = 1-5", true],
  ["a = 1", "a > 1-5", true],
  ["a = 1", "a < 1-5", true],
  ["a > 1-5", "a <= 1", true],
  ["a > 1-5", "a < 1", false],
  ["a > 1", "a > 7", true],
  ["a < 1", "a < 7", true],
  ["a > 2", "a < 2", false],
  ["a > 1", "a < 2", true],
  ["a < 1", "a > 2", false],
  ["a <= 2", "a >= 2", true],
  ["a = 1:1", "a >= 2", true],
  ["a = 1", "a >= 1:0", false],
  ["a = 0:1", "a = 1", true],
  ["a = 1~rc1", "a >= 1", false],
  ["a = 1^git", "a > 1", true],
  ["a = 1-", "a = 1-7", true],
];

describe("ranges of versions", () => {
  it.each(pairs)("%s meets %s: %s", (provided, required, expected) => {
    expect(overlaps(tinyDependency(provided), tinyDependency(required))).toBe(expected);
    expect(overlaps(tinyDependency(required), tinyDependency(provided))).toBe(expected);
  });
});
