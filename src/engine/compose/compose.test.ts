import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm, type TestPackage } from "../../../test/support/rpm-builder.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { run, WeirError } from "../../core/index.ts";
import type { Comps } from "../../formats/comps/index.ts";
import { parseComps } from "../../formats/comps/index.ts";
import { decompress } from "../../formats/archive/index.ts";
import { readEntry, readRepomd, readRepository } from "../../formats/rpmmd/index.ts";
import { solve } from "../solve/index.ts";
import { type ComposePackage, type ComposeRequest, compose, readSnapshot } from "./index.ts";

const revision = 1700000000;
const groups: Comps = {
  groups: [group("core", ["alpha", "absent"]), group("extra", ["beta"])],
  categories: [],
  environments: [],
  langpacks: [],
};

function group(id: string, packages: readonly string[]) {
  return {
    id,
    name: id,
    description: "",
    nameIn: {},
    descriptionIn: {},
    displayOrder: undefined,
    default: true,
    userVisible: true,
    languageOnly: undefined,
    packages: packages.map((name) => ({ name, kind: "mandatory" as const })),
  };
}

let folder = "";
let count = 0;

async function store(plan: Partial<TestPackage> & { readonly name: string }): Promise<string> {
  const path = join(folder, "store", `${count++}.rpm`);
  await mkdir(join(folder, "store"), { recursive: true });
  await writeFile(path, buildRpm({ version: "1", release: "1", buildTime: revision, arch: "x86_64", ...plan }), {
    mode: 0o644,
  });
  return path;
}

async function tree(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const names = (await readdir(root, { recursive: true })).sort();
  for (const name of names) {
    const path = join(root, name);
    if ((await stat(path)).isFile())
      files.set(
        name,
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      );
  }
  return files;
}

async function codeOf(request: Partial<ComposeRequest>): Promise<string> {
  const work = compose({ packages: [], revision, ...request }, await mkdtemp(join(folder, "out-")));
  return await work.then(
    () => "",
    (error: unknown) => (error instanceof WeirError ? error.code : String(error)),
  );
}

