import { describe, expect, it } from "vitest";
import { buildRpm, type TestPackage } from "../../../test/support/rpm-builder.ts";
import { WeirError } from "../../core/index.ts";
import { readRpm, tag } from "../rpm/index.ts";
import { fromRpm, PackageFragments } from "./index.ts";
import { filelistsPackage, otherPackage, primaryPackage } from "./write-xml.ts";

const full: TestPackage = {
  name: "full",
  epoch: 3,
  version: "1.0~rc1",
  release: "2",
  arch: "x86_64",
  summary: 'Quotes " and <tags> & ünï🐟',
  vendor: "Example",
  provides: ["full-virtual = 4", "unversioned"],
  requires: [
    "/usr/bin/full",
    "/bin/sh",
    "full-virtual = 4",
    "plain",
    "plain",
    "(a if b)",
    "libc.so.6(GLIBC_2.34)(64bit)",
  ],
  conflicts: ["enemy < 2"],
  obsoletes: ["old <= 1:2-3"],
  recommends: ["nice"],
  suggests: ["maybe > 1"],
  supplements: ["(x and y)"],
  enhances: ["z"],
  files: [
    { path: "/etc/full.conf", content: "a" },
    { path: "/etc/full.d", type: "dir" },
    { path: "/usr/bin/full", content: "b" },
    { path: "/usr/lib/sendmail", content: "c" },
    { path: "/usr/lib/sendmail.d", type: "dir" },
    { path: "/usr/share/a & b <c>.txt", content: "d" },
    { path: "/usr/share/ünï/🐟", content: "e" },
    { path: "/var/lib/full", type: "ghost" },
    { path: "/bin", type: "dir" },
  ],
  changelog: Array.from({ length: 14 }, (_, i) => ({
    time: 1_600_000_000 - (i >> 1),
    author: "A <a@b> ",
    text: `- & ${i}`,
  })),
};

const strange: TestPackage = {
  name: "strange",
  version: "1",
  release: "1",
  requires: ["/usr/bin/x", "/etc/y"],
  files: [{ path: "/a/1" }, { path: "/a/2" }, { path: "/a/3" }, { path: "/a/4" }, { path: "/a/5" }],
  header: [
    { tag: tag.dirNames, type: "stringArray", value: ["", "/usr/lib/sen", "/", "/usr/b", "/usr/lib/"] },
    { tag: tag.dirIndexes, type: "int32", value: [0, 1, 2, 3, 4] },
    { tag: tag.baseNames, type: "stringArray", value: ["/usr/bin/x", "dmail", "etc/y", "in/z", "send\tmail\u0001"] },
  ],
};

const old: TestPackage = {
  name: "old",
  version: "1",
  release: "1",
  header: [{ tag: tag.oldFileNames, type: "stringArray", value: ["/usr/bin/old", "/usr/share/old"] }],
};

const facts = { pkgid: "ab".repeat(32), location: "p/a.rpm", fileTime: 5 };

/** By way of objects and strings. */
function written(bytes: Uint8Array): string[] {
  const head = readRpm(bytes, "a.rpm");
  const metadata = fromRpm(head.package, { ...facts, size: bytes.length, headerRange: head.headerRange });
  return [primaryPackage(metadata), filelistsPackage(metadata), otherPackage(metadata, metadata.changelog)];
}

function appended(bytes: Uint8Array, fragments = new PackageFragments(), first = bytes.length): string[] {
  const source = { size: bytes.length, read: (start: number, end: number) => bytes.subarray(start, end) };
  fragments.append(bytes.subarray(0, first), source, facts);
  return [fragments.primary, fragments.filelists, fragments.other].map((sink) => sink.view().toString("utf8"));
}

describe("PackageFragments", () => {
  it.each([full, strange, old, { name: "tiny", version: "1", release: "1" }])(
    "writes $name as the writers do",
    (plan) => {
      const bytes = buildRpm(plan);
      expect(appended(bytes)).toEqual(written(bytes));
    },
  );

  it("needs no more than the first bytes of ordinary packages", () => {
    for (const plan of [full, { ...full, source: true, files: [{ path: "full.spec" }] }]) {
      const bytes = buildRpm(plan);
      const { payloadOffset } = readRpm(bytes, "a.rpm");
      const fragments = new PackageFragments();
      const source = {
        size: bytes.length,
        read: () => {
          throw new Error("asked for more");
        },
      };
      fragments.append(bytes.subarray(0, payloadOffset), source, facts);
      expect(fragments.primary.view().toString("utf8")).toBe(written(bytes)[0]);
      // And of others all that it takes.
      expect(appended(bytes, undefined, 200)).toEqual(written(bytes));
    }
  });

  it("knows what is primary whatever the folder", () => {
    const [primary] = appended(buildRpm(strange));
    for (const path of ["/usr/bin/x", "/usr/lib/sendmail", "/etc/y", "/usr/bin/z"])
      expect(primary).toContain(`>${path}<`);
    expect(primary).not.toContain('name="/usr/bin/x"');
    expect(primary).not.toContain("mail\u0001");
  });

  it("puts one package behind the other, and nothing of a bad one", () => {
    const fragments = new PackageFragments();
    const one = appended(buildRpm(full), fragments);
    const bad = buildRpm({ ...full, header: [{ tag: tag.dirIndexes, type: "int32", value: [99] }] });
    expect(() => appended(bad, fragments)).toThrow(expect.objectContaining({ code: "RPM_TAG_BAD" }));
    const both = appended(buildRpm(old), fragments);
    expect(both).toEqual(written(buildRpm(old)).map((text, i) => one[i] + text));
  });

  it("refuses paths that share one long folder to spell out more than memory holds", () => {
    const count = 2000;
    const bomb = buildRpm({
      name: "bomb",
      version: "1",
      release: "1",
      header: [
        { tag: tag.dirNames, type: "stringArray", value: [`/${"x".repeat(100_000)}/`] },
        { tag: tag.dirIndexes, type: "int32", value: new Uint32Array(count) },
        { tag: tag.baseNames, type: "stringArray", value: Array.from({ length: count }, () => "a") },
      ],
    });
    expect(() => appended(bomb)).toThrow(expect.objectContaining({ code: "RPM_TAG_BAD" }));
  });

  it("says the same as the writers of damaged headers, or that they are damaged", () => {
    const sample = buildRpm(full);
    const { start, end } = readRpm(sample, "a.rpm").headerRange;
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    const attempt = (work: () => string[]): string[] | string => {
      try {
        return work();
      } catch (error) {
        return error instanceof WeirError ? error.code : `BUG ${String(error)}`;
      }
    };
    let readable = 0;
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(sample);
      for (let n = random(3); n >= 0; n--) bytes[start + 16 + random(end - start - 16)] = random(256);
      const ours = attempt(() => appended(bytes));
      const theirs = attempt(() => written(bytes));
      expect(typeof ours === "string" ? ours : "").not.toContain("BUG");
      // Values that metadata does not show are not read here: those may be damaged.
      if (typeof theirs !== "string") expect(ours).toEqual(theirs);
      if (typeof theirs !== "string") readable++;
    }
    expect(readable).toBeGreaterThan(1000);
  });
});
