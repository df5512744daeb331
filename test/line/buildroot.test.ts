import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRepository } from "../../src/formats/rpmmd/index.ts";
import { missingTool, sharedPath } from "../support/tools.ts";
import { rebuildExample, testOut, weir } from "../support/weir.ts";

const converter = sharedPath("tools/seed-repo/deb2rpm.py");
const reason = converter.missing ?? missingTool("apt-get", "dpkg-deb", "createrepo_c");

/** All inputs of all builds in a store: the last of each node. */
function inputsOf(out: string): Record<string, string>[] {
  const folder = join(out, ".weir/store/history");
  return readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), "utf8")).inputs as Record<string, string>,
  );
}

describe.skipIf(reason)(`a buildroot of repositories alone${reason === undefined ? "" : ` (${reason})`}`, () => {
  it("rebuilds the example with nothing of this machine in it", async () => {
    const made = await weir.script("scripts/seed-repository.mjs", [testOut("seed")]);
    expect(made.exitCode, made.stderr).toBe(0);
    const seed = made.stdout.trim().split("\n").at(-1) ?? "";
    rmSync(testOut("seeded"), { recursive: true, force: true });
    const outcome = await rebuildExample("seeded", ["--buildroot", seed]);
    expect(outcome.exitCode, outcome.stderr).toBe(0);

    const inputs = inputsOf(testOut("seeded"));
    expect(inputs.length).toBeGreaterThan(18);
    for (const input of inputs) {
      expect(Object.keys(input)).not.toContain("toolchain");
      expect(Object.keys(input).some((name) => name.startsWith("package rpm-build."))).toBe(true);
    }
    const mine = await readRepository(testOut("seeded", "repo"));
    const theirs = await readRepository(testOut("first", "repo"));
    const names = (packages: typeof mine.packages) => packages.map((pkg) => `${pkg.name}.${pkg.arch}`).sort();
    expect(names(mine.packages)).toEqual(names(theirs.packages));
    const settled = await rebuildExample("seeded", ["--buildroot", seed]);
    expect(settled.stdout).toContain("nothing to do");
  });
});
