import { spawn } from "node:child_process";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { digestFile, run } from "../../core/index.ts";
import { parsePrimary, readRepomd, readRepository, writePrimary } from "../../formats/rpmmd/index.ts";
import { DigestThread, makeShare } from "./digest-share.ts";
import { findPackages } from "./find-packages.ts";
import { createRepository } from "./index.ts";
import { type Indexed, indexPackages } from "./index-packages.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "weir-repo-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function lay(names: readonly string[], folder = root): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, name] of names.entries()) {
    const big = index % 3 === 0 ? 400_000 : 10;
    const files = [{ path: `/usr/bin/${name}`, content: name.repeat(big) }, { path: `/usr/share/${name}` }];
    await writeFile(join(folder, `${name}.rpm`), buildRpm({ name, version: "1", release: "1", files }));
  }
}

async function contents(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) found[name] = await digestFile(join(folder, name));
  return found;
}

const names = Array.from({ length: 40 }, (_, index) => `p${index}`);

describe("createRepository", () => {
  it("gives equal bytes for any number of threads, times and order of files", async () => {
    await lay(names);
    await createRepository({ root, workers: 1 });
    const expected = await contents(join(root, "repodata"));
    for (const workers of [2, 3, 5]) {
      await rm(join(root, "repodata"), { recursive: true });
      for (const name of names) await utimes(join(root, `${name}.rpm`), workers, workers);
      await createRepository({ root, workers });
      expect(await contents(join(root, "repodata"))).toEqual(expected);
    }
    const { packages } = await readRepository(root, { filelists: true });
    expect(packages.map((pkg) => pkg.location)).toEqual(names.map((name) => `${name}.rpm`).sort());
    for (const pkg of packages) expect(pkg.pkgid).toBe(await digestFile(join(root, pkg.location)));
  });

  it("names packages so that a reader finds them, whatever their names hold", async () => {
    const odd = [
      "new\nline.rpm",
      "tab\tulator.rpm",
      "two  blanks.rpm",
      "-dash.rpm",
      'q"<&>.rpm',
      "a%20b.rpm",
      "x?y#z.rpm",
    ];
    const bytes = buildRpm({ name: "odd", version: "1", release: "1" });
    for (const name of odd) await writeFile(join(root, name), bytes);
    await createRepository({ root, workers: 1 });
    const { packages } = await readRepository(root, {});
    expect(packages.map((pkg) => pkg.location).sort()).toEqual([...odd].sort());
    expect(parsePrimary(Buffer.from(writePrimary(packages)), "x").map((pkg) => pkg.location)).toEqual(
      packages.map((pkg) => pkg.location),
    );
  });

  it("reads the same with threads beside it, and what a lost thread had taken once more", async () => {
    await lay(names);
    await writeFile(join(root, "p3.rpm"), "no package");
    const files = await findPackages(root);
    const plain = (indexed: readonly Indexed[]) =>
      indexed.map((item) =>
        "package" in item ? [item.package.pkgid, String(item.package.fragments.primary)] : [item.location],
      );
    const expected = plain(await indexPackages(files));
    expect(expected.filter((item) => item.length === 1)).toEqual([["p3.rpm"]]);
    for (const count of [1, 2, 4]) {
      const threads = Array.from({ length: count }, () => new DigestThread());
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (count === 4) await threads[0]?.stop();
      expect(plain(await indexPackages(files, { threads }))).toEqual(expected);
    }
    const share = makeShare(
      files.map((file) => file.path),
      "sha256",
    );
    const thread = new DigestThread();
    thread.start(share);
    await thread.ended;
    expect([...share.states].filter((state) => state === 1)).toHaveLength(names.length);
    expect(share.sizes[0]).toBe((await stat(files[0]?.path ?? "")).size);
  });

  it.each(["gzip", "zstd", "xz", "none"] as const)("packs with %s, sha512 and simple names", async (compression) => {
    await lay(["a", "b"]);
    await createRepository({
      root,
      workers: 1,
      compression,
      checksum: "sha512",
      simpleNames: true,
      baseUrl: "https://x.example/?a&b",
    });
    expect((await readdir(join(root, "repodata"))).sort()[0]).toMatch(/^filelists\.xml/);
    const repository = await readRepository(root, { filelists: true, other: true });
    expect(repository.packages.map((pkg) => pkg.pkgid.length)).toEqual([128, 128]);
    expect((await readRepomd(root)).entries.map((entry) => entry.checksum?.type)).toEqual([
      "sha512",
      "sha512",
      "sha512",
    ]);
  });

  it("names each package that cannot be read, or leaves them out", async () => {
    await lay(["a", "b", "c"]);
    await writeFile(join(root, "b.rpm"), "<html>no such file</html>");
    await truncate(join(root, "c.rpm"), 300);
    await mkdir(join(root, "d.rpm"));
    await run("mkfifo", [join(root, "e.rpm")]);
    await symlink("nowhere", join(root, "f.rpm"));
    for (const workers of [1, 3]) {
      const error = await createRepository({ root, workers }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "REPO_BROKEN_PACKAGES", where: "b.rpm" });
      for (const name of ["b", "c", "d", "e", "f"]) expect(JSON.stringify(error)).toContain(`${name}.rpm: `);
    }
    const made = await createRepository({ root, workers: 1, skipBroken: true });
    expect(made.packages).toBe(1);
    expect(made.skips.map((skip) => skip.subject)).toEqual(["b.rpm", "c.rpm", "d.rpm", "e.rpm", "f.rpm"]);
    for (const name of ["c", "d", "e", "f"]) await rm(join(root, `${name}.rpm`), { recursive: true });
    await expect(createRepository({ root })).rejects.toMatchObject({ code: "RPM_NOT_A_PACKAGE", where: "b.rpm" });
  });

  it("follows links below its root only", async () => {
    await lay(["a"], join(root, "in"));
    await symlink("in/a.rpm", join(root, "b.rpm"));
    expect((await createRepository({ root })).packages).toBe(2);
    await rename(join(root, "in"), `${root}-out`);
    await rm(join(root, "b.rpm"));
    await symlink(join(`${root}-out`, "a.rpm"), join(root, "b.rpm"));
    await expect(createRepository({ root })).rejects.toMatchObject({ code: "REPO_LINK_ESCAPE", where: "b.rpm" });
    expect(
      (await createRepository({ root, exclude: ["b.*"] }).catch((error: unknown) => error)) as object,
    ).toMatchObject({ code: "REPO_EMPTY" });
    await rm(`${root}-out`, { recursive: true });
    await expect(createRepository({ root: join(root, "none") })).rejects.toMatchObject({ code: "REPO_FOLDER_MISSING" });
  });

  it("refuses folders nested without end", async () => {
    const deep = join(root, ..."x".repeat(70).split(""));
    await lay(["a"], deep);
    await expect(createRepository({ root })).rejects.toMatchObject({ code: "REPO_FOLDER_DEEP" });
  });

  it("replaces what an old repomd.xml named, keeps what nobody named, and says when nothing changed", async () => {
    await lay(["a"]);
    await createRepository({ root });
    const before = await readdir(join(root, "repodata"));
    await writeFile(join(root, "repodata", "notes.txt"), "mine");
    await lay(["b"]);
    expect((await createRepository({ root })).repositories[0]?.changed).toBe(true);
    const after = await readdir(join(root, "repodata"));
    expect(after).toHaveLength(5);
    expect(after).toContain("notes.txt");
    expect(after.filter((name) => before.includes(name))).toEqual(["repomd.xml"]);
    expect((await createRepository({ root })).repositories[0]?.changed).toBe(false);
    await rm(join(root, "a.rpm"));
    await rm(join(root, "b.rpm"));
    await expect(createRepository({ root })).rejects.toMatchObject({ code: "REPO_EMPTY" });
    expect(await readRepository(root)).toMatchObject({ packages: { length: 2 } });
  });
});

