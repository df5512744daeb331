import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, WeirError } from "../../core/index.ts";
import { buildRpm, type TestPackage } from "../../../test/support/rpm-builder.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { readRpm, RpmHeader, tag, verifyRpm, writeHeader } from "./index.ts";

const sample: TestPackage = {
  name: "sample",
  epoch: 2,
  version: "1.0",
  release: "3.azl4",
  arch: "x86_64",
  requires: ["bash >= 5", "(foo if bar)", "libc.so.6()(64bit)"],
  provides: ["virtual = 7"],
  conflicts: ["enemy < 1"],
  obsoletes: ["old <= 0.9-1"],
  recommends: ["nice"],
  suggests: ["idea"],
  supplements: ["(a and b)"],
  enhances: ["c > 1"],
  files: [
    { path: "/usr/bin", type: "dir" },
    { path: "/usr/bin/sample", content: "#!/bin/sh\n", mode: 0o755 },
    { path: "/usr/bin/again", hardLinkOf: "/usr/bin/sample", mode: 0o755 },
    { path: "/usr/bin/link", type: "symlink", target: "sample" },
    { path: "/etc/sample.conf", content: "a=1\n", flags: 17, user: "daemon", group: "adm" },
    { path: "/var/lib/sample.state", type: "ghost" },
    { path: "/usr/bin/ping", content: "x", capabilities: "cap_net_raw=p" },
  ],
  changelog: [{ time: 1_700_000_000, author: "A <a@example.org> - 1.0-1", text: "- first" }],
  scriptlets: [
    { kind: "post", interpreter: ["/bin/sh"], body: "echo hi" },
    { kind: "postun", interpreter: ["/sbin/ldconfig"], body: "" },
    { kind: "pretrans", interpreter: ["<lua>"], body: "print(1)" },
  ],
};

