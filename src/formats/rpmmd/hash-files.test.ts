import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../core/index.ts";
import { hashFiles, makeShare, startHelper } from "./hash-files.ts";

const piece = 256 << 10;
const sizes = [0, 1, piece - 1, piece, piece + 1, 3 * piece + 7, 40 << 20, 5];
let folder = "";
let paths: string[] = [];
let expected: { sha256: string; size: number }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-hash-"));
  const contents = sizes.map((size, index) => Buffer.alloc(size, `content ${index} `));
  paths = contents.map((_, index) => join(folder, String(index)));
  await Promise.all(contents.map((content, index) => writeFile(paths[index] ?? "", content)));
  expected = contents.map((content) => ({ sha256: digestOf(content), size: content.length }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("hashFiles", () => {
  it.each([0, Number.POSITIVE_INFINITY])(
    "gives digests and sizes in order (a second thread from %s bytes)",
    async (threadFrom) => {
      const seen: number[] = [];
      expect(await hashFiles(paths, { threadFrom, progress: (done) => seen.push(done) })).toEqual(expected);
      expect(seen.at(-1)).toBe(paths.length);
      expect(await hashFiles([], { threadFrom })).toEqual([]);
    },
  );

  it("lets the second thread do all of it, but for what it cannot read", async () => {
    const share = makeShare([...paths, join(folder, "absent")]);
    await startHelper(share).ended;
    expect([...share.done]).toEqual([...paths.map(() => 1), 0]);
    const last = share.digests.subarray(32 * (paths.length - 1), 32 * paths.length);
    expect(Buffer.from(last).toString("hex")).toBe(expected.at(-1)?.sha256);
  });

  it.each([0, Number.POSITIVE_INFINITY])(
    "says what the file system says (a second thread from %s bytes)",
    async (threadFrom) => {
      const absent = [...paths, join(folder, "absent")];
      await expect(hashFiles(absent, { threadFrom })).rejects.toMatchObject({ code: "ENOENT" });
      await expect(hashFiles([folder], { threadFrom })).rejects.toMatchObject({ code: "EISDIR" });
    },
  );

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    const work = hashFiles(paths, { signal: controller.signal, threadFrom: Number.POSITIVE_INFINITY });
    controller.abort(new Error("enough"));
    await expect(work).rejects.toThrow("enough");
  });
});
