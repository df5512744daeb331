import type { PackageMetadata } from "./types.ts";

/** A package with something in every field, markup characters included. */
export function examplePackage(name = "example"): PackageMetadata {
  return {
    name,
    epoch: 1,
    version: "2.0~rc1",
    release: "3.azl4",
    arch: "x86_64",
    summary: 'Quotes " and <tags> & more',
    description: "Two\nlines, ünïcode, 🐟",
    license: "MIT",
    url: "https://example.org/?a=1&b=2",
    vendor: "Example",
    packager: "Somebody <some@example.org>",
    group: "Unspecified",
    buildHost: "builder",
    sourceRpm: `${name}-2.0~rc1-3.azl4.src.rpm`,
    pkgid: "ab".repeat(32),
    location: `Packages/${name}-2.0~rc1-3.azl4.x86_64.rpm`,
    size: { package: 10, installed: 20, archive: 30 },
    time: { file: 1700000001, build: 1700000000 },
    headerRange: { start: 400, end: 900 },
    provides: [
      { name, op: "=", evr: "1:2.0~rc1-3.azl4", flags: 8 },
      { name: "libexample.so.1()(64bit)", flags: 0 },
    ],
    requires: [
      { name: "/bin/sh", flags: 64 },
      { name: "(a >= 1 if (b or c))", flags: 0 },
      { name: "libc.so.6(GLIBC_2.34)(64bit)", flags: 0 },
    ],
    conflicts: [{ name: "other", op: "<", evr: "3", flags: 2 }],
    obsoletes: [{ name: "old", op: "<=", evr: "0.9-1", flags: 10 }],
    recommends: [{ name: "nice", flags: 0 }],
    suggests: [{ name: "maybe", op: ">", evr: "1", flags: 4 }],
    supplements: [{ name: "(x and y)", flags: 0 }],
    enhances: [{ name: "z", op: ">=", evr: "1", flags: 12 }],
    files: [
      { path: "/etc/example.conf", type: "file" },
      { path: "/usr/bin/example", type: "file" },
      { path: "/etc/example.d", type: "dir" },
      { path: "/etc/made.conf", type: "ghost" },
    ],
    changelog: [{ time: 1600000000, author: "A B <a@b> - 1-1", text: "- first & <last>" }],
  };
}
