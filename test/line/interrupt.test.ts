import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { treeDigests } from "../support/tree.ts";
import { rebuildExample, testOut } from "../support/weir.ts";

const machineOnly = [".weir", "logs"];

/** Milliseconds after the start; chosen to fall into rendering, building, composing. */
const moments = [400, 1500, 4000, 8000, 14000, 22000];

describe("an interrupted rebuild", () => {
  it.each(["SIGKILL", "SIGINT"] as const)(
    "goes on after %s at any point and ends with the same bytes",
    async (signal) => {
      const name = `interrupted-${signal}`;
      rmSync(testOut(name), { recursive: true, force: true });
      let stopped = 0;
      for (const moment of moments) {
        const outcome = await rebuildExample(name, [], {
          started: (child) => {
            const timer = setTimeout(() => child.kill(signal), moment);
            child.on("exit", () => clearTimeout(timer));
          },
        });
        if (outcome.exitCode === 0) break;
        stopped++;
        if (signal === "SIGINT") expect(outcome.exitCode, outcome.stderr).toBe(130);
      }
      expect(stopped).toBeGreaterThan(1);
      const last = await rebuildExample(name);
      expect(last.exitCode, last.stderr).toBe(0);
      expect(treeDigests(testOut(name), machineOnly)).toEqual(treeDigests(testOut("first"), machineOnly));
      const leftovers = readdirSync(testOut(name), { recursive: true, encoding: "utf8" }).filter((path) =>
        path.includes(".weir-partial-"),
      );
      expect(leftovers).toEqual([]);
    },
  );

  it("believes no package that was cut short", async () => {
    const name = "cut-short";
    rmSync(testOut(name), { recursive: true, force: true });
    cpSync(testOut("first"), testOut(name), { recursive: true, verbatimSymlinks: true });
    const { truncateSync } = await import("node:fs");
    const packages = readdirSync(testOut(name), { recursive: true, encoding: "utf8" }).filter((path) =>
      /libgauge-[^/]*\.x86_64\.rpm$/.test(path),
    );
    expect(packages.length).toBeGreaterThan(0);
    for (const path of packages) {
      const full = join(testOut(name), path);
      if (existsSync(full)) truncateSync(full, 100);
    }
    const outcome = await rebuildExample(name);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    expect(treeDigests(testOut(name), machineOnly)).toEqual(treeDigests(testOut("first"), machineOnly));
  });
});
