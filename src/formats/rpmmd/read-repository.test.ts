import { mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedPath } from "../../../test/support/tools.ts";
import { formatNevra, WeirError } from "../../core/index.ts";
import { readRepository, writeRepository } from "./index.ts";
import { examplePackage } from "./support.test-data.ts";

const cs9 = sharedPath("data", "repodata", "cs9-baseos-2022-02");
const centos7 = sharedPath("data", "repodata", "centos7-small");

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "nothing thrown",
    (error: unknown) => (error instanceof WeirError ? error.code : String(error)),
  );
}

describe.skipIf(cs9.missing !== undefined)(`real metadata (${cs9.missing ?? "present"})`, () => {
  it("reads BaseOS of CentOS Stream 9 with its file lists", async () => {
    const repository = await readRepository(cs9.path ?? "", { filelists: true });
    expect(repository.packages).toHaveLength(1125);
    expect(repository.filesComplete).toBe(true);
    const modem = repository.packages[0];
    expect(modem && formatNevra(modem)).toBe("ModemManager-1.18.2-3.el9.x86_64");
    expect(modem?.requires[0]).toEqual({ name: "/bin/sh", flags: 64 });
    expect(modem?.conflicts[0]).toEqual({ name: "glib2(x86-64)", op: "<", evr: "2.68.4", flags: 2 });
    expect(modem?.files.length).toBeGreaterThan(20);
  });

  it("does not claim complete files where filelists has no packages", async () => {
    const appstream = sharedPath("data", "repodata", "cs9-appstream-2025-01").path ?? "";
    const repository = await readRepository(appstream, { filelists: true });
    expect(repository.packages).toHaveLength(17649);
    expect(repository.filesComplete).toBe(false);
  });

  it("says so when metadata that is read is absent", async () => {
    expect(await codeOf(readRepository(cs9.path ?? "", { other: true }))).toBe("RPMMD_NOT_FOUND");
  });

  it("reads CentOS 7 with changelogs", async () => {
    const repository = await readRepository(centos7.path ?? "", { filelists: true, other: true });
    expect(repository.packages).toHaveLength(509);
    expect(repository.packages.filter((pkg) => pkg.changelog.length > 0).length).toBe(500);
  });
});

describe("a repository on disk", () => {
  let folder = "";
  let root = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-rpmmd-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  async function fresh(name: string): Promise<string> {
    root = join(folder, name);
    await writeRepository(root, [examplePackage()], { revision: 1700000000 });
    return root;
  }
  async function stored(kind: string): Promise<string> {
    const text = await readFile(join(root, "repodata/repomd.xml"), "utf8");
    return new RegExp(`repodata/[0-9a-f]+-${kind}\\.xml\\.gz`).exec(text)?.[0] ?? "";
  }

  it("comes back as it was written", async () => {
    await fresh("round");
    const repository = await readRepository(root, { filelists: true, other: true, id: "x" });
    expect(repository).toEqual({
      id: "x",
      root,
      revision: "1700000000",
      packages: [examplePackage()],
      filesComplete: true,
    });
  });

  it("RPMMD_CHECKSUM_MISMATCH and RPMMD_SIZE_MISMATCH for changed files", async () => {
    await fresh("changed");
    const file = join(root, await stored("primary"));
    const bytes = await readFile(file);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await writeFile(file, bytes);
    expect(await codeOf(readRepository(root))).toBe("RPMMD_CHECKSUM_MISMATCH");
    await writeFile(file, bytes.subarray(0, 30));
    expect(await codeOf(readRepository(root))).toBe("RPMMD_SIZE_MISMATCH");
  });

  it("RPMMD_NOT_FOUND without repodata, RPMMD_NO_DATA without an entry", async () => {
    expect(await codeOf(readRepository(join(folder, "nowhere")))).toBe("RPMMD_NOT_FOUND");
    await fresh("empty");
    await writeFile(join(root, "repodata/repomd.xml"), "<repomd><revision>1</revision></repomd>");
    expect(await codeOf(readRepository(root))).toBe("RPMMD_NO_DATA");
  });

  it("RPMMD_CHECKSUM_UNKNOWN for a checksum of a kind nobody knows, and for none", async () => {
    await fresh("kind");
    const file = join(root, "repodata/repomd.xml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replaceAll('type="sha256"', 'type="crc32"'));
    expect(await codeOf(readRepository(root))).toBe("RPMMD_CHECKSUM_UNKNOWN");
    await writeFile(file, text.replace(/<checksum.*<\/checksum>/g, ""));
    expect(await codeOf(readRepository(root))).toBe("RPMMD_CHECKSUM_UNKNOWN");
  });

  it("PATH_ESCAPE and RPMMD_LINK_ESCAPE for metadata outside the root", async () => {
    await fresh("escape");
    const primary = await stored("primary");
    await rename(join(root, primary), join(folder, "outside.gz"));
    await symlink(join(folder, "outside.gz"), join(root, primary));
    expect(await codeOf(readRepository(root))).toBe("RPMMD_LINK_ESCAPE");
    const file = join(root, "repodata/repomd.xml");
    await writeFile(file, (await readFile(file, "utf8")).replace(primary, "../outside.gz"));
    expect(await codeOf(readRepository(root))).toBe("PATH_ESCAPE");
  });

  it("RPMMD_NOT_FOUND for a folder in place of a file, RPMMD_TOO_LARGE for a file of absurd size", async () => {
    await fresh("absurd");
    const file = join(root, await stored("primary"));
    await rm(file);
    await mkdir(file);
    expect(await codeOf(readRepository(root))).toBe("RPMMD_NOT_FOUND");
    await rm(file, { recursive: true });
    await writeFile(file, "");
    await truncate(file, (1 << 30) + 1);
    expect(await codeOf(readRepository(root))).toBe("RPMMD_TOO_LARGE");
  });

  it("an error when a file opens to more than allowed", async () => {
    await fresh("large");
    expect(await codeOf(readRepository(root, { openLimit: 100 }))).toBe("ARCHIVE_TOO_LARGE");
  });
});
