import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { outcomeTable, Results } from "./results.ts";

it("counts outcomes, writes a line each and says what did not pass", () => {
  const folder = mkdtempSync(join(tmpdir(), "weir-results-"));
  try {
    const file = join(folder, "results.jsonl");
    const results = new Results(file);
    results.add({ case: "a/one.t", result: "pass", reason: "" });
    results.add({ case: "a/two.t", result: "fail", reason: "differs" });
    results.add({ case: "b/three.t", result: "skip", reason: "not ours" });
    results.close();
    expect(
      readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).result),
    ).toEqual(["pass", "fail", "skip"]);
    expect(results.count("fail")).toBe(1);
    const table = outcomeTable(results.outcomes, (name) => name.split("/")[0] ?? "");
    expect(table).toContain("fail a/two.t: differs");
    expect(table).toContain("skip b/three.t: not ours");
    expect(() => new Results(join(folder, "no/such/file"))).toThrow(/cannot be written/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
