import { spawnSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { buildPackages, richSpec, smallSpec } from "../../../test/support/rpmbuild.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { digestFile, type Report, silentProgress } from "../../core/index.ts";
import { readRepository } from "../../formats/rpmmd/index.ts";
import { type CommandContext, type CommandOutcome, CommandOptions } from "../command.ts";
import { list } from "./repo.ts";
import { create } from "./repo-create.ts";
import { diff } from "./repo-diff.ts";
import { info } from "./repo-info.ts";
import { query } from "./repo-query.ts";

const missing = missingTool("rpmbuild");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-repo-command-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function context(more: Partial<CommandContext> = {}): CommandContext {
  const { signal } = new AbortController();
  return { cwd: folder, progress: silentProgress, signal, verbose: false, dryRun: false, network: false, ...more };
}

const input = (args: readonly string[], options: Readonly<Record<string, unknown>> = {}) => ({
  args,
  options: new CommandOptions(options),
});

async function lay(below: string, plans: readonly Parameters<typeof buildRpm>[0][]): Promise<void> {
  await mkdir(join(folder, below), { recursive: true });
  for (const plan of plans) await writeFile(join(folder, below, `${plan.name}-${plan.version}.rpm`), buildRpm(plan));
}

describe("repo create", () => {
  const run = (more: Partial<CommandContext> = {}, options = {}) => create(input(["made"], options), context(more));

  it("names every bad package", async () => {
    await mkdir(join(folder, "made"));
    await writeFile(join(folder, "made", "b.rpm"), "<html>no such file</html>");
    await expect(run()).rejects.toMatchObject({ code: "RPM_NOT_A_PACKAGE", where: "b.rpm" });
    await writeFile(join(folder, "made", "a.rpm"), "");
    await expect(run()).rejects.toMatchObject({ code: "REPO_BROKEN_PACKAGES", where: "a.rpm" });
    await expect(run({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    await lay("made", [{ name: "c", version: "1", release: "1" }]);
    const report = await run({}, { skipBroken: true });
    expect(report.skips.map((skip) => skip.subject)).toEqual(["a.rpm", "b.rpm"]);
    for (const name of ["a", "b"]) await rm(join(folder, "made", `${name}.rpm`));
  });

  it("writes nothing in a dry run, and says when nothing changed", async () => {
    await rm(join(folder, "made", "repodata"), { recursive: true });
    expect((await run({ dryRun: true }, { update: true })).summary[0]).toContain("would be listed");
    expect(await readdir(join(folder, "made"))).toEqual(["c-1.rpm"]);
    await run();
    expect((await run()).summary).toEqual(["made/repodata is up to date with 1 packages."]);
  });

  it("refuses options that cannot be meant, and files that are not there", async () => {
    await expect(run({}, { workers: "none" })).rejects.toMatchObject({ code: "REPO_OPTION_BAD", where: "--workers" });
    await expect(run({}, { changelogLimit: "-1" })).rejects.toMatchObject({ code: "REPO_OPTION_BAD" });
    for (const option of ["groups", "modules", "advisories", "split"]) {
      await expect(run({}, { [option]: "absent" })).rejects.toMatchObject({
        code: "REPO_FILE_UNREADABLE",
        where: "absent",
      });
    }
    process.env.SOURCE_DATE_EPOCH = "soon";
    try {
      await expect(run()).rejects.toMatchObject({ code: "REPO_OPTION_BAD", where: "SOURCE_DATE_EPOCH" });
      process.env.SOURCE_DATE_EPOCH = "1600000000";
      expect((await run()).data).toMatchObject({ revision: "1600000000" });
    } finally {
      delete process.env.SOURCE_DATE_EPOCH;
    }
  });

  it("puts tags and a revision into repomd.xml", async () => {
    await run(
      {},
      { revision: "r 1", repoTag: ["base"], contentTag: ["binary"], distroTag: ["cpe:/o:x:y:1,Example", "Plain"] },
    );
    const { data } = await info(input(["made"]), context());
    expect(data).toMatchObject({
      revision: "r 1",
      tags: {
        repo: ["base"],
        content: ["binary"],
        distro: [{ cpeid: "cpe:/o:x:y:1", name: "Example" }, { name: "Plain" }],
      },
    });
  });

  const noGpg = missingTool("gpg", "gpgv");
  it.skipIf(noGpg !== undefined)(`signs what gpg verifies (${noGpg ?? "present"})`, async () => {
    const home = join(folder, "gnupg");
    await mkdir(home, { mode: 0o700 });
    const gpg = (...args: string[]) =>
      spawnSync("gpg", ["--homedir", home, "--batch", "--quiet", "--yes", ...args], { encoding: "utf8" });
    gpg(
      "--passphrase",
      "",
      "--faked-system-time",
      "20230101T000000",
      "--quick-generate-key",
      "t@example",
      "ed25519",
      "sign",
      "never",
    );
    gpg("--armor", "--output", join(folder, "key.asc"), "--export-secret-keys", "t@example");
    await run({}, { sign: "key.asc" });
    const repodata = join(folder, "made", "repodata");
    const verified = gpg("--verify", join(repodata, "repomd.xml.asc"), join(repodata, "repomd.xml"));
    expect([verified.status, verified.stderr]).toEqual([0, expect.stringContaining("Good signature")]);
    expect((await info(input(["made"]), context())).data).toMatchObject({ signature: "not verified" });
    gpg("--armor", "--output", join(folder, "public.asc"), "--export", "t@example");
    const trusting = { keyring: [join(folder, "public.asc")], requireSignature: true };
    expect((await info(input(["made"], trusting), context())).data).toMatchObject({ signature: "verified" });
    await appendFile(join(folder, "made/repodata/repomd.xml"), "<!-- -->");
    await expect(info(input(["made"], trusting), context())).rejects.toMatchObject({
      code: "REPOSITORY_BAD_SIGNATURE",
    });
    await rm(join(folder, "made/repodata/repomd.xml.asc"));
    await expect(info(input(["made"], trusting), context())).rejects.toMatchObject({ code: "REPOSITORY_UNSIGNED" });
    gpg("--kill", "all");
  });

  it.skipIf(missing !== undefined)(`lists each file with its digest and size (${missing ?? "present"})`, async () => {
    const rpms = join(folder, "built", "rpms");
    await buildPackages(join(folder, "built"), rpms, { rich: richSpec, small: smallSpec("small", "1.0") });
    await create(input([rpms]), context());
    const { packages } = await readRepository(rpms);
    expect(packages.map((pkg) => pkg.arch)).toContain("src");
    expect(packages).toHaveLength(5);
    for (const pkg of packages) {
      const path = join(rpms, pkg.location);
      expect([pkg.pkgid, pkg.size.package]).toEqual([await digestFile(path), (await stat(path)).size]);
    }
  });
});

describe("repo list, info, query and diff", () => {
  beforeAll(async () => {
    const log = (time: number, text: string) => ({ time, author: "A <a@b>", text });
    const one = {
      name: "a",
      version: "1",
      release: "1",
      provides: ["a.so.1"],
      changelog: [log(1_600_000_000, "first")],
    };
    const two = {
      ...one,
      version: "2",
      provides: ["a.so.2"],
      changelog: [log(1_700_000_000, "second"), ...one.changelog],
    };
    await lay("old", [one]);
    await lay("new", [
      two,
      { name: "b", version: "1", release: "1", requires: ["a.so.2"], files: [{ path: "/usr/share/b" }] },
    ]);
    for (const below of ["old", "new"]) await create(input([below]), context());
  });
  const rows = (report: Report | CommandOutcome, id: string) =>
    ("report" in report ? report.report : report).tables.find((table) => table.id === id)?.rows;

  it("list packages", async () => {
    const report = await list(input(["new"]), context());
    expect(rows(report, "packages")?.map((row) => row[0])).toEqual(["a-2-1.noarch", "b-1-1.noarch"]);
    await expect(list(input(["nowhere"]), context())).rejects.toMatchObject({ name: "WeirError" });
  });

  it("describe a repository", async () => {
    const report = await info(input(["new"]), context());
    expect(rows(report, "facts")).toContainEqual(["newest build", "2023-11-14 b-1-1.noarch"]);
    expect(report.data).toMatchObject({
      schema: "weir/repository-info/1",
      packages: 2,
      signature: "none",
      address: "new",
    });
  });

  it("answer queries with packages, or with what these have", async () => {
    expect((await query(input(["new"], { whatrequires: ["a"] }), context())).text).toBe("b-1-1.noarch\n");
    expect((await query(input(["new", "a"], { show: "provides" }), context())).text).toBe("a = 2-1\na.so.2\n");
    expect((await query(input(["new"], { file: ["/usr/*"] }), context())).text).toBe("b-1-1.noarch\n");
    expect((await query(input(["new", "b"], { show: "files" }), context())).text).toBe("/usr/share/b\n");
    expect((await query(input(["new"], { source: true }), context())).text).toBe("a-2-1.src.rpm\nb-1-1.src.rpm\n");
    expect((await query(input(["new", "a"], { show: "changelog" }), context())).text).toContain(
      "2023-11-14 A <a@b>: second\n",
    );
    expect((await query(input(["new", "none"]), context())).text).toBe("");
  });

  it("tell what changed", async () => {
    const report = await diff(input(["old", "new"]), context());
    expect(report.data).toMatchObject({ counts: { added: 1, upgraded: 1, removed: 0 } });
    expect(rows(report, "upgraded")?.[0]?.slice(0, 4)).toEqual(["a", "noarch", "1-1", "2-1"]);
    expect(rows(report, "provides")).toEqual([
      ["a", "noarch", "lost", "a.so.1"],
      ["a", "noarch", "gained", "a.so.2"],
    ]);
    expect(rows(report, "changelog")).toEqual([["a", "2023-11-14", "A <a@b>", "second"]]);
  });
});
