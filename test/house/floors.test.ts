import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawGraph, floorViolations, importEdges } from "../support/import-graph.ts";

const root = join(import.meta.dirname, "../..");
const edges = importEdges(join(root, "src"));

describe("the floors", () => {
  it("sees the imports at all", () => {
    expect(edges.length).toBeGreaterThan(50);
    expect(edges).toContainEqual({ from: "core/index.ts", to: "core/evr.ts" });
  });

  it("are kept by every import", () => {
    expect(floorViolations(edges)).toEqual([]);
  });

  it("would notice each kind of breach", () => {
    const breaches = [
      { from: "core/evr.ts", to: "formats/rpm/index.ts" },
      { from: "engine/plan/graph.ts", to: "adapters/git/index.ts" },
      { from: "engine/plan/graph.ts", to: "engine/solve/sat.ts" },
      { from: "cli/main.ts", to: "../scripts/build.mjs" },
      { from: "attic/x.ts", to: "core/index.ts" },
    ];
    expect(floorViolations(breaches)).toHaveLength(breaches.length);
    expect(floorViolations([{ from: "engine/plan/graph.ts", to: "engine/solve/index.ts" }])).toEqual([]);
  });

  it("are drawn in docs/architecture.md as they are", () => {
    const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
    const shown = /<!-- graph -->\n```\n([\s\S]*?)\n```/.exec(page)?.[1];
    expect(shown).toBe(drawGraph(edges));
  });
});
