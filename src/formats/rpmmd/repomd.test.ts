import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingTool, sharedPath } from "../../../test/support/tools.ts";
import { digestOf, WeirError } from "../../core/index.ts";
import { entryOf, needEntry, openStored, parseRepomd, readEntry, readRepomd, readRepository } from "./index.ts";
import type { RepomdEntry } from "./index.ts";

const parse = (inner: string) => parseRepomd(Buffer.from(`<repomd>${inner}</repomd>`), "repomd.xml");

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return "nothing thrown";
  } catch (error) {
    return error instanceof WeirError ? error.code : String(error);
  }
}

describe("repomd.xml", () => {
  it("keeps tags, content hash, base and zchunk's header", () => {
    const repomd = parse(
      "<revision>7</revision><contenthash type='sha256'>ab</contenthash><tags><content>c</content><repo>r</repo><repo>s</repo>" +
        "<distro cpeid='cpe:/o:x'>X 9</distro><distro>Y</distro></tags>" +
        "<data type='primary_zck'><checksum type='sha256'>1</checksum><open-checksum type='sha256'>2</open-checksum>" +
        "<header-checksum type='sha256'>3</header-checksum><location xml:base='http://x/' href='a.zck'/>" +
        "<timestamp>5.5</timestamp><size>1</size><open-size>2</open-size><header-size>3</header-size></data>",
    );
    expect(repomd).toEqual({
      revision: "7",
      contenthash: { type: "sha256", value: "ab" },
      tags: { content: ["c"], repo: ["r", "s"], distro: [{ name: "X 9", cpeid: "cpe:/o:x" }, { name: "Y" }] },
      entries: [
        {
          type: "primary_zck",
          location: "a.zck",
          base: "http://x/",
          checksum: { type: "sha256", value: "1" },
          openChecksum: { type: "sha256", value: "2" },
          headerChecksum: { type: "sha256", value: "3" },
          headerSize: 3,
          size: 1,
          openSize: 2,
          timestamp: 5,
        },
      ],
    });
  });

  it("gives the plain entry, else a packed one, never zchunk", async () => {
    const data = (type: string) => `<data type="${type}"><location href="${type}"/></data>`;
    const repomd = parse(["group_gz", "group", "modules_xz", "primary_zck"].map(data).join(""));
    expect(entryOf(repomd, "group")?.location).toBe("group");
    expect(entryOf(repomd, "modules")?.location).toBe("modules_xz");
    expect(entryOf(repomd, "primary")).toBeUndefined();
    expect(() => needEntry(repomd, "primary", "r")).toThrow("has no primary metadata but as zchunk");
    expect(await codeOf(() => needEntry(repomd, "other", "r"))).toBe("RPMMD_NO_DATA");
  });

  it("bounds the tags", async () => {
    expect(await codeOf(() => parse(`<tags>${"<repo>a</repo>".repeat(1001)}</tags>`))).toBe("RPMMD_REPOMD_MALFORMED");
  });
});

describe("opening what was verified", () => {
  const content = Buffer.from("<metadata/>".repeat(100));
  const entry = (openSize: number | undefined): RepomdEntry => ({
    type: "primary",
    location: "p",
    checksum: undefined,
    openChecksum: undefined,
    size: undefined,
    openSize,
    timestamp: undefined,
  });

  it("holds the size against repomd.xml", async () => {
    const packed = gzipSync(content);
    expect(await openStored(packed, entry(content.length))).toEqual(content);
    expect(await openStored(packed, entry(undefined))).toEqual(content);
    expect(await codeOf(() => openStored(packed, entry(content.length - 1)))).toBe("RPMMD_SIZE_MISMATCH");
    expect(await codeOf(() => openStored(packed, entry(content.length + 1)))).toBe("RPMMD_SIZE_MISMATCH");
    expect(await codeOf(() => openStored(packed, entry(content.length), 100))).toBe("ARCHIVE_TOO_LARGE");
    expect(await codeOf(() => openStored(gzipSync(Buffer.alloc(1 << 26)), entry(10)))).toBe("RPMMD_SIZE_MISMATCH");
  });

  it("RPMMD_ZCHUNK for zchunk under another name", async () => {
    expect(await codeOf(() => openStored(Buffer.from("\0ZCK1\x01"), entry(1)))).toBe("RPMMD_ZCHUNK");
  });
});

const missing = missingTool("createrepo_c", "modifyrepo_c");
const shared = sharedPath("data", "repodata", "cs9-appstream-2025-01", "repodata");
describe.skipIf(missing !== undefined || shared.missing !== undefined)(
  `createrepo_c (${missing ?? shared.missing ?? "present"})`,
  () => {
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "weir-repomd-"));
    });
    afterAll(async () => {
      await rm(folder, { recursive: true, force: true });
    });

    it.each(["gz", "bz2", "xz"])("writes %s, which is read with all that modifyrepo_c adds", async (packing) => {
      const root = join(folder, packing);
      await cp(join(import.meta.dirname, "../../../test/support"), root, { recursive: true });
      const comps = join(
        shared.path ?? "",
        "db284c8c2444a36ecf2240107e338f559e4262792492818e4ebf8ccb7a424e8a-comps-AppStream.x86_64.xml",
      );
      const words = [
        "-q",
        "--no-database",
        "--general-compress-type",
        packing,
        "--groupfile",
        comps,
        "--revision",
        "r1",
      ];
      words.push("--distro", "cpe:/o:weir,Weir 1", "--repo", "base", "--content", "binary");
      expect(spawnSync("createrepo_c", [...words, root]).status).toBe(0);
      const modules = "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: m\n...\n";
      await writeFile(join(folder, "modules.yaml"), modules);
      const add = [
        "--mdtype",
        "modules",
        "--compress-type",
        packing,
        join(folder, "modules.yaml"),
        join(root, "repodata"),
      ];
      expect(spawnSync("modifyrepo_c", add).status).toBe(0);
      const repomd = await readRepomd(root);
      expect(repomd).toMatchObject({
        revision: "r1",
        tags: { repo: ["base"], content: ["binary"], distro: [{ name: "Weir 1", cpeid: "cpe:/o:weir" }] },
      });
      const read = async (type: string) => {
        const entry = needEntry(repomd, type, "r");
        const opened = await openStored(await readEntry(root, entry), entry);
        if (entry.openChecksum !== undefined) expect(digestOf(opened)).toBe(entry.openChecksum.value);
        return opened;
      };
      expect((await read("modules")).toString()).toBe(modules);
      expect(await read("group")).toEqual(await readFile(comps));
      expect(await readRepository(root, { filelists: true, other: true })).toMatchObject({
        packages: [],
        revision: "r1",
      });
    });
  },
);
