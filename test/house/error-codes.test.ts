import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/reference/error-codes.md"), "utf8");
const codes = [...page.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((match) => match[1] ?? "");

function testTexts(): string {
  return ["src", "test"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(root, folder, name)),
    )
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(name, "utf8"))
    .join("\n");
}

describe("error codes", () => {
  it("are listed at all", () => {
    expect(codes.length).toBeGreaterThan(40);
  });

  it("each have a test that names them", () => {
    const tests = testTexts();
    expect(codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests))).toEqual([]);
  });
});
