import { describe, expect, it } from "vitest";
import { suggest } from "./load-suggest.ts";

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
});
