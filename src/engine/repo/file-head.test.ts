import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { readRpm } from "../../formats/rpm/index.ts";
import { ByteSink } from "../../formats/rpmmd/byte-sink.ts";
import { checkFile, readHead, unreadable } from "./file-head.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-head-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("readHead", () => {
  it.each([0, 300, 20_000])("reads the headers and not much more (%s files)", async (count) => {
    const path = join(folder, `${count}.rpm`);
    const files = Array.from({ length: count }, (_, i) => ({ path: `/usr/share/many/file-${i}` }));
    await writeFile(path, buildRpm({ name: "x", version: "1", release: "1", files }));
    const { size, mtimeMs: modified } = await stat(path);
    const { payloadOffset } = readRpm({ path }, "x");
    const head = readHead(path, "x", { size, modified });
    expect(head.length).toBe(Math.max(Math.min(8192, size), payloadOffset));
    expect(() => readHead(path, "x", { size: size + 1, modified })).toThrow(
      expect.objectContaining({ code: "RPM_CHANGED" }),
    );
    expect(() => readHead(path, "x", { size, modified: modified + 1 })).toThrow(
      expect.objectContaining({ code: "RPM_CHANGED" }),
    );
  });

  it("tells what cannot be read", () => {
    expect(() => checkFile(join(folder, "absent"), "a")).toThrow(
      expect.objectContaining({ code: "RPM_UNREADABLE", where: "a" }),
    );
    expect(() => checkFile(folder, "a")).toThrow(expect.objectContaining({ code: "RPM_UNREADABLE" }));
    expect(unreadable("a", new Error("it changed")).code).toBe("RPM_CHANGED");
    expect(unreadable("a", Object.assign(new Error("no"), { code: "EIO" })).code).toBe("RPM_UNREADABLE");
  });
});

describe("ByteSink", () => {
  it("holds no more than readers open", () => {
    const sink = new ByteSink(16);
    sink.text("ünï");
    expect(() => sink.reserve(1 << 30)).toThrow(expect.objectContaining({ code: "RPMMD_TOO_LARGE" }));
    expect(sink.view().toString("utf8")).toBe("ünï");
  });
});
