import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  joinBelow,
  makeFolder,
  partialMark,
  removePartials,
  writeFileIfChanged,
  writeFileSafely,
  writeFolderSafely,
  writeStreamSafely,
} from "./write.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-write-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("safe writing", () => {
  it("writes, replaces and leaves nothing beside", async () => {
    await writeFileSafely(join(folder, "a/b"), "one");
    await writeFileSafely(join(folder, "a/b"), "two");
    expect(await readFile(join(folder, "a/b"), "utf8")).toBe("two");
    expect(await readdir(join(folder, "a"))).toEqual(["b"]);
  });

  it("does not touch an equal file", async () => {
    const path = join(folder, "same");
    expect(await writeFileIfChanged(path, "x")).toBe(true);
    const before = (await stat(path)).ino;
    expect(await writeFileIfChanged(path, "x")).toBe(false);
    expect((await stat(path)).ino).toBe(before);
    expect(await writeFileIfChanged(path, "y")).toBe(true);
  });

  it("puts a whole folder in place or leaves the old one", async () => {
    const target = join(folder, "tree");
    await writeFolderSafely(target, (to) => writeFile(join(to, "v"), "1"));
    await writeFolderSafely(target, (to) => writeFile(join(to, "v"), "2"));
    expect(await readFile(join(target, "v"), "utf8")).toBe("2");
    const failing = writeFolderSafely(target, async (to) => {
      await writeFile(join(to, "v"), "3");
      throw new Error("stop");
    });
    await expect(failing).rejects.toThrow("stop");
    expect(await readFile(join(target, "v"), "utf8")).toBe("2");
    expect(await readdir(folder)).toEqual(["tree"]);
  });

  it("removes what an interrupted run left", async () => {
    await writeFile(join(folder, `${partialMark}x`), "half");
    expect(await removePartials(folder)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("makeFolder", () => {
  it("makes parents, and does not mind what is there", async () => {
    await makeFolder(join(folder, "a/b/c"));
    await makeFolder(join(folder, "a/b/c"));
    expect((await stat(join(folder, "a/b/c"))).isDirectory()).toBe(true);
    await writeFile(join(folder, "file"), "");
    await expect(makeFolder(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
    await expect(makeFolder(join(folder, "file/x"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it.skipIf(process.platform !== "linux")("ends where nothing can be made", async () => {
    await expect(makeFolder("/proc/weir/deep")).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("safe writing of streams", () => {
  it("writes all chunks, and keeps the old file when the source fails", async () => {
    const path = join(folder, "a/b");
    await writeStreamSafely(path, [Buffer.from("one"), Buffer.alloc(0), Buffer.from("two")]);
    expect(await readFile(path, "utf8")).toBe("onetwo");
    const failing = async function* () {
      yield Buffer.from("half");
      throw new Error("gone");
    };
    await expect(writeStreamSafely(path, failing())).rejects.toThrow("gone");
    expect(await readFile(path, "utf8")).toBe("onetwo");
    expect(await readdir(join(folder, "a"))).toEqual(["b"]);
  });
});

describe("joinBelow", () => {
  it("refuses to climb", () => {
    expect(joinBelow("/r", "/a//b/./c")).toBe("/r/a/b/c");
    expect(joinBelow("/r", "/")).toBe("/r");
    for (const path of ["../x", "a/../../x", "a\0b"]) expect(() => joinBelow("/r", path)).toThrow("leaves its root");
  });
});
