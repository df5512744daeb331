import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { digestOf } from "../../core/index.ts";
import { describeAll } from "../../formats/rpmmd/columns.test-data.ts";
import { type RepomdEntry, writeFilelists, writePrimary } from "../../formats/rpmmd/index.ts";
import { examplePackage } from "../../formats/rpmmd/support.test-data.ts";
import { addMetadata, loadPool, type Pool, type PoolSource, type StoredMetadata } from "./index.ts";

const scratch = mkdtempSync(join(tmpdir(), "weir-pool-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let files = 0;
function stored(type: string, content: string): StoredMetadata {
  const path = join(scratch, `${files++}-${type}.xml`);
  writeFileSync(path, content);
  const bytes = Buffer.from(content);
  const checksum = { type: "sha256", value: digestOf(bytes) };
  const entry: RepomdEntry = {
    type,
    location: `repodata/${type}.xml`,
    checksum,
    openChecksum: checksum,
    size: bytes.length,
    openSize: bytes.length,
    timestamp: 0,
  };
  return { entry, path };
}

const wanting = { ...examplePackage("one"), requires: [{ name: "/opt/far/away", flags: 0 }] };
const holding = {
  ...examplePackage("two"),
  pkgid: "cd".repeat(32),
  files: [{ path: "/opt/far/away", type: "file" as const }],
};

function source(id = "repo", packages = [wanting, holding]): PoolSource {
  return {
    id,
    primary: stored("primary", writePrimary(packages)),
    filelists: stored("filelists", writeFilelists(packages)),
  };
}

function folder(): string {
  return mkdtempSync(join(scratch, "cache-"));
}

function everything(pool: Pool): unknown {
  const { columns } = pool;
  const names = Array.from({ length: columns.strings.count }, (_, id) => [
    columns.strings.text(id),
    pool.providersOf(id),
  ]);
  const relations = Array.from({ length: columns.relations }, (_, index) => [
    columns.dependencyText(~index),
    pool.providersOf(~index),
  ]);
  return { packages: describeAll(columns), names, relations, repositories: pool.repositories, archs: pool.archs };
}

function keptFile(cacheFolder: string): string {
  const [name = "", ...others] = readdirSync(join(cacheFolder, "pool"));
  expect(others).toEqual([]);
  return join(cacheFolder, "pool", name);
}

describe("a kept pool", () => {
  it("is the pool that was kept, and reads no metadata", async () => {
    const cacheFolder = folder();
    const repo = source();
    const first = await loadPool([repo], { arch: "x86_64", cacheFolder });
    expect(first.fromCache).toBe(false);
    const expected = everything(first.pool);
    await first.save();
    const unread = () => Promise.reject(new Error("not to be read"));
    const again = await loadPool([{ ...repo, primary: { entry: repo.primary.entry, path: unread } }], {
      arch: "x86_64",
      cacheFolder,
    });
    expect(again.fromCache).toBe(true);
    expect(everything(again.pool)).toEqual(expected);
  });

  it("is another one for another architecture, priority, name or content", async () => {
    const cacheFolder = folder();
    const repo = source();
    await (await loadPool([repo], { arch: "x86_64", cacheFolder })).save();
    for (const [sources, arch] of [
      [[repo], "aarch64"],
      [[{ ...repo, priority: 1 }], "x86_64"],
      [[{ ...repo, id: "other" }], "x86_64"],
      [[source("repo", [wanting])], "x86_64"],
      [[repo, { ...repo, id: "second" }], "x86_64"],
    ] as const) {
      expect((await loadPool(sources, { arch, cacheFolder })).fromCache).toBe(false);
    }
    expect((await loadPool([repo], { arch: "x86_64", cacheFolder })).fromCache).toBe(true);
  });

  it("grows as one that was read", async () => {
    const cacheFolder = folder();
    const repo = source();
    const read = await loadPool([repo], { arch: "x86_64", cacheFolder });
    await read.save();
    const kept = await loadPool([repo], { arch: "x86_64", cacheFolder });
    const more = Array.from({ length: 200 }, (_, index) => ({
      ...examplePackage(`more${index}`),
      provides: [{ name: `capability${index % 50}`, op: "=" as const, evr: `${index}-1`, flags: 8 }],
    }));
    for (const { pool } of [read, kept]) {
      pool.installed = pool.addRepository({ id: "@system", priority: 0, subPriority: 0 }).index;
      addMetadata(pool, pool.installed, more);
      pool.prepare();
    }
    expect(kept.fromCache).toBe(true);
    expect(everything(kept.pool)).toEqual(everything(read.pool));
    expect(kept.pool.isInstalled(4)).toBe(true);
  });

  it("answers the same without being read anew when it is damaged anywhere", async () => {
    const cacheFolder = folder();
    const repo = source();
    const first = await loadPool([repo], { arch: "x86_64", cacheFolder });
    const expected = everything(first.pool);
    await first.save();
    const file = keptFile(cacheFolder);
    const sound = readFileSync(file);
    const addresses = sound.length - Number(new Float64Array(Uint8Array.from(sound.subarray(24, 32)).buffer)[0]);
    for (let at = 0; at < sound.length; at += at < 400 ? 1 : 37) {
      const damaged = Buffer.from(sound);
      damaged[at] = (damaged[at] as number) ^ 0x41;
      writeFileSync(file, damaged);
      const again = await loadPool([repo], { arch: "x86_64", cacheFolder });
      if (at < addresses) expect(again.fromCache).toBe(false);
      else {
        expect(() => everything(again.pool)).toThrow(expect.objectContaining({ code: "POOL_CACHE_DAMAGED" }));
        expect(existsSync(file)).toBe(false);
        continue;
      }
      if (at % 64 === 0) expect(everything(again.pool)).toEqual(expected);
    }
    for (let length = 0; length < sound.length; length += length < 300 ? 1 : 41) {
      writeFileSync(file, sound.subarray(0, length));
      expect((await loadPool([repo], { arch: "x86_64", cacheFolder })).fromCache).toBe(false);
    }
    writeFileSync(file, Buffer.concat([sound, Buffer.from("more")]));
    const rewritten = await loadPool([repo], { arch: "x86_64", cacheFolder });
    expect(rewritten.fromCache).toBe(false);
    await rewritten.save();
    expect((await loadPool([repo], { arch: "x86_64", cacheFolder })).fromCache).toBe(true);
  }, 60_000);

  it("is checked once, and again after anybody wrote to its file", async () => {
    const cacheFolder = folder();
    const repo = source();
    await (await loadPool([repo], { cacheFolder })).save();
    const file = keptFile(cacheFolder);
    const written = statSync(file).mtimeMs;
    expect((await loadPool([repo], { cacheFolder })).fromCache).toBe(true);
    const marked = statSync(file).mtimeMs;
    expect(marked).not.toBe(written);
    expect((await loadPool([repo], { cacheFolder })).fromCache).toBe(true);
    expect(statSync(file).mtimeMs).toBe(marked);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(file, bytes);
    expect((await loadPool([repo], { cacheFolder })).fromCache).toBe(false);
  });

  it("is no error where it cannot be kept", async () => {
    const place = join(folder(), "file");
    writeFileSync(place, "");
    const loaded = await loadPool([source()], { cacheFolder: place });
    await loaded.save();
    const closed = folder();
    mkdirSync(join(closed, "pool"));
    chmodSync(join(closed, "pool"), 0o500);
    await (await loadPool([source()], { cacheFolder: closed })).save();
  });

  it("makes place for new ones by dropping the oldest", async () => {
    const cacheFolder = folder();
    const kept = join(cacheFolder, "pool");
    mkdirSync(kept);
    for (let index = 0; index < 40; index++) {
      writeFileSync(join(kept, `${String(index).padStart(2, "0")}.pool`), "old");
    }
    await (await loadPool([source()], { cacheFolder })).save();
    const names = readdirSync(kept);
    expect(names).toHaveLength(32);
    expect(names.filter((name) => name.length > "00.pool".length)).toHaveLength(1);
  });
});

describe("file lists", () => {
  it("are read when somebody asks for a path that primary does not have, and once", async () => {
    const cacheFolder = folder();
    const repo = source();
    const loaded = await loadPool([repo], { arch: "x86_64", cacheFolder });
    const path = () => loaded.pool.columns.strings.find("/opt/far/away");
    expect(loaded.pool.providersOf(path())).toEqual([]);
    expect(loaded.pool.askedMissing).toBe(true);
    expect(await loaded.completeFiles()).toBe(true);
    expect(loaded.pool.providersOf(path())).toEqual([3]);
    expect([loaded.pool.askedMissing, await loaded.completeFiles()]).toEqual([false, false]);
    await loaded.save();
    const again = await loadPool([repo], { arch: "x86_64", cacheFolder });
    expect([again.fromCache, again.pool.providersOf(path()), await again.completeFiles()]).toEqual([true, [3], false]);
  });

  it("are done without where there are none", async () => {
    const { primary, id } = source();
    const loaded = await loadPool([{ id, primary }]);
    expect(await loaded.completeFiles()).toBe(false);
  });
});

describe("loadPool", () => {
  it("refuses what is not what repomd.xml says", async () => {
    const { primary } = source();
    const load = (changes: Partial<RepomdEntry>) =>
      loadPool([{ id: "r", primary: { ...primary, entry: { ...primary.entry, ...changes } } }]);
    const wrong = { type: "sha256", value: "00".repeat(32) };
    await expect(load({ checksum: wrong })).rejects.toMatchObject({ code: "RPMMD_CHECKSUM_MISMATCH" });
    await expect(load({ checksum: undefined })).rejects.toMatchObject({ code: "RPMMD_CHECKSUM_UNKNOWN" });
    await expect(load({ size: 7 })).rejects.toMatchObject({ code: "RPMMD_SIZE_MISMATCH" });
    await expect(load({ openSize: 7 })).rejects.toMatchObject({ code: "RPMMD_SIZE_MISMATCH" });
    await expect(load({ openSize: 1 << 20 })).rejects.toMatchObject({ code: "RPMMD_SIZE_MISMATCH" });
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    await expect(loadPool([source()], { signal: controller.signal })).rejects.toThrow("enough");
  });

  it("says which repository is broken", async () => {
    const broken = { id: "updates", primary: stored("primary", "<metadata><package>") };
    await expect(loadPool([source(), broken])).rejects.toMatchObject({
      code: "RPMMD_TRUNCATED",
      where: "updates: repodata/primary.xml",
    });
  });
});