function failure(work: () => unknown): WeirError {
  try {
    work();
  } catch (error) {
    if (error instanceof WeirError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const codeOf = (bytes: Uint8Array): string => failure(() => readRpm(bytes, "x.rpm")).code;

describe("readRpm", () => {
  const bytes = buildRpm(sample);
  const head = readRpm(bytes, "sample.rpm");

  it("reads identity, dependencies and scriptlets", () => {
    const found = head.package;
    expect([found.name, found.epoch, found.version, found.release, found.arch]).toEqual([
      "sample",
      2,
      "1.0",
      "3.azl4",
      "x86_64",
    ]);
    expect(found.requires[0]).toEqual({ name: "bash", op: ">=", evr: "5", flags: 12 });
    expect(found.requires[1]).toEqual({ name: "(foo if bar)", flags: 0 });
    expect(found.conflicts).toEqual([{ name: "enemy", op: "<", evr: "1", flags: 2 }]);
    expect(found.obsoletes[0]?.op).toBe("<=");
    expect(found.enhances[0]?.op).toBe(">");
    expect([found.recommends, found.suggests, found.supplements].map((list) => list[0]?.name)).toEqual([
      "nice",
      "idea",
      "(a and b)",
    ]);
    expect(found.scriptlets.map((script) => [script.kind, script.interpreter, script.body])).toEqual([
      ["pretrans", ["<lua>"], "print(1)"],
      ["post", ["/bin/sh"], "echo hi"],
      ["postun", ["/sbin/ldconfig"], ""],
    ]);
    expect(found.changelog).toEqual(sample.changelog);
    expect(found.payload).toEqual({ format: "cpio", compressor: "gzip" });
  });

  it("reads files with owners, links and capabilities", () => {
    const byPath = new Map(head.package.files.map((file) => [file.path, file]));
    expect(byPath.get("/usr/bin/link")?.linkTarget).toBe("sample");
    expect(byPath.get("/usr/bin/again")?.inode).toBe(byPath.get("/usr/bin/sample")?.inode);
    expect(byPath.get("/usr/bin/ping")?.capabilities).toBe("cap_net_raw=p");
    expect(byPath.get("/etc/sample.conf")).toMatchObject({ user: "daemon", group: "adm", flags: 17, size: 4 });
    expect(byPath.get("/var/lib/sample.state")).toMatchObject({ flags: 64, digest: "" });
    expect(byPath.get("/usr/bin")?.mode).toBe(0o40755);
  });

  it("says where the header lies", () => {
    const { start, end } = head.headerRange;
    expect(Buffer.from(bytes.subarray(start, start + 4)).toString("hex")).toBe("8eade801");
    expect(end - start).toBe(head.header.blob.length + 8);
    expect(head.payloadOffset).toBe(end);
  });

  it("calls source packages src", () => {
    const source = readRpm(buildRpm({ ...sample, source: true, files: [{ path: "sample.spec", content: "x" }] }), "s");
    expect(source.package.arch).toBe("src");
    expect(source.lead.type).toBe("source");
    expect(source.package.files[0]?.path).toBe("sample.spec");
  });
});

describe("what is no sound package", () => {
  const bytes = buildRpm({ ...sample, files: [], changelog: [] });

  it.each([
    ["RPM_NOT_A_PACKAGE", Buffer.from("<html>not found</html>".repeat(10))],
    ["RPM_TRUNCATED", bytes.subarray(0, 50)],
    ["RPM_TRUNCATED", bytes.subarray(0, 600)],
    ["RPM_HEADER_BAD", changed(bytes, 96, 0)],
    ["RPM_HEADER_BAD", changed(bytes, 104, 0xff)],
    ["RPM_TAG_MISSING", buildRpm({ ...sample, header: [{ tag: tag.name, type: "string", value: "" }] })],
    ["RPM_TAG_BAD", buildRpm({ ...sample, header: [{ tag: tag.name, type: "int32", value: [1] }] })],
  ])("%s", (code, data) => {
    expect(codeOf(data)).toBe(code);
  });

  it("RPM_UNREADABLE for a missing file and a folder", () => {
    expect(failure(() => readRpm({ path: "/nowhere/x.rpm" }, "x")).code).toBe("RPM_UNREADABLE");
    expect(failure(() => readRpm({ path: tmpdir() }, "x")).code).toBe("RPM_UNREADABLE");
  });

  it("refuses values outside of the data", () => {
    const blob = Buffer.from(writeHeader([{ tag: 1000, type: "string", value: "abc" }]));
    blob.writeInt32BE(-1, 16);
    expect(failure(() => new RpmHeader(blob, "x")).code).toBe("RPM_HEADER_BAD");
    blob.writeInt32BE(0, 16);
    blob.fill(65, 24);
    expect(failure(() => new RpmHeader(blob, "x").string(1000)).code).toBe("RPM_TAG_BAD");
  });

  it("throws a WeirError at every cut and survives thousands of changed bytes", () => {
    const end = readRpm(bytes, "x").payloadOffset;
    for (let cut = 0; cut < end; cut++)
      expect(failure(() => readRpm(bytes.subarray(0, cut), "x"))).toBeInstanceOf(WeirError);
    let seed = 7;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 4000; round++) {
      const copy = Buffer.from(bytes);
      for (let i = 0; i <= round % 4; i++) copy[next(end)] = next(256);
      try {
        verifyRpm(copy, "x");
      } catch (error) {
        expect(error).toBeInstanceOf(WeirError);
      }
    }
  });
});

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

describe("verifyRpm", () => {
  it("finds every digest of a sound package right", () => {
    const result = verifyRpm(buildRpm(sample), "x");
    expect(result.ok).toBe(true);
    expect(result.checks.map((check) => check.status)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    expect(result.signed).toBe(false);
  });

  it("tells a changed payload from a changed header", () => {
    const bytes = Buffer.from(buildRpm(sample));
    const { payloadOffset, headerRange } = readRpm(bytes, "x");
    const bad = (copy: Uint8Array) =>
      verifyRpm(copy, "x")
        .checks.filter((c) => c.status === "bad")
        .map((c) => c.what);
    expect(bad(changed(bytes, payloadOffset + 20, 1))).toEqual(["md5", "payload"]);
    expect(bad(changed(bytes, headerRange.end - 40, 90))).toEqual(["header-sha256", "header-sha1", "md5"]);
    expect(bad(Buffer.concat([bytes, Buffer.from("x")]))).toEqual(["md5", "payload", "size"]);
  });
});

const missing = missingTool("rpm");

describe.skipIf(missing !== undefined)(`beside rpm ${missing ?? ""}`, () => {
  let folder = "";
  let path = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-rpm-"));
    path = join(folder, "sample.rpm");
    writeFileSync(path, buildRpm(sample));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const query = async (...args: string[]) =>
    (await run("rpm", [`--dbpath=${folder}/db`, ...args])).stdout.toString().trimEnd().split("\n");

  it("rpm accepts the package and its digests", async () => {
    expect((await query("-K", path))[0]).toContain("digests OK");
  });

  it("reads what rpm reads, from a file", async () => {
    const found = readRpm({ path }, "sample.rpm").package;
    const format =
      "[%{FILENAMES} %{FILEMODES} %{FILESIZES} %{FILEMTIMES} %{FILEUSERNAME} %{FILEFLAGS} %{FILEDIGESTS}|\n]";
    const lines = found.files.map((f) => `${f.path} ${f.mode} ${f.size} ${f.mtime} ${f.user} ${f.flags} ${f.digest}|`);
    expect(lines).toEqual(await query("-qp", "--qf", format, path));
    const requires = found.requires.map((d) => (d.op === undefined ? d.name : `${d.name} ${d.op} ${d.evr}`));
    expect(requires.toSorted()).toEqual((await query("-qp", "--requires", path)).toSorted());
    expect(await query("-qp", "--qf", "%{EPOCH}:%{NEVRA} %{SIZE}", path)).toEqual([
      `2:sample-2:1.0-3.azl4.x86_64 ${found.installedSize}`,
    ]);
  });
});
