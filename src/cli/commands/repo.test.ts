import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackages, richSpec, smallSpec } from "../../../test/support/rpmbuild.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { digestFile, silentProgress } from "../../core/index.ts";
import { readRepository } from "../../formats/rpmmd/index.ts";
import { CommandOptions } from "../command.ts";
import { create } from "./repo-create.ts";

const missing = missingTool("rpmbuild");

describe("repo create", () => {
  let folder = "";
  const run = (signal = new AbortController().signal) =>
    create(
      { args: [folder], options: new CommandOptions({}) },
      { cwd: "/", progress: silentProgress, signal, verbose: false, dryRun: false, network: false },
    );
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-create-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("names every bad package", async () => {
    await writeFile(join(folder, "b.rpm"), "<html>no such file</html>");
    await expect(run()).rejects.toMatchObject({ code: "RPM_NOT_A_PACKAGE", where: "b.rpm" });
    await writeFile(join(folder, "c.rpm"), "");
    await writeFile(join(folder, "a.rpm"), "");
    await expect(run()).rejects.toMatchObject({ code: "REPO_BROKEN_PACKAGES", where: "a.rpm" });
    await expect(run(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    for (const name of ["a", "b", "c"]) await rm(join(folder, `${name}.rpm`));
  });

  it.skipIf(missing !== undefined)(`lists each file with its digest and size (${missing ?? "present"})`, async () => {
    await buildPackages(folder, join(folder, "rpms"), { rich: richSpec, small: smallSpec("small", "1.0") });
    await run();
    const { packages } = await readRepository(folder);
    expect(packages.length).toBeGreaterThan(2);
    for (const pkg of packages) {
      const path = join(folder, pkg.location);
      expect([pkg.pkgid, pkg.size.package]).toEqual([await digestFile(path), (await stat(path)).size]);
    }
  });
});
