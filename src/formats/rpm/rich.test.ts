import { describe, expect, it } from "vitest";
import { leavesOf, parseCapability, parseRich } from "./index.ts";

describe("large rich dependencies", () => {
  it("reads ten thousand alternatives with versions", () => {
    const items = Array.from({ length: 10_000 }, (_, index) => `a-long-package-name-${index} >= 1:2.3.${index}`);
    const tree = parseRich(`(${items.join(" or ")})`);
    expect(tree).toMatchObject({ kind: "or" });
    expect(tree && leavesOf(tree)).toHaveLength(10_000);
  });

  it("refuses what is longer or deeper than any sound one", () => {
    expect(parseCapability(`(${"a or ".repeat(300_000)}a)`)).toBeUndefined();
    expect(parseRich(`${"(".repeat(500_000)}a${")".repeat(500_000)}`)).toBeUndefined();
    expect(parseRich(`${"(a or ".repeat(100_000)}a${")".repeat(100_000)}`)).toBeUndefined();
  });
});
