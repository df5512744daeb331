import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRepository } from "../../../test/support/git-repository.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { compareText } from "../../core/index.ts";
import { readProjectHistory } from "./project-history.ts";

const reason = missingTool("git");

describe.skipIf(reason !== undefined)(`project history${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-history-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const lock = (print: string, bump = 0) =>
    `# generated\nversion = 1\nmanual-bump = ${bump}\ninput-fingerprint = "sha256:${print}"\n`;

  it("counts the commits that changed a fingerprint", async () => {
    const project = await makeRepository(join(folder, "project"), "main");
    const at = 1_700_000_000;
    await project.commit(
      { "distro/locks/a.lock": lock("1"), "distro/locks/b c.lock": lock("1"), "distro/x.toml": "" },
      at,
    );
    await project.commit({ "distro/locks/a.lock": lock("2") }, at + 1);
    await project.commit({ "distro/locks/a.lock": lock("2", 1), "distro/locks/b c.lock": lock("3") }, at + 2);
    await project.commit(
      { "distro/locks/a.lock": lock("1"), "distro/locks/sub/z.lock": lock("1"), "other.lock": "" },
      at + 3,
    );
    await project.commit({ "distro/locks/gone.lock": lock("1") }, at + 4);
    await project.git("rm", "--quiet", "distro/locks/gone.lock");
    await project.commit({}, at + 5);
    const history = await readProjectHistory(join(project.path, "distro"));
    expect([...history.changes].sort((a, b) => compareText(a[0], b[0]))).toEqual([
      ["a", 3],
      ["b c", 2],
    ]);
    expect(history.complete).toBe(true);
    const absolute = await readProjectHistory(join(project.path, "distro"), join(project.path, "distro/locks"));
    expect(absolute.changes).toEqual(history.changes);
    await project.git("clone", "--quiet", "--depth=1", `file://${project.path}`, join(folder, "shallow"));
    const shallow = await readProjectHistory(join(folder, "shallow/distro"));
    expect([...shallow.changes.values()]).toEqual([1, 1]);
    expect(shallow.complete).toBe(false);
  });

  it("has no numbers without git, without commits, without locks", async () => {
    expect(await readProjectHistory(folder)).toEqual({ changes: new Map(), complete: false });
    const project = await makeRepository(join(folder, "empty"), "main");
    expect(await readProjectHistory(project.path)).toEqual({ changes: new Map(), complete: false });
    await project.commit({ a: "" }, 1_700_000_000);
    expect(await readProjectHistory(project.path)).toEqual({ changes: new Map(), complete: true });
  });
});
