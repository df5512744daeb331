import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { digestFile } from "../../core/index.ts";
import { readEntry, readRepomd, readRepository } from "../../formats/rpmmd/index.ts";
import { createRepository, parseChannels, readExtra } from "./index.ts";
import { stateFile } from "./previous.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "weir-update-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function lay(name: string, version = "1", sourceRpm = `${name}-${version}-1.src.rpm`): Promise<void> {
  const files = [{ path: `/usr/bin/${name}`, content: name }];
  await writeFile(join(root, `${name}.rpm`), buildRpm({ name, version, release: "1", sourceRpm, files }));
}

async function contents(folder = join(root, "repodata")): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) found[name] = await digestFile(join(folder, name));
  return found;
}

/** What a run without memory makes of the same packages. */
async function fresh(): Promise<Record<string, string>> {
  await rm(join(root, "repodata"), { recursive: true });
  await createRepository({ root, workers: 1 });
  return await contents();
}

describe("an update", () => {
  it("reads what is new or changed only, and gives the bytes of a fresh run", async () => {
    for (const name of ["a", "b", "c"]) await lay(name);
    expect((await createRepository({ root, update: true })).kept).toBe(0);
    expect(await createRepository({ root, update: true })).toMatchObject({
      kept: 3,
      repositories: [{ changed: false }],
    });
    await lay("b", "2");
    await lay("d");
    await rm(join(root, "c.rpm"));
    expect(await createRepository({ root, update: true })).toMatchObject({ kept: 1, packages: 3 });
    expect(await contents()).toEqual(await fresh());
    // The repomd.xml is the same, and what was told of it still holds.
    expect((await createRepository({ root, update: true })).kept).toBe(3);
    await utimes(join(root, "a.rpm"), 1, 1);
    expect((await createRepository({ root, update: true })).kept).toBe(2);
    expect(await contents()).toEqual(await fresh());
  });

  it("does nothing where nothing changed, and makes anew what is not there any more", async () => {
    for (const name of ["a", "b"]) await lay(name);
    const channels = [{ name: "all", rest: true }];
    await createRepository({ root, update: true, channels });
    const { mtimeMs } = await stat(join(root, stateFile));
    const again = await createRepository({ root, update: true, channels });
    expect(again).toMatchObject({
      kept: 2,
      packages: 2,
      repositories: [{ changed: false }, { channel: "all", changed: false }],
    });
    expect((await stat(join(root, stateFile))).mtimeMs).toBe(mtimeMs);
    await rm(join(root, "all"), { recursive: true });
    expect(await createRepository({ root, update: true, channels })).toMatchObject({
      kept: 2,
      repositories: [{ changed: false }, { changed: true }],
    });
    expect(await createRepository({ root, update: true, channels, revision: "7" })).toMatchObject({
      revision: "7",
      repositories: [{ changed: true }, { changed: true }],
    });
    await writeFile(
      join(root, stateFile),
      (await readFile(join(root, stateFile), "utf8")).replace('"made":{', '"made":7,"x":{'),
    );
    expect((await createRepository({ root, update: true, channels, revision: "7" })).kept).toBe(2);
  });

  it("keeps nothing that was written otherwise", async () => {
    await lay("a");
    await createRepository({ root, update: true });
    expect((await createRepository({ root, update: true, checksum: "sha512" })).kept).toBe(0);
    expect((await createRepository({ root, update: true, checksum: "sha512", compression: "zstd" })).kept).toBe(1);
    expect((await createRepository({ root, update: true, changelogLimit: 3 })).kept).toBe(0);
    expect((await createRepository({ root, update: true, changelogLimit: 3, baseUrl: "https://x.example" })).kept).toBe(
      0,
    );
    expect((await readRepository(root)).packages).toHaveLength(1);
  });

  it("reads everything where its memory is damaged, and never fails for it", async () => {
    for (const name of ["a", "b"]) await lay(name);
    await createRepository({ root, update: true });
    const expected = await contents();
    const good = await readFile(join(root, stateFile), "utf8");
    const value = JSON.parse(good) as { packages: unknown[][] };
    const bad = [
      "",
      "null",
      "[]",
      good.slice(0, -20),
      JSON.stringify({ ...value, packages: 7 }),
      JSON.stringify({ ...value, packages: [["a.rpm"]] }),
      JSON.stringify({ ...value, packages: value.packages.map((row) => [...row.slice(0, 4), 1, 2, 3]) }),
      JSON.stringify({ ...value, packages: value.packages.map((row) => [...row.slice(0, 4), 1e12, 2, 3]) }),
      JSON.stringify({ ...value, repomd: "" }),
    ];
    for (const text of bad) {
      await writeFile(join(root, stateFile), text);
      // Asked for something else, so that the documents are needed.
      expect((await createRepository({ root, update: true, skipBroken: true })).kept).toBe(0);
      expect(await contents()).toEqual(expected);
    }
    await rm(join(root, stateFile));
    await mkdir(join(root, stateFile));
    await expect(createRepository({ root, update: true, dryRun: true })).resolves.toMatchObject({ kept: 0 });
    await rm(join(root, stateFile), { recursive: true });
    const [primary = ""] = Object.keys(expected).filter((name) => name.includes("primary"));
    await createRepository({ root, update: true });
    await writeFile(join(root, "repodata", primary), "damaged");
    expect((await createRepository({ root, update: true })).kept).toBe(0);
    expect(await contents()).toEqual(expected);
  });
});