const missing = missingTool("createrepo_c");

describe.skipIf(missing !== undefined)(`beside createrepo_c (${missing ?? "present"})`, () => {
  it("says the same of many packages", async () => {
    await lay(names);
    const theirs = join(root, "theirs");
    await mkdir(theirs);
    await run("createrepo_c", ["--quiet", "--no-database", "--outputdir", theirs, root]);
    await createRepository({ root, workers: 2 });
    const options = { id: "x", filelists: true, other: true };
    const [ours, other] = [await readRepository(root, options), await readRepository(theirs, options)];
    const plain = (packages: typeof ours.packages) =>
      packages
        .map((pkg) => ({ ...pkg, time: { ...pkg.time, file: 0 } }))
        .sort((a, b) => (a.location < b.location ? -1 : 1));
    expect(plain(ours.packages)).toEqual(plain(other.packages));
  });
});

describe("a run that is killed", () => {
  it("leaves a repository that can be read, at any moment", async () => {
    await lay(names.slice(0, 10));
    const program = join(root, "program.mjs");
    const { build } = await import("esbuild");
    await build({
      entryPoints: [join(import.meta.dirname, "create.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["@bokuweb/zstd-wasm"],
      outfile: program,
      footer: {
        js: `for (let n = 0; ; n++) await createRepository({ root: process.argv[2], workers: 1, revision: String(n) });`,
      },
    });
    await createRepository({ root, workers: 1 });
    for (let attempt = 0; attempt < 12; attempt++) {
      const child = spawn(process.execPath, [program, root], { stdio: "ignore" });
      await new Promise((resolve) => setTimeout(resolve, 180 + attempt * 17));
      // It would have ended by itself only because of an error.
      expect(child.exitCode).toBe(null);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("close", resolve));
      const { packages } = await readRepository(root, { filelists: true, other: true });
      expect(packages).toHaveLength(10);
    }
    await createRepository({ root, workers: 1 });
    expect((await readdir(join(root, "repodata"))).filter((name) => !name.startsWith(".weir"))).toHaveLength(4);
    expect(await readFile(join(root, "repodata", "repomd.xml"), "utf8")).toContain("<revision>1700000000</revision>");
  });
});
