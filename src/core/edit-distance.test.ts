import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance } from "./edit-distance.ts";

/** The whole table, by the definition. */
function byDefinition(a: string, b: string, swaps: boolean): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
  const at = (i: number, j: number) => table[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      (table[i] as number[])[j] = Math.min(change, swap, at(i - 1, j) + 1, at(i, j - 1) + 1);
    }
  }
  return at(a.length, b.length);
}

describe("the edit distance", () => {
  it.each([
    ["", "", 0],
    ["abc", "acb", 1],
    ["abc", "abcd", 1],
    ["kitten", "sitting", 3],
    ["abcdef", "", 6],
  ])("%s and %s differ by %i", (a, b, distance) => expect(editDistance(a, b, 9, true)).toBe(distance));

  it("counts a swap as two changes unless swaps count", () => expect(editDistance("abc", "acb", 9)).toBe(2));

  it("is the definition's up to the limit, and one more above it", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.nat(8), fc.boolean(), (a, b, limit, swaps) => {
        expect(editDistance(a, b, limit, swaps)).toBe(Math.min(byDefinition(a, b, swaps), limit + 1));
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  it("is quick for long texts", () => {
    expect(editDistance("a".repeat(100_000), "b".repeat(100_000), 3)).toBe(4);
    expect(editDistance("a".repeat(100_000), "a".repeat(100_000), 3)).toBe(0);
  });
});
