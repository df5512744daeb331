import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "./line-diff.ts";

/** Applies a complete unified diff strictly: every hunk must fit where it says. */
function applyDiff(before: readonly string[], diff: string): string[] {
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(0, -1)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/.exec(line);
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === "0" ? 0 : 1);
      while (at < start) result.push(before[at++] ?? "");
      expect(result.length).toBe(Number(hunk[3]) - (hunk[4] === "0" ? 0 : 1));
    } else if (line.startsWith("+")) result.push(line.slice(1));
    else {
      expect(before[at]).toBe(line.slice(1));
      if (line.startsWith(" ")) result.push(line.slice(1));
      at++;
    }
  }
  return [...result, ...before.slice(at)];
}

describe("unifiedDiff", () => {
  it("shows three lines around a change", () => {
    const before = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const after = before.toSpliced(4, 1, "five", "5b");
    expect(unifiedDiff(before, after)).toBe("@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+5b\n 6\n 7\n 8\n");
    expect(unifiedDiff(before, before)).toBe("");
    expect(unifiedDiff([], ["a"])).toBe("@@ -0,0 +1 @@\n+a\n");
  });

  it("gives what was after, applied to what was before", () => {
    const lines = array(constantFrom("a", "b", "c", "d", "", " x"), { maxLength: 40 });
    assert(
      property(lines, lines, (before, after) => {
        expect(applyDiff(before, unifiedDiff(before, after))).toEqual(after);
      }),
      { numRuns: 3000, seed: 5 },
    );
  });

  it("is minimal", () => {
    const before = ["x", "a", "b", "c", "a", "b", "b", "a", "y"];
    const after = ["x", "c", "b", "a", "b", "a", "c", "y"];
    const marks = unifiedDiff(before, after)
      .split("\n")
      .filter((line) => /^[+-]/.test(line));
    expect(marks).toHaveLength(5);
  });

  it("is bounded", () => {
    const many = (prefix: string) => Array.from({ length: 20_000 }, (_, i) => `${prefix}${i}`);
    const started = performance.now();
    const diff = unifiedDiff(many("a"), many("b"));
    expect(performance.now() - started).toBeLessThan(40_000);
    expect(diff.split("\n").length).toBeLessThan(410);
    expect(diff).toContain("more lines");
    expect(unifiedDiff([], ["x".repeat(100_000)]).length).toBeLessThan(1000);
  });
});