describe("compose", () => {
  let packages: ComposePackage[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-compose-"));
    packages = [
      { path: await store({ name: "beta", arch: "noarch", requires: ["alpha >= 1"] }), channel: "extended" },
      {
        path: await store({
          name: "alpha",
          provides: ["alpha = 1-1"],
          files: [{ path: "/usr/bin/alpha", content: "#!/bin/sh\n" }],
        }),
        channel: "base",
      },
      { path: await store({ name: "alpha", source: true, arch: "x86_64" }) },
      { path: await store({ name: "loose" }) },
    ];
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("publishes the whole, and each channel", async () => {
    const { root, snapshot, changed } = await compose(
      { packages, channels: ["base", "empty"], groups, revision },
      join(folder, "a"),
    );
    expect(changed).toBe(true);
    expect(snapshot.repositories.map(({ path, packages: size }) => [path, size])).toEqual([
      [".", 3],
      ["channels/base", 1],
      ["channels/empty", 0],
      ["channels/extended", 1],
      ["channels/source", 1],
    ]);
    for (const { path, packages: size } of snapshot.repositories) {
      const repository = await readRepository(join(root, path), { filelists: true, other: true });
      expect(repository.packages).toHaveLength(size);
      for (const pkg of repository.packages) {
        const bytes = await readFile(join(root, path, pkg.location));
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(pkg.pkgid);
      }
    }
    const whole = await readRepository(root, { id: "whole" });
    const solution = solve({ repositories: [whole], install: ["beta"], arch: "x86_64" });
    expect(solution.install.map((item) => item.nevra)).toEqual(["alpha-1-1.x86_64", "beta-1-1.noarch"]);
    expect(await readSnapshot(root)).toEqual(snapshot);
  });

  it("links packages and leaves the store as it was", async () => {
    const [first] = packages;
    const info = await stat(first?.path ?? "");
    const placed = await stat(join(folder, "a/repo/Packages/b/beta-1-1.noarch.rpm"));
    expect(placed.ino).toBe(info.ino);
    expect((await stat(join(folder, "a/repo/channels/extended/Packages/b/beta-1-1.noarch.rpm"))).ino).toBe(info.ino);
  });

  it("copies what not everybody may read", async () => {
    const path = await store({ name: "secret" });
    await chmod(path, 0o600);
    const { root } = await compose({ packages: [{ path }], revision }, join(folder, "modes"));
    const placed = await stat(join(root, "Packages/s/secret-1-1.x86_64.rpm"));
    expect(placed.mode & 0o777).toBe(0o644);
    expect(placed.ino).not.toBe((await stat(path)).ino);
  });

  it("gives channels the groups that they have packages of", async () => {
    const root = join(folder, "a/repo");
    const idsOf = async (path: string) => {
      const entry = (await readRepomd(join(root, path))).entries.find((item) => item.type === "group");
      if (entry === undefined) return [];
      const bytes = await decompress(await readEntry(join(root, path), entry), {
        where: entry.location,
        limit: 1 << 20,
      });
      return parseComps(bytes, entry.location).groups.map((item) => [item.id, item.packages.length]);
    };
    expect(await idsOf(".")).toEqual([
      ["core", 2],
      ["extra", 1],
    ]);
    expect(await idsOf("channels/base")).toEqual([["core", 1]]);
    expect(await idsOf("channels/source")).toEqual([]);
  });

  it("gives equal bytes for equal input, whatever its order, and does not touch what is the same", async () => {
    const request = { packages: [...packages].reverse(), channels: ["empty", "base"], groups, revision };
    const { root } = await compose(request, join(folder, "b"));
    expect(await tree(root)).toEqual(await tree(join(folder, "a/repo")));
    const before = (await stat(join(root, "repodata/repomd.xml"))).ino;
    expect((await compose(request, join(folder, "b"))).changed).toBe(false);
    expect((await stat(join(root, "repodata/repomd.xml"))).ino).toBe(before);
  });

  it("publishes again when something is missing, damaged or different", async () => {
    const out = join(folder, "b");
    const request = { packages, channels: ["base", "empty"], groups, revision };
    await rm(join(out, "repo/Packages/l/loose-1-1.x86_64.rpm"));
    expect((await compose(request, out)).changed).toBe(true);
    await writeFile(join(out, "repo/channels/base/repodata/repomd.xml"), "x");
    expect((await compose(request, out)).changed).toBe(true);
    const later = await compose({ ...request, revision: revision + 1 }, out);
    expect(later.changed).toBe(true);
    expect(later.snapshot.digest).not.toBe((await readSnapshot(join(folder, "a/repo"))).digest);
    expect((await readdir(out)).sort()).toEqual(["repo"]);
  });

  it("leaves the old snapshot when it fails", async () => {
    const out = join(folder, "b");
    const before = await tree(join(out, "repo"));
    const work = compose({ packages: [...packages, { path: join(folder, "nowhere.rpm") }], revision }, out);
    await expect(work).rejects.toThrow(WeirError);
    expect(await tree(join(out, "repo"))).toEqual(before);
    expect(await readdir(out)).toEqual(["repo"]);
  });

  it("takes the same package twice as once", async () => {
    const { snapshot } = await compose({ packages: [...packages, ...packages], revision }, join(folder, "twice"));
    expect(snapshot.packages).toHaveLength(4);
  });

  it("COMPOSE_DUPLICATE for two packages of one name and version, or one in two channels", async () => {
    const other = await store({ name: "alpha", summary: "another build" });
    expect(await codeOf({ packages: [...packages, { path: other, channel: "base" }] })).toBe("COMPOSE_DUPLICATE");
    const [first] = packages;
    expect(await codeOf({ packages: [...packages, { path: first?.path ?? "", channel: "base" }] })).toBe(
      "COMPOSE_DUPLICATE",
    );
  });

  it("COMPOSE_FILE_NAME for names that leave the folder", async () => {
    expect(await codeOf({ packages: [{ path: await store({ name: "../../etc/x" }) }] })).toBe("COMPOSE_FILE_NAME");
    expect(await codeOf({ packages: [{ path: await store({ name: ".hidden" }) }] })).toBe("COMPOSE_FILE_NAME");
  });

  it("COMPOSE_CHANNEL_NAME for channels that leave the folder", async () => {
    expect(await codeOf({ channels: ["../x"] })).toBe("COMPOSE_CHANNEL_NAME");
    expect(await codeOf({ packages: [{ path: packages[0]?.path ?? "", channel: "a/b" }] })).toBe(
      "COMPOSE_CHANNEL_NAME",
    );
  });

  it("RPMMD_EXTRA_NAME for more metadata that would leave the folder", async () => {
    expect(await codeOf({ extra: [{ type: "updateinfo", file: "../x.xml", content: "" }] })).toBe("RPMMD_EXTRA_NAME");
  });

  it("COMPOSE_SNAPSHOT_MISSING and COMPOSE_SNAPSHOT_BAD", async () => {
    const codeOfReading = (root: string) =>
      readSnapshot(root).then(
        () => "",
        (error: unknown) => (error instanceof WeirError ? error.code : String(error)),
      );
    expect(await codeOfReading(join(folder, "nowhere"))).toBe("COMPOSE_SNAPSHOT_MISSING");
    const text = await readFile(join(folder, "a/repo/snapshot.json"), "utf8");
    for (const bad of [
      "",
      "[]",
      "{",
      text.replace("loose", "louse"),
      text.replace('"revision": 17', '"revision": "17"'),
    ]) {
      await writeFile(join(folder, "snapshot.json"), bad);
      expect(await codeOfReading(folder)).toBe("COMPOSE_SNAPSHOT_BAD");
    }
  });

  const noDnf = missingTool("dnf", "rpm");
  it.skipIf(noDnf !== undefined)(`is read by dnf, channel by channel (${noDnf ?? "present"})`, async () => {
    const root = join(folder, "a/repo");
    const dnf = async (repositories: Readonly<Record<string, string>>, args: readonly string[]) => {
      const repos = Object.entries(repositories).map(([id, path]) => `--repofrompath=${id},file://${path}`);
      const home = await mkdtemp(join(folder, "dnf-"));
      const { stdout, stderr } = await run(
        "dnf",
        [
          "--disablerepo=*",
          ...repos,
          `--installroot=${home}`,
          "--releasever=1",
          "--setopt=reposdir=/nowhere",
          "--nogpgcheck",
          ...args,
        ],
        { timeout: 120_000, accept: "any" },
      );
      return `${stdout.toString("utf8")}${stderr.toString("utf8")}`;
    };
    const listed = await dnf({ whole: root }, ["-q", "repoquery", "--forcearch=x86_64"]);
    expect(listed.trim().split("\n").sort()).toEqual(["alpha-0:1-1.x86_64", "beta-0:1-1.noarch", "loose-0:1-1.x86_64"]);
    const channels = { base: join(root, "channels/base"), extended: join(root, "channels/extended") };
    const done = await dnf(channels, ["--forcearch=x86_64", "-y", "install", "--downloadonly", "beta"]);
    expect(done).toMatch(/alpha .*base/);
    expect(done).toMatch(/beta .*extended/);
    expect(done).not.toMatch(/[Ee]rror/);
    const grouped = await dnf({ whole: root }, ["--forcearch=x86_64", "group", "info", "core"]);
    expect(grouped).toContain("alpha");
  });
});
