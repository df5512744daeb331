import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Skip, WeirError } from "../../core/index.ts";
import { type PackageMetadata, parsePrimary, writeRepository } from "../../formats/rpmmd/index.ts";
import { openRepositories, type RepositoryOptions } from "./index.ts";
import { startServer, type TestServer } from "./server.test-data.ts";

let folder = "";
let good = "";
let server: TestServer;
let run = 0;
let options: RepositoryOptions;
let skips: Skip[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-repository-"));
  good = join(folder, "good");
  await writeRepository(good, [], { revision: 1700000000 });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  server = await startServer(good);
  skips = [];
  options = {
    cwd: folder,
    cacheFolder: join(folder, `cache-${run++}`),
    network: true,
    arch: "x86_64",
    releasever: "42",
    onSkip: (skip) => skips.push(skip),
    patience: { attempts: 3, idleTimeout: 10_000, retryDelay: 5, leastSpeed: 1 },
  };
});
afterEach(async () => {
  await server.close();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "nothing thrown",
    (error: unknown) => (error instanceof WeirError ? error.code : String(error)),
  );
}

async function only(spec: string, more: Partial<RepositoryOptions> = {}) {
  const [source] = await openRepositories([spec], { ...options, ...more });
  if (source === undefined) throw new Error("no source");
  return source;
}

async function packagesOf(spec: string, more: Partial<RepositoryOptions> = {}): Promise<readonly PackageMetadata[]> {
  const source = await only(spec, more);
  return parsePrimary(await source.read("primary"), "primary");
}

describe("specs", () => {
  it("opens a folder, a file address and a name of one's own", async () => {
    for (const spec of ["good", good, pathToFileURL(good).href, "base=good"]) {
      const source = await only(spec, { network: false });
      expect(source.root).toBe(good);
      expect(source.id).toBe(spec.startsWith("base") ? "base" : "good");
      expect(source.keyOf("primary")).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await source.file("primary")).toBe(join(good, source.entry("primary")?.location ?? ""));
      expect(await packagesOf(spec)).toEqual([]);
    }
  });

  it("gives what comes twice an id of its own", async () => {
    const sources = await openRepositories(["good", "good", "good-2=good"], options);
    expect(sources.map((source) => source.id)).toEqual(["good", "good-2", "good-2-2"]);
  });

  it("opens the sections of a .repo file that are enabled", async () => {
    await writeFile(
      join(folder, "some.repo"),
      `[one]\nname=One $releasever\nbaseurl=${server.url}/\npriority=10\nexcludepkgs=a* b\nproxy=http://x\n` +
        `[two]\nbaseurl=${pathToFileURL(good).href}\nmodule_hotfixes=1\n[three]\nenabled=0\nbaseurl=http://nowhere.invalid/\n`,
    );
    const [one, two, ...more] = await openRepositories(["some.repo"], options);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ id: "one", name: "One 42", priority: 10, excludes: ["a*", "b"], root: undefined });
    expect(two).toMatchObject({ id: "two", priority: 99, moduleHotfixes: true, root: good });
    expect(skips).toEqual([
      { subject: "some.repo:6", reason: "proxy is not used: the variables https_proxy and http_proxy are" },
    ]);
  });

  it.each([
    ["nowhere", "REPOSITORY_NOT_FOUND"],
    ["good/repodata", "REPOSITORY_NOT_FOUND"],
    ["ftp://example.org/x", "REPOSITORY_BAD_ADDRESS"],
    ["file://otherhost/x", "REPOSITORY_BAD_ADDRESS"],
    ["http://[", "REPOSITORY_BAD_ADDRESS"],
    ["a\0b", "REPOSITORY_NOT_FOUND"],
    ["circle", "REPOSITORY_NOT_FOUND"],
    ["circle/deeper", "REPOSITORY_NOT_FOUND"],
  ])("refuses %s", async (spec, code) => {
    await symlink("circle", join(folder, "circle")).catch(() => undefined);
    expect(await codeOf(openRepositories([spec], options))).toBe(code);
  });

  it("says what a .repo file lacks", async () => {
    const write = (text: string) => writeFile(join(folder, "lack.repo"), text);
    await write("[a]\nenabled=0\nbaseurl=/x\n");
    expect(await codeOf(only("lack.repo"))).toBe("REPOSITORY_NONE_ENABLED");
    await write("[a]\nname=x\n");
    expect(await codeOf(only("lack.repo"))).toBe("REPOSITORY_NO_ADDRESS");
    await write("[a]\nbaseurl=http://x.invalid/$stream/\n");
    expect(await codeOf(only("lack.repo"))).toBe("REPOFILE_VARIABLE");
    await write("[a]\nbaseurl=http://x.invalid/\nsslcacert=/nowhere/ca.pem\n");
    expect(await codeOf(only("lack.repo"))).toBe("REPOSITORY_FILE_MISSING");
  });

  it("takes a .repo file from the network, which may not name this machine's folders", async () => {
    const root = join(folder, "remote-repo");
    await mkdir(root, { recursive: true });
    await cp(good, join(root, "r"), { recursive: true });
    server.root = root;
    await writeFile(join(root, "x.repo"), `[x]\nbaseurl=${server.url}/r\n`);
    expect((await only(`${server.url}/x.repo`)).id).toBe("x");
    expect((await only(`${server.url}/x.repo`, { network: false })).id).toBe("x");
    expect(await codeOf(only(`${server.url}/y.repo`, { network: false }))).toBe("REPOSITORY_OFFLINE");
    await writeFile(join(root, "x.repo"), `[x]\nbaseurl=file://${good}\n`);
    expect(await codeOf(only(`${server.url}/x.repo`))).toBe("REPOSITORY_BAD_ADDRESS");
  });
});

