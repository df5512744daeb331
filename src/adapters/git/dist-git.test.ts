import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRepository, type TestRepository } from "../../../test/support/git-repository.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { compareText } from "../../core/index.ts";
import type { UpstreamAddress } from "../../engine/define/index.ts";
import { createDistGit } from "./dist-git.ts";
import { cloneBare, fetchAll } from "./repository.ts";

const reason = missingTool("git");
const day = 86_400;
const start = 1_700_000_000;

describe.skipIf(reason !== undefined)(`dist-git${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let folder: string;
  let repository: TestRepository;
  const commits: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-git-"));
    repository = await makeRepository(join(folder, "demo"));
    commits.push(await repository.commit({ "demo.spec": "Name: demo\n", sources: "" }, start, "Import"));
    await writeFile(join(repository.path, "run.sh"), "#!/bin/sh\n");
    await chmod(join(repository.path, "run.sh"), 0o755);
    commits.push(await repository.commit({ "tests/deep/a b.txt": "\u00e4\n" }, start + day, "Add tests"));
    await symlink("run.sh", join(repository.path, "link.sh"));
    commits.push(await repository.commit({ "demo.spec": "Name: demo\nVersion: 2\n" }, start + 2 * day, "Update"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function address(change: Partial<UpstreamAddress> = {}): UpstreamAddress {
    const base = { distro: "fedora", version: "43", name: "demo", branch: "f43", releaseVersion: "43" };
    const none = { lookasideUri: undefined, snapshot: undefined, commit: undefined };
    return { ...base, ...none, distGitUri: repository.path, ...change };
  }
  const distGit = () => createDistGit({ cacheDir: join(folder, "cache"), network: false });
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();

  it("takes the head, the newest commit not after a snapshot, or the pinned one", async () => {
    const git = distGit();
    expect(await git.resolve(address())).toEqual({ commit: commits[2], time: start + 2 * day, subject: "Update" });
    expect((await git.resolve(address({ snapshot: at(start + day) }))).commit).toBe(commits[1]);
    expect((await git.resolve(address({ snapshot: at(start + day - 1) }))).commit).toBe(commits[0]);
    expect((await git.resolve(address({ commit: commits[1]?.slice(0, 9) ?? "" }))).commit).toBe(commits[1]);
    expect((await git.resolve(address({ distGitUri: `file://${repository.path}` }))).commit).toBe(commits[2]);
  });

  it("agrees with git rev-list on snapshots", async () => {
    for (const seconds of [start, start + 1, start + day, start + 3 * day]) {
      const wanted = await repository.git("rev-list", "-1", "--first-parent", `--before=${at(seconds)}`, "f43");
      expect((await distGit().resolve(address({ snapshot: at(seconds) }))).commit).toBe(wanted);
    }
  });

  it("names an object that the repository has lost", async () => {
    const damaged = await makeRepository(join(folder, "damaged"));
    const commit = await damaged.commit({ "demo.spec": "Name: demo\n" }, start);
    const blob = await damaged.git("rev-parse", "HEAD:demo.spec");
    await rm(join(damaged.path, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    const reading = distGit().read(address({ distGitUri: damaged.path }), commit);
    await expect(reading).rejects.toMatchObject({
      code: "UPSTREAM_BAD_OBJECT",
      message: expect.stringContaining("demo.spec"),
    });
  });

  it("reads all files of a commit", async () => {
    const files = await distGit().read(address(), commits[2] ?? "");
    const seen = [...files].map(([name, file]) => [name, Buffer.from(file.content).toString(), file.executable]);
    expect(seen.sort((a, b) => compareText(String(a[0]), String(b[0])))).toEqual([
      ["demo.spec", "Name: demo\nVersion: 2\n", false],
      ["link.sh", "#!/bin/sh\n", true],
      ["run.sh", "#!/bin/sh\n", true],
      ["sources", "", false],
      ["tests/deep/a b.txt", "\u00e4\n", false],
    ]);
  });

  it("tells history with one file", async () => {
    const history = await distGit().history?.(address(), commits, "demo.spec");
    expect(
      history?.map(({ commit, parents, author, message, time, file }) => [
        commit,
        parents,
        author,
        message,
        time,
        file?.content.length,
      ]),
    ).toEqual([
      [commits[0], [], "A <a@x>", "Import\n", start, 11],
      [commits[1], [commits[0]], "A <a@x>", "Add tests\n", start + day, 11],
      [commits[2], [commits[1]], "A <a@x>", "Update\n", start + 2 * day, 22],
    ]);
    expect(history?.[0]?.file?.id).toBe(history?.[1]?.file?.id);
    const none = await distGit().history?.(address(), [commits[0] ?? ""], "tests");
    expect(none?.[0]?.file).toBeUndefined();
    await expect(distGit().history?.(address(), ["HEAD"], "demo.spec")).rejects.toMatchObject({
      code: "UPSTREAM_COMMIT_MISSING",
    });
  });

  it("answers many at once", async () => {
    const git = distGit();
    const all = await Promise.all(
      commits.flatMap((commit) => [commit, commit, commit, commit, commit]).map((c) => git.read(address(), c)),
    );
    expect(all.map((files) => files.size)).toEqual([2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5]);
  });

  it("leaves submodules out and refuses links that lead nowhere", async () => {
    const other = await makeRepository(join(folder, "odd"));
    const first = await other.commit({ "odd.spec": "x" }, start);
    await other.git("update-index", "--add", "--cacheinfo", `160000,${first},sub`);
    await other.git("commit", "--quiet", "-m", "sub");
    const git = distGit();
    const head = await git.resolve(address({ distGitUri: other.path }));
    expect([...(await git.read(address({ distGitUri: other.path }), head.commit)).keys()]).toEqual(["odd.spec"]);
    for (const target of ["../../etc/passwd", "/etc/passwd", "self"]) {
      await rm(join(other.path, "self"), { force: true });
      await symlink(target, join(other.path, "self"));
      await other.git("add", "self");
      await other.git("commit", "--quiet", "-m", "link");
      const linked = await git.resolve(address({ distGitUri: other.path }));
      const reading = git.read(address({ distGitUri: other.path }), linked.commit);
      await expect(reading).rejects.toMatchObject({ code: "UPSTREAM_UNSUPPORTED_ENTRY" });
    }
  });

  it("says what is missing, with the next step", async () => {
    const fails = async (change: Partial<UpstreamAddress>) => {
      const error: unknown = await distGit()
        .resolve(address(change))
        .catch((thrown: unknown) => thrown);
      const { code, hints } = error as { code: string; hints: string[] };
      return [code, hints[0]];
    };
    expect(await fails({ commit: "a".repeat(40) })).toEqual([
      "UPSTREAM_COMMIT_MISSING",
      expect.stringContaining("pin another"),
    ]);
    expect(await fails({ commit: "--help" })).toEqual(["UPSTREAM_COMMIT_MISSING", expect.any(String)]);
    expect(await fails({ branch: "f44" })).toEqual(["UPSTREAM_BRANCH_MISSING", "it has f43"]);
    expect(await fails({ branch: "--upload-pack=x" })).toEqual(["UPSTREAM_BRANCH_MISSING", expect.any(String)]);
    expect(await fails({ branch: "f43\nf43" })).toEqual(["UPSTREAM_BRANCH_MISSING", expect.any(String)]);
    expect(await fails({ snapshot: at(start - 1) })).toEqual([
      "UPSTREAM_COMMIT_MISSING",
      expect.stringContaining("came later"),
    ]);
    expect(await fails({ snapshot: "yesterday" })).toEqual(["UPSTREAM_BAD_ADDRESS", expect.any(String)]);
    expect(await fails({ distGitUri: join(folder, "nothing") })).toEqual(["UPSTREAM_UNREACHABLE", expect.any(String)]);
    expect(await fails({ distGitUri: "https://example.test/rpms/demo.git" })).toEqual([
      "UPSTREAM_NETWORK_OFF",
      expect.any(String),
    ]);
    expect(await fails({ distGitUri: "ext::sh -c id" })).toEqual(["UPSTREAM_BAD_ADDRESS", expect.any(String)]);
    expect(await fails({ distGitUri: "file://host/x" })).toEqual(["UPSTREAM_BAD_ADDRESS", expect.any(String)]);
  });

  it("reads no commit that nests too deep, and none that is missing", async () => {
    const deep = await makeRepository(join(folder, "deep"));
    const commit = await deep.commit({ [`${"d/".repeat(70)}x`]: "" }, start);
    const at = address({ distGitUri: deep.path });
    await expect(distGit().read(at, commit)).rejects.toMatchObject({ code: "UPSTREAM_TOO_LARGE" });
    await expect(distGit().read(at, "b".repeat(40))).rejects.toMatchObject({ code: "UPSTREAM_COMMIT_MISSING" });
    await expect(distGit().read(at, "HEAD")).rejects.toMatchObject({ code: "UPSTREAM_COMMIT_MISSING" });
  });

  it("does not take the repository of a folder above", async () => {
    const inside = address({ distGitUri: join(repository.path, "tests") });
    await expect(distGit().resolve(inside)).rejects.toMatchObject({ code: "UPSTREAM_UNREACHABLE" });
  });

  it("clones all branches and brings them up to date", async () => {
    const clone = join(folder, "clones", "demo.git");
    await cloneBare(repository.path, clone, "file");
    const next = await repository.commit({ "demo.spec": "Version: 3\n" }, start + 3 * day);
    await fetchAll({ gitDir: clone, uri: repository.path, cached: true }, "file");
    expect((await distGit().resolve(address({ distGitUri: clone }))).commit).toBe(next);
    await expect(cloneBare(repository.path, join(folder, "clones", "no.git"), "https")).rejects.toMatchObject({
      code: "UPSTREAM_UNREACHABLE",
    });
  });

  it("stops when asked", async () => {
    await expect(distGit().resolve(address(), AbortSignal.abort())).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});
