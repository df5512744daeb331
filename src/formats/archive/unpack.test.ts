import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildRpm, cpioEntry, type TestFile, type TestPackage } from "../../../test/support/rpm-builder.ts";
import { WeirError } from "../../core/index.ts";
import { CpioReader, type UnpackOptions, unpackRpm } from "./index.ts";

let folder = "";
let root = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "weir-unpack-"));
  root = join(folder, "root");
  mkdirSync(root);
});
afterEach(() => rmSync(folder, { recursive: true }));

const base = { name: "p", version: "1", release: "1" };

async function unpack(spec: Partial<TestPackage>, options?: UnpackOptions) {
  return unpackBytes(buildRpm({ ...base, ...spec }), options);
}

async function unpackBytes(bytes: Uint8Array, options?: UnpackOptions) {
  const path = join(folder, "p.rpm");
  writeFileSync(path, bytes);
  return unpackRpm(path, root, options);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => {
      if (!(error instanceof WeirError)) throw error;
      return error.code;
    },
  );
}

const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("unpackRpm", () => {
  it("keeps content, permissions, times, links; leaves ghosts and devices", async () => {
    const result = await unpack({
      files: [
        { path: "/usr/bin", type: "dir", mode: 0o555, mtime: 1000 },
        { path: "/usr/bin/tool", content: "tool", mode: 0o4755, mtime: 2000 },
        { path: "/usr/bin/again", hardLinkOf: "/usr/bin/tool", mode: 0o4755, mtime: 2000 },
        { path: "/usr/bin/link", type: "symlink", target: "../../../../etc/passwd", mtime: 3000 },
        { path: "/var/state", type: "ghost" },
        { path: "/dev/null", type: "char", rdev: 0x103 },
        { path: "/empty" },
      ],
    });
    const stat = (path: string) => lstatSync(join(root, path));
    expect(stat("usr/bin").mode & 0o7777).toBe(0o555);
    expect(stat("usr/bin").mtimeMs).toBe(1_000_000);
    expect(stat("usr/bin/tool").mode & 0o7777).toBe(0o4755);
    expect(stat("usr/bin/again").ino).toBe(stat("usr/bin/tool").ino);
    expect(stat("usr/bin/again").mtimeMs).toBe(2_000_000);
    expect(stat("usr/bin/link").mtimeMs).toBe(3_000_000);
    expect(read("usr/bin/again")).toBe("tool");
    expect(read("empty")).toBe("");
    expect(() => stat("var/state")).toThrow("ENOENT");
    expect(() => stat("dev/null")).toThrow("ENOENT");
    expect(result.special.map((item) => item.path)).toEqual(["dev/null"]);
    expect(result.placed.map((item) => item.path)).toEqual([
      "empty",
      "usr/bin",
      "usr/bin/again",
      "usr/bin/link",
      "usr/bin/tool",
    ]);
  });

  it("lets the owner in when asked to", async () => {
    await unpack({ files: [{ path: "/etc/shadow", mode: 0, content: "x" }] }, { modes: "accessible" });
    expect(lstatSync(join(root, "etc/shadow")).mode & 0o777).toBe(0o600);
  });

  it("follows links of the root inside the root, as rpm does", async () => {
    mkdirSync(join(root, "usr/lib64"), { recursive: true });
    symlinkSync("usr/lib64", join(root, "lib64"));
    symlinkSync("/usr/lib64/../../../..", join(root, "up"));
    const result = await unpack({
      files: [
        { path: "/lib64", type: "dir" },
        { path: "/lib64/ld.so", content: "ld" },
        { path: "/up/etc/inside", content: "in" },
      ],
    });
    expect(read("usr/lib64/ld.so")).toBe("ld");
    expect(read("etc/inside")).toBe("in");
    expect(readlinkSync(join(root, "lib64"))).toBe("usr/lib64");
    expect(result.placed.map((item) => item.path)).toEqual(["usr/lib64", "usr/lib64/ld.so", "etc/inside"]);
  });

  it("replaces what is there without writing through it", async () => {
    const outside = join(folder, "outside");
    writeFileSync(outside, "safe");
    symlinkSync(outside, join(root, "file"));
    await unpack({ files: [{ path: "/file", content: "new" }] });
    expect(readFileSync(outside, "utf8")).toBe("safe");
    expect(read("file")).toBe("new");
  });

  it("leaves out what the filter refuses, but never part of hard links", async () => {
    const files: TestFile[] = [
      { path: "/a", content: "hello" },
      { path: "/b", hardLinkOf: "/a" },
      { path: "/c", content: "doc" },
    ];
    await unpack({ files }, { filter: (file) => file.path === "/a" });
    expect(read("a")).toBe("hello");
    expect(() => read("c")).toThrow("ENOENT");
  });

  it("reads rpm's stripped archives", async () => {
    const content = Buffer.from("abc");
    const stripped = (index: number) => Buffer.from(`07070X${index.toString(16).padStart(8, "0")}\0\0`);
    const payload = Buffer.concat([
      stripped(0),
      stripped(1),
      content,
      Buffer.alloc(1),
      cpioEntry("TRAILER!!!", 0, 0, 1, 0, Buffer.alloc(0)),
    ]);
    await unpack({
      files: [
        { path: "/d", type: "dir" },
        { path: "/d/f", content },
      ],
      compress: { name: "none", work: () => payload },
    });
    expect(read("d/f")).toBe("abc");
  });
});

