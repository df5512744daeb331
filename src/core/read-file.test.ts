import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGivenFile } from "./read-file.ts";

describe("files that the user names", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-given-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are read whole", async () => {
    for (const size of [0, 1, 1 << 20, (5 << 20) + 7]) {
      const bytes = Buffer.alloc(size, "weir");
      writeFileSync(join(folder, "some"), bytes);
      expect((await readGivenFile(join(folder, "some"), 8 << 20, "some")).equals(bytes)).toBe(true);
    }
    expect(await readGivenFile("/dev/null", 8, "null")).toHaveLength(0);
  });

  it("end at the limit, devices too", async () => {
    writeFileSync(join(folder, "some"), "12345678");
    expect((await readGivenFile(join(folder, "some"), 8, "some")).toString()).toBe("12345678");
    for (const path of [join(folder, "some"), "/dev/zero"]) {
      await expect(readGivenFile(path, 7, "some")).rejects.toMatchObject({ code: "FILE_TOO_LARGE", where: "some" });
    }
  });

  it("leave what the system says to the caller", async () => {
    await expect(readGivenFile(join(folder, "none"), 7, "none")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(readGivenFile(folder, 7, "folder")).rejects.toMatchObject({ code: "EISDIR" });
  });
});
