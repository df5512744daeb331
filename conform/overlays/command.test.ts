import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { makeRepository } from "../../test/support/git-repository.ts";
import { missingTool } from "../../test/support/tools.ts";
import { conformOverlays } from "./command.ts";
import { readOverlayCases } from "./read-cases.ts";

const folder = mkdtempSync(join(tmpdir(), "weir-conform-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec = "Name: a\nVersion: 1\n";
const blob = createHash("sha1").update(`blob ${spec.length}\0${spec}`).digest("hex");
const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const add = { type: "spec-add-tag", tag: "Requires", value: "b" };
const remove = { type: "spec-remove-tag", tag: "Nothing" };

const reason = missingTool("git");

describe.skipIf(reason !== undefined)(`the overlays suite${reason ? ` (skipped: ${reason})` : ""}`, () => {
  it("judges results, failures and what it cannot judge, and ends with one line of JSON", async () => {
    await (await makeRepository(join(folder, "git"))).commit({ "a.spec": spec }, 1_700_000_000);
    const cases = [
      { path: "a.spec", n: 0, blob, overlays: [add], sha256: digest(`${spec}Requires: b\n`) },
      { path: "a.spec", n: 1, blob, overlays: [add, remove], failedAt: 1, error: "no-such-tag" },
      { path: "a.spec", n: 2, blob, overlays: [remove], failedAt: 0, error: "no-patches" },
      { path: "a.spec", n: 3, blob, overlays: [add], sha256: digest(spec) },
      { path: "b.spec", n: 0, blob: blob.replace(/^./, (c) => (c === "0" ? "1" : "0")), overlays: [], sha256: "0" },
      { path: "a.spec", n: 4, blob, overlays: [{ type: "file-remove", file: "x" }], sha256: digest(spec) },
    ];
    const file = join(folder, "cases.jsonl.gz");
    writeFileSync(file, gzipSync(cases.map((item) => `${JSON.stringify(item)}\n`).join("")));
    const written: string[] = [];
    const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
    const results = join(folder, "results.jsonl");
    const code = await conformOverlays({ git: join(folder, "git"), cases: file, results }).finally(() =>
      write.mockRestore(),
    );
    expect(code).toBe(1);
    const last = written.join("").trimEnd().split("\n").at(-1) ?? "";
    expect(JSON.parse(last)).toEqual({ suite: "overlays", cases: 6, pass: 2, fail: 2, skip: 2 });
    const lines = readFileSync(results, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { result: string }).result)).toEqual(
      "pass pass fail fail skip skip".split(" "),
    );
  });

  it("refuses a folder that is no repository", async () => {
    const file = join(folder, "none.jsonl");
    writeFileSync(file, "");
    await expect(conformOverlays({ git: folder, cases: file, results: undefined })).rejects.toMatchObject({
      code: "CONFORM_CASES",
    });
  });
});

describe("case files", () => {
  it.each([
    ["{", /no JSON/],
    ["[]", /`blob`/],
    [`{"blob":"${blob}","overlays":[{"type":1}]}`, /`overlays`/],
    [`{"blob":"${blob}","overlays":[{"type":"x","lines":[1]}]}`, /`overlays`/],
    [`{"blob":"${blob}","overlays":[],"failedAt":1}`, /neither/],
  ])("refuses %s with its line", (line, message) => {
    const file = join(folder, "bad.jsonl");
    writeFileSync(file, `\n${line}\n`);
    expect(() => readOverlayCases(file)).toThrow(message);
    expect(() => readOverlayCases(file)).toThrow(
      expect.objectContaining({ code: "CONFORM_CASES", where: { file, line: 2 } }),
    );
  });
});
