import { describe, expect, it } from "vitest";
import { formatDependency } from "./index.ts";

describe("a dependency as text", () => {
  it.each([
    [{ name: "a" }, "a"],
    [{ name: "a", op: ">=", evr: "1:2-3" }, "a >= 1:2-3"],
    [{ name: "a", op: "=", evr: "" }, "a ="],
    [{ name: "(a or b)", flags: 0 }, "(a or b)"],
  ])("%j", (dependency, text) => expect(formatDependency(dependency)).toBe(text));
});
