import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WeirError } from "../../src/core/index.ts";
import { conformSpecs } from "./command.ts";
import { readSpecTruth } from "./read-truth.ts";

const folders: string[] = [];

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "weir-specs-"));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const spec = `Name: foo
Version: 1.0
Release: 2%{?dist}
Summary: S
License: MIT
Source: http://x/%{name}-%{version}.tgz
BuildRequires: make >= 3, gcc
Requires(post): a
%description
%post
true
%files
`;

const truth = {
  path: "f/foo/foo.spec",
  specSha256: createHash("sha256").update(spec).digest("hex"),
  ok: true,
  name: "foo",
  epoch: null,
  version: "1.0",
  release: "2.v",
  license: "MIT",
  summary: "S",
  buildRequires: ["gcc", "make >= 3"],
  sources: ["foo-1.0.tgz"],
  packages: [
    {
      name: "foo",
      version: "1.0",
      release: "2.v",
      arch: "x86_64",
      built: true,
      requires: ["/bin/sh #post,interp", "a #post"],
      provides: ["foo = 1.0-2.v"],
    },
  ],
};

function judge(...lines: readonly object[]): { code: number; last: Record<string, unknown>; results: string } {
  const folder = scratch();
  mkdirSync(join(folder, "tree/f/foo"), { recursive: true });
  mkdirSync(join(folder, "macros/ven"), { recursive: true });
  writeFileSync(join(folder, "tree/f/foo/foo.spec"), spec);
  writeFileSync(join(folder, "macros/macros"), "%nothing %{nil}\n");
  writeFileSync(join(folder, "macros/ven/macros"), "%dist .v\n");
  writeFileSync(join(folder, "truth.gz"), gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const results = join(folder, "results");
  const code = conformSpecs({
    tree: join(folder, "tree"),
    macros: join(folder, "macros"),
    truth: join(folder, "truth.gz"),
    results,
  });
  const last = JSON.parse(printed.trimEnd().split("\n").at(-1) ?? "") as Record<string, unknown>;
  return { code, last, results: readFileSync(results, "utf8") };
}

describe("conform specs", () => {
  it("passes a whole header, with the vendor's macros of the set", () => {
    const { code, last, results } = judge(truth);
    expect(results).toBe('{"case":"f/foo/foo.spec","result":"pass","reason":""}\n');
    expect(last).toMatchObject({ suite: "specs", cases: 1, pass: 1, fail: 0, skip: 0 });
    expect(code).toBe(0);
  });

  it("says what is missing and what is too much, and counts each field", () => {
    const { code, last, results } = judge({ ...truth, release: "3", buildRequires: ["gcc", "cmake"] });
    expect(results).toContain("evr -:1.0-3 +:1.0-2.v; buildRequires -cmake +make >= 3");
    expect(last).toMatchObject({ pass: 0, fail: 1, fields: { name: 1, evr: 0, buildRequires: 0, sources: 1 } });
    expect(code).toBe(1);
  });

  it("skips what rpm refuses, what the tree lacks or has otherwise, and paths out of it", () => {
    const others = [{ ok: false }, { path: "none.spec" }, { specSha256: "0".repeat(64) }, { path: "../x" }];
    expect(judge(...others.map((other) => ({ ...truth, ...other }))).last).toMatchObject({
      cases: 4,
      skip: 4,
      fail: 0,
    });
  });

  it("refuses truth files that are none", () => {
    const file = join(scratch(), "truth");
    for (const text of ["{", "[]", "{}", '{"path":1}']) {
      writeFileSync(file, text);
      expect(() => readSpecTruth(file)).toThrow(WeirError);
    }
    expect(() => readSpecTruth(join(file, "none"))).toThrow(WeirError);
  });
});