const comps = `<?xml version="1.0"?><comps><group><id>g</id><name>G</name><description/><default>true</default><uservisible>true</uservisible>
<packagelist><packagereq type="mandatory">a</packagereq><packagereq type="mandatory">b</packagereq></packagelist></group></comps>`;
const modules = `document: modulemd-defaults
version: 1
data:
  module: m
  stream: "1"
`;
const updateinfo = `<?xml version="1.0"?><updates><update from="x@y" status="final" type="security" version="1"><id>A-1</id><title>T</title>
<issued date="2024-01-01 00:00:00"/><pkglist><collection short="c"><name>c</name></collection></pkglist></update></updates>`;

describe("groups, modules and advisories", () => {
  it("are published as they stand, and kept by an update unless they are given anew", async () => {
    await lay("a");
    const extra = [
      (await readExtra("updateinfo", Buffer.from(updateinfo), "u.xml")).extra,
      (await readExtra("group", gzipSync(comps), "c.xml.gz")).extra,
      (await readExtra("modules", Buffer.from(modules), "m.yaml")).extra,
    ];
    await createRepository({ root, update: true, extra });
    const types = async () => (await readRepomd(root)).entries.map((entry) => entry.type);
    expect(await types()).toEqual(["primary", "filelists", "other", "group", "modules", "updateinfo"]);
    const before = await contents();
    await createRepository({ root, update: true });
    expect(await contents()).toEqual(before);
    const other = (await readExtra("group", Buffer.from(comps.replace("<name>G", "<name>H")), "c.xml")).extra;
    await createRepository({ root, update: true, extra: [other], compression: "none" });
    const { entries } = await readRepomd(root);
    const group = entries.find((entry) => entry.type === "group");
    expect(group && (await readEntry(root, group)).toString("utf8")).toContain("<name>H");
    await createRepository({ root });
    expect(await types()).toEqual(["primary", "filelists", "other"]);
  });

  it("are refused where no reader would accept them", async () => {
    await expect(readExtra("group", Buffer.from("<comps>"), "c.xml")).rejects.toMatchObject({ name: "WeirError" });
    await expect(readExtra("updateinfo", Buffer.from("<html/>"), "u.xml")).rejects.toMatchObject({ name: "WeirError" });
    await expect(readExtra("modules", Buffer.from("a: ["), "m.yaml")).rejects.toMatchObject({ name: "WeirError" });
  });
});

describe("channels", () => {
  const rules = `[channels.base]
packages = ["a*"]
[channels.tools]
components = ["made-of-*"]
locations = ["nowhere/*"]
`;

  it("hold the packages that their rules name, where they lie", async () => {
    await lay("a");
    await lay("b", "1", "made-of-b-1-1.src.rpm");
    await lay("c");
    const channels = await parseChannels(rules, "channels.toml");
    const extra = [(await readExtra("group", Buffer.from(comps), "c.xml")).extra];
    const made = await createRepository({ root, channels, extra });
    expect(made.repositories.map(({ channel, packages }) => [channel, packages])).toEqual([
      ["", 3],
      ["base", 1],
      ["tools", 1],
    ]);
    expect(made.skips).toEqual([{ subject: "c.rpm", reason: "no channel takes it" }]);
    const base = await readRepository(join(root, "base"), { filelists: true });
    expect(base.packages.map((pkg) => [pkg.name, pkg.location])).toEqual([["a", "../a.rpm"]]);
    const [entry] = (await readRepomd(join(root, "base"))).entries.filter((one) => one.type === "group");
    expect(entry && (await readEntry(join(root, "base"), entry)).length).toBeGreaterThan(50);
    const rest = await parseChannels(`${rules}[channels.rest]\nrest = true\n`, "channels.toml");
    const again = await createRepository({ root, channels: rest, baseUrl: "https://x.example/p" });
    expect(again.skips).toEqual([]);
    expect((await readRepository(join(root, "rest"))).packages.map((pkg) => pkg.location)).toEqual([
      "https://x.example/p/c.rpm",
    ]);
  });

  it.each([
    ["not TOML", "[channels"],
    ["no channels", "a = 1"],
    ["none at all", "[channels]"],
    ["no table", "channels.a = 1"],
    ["an unknown key", "[channels.a]\nnames = []"],
    ["no list", '[channels.a]\npackages = "a"'],
    ["two rests", "[channels.a]\nrest = true\n[channels.b]\nrest = true"],
  ])("are refused: %s", async (_, text) => {
    await expect(parseChannels(text, "channels.toml")).rejects.toMatchObject({ code: "REPO_CHANNELS_BAD" });
  });

  it("cannot be called what is no name of a folder", async () => {
    await lay("a");
    for (const name of ["..", "a/b", "repodata", ""]) {
      await expect(createRepository({ root, channels: [{ name, rest: true }] })).rejects.toMatchObject({
        code: "COMPOSE_CHANNEL_NAME",
      });
    }
  });
});

describe("a signature", () => {
  it("lies beside repomd.xml, and goes when none is made", async () => {
    await lay("a");
    const sign = (repomd: Uint8Array, time: number) => Promise.resolve(`over ${repomd.length} bytes at ${time}\n`);
    await createRepository({ root, sign });
    const asc = join(root, "repodata/repomd.xml.asc");
    const { length } = await readFile(join(root, "repodata/repomd.xml"));
    expect(await readFile(asc, "utf8")).toBe(`over ${length} bytes at 1700000000\n`);
    expect((await createRepository({ root, sign })).repositories[0]?.changed).toBe(false);
    await createRepository({ root, sign, simpleNames: true });
    expect(await readdir(join(root, "repodata"))).toHaveLength(5);
    await createRepository({ root });
    expect(await readdir(join(root, "repodata"))).toHaveLength(4);
  });
});
