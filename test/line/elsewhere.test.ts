import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { missingTool } from "../support/tools.ts";
import { treeDigests } from "../support/tree.ts";
import { checkout, rebuildExample, testOut } from "../support/weir.ts";

const machineOnly = [".weir", "logs"];
const nobody = 65534;

describe("where namespaces are refused", () => {
  const reason = missingTool("proot", "perl");

  it.skipIf(reason)(`the fallback gives the same bytes${reason === undefined ? "" : ` (${reason})`}`, async () => {
    rmSync(testOut("proot"), { recursive: true, force: true });
    const outcome = await rebuildExample("proot", ["--sandbox", "proot"]);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    expect(outcome.stdout).toContain("not cut off from the network");
    expect(treeDigests(testOut("proot"), machineOnly)).toEqual(treeDigests(testOut("first"), machineOnly));
  });
});

describe("an ordinary user", () => {
  const folder = mkdtempSync(join(tmpdir(), "weir-user-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o777);
  const asUser = (command: string, args: readonly string[]) =>
    spawnSync("setpriv", [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--", command, ...args], {
      cwd: checkout,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: join(folder, "home"), XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" },
    });
  const reason = whyNot();

  function whyNot(): string | undefined {
    if (process.getuid?.() !== 0) return "the whole suite runs as one already";
    const missing = missingTool("setpriv");
    if (missing !== undefined) return missing;
    const sees = asUser(process.execPath, [
      "-e",
      `require("node:fs").accessSync(${JSON.stringify(join(checkout, "dist/main.cjs"))})`,
    ]);
    return sees.status === 0 ? undefined : "the checkout lies where only root can read it";
  }

  it.skipIf(reason)(`rebuilds the same bytes without root${reason === undefined ? "" : ` (${reason})`}`, () => {
    mkdirSync(join(folder, "home"), { mode: 0o777 });
    chmodSync(join(folder, "home"), 0o777);
    const out = join(folder, "out");
    const outcome = asUser(process.execPath, [
      join(checkout, "bin/weir"),
      "rebuild",
      "-C",
      "examples/downstream",
      "--out",
      out,
      "--progress",
      "plain",
    ]);
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(treeDigests(out, machineOnly)).toEqual(treeDigests(testOut("first"), machineOnly));
  });
});