describe("the network and the cache", () => {
  it("is not asked without leave; afterwards the cache answers", async () => {
    const error = await only(server.url, { network: false }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "REPOSITORY_OFFLINE", hints: [expect.stringContaining("--network")] });
    expect(server.asked).toEqual([]);
    expect(await packagesOf(server.url)).toEqual([]);
    const asked = [...server.asked];
    expect(asked).toHaveLength(2);
    expect(await packagesOf(server.url, { network: false })).toEqual([]);
    expect(server.asked).toEqual(asked);
    const offline = await only(server.url, { network: false });
    expect(await codeOf(offline.file("filelists"))).toBe("REPOSITORY_OFFLINE");
    expect(await codeOf(offline.file("updateinfo"))).toBe("RPMMD_NO_DATA");
  });

  it("asks whether repomd.xml is still the same, and fetches no file twice", async () => {
    const first = await only(server.url);
    await first.file("primary");
    const second = await only(server.url);
    await second.file("primary");
    expect(server.asked.filter((path) => path.endsWith("primary.xml.gz"))).toHaveLength(1);
    expect(server.requests[2]?.headers["if-none-match"]).toBeDefined();
    expect(second.repomdSha256).toBe(first.repomdSha256);
  });

  it("keeps to metadata_expire", async () => {
    await writeFile(join(folder, "expire.repo"), `[e]\nbaseurl=${server.url}/\nmetadata_expire=1h\n`);
    const at = (now: number, refresh = false) => only("expire.repo", { now: () => now, refresh });
    await at(1_000_000_000);
    await at(1_000_000_000 + 3599_000);
    expect(server.asked).toHaveLength(1);
    await at(1_000_000_000 + 3600_000);
    expect(server.asked).toHaveLength(2);
    await at(1_000_000_000 + 3600_000, true);
    expect(server.asked).toHaveLength(3);
  });

  it("fetches anew what was damaged in the cache", async () => {
    const path = await (await only(server.url)).file("primary");
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = 1;
    await writeFile(path, bytes);
    expect(await codeOf((await only(server.url, { network: false })).file("primary"))).toBe("RPMMD_CHECKSUM_MISMATCH");
    expect(await packagesOf(server.url)).toEqual([]);
    expect(await packagesOf(server.url, { network: false })).toEqual([]);
  });

  it("asks anew, whatever the age, once a file that repomd.xml names is gone", async () => {
    const root = join(folder, "changing");
    await writeRepository(root, [], { revision: 1 });
    server.root = root;
    await writeFile(join(folder, "changing.repo"), `[c]\nbaseurl=${server.url}/\nmetadata_expire=never\n`);
    await only("changing.repo");
    await writeRepository(root, [], { revision: 2, extra: [{ type: "x", file: "x", content: "x" }] });
    await rm(join(root, (await only(root)).entry("primary")?.location ?? ""));
    const stale = await only("changing.repo");
    expect(stale.repomd.revision).toBe("1");
    expect(await codeOf(stale.file("primary"))).toBe("REPOSITORY_UNREACHABLE");
    expect((await only("changing.repo")).repomd.revision).toBe("2");
  });

  it("keeps what a new repomd.xml no longer names for a week", async () => {
    const root = join(folder, "aging");
    await writeRepository(root, [], { revision: 1, extra: [{ type: "x", file: "x", content: "one" }] });
    server.root = root;
    const now = Date.now();
    const first = await only(server.url);
    const old = await first.file("x");
    const kept = await first.file("primary");
    for (const [days, there] of [
      [1, true],
      [8, false],
    ] as const) {
      await writeRepository(root, [], { revision: 1, extra: [{ type: "x", file: "x", content: `day ${days}` }] });
      await only(server.url, { now: () => now + days * 86_400_000 });
      expect(existsSync(old)).toBe(there);
      expect(existsSync(kept)).toBe(true);
    }
  });

  it("says that the cache would answer when nobody else does", async () => {
    await only(server.url);
    await server.close();
    const error = await only(server.url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "REPOSITORY_UNREACHABLE",
      kind: "remote",
      hints: expect.arrayContaining([expect.stringContaining("without --network")]),
    });
  });
});