describe("hostile payloads", () => {
  const file = (path: string, content = "x"): TestFile => ({ path, content });

  it.each<[string, Partial<TestPackage>]>([
    ["PATH_ESCAPE", { files: [file("/../../evil")] }],
    ["ARCHIVE_LINK_TRAVERSED", { files: [{ path: "/a", type: "symlink", target: "/etc" }, file("/a/x")] }],
    ["ARCHIVE_NOT_A_FOLDER", { files: [file("/a"), file("/a/b")] }],
    ["RPM_PAYLOAD_BAD", { extraEntries: [{ name: "./etc/extra", mode: 0o100644, content: "x" }] }],
    ["RPM_PAYLOAD_BAD", { files: [file("/a")], extraEntries: [{ name: "./a", mode: 0o100644, content: "x" }] }],
    ["RPM_PAYLOAD_INCOMPLETE", { files: [file("/a")], compress: { name: "none", work: () => trailer } }],
    ["RPM_FILE_DIGEST_MISMATCH", { files: [{ ...file("/a"), digest: "0".repeat(64) }] }],
    ["ARCHIVE_UNSUPPORTED", { compress: { name: "rot13", work: (bytes) => bytes } }],
    ["CPIO_TRUNCATED", { compress: { name: "none", work: () => Buffer.alloc(0) } }],
    ["CPIO_BAD", { compress: { name: "none", work: () => Buffer.alloc(200, "x") } }],
    ["ARCHIVE_DAMAGED", { compress: { name: "gzip", work: () => Buffer.alloc(200, "x") } }],
    [
      "ARCHIVE_TOO_LARGE",
      { compress: { name: "none", work: (bytes) => Buffer.concat([bytes, Buffer.alloc(10_000)]) } },
    ],
  ])("%s", async (code, spec) => {
    expect(await codeOf(unpack(spec))).toBe(code);
  });

  it("ARCHIVE_CONFLICT for a file where a folder is", async () => {
    mkdirSync(join(root, "a"));
    expect(await codeOf(unpack({ files: [file("/a")] }))).toBe("ARCHIVE_CONFLICT");
  });

  it("ARCHIVE_LINK_LOOP for links in circles", async () => {
    symlinkSync("b", join(root, "a"));
    symlinkSync("a", join(root, "b"));
    expect(await codeOf(unpack({ files: [file("/a/x")] }))).toBe("ARCHIVE_LINK_LOOP");
  });

  it("ARCHIVE_TOO_LARGE for more than the limit", async () => {
    expect(await codeOf(unpack({ files: [file("/a", "12345")] }, { limit: 4 }))).toBe("ARCHIVE_TOO_LARGE");
  });

  it("ARCHIVE_NAME_TOO_LONG and ARCHIVE_WRITE_FAILED are told as what they are", async () => {
    expect(await codeOf(unpack({ files: [file(`/${"a".repeat(300)}`)] }))).toBe("ARCHIVE_NAME_TOO_LONG");
    writeFileSync(join(folder, "p.rpm"), buildRpm({ ...base, files: [file("/a")] }));
    expect(await codeOf(unpackRpm(join(folder, "p.rpm"), join(folder, "nowhere")))).toBe("ARCHIVE_WRITE_FAILED");
  });

  it("survives changed bytes anywhere", async () => {
    const sound = buildRpm({
      ...base,
      compressor: "none",
      files: [file("/a", "hello"), { path: "/b", hardLinkOf: "/a" }, { path: "/l", type: "symlink", target: "a" }],
    });
    let seed = 3;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 1500; round++) {
      const copy = Buffer.from(sound);
      for (let i = 0; i < 2; i++) copy[next(copy.length)] = next(256);
      expect(await codeOf(unpackBytes(copy))).toMatch(/^[A-Z_]+$|^no error$/);
    }
  });
});

const trailer = cpioEntry("TRAILER!!!", 0, 0, 1, 0, Buffer.alloc(0));

describe("CpioReader", () => {
  const archive = Buffer.concat([
    cpioEntry("./one", 0o100644, 1, 1, 5, Buffer.from("abcde")),
    cpioEntry("./two", 0o040755, 2, 1, 6, Buffer.alloc(0)),
    trailer,
  ]);

  function entries(size: number): string[] {
    const seen: string[] = [];
    const reader = new CpioReader(
      {
        entry: (entry) => seen.push(`${entry.name} ${entry.mode.toString(8)} ${entry.size} ${entry.mtime}`),
        data: (chunk) => seen.push(Buffer.from(chunk).toString()),
        end: () => seen.push("end"),
      },
      "x",
    );
    for (let at = 0; at < archive.length; at += size) reader.feed(archive.subarray(at, at + size));
    reader.finish();
    return seen;
  }

  it("reads the same in pieces of any size", () => {
    expect(entries(archive.length)).toEqual(["./one 100644 5 5", "abcde", "end", "./two 40755 0 6", "end"]);
    const whole = entries(archive.length).join("").replaceAll("end", "");
    for (let size = 1; size < 130; size++) expect(entries(size).join("").replaceAll("end", "")).toBe(whole);
  });
});
