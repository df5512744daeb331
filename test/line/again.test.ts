import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { treeDigests } from "../support/tree.ts";
import { checkout, rebuildExample, testOut, weir } from "../support/weir.ts";

const machineOnly = [".weir", "logs"];

/** A cache of what the machine's files were, by their times: another run beside may touch those. */
const machineCache = ["host-digests.json"];

describe("a second rebuild", () => {
  it("does nothing and says so", async () => {
    const before = treeDigests(testOut("first"), machineCache);
    const packageTime = statSync(testOut("first", "repo/repodata/repomd.xml")).mtimeMs;
    const again = await rebuildExample("first");
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).toContain("nothing to do");
    expect(builds(again.stderr)).toEqual([]);
    expect(treeDigests(testOut("first"), machineCache)).toEqual(before);
    expect(statSync(testOut("first", "repo/repodata/repomd.xml")).mtimeMs).toBe(packageTime);
  });
});

describe("a rebuild into another folder", () => {
  it("gives the same bytes: packages, repository, image, reports", async () => {
    rmSync(testOut("second"), { recursive: true, force: true });
    const second = await rebuildExample("second", ["--jobs", "1"]);
    expect(second.exitCode, second.stderr).toBe(0);
    expect(second.stdout).not.toContain("nothing to do");
    const a = treeDigests(testOut("first"), machineOnly);
    const b = treeDigests(testOut("second"), machineOnly);
    expect(Object.keys(b).filter((path) => path.endsWith(".rpm")).length).toBeGreaterThan(20);
    expect(b).toEqual(a);
  });
});

/** Builds that ran, with their reasons, from plain progress. */
function builds(progress: string): [string, string][] {
  const planned = JSON.parse(readFileSync(testOut("first", "plan.json"), "utf8")) as { nodes: { id: string }[] };
  const names = new Set(planned.nodes.map((node) => node.id));
  return [...progress.matchAll(/^ {2}✓ (\S+) \(.*?\) — (.*)$/gm)]
    .map((match): [string, string] => [match[1] ?? "", match[2] ?? ""])
    .filter(([name]) => names.has(name));
}

describe("one changed overlay", () => {
  const world = testOut("changed-world");
  const overlayFile = join(world, "downstream/comps/libgauge/libgauge.comp.toml");

  beforeAll(() => {
    rmSync(world, { recursive: true, force: true });
    mkdirSync(world, { recursive: true });
    cpSync(join(checkout, "examples"), world, { recursive: true, verbatimSymlinks: true });
    rmSync(testOut("changed"), { recursive: true, force: true });
    cpSync(testOut("first"), testOut("changed"), { recursive: true, verbatimSymlinks: true });
  });

  it("rebuilds what depends on it, and names the reason", async () => {
    const rebuild = () =>
      weir.run(["rebuild", "-C", join(world, "downstream"), "--out", testOut("changed"), "--progress", "plain", "-v"]);
    const moved = await rebuild();
    expect(moved.exitCode, moved.stderr).toBe(0);
    expect(builds(moved.stderr)).toEqual([]);

    const text = readFileSync(overlayFile, "utf8");
    writeFileSync(
      overlayFile,
      `${text}\n[[components.libgauge.overlays]]\ntype = "spec-append-lines"\nsection = "%install"\nlines = ["touch -d @0 %{buildroot}%{_libdir}/.gauge-marker", "rm %{buildroot}%{_libdir}/.gauge-marker", "install -d %{buildroot}%{_datadir}/libgauge"]\n`,
    );
    const changed = await rebuild();
    expect(changed.exitCode, changed.stderr).toBe(0);
    const built = builds(changed.stderr);
    expect(built.map(([name]) => name)).toContain("libgauge");
    expect(built.find(([name]) => name === "libgauge")?.[1]).toMatch(/spec/);
    expect(built.map(([name]) => name)).not.toContain("libflow");
    expect(built.map(([name]) => name)).not.toContain("python-eddy");
    expect(built.length).toBeLessThan(6);

    const settled = await rebuild();
    expect(settled.stdout).toContain("nothing to do");
  });
});
