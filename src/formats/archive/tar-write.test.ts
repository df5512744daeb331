import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { run, type WeirError } from "../../core/index.ts";
import { type TarEntry, tarEnd, tarHead, tarPadding } from "./index.ts";

const plain: TarEntry = {
  path: "etc/file",
  type: "file",
  mode: 0o640,
  uid: 10,
  gid: 20,
  mtime: 1000,
  size: 0,
  target: "",
  major: 0,
  minor: 0,
  attributes: new Map(),
};
const long = "x".repeat(90);
const entries: readonly TarEntry[] = [
  { ...plain, path: "etc", type: "folder", mode: 0o755 },
  { ...plain, size: 5 },
  { ...plain, path: "etc/link", type: "link", target: "../over/there" },
  { ...plain, path: "etc/same", type: "hardlink", target: "etc/file" },
  { ...plain, path: "dev/null", type: "char", major: 1, minor: 3 },
  { ...plain, path: `${long}/${long}` },
  { ...plain, path: `${long}/${long}/${long}`, type: "link", target: "t".repeat(200) },
  { ...plain, path: "etc/ünï", uid: 3_000_000 },
  { ...plain, path: "usr/bin/ping", attributes: new Map([["security.capability", Buffer.from([1, 0, 0, 2])]]) },
];

function archive(): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    parts.push(tarHead(entry));
    if (entry.size > 0) parts.push(Buffer.from("hello"), tarPadding(entry.size));
  }
  return Buffer.concat([...parts, tarEnd]);
}

describe("tarHead", () => {
  it("is read back as it was given", async () => {
    const seen: unknown[] = [];
    const reader = extract();
    reader.on("entry", (header, stream, next) => {
      const pax = (header.pax ?? {}) as Readonly<Record<string, string>>;
      seen.push([
        header.name,
        header.type,
        header.mode,
        Number(pax.uid ?? header.uid),
        header.gid,
        header.linkname ?? "",
        pax["SCHILY.xattr.security.capability"],
      ]);
      stream.resume();
      next();
    });
    await new Promise<void>((resolve, reject) => {
      reader.on("finish", resolve).on("error", reject);
      reader.end(archive());
    });
    const names = {
      file: "file",
      folder: "directory",
      link: "symlink",
      hardlink: "link",
      char: "character-device",
    } as Record<string, string>;
    expect(seen).toEqual(
      entries.map((e) => [
        e.type === "folder" ? `${e.path}/` : e.path,
        names[e.type],
        e.mode,
        e.uid,
        e.gid,
        e.target,
        e.attributes.size > 0 ? Buffer.from([1, 0, 0, 2]).toString() : undefined,
      ]),
    );
  });

  it("TAR_UNFIT for a path with a NUL", () => {
    expect(() => tarHead({ ...plain, path: "a\0b" })).toThrow(
      expect.objectContaining({ code: "TAR_UNFIT" }) as WeirError,
    );
  });

  it("uses pax heads only where something does not fit", () => {
    expect(entries.map((entry) => tarHead(entry).length > 512)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

const missing = missingTool("tar");

describe.skipIf(missing !== undefined)(`beside tar ${missing ?? ""}`, () => {
  it("lists the same names and links", async () => {
    const folder = mkdtempSync(join(tmpdir(), "weir-tar-"));
    try {
      writeFileSync(join(folder, "a.tar"), archive());
      const listed = (await run("tar", ["--quoting-style=literal", "-tf", join(folder, "a.tar")])).stdout.toString();
      expect(listed.trim().split("\n")).toEqual(entries.map((e) => (e.type === "folder" ? `${e.path}/` : e.path)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
