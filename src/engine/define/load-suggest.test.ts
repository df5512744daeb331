import { describe, expect, it } from "vitest";
import { editDistance, suggest } from "./load-suggest.ts";

describe("did you mean", () => {
  const names = ["libflow", "libgauge", "kernel", "kernel-headers", "bash"];
  it.each([
    ["libflwo", "libflow"],
    ["Kernel", "kernel"],
    ["kernel-header", "kernel-headers"],
    ["bahs", "bash"],
    ["zzz", undefined],
    ["x".repeat(100), undefined],
    ["kernel", undefined],
  ])("%s → %s", (name, wanted) => expect(suggest(name, names)).toBe(wanted));

  it("takes the first by text among equals", () => expect(suggest("ca", ["cb", "cc", "cx"])).toBe("cb"));

  it.each([
    ["", "", 0],
    ["abc", "acb", 1],
    ["abc", "abcd", 1],
    ["kitten", "sitting", 3],
    ["abcdef", "", 6],
  ])("%s and %s differ by %i", (a, b, distance) => expect(editDistance(a, b, 9)).toBe(distance));
});
