import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run, WeirError } from "../../core/index.ts";
import { makeElf } from "../../../test/support/elf.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { isElf, readElf, readElfFile } from "./index.ts";

const library = {
  soname: "libmill.so.1",
  needed: ["libc.so.6", "libm.so.6"],
  runpath: "/opt/mill/lib:$ORIGIN",
  exports: [
    { name: "mill_open@@MILL_1.1" },
    { name: "mill_open@MILL_1.0" },
    { name: "mill_table@@MILL_1.0", type: "object", size: 32 },
    { name: "mill_weak", weak: true },
  ],
  imports: [
    { name: "malloc", version: "GLIBC_2.2.5", library: "libc.so.6" },
    { name: "environ", version: "GLIBC_2.2.5", library: "libc.so.6", copy: 8 },
    { name: "__gmon_start__", weak: true },
  ],
} as const;

describe("readElf", () => {
  for (const elfClass of [32, 64] as const) {
    for (const endian of ["little", "big"] as const) {
      it(`reads ${elfClass} bit, ${endian} endian`, () => {
        const elf = readElf(makeElf({ ...library, class: elfClass, endian, interpreter: "/lib/ld.so" }), "x");
        expect(elf).toMatchObject({
          class: elfClass,
          endian,
          type: "dyn",
          dynamic: true,
          hasGnuHash: false,
          interpreter: "/lib/ld.so",
        });
        expect(elf.soname).toBe("libmill.so.1");
        expect(elf.needed).toEqual(["libc.so.6", "libm.so.6"]);
        expect(elf.runpath).toEqual(["/opt/mill/lib", "$ORIGIN"]);
        expect(elf.versionDefinitions.map(({ name, base }) => [name, base])).toEqual([
          ["libmill.so.1", true],
          ["MILL_1.0", false],
          ["MILL_1.1", false],
        ]);
        expect(elf.versionNeeds).toEqual([{ library: "libc.so.6", versions: [{ name: "GLIBC_2.2.5", weak: false }] }]);
        expect(elf.exports).toEqual([
          { name: "mill_open", version: "MILL_1.1", isDefault: true, binding: "global", type: "func", size: 8 },
          { name: "mill_open", version: "MILL_1.0", isDefault: false, binding: "global", type: "func", size: 8 },
          { name: "mill_table", version: "MILL_1.0", isDefault: true, binding: "global", type: "object", size: 32 },
          { name: "mill_weak", version: undefined, isDefault: true, binding: "weak", type: "func", size: 8 },
        ]);
        expect(elf.imports).toEqual([
          { name: "malloc", version: "GLIBC_2.2.5", library: "libc.so.6", weak: false, type: "func", copySize: 0 },
          { name: "environ", version: "GLIBC_2.2.5", library: "libc.so.6", weak: false, type: "object", copySize: 8 },
          { name: "__gmon_start__", version: undefined, library: undefined, weak: true, type: "func", copySize: 0 },
        ]);
      });
    }
  }

  it("knows copies without versions by their relocations", () => {
    for (const elfClass of [32, 64] as const) {
      for (const endian of ["little", "big"] as const) {
        const plan = {
          class: elfClass,
          endian,
          needed: ["libx.so"],
          imports: [{ name: "table", copy: 24 }],
          exports: [{ name: "own", type: "object" }],
        } as const;
        const elf = readElf(makeElf({ ...plan, interpreter: "/lib/ld.so" }), "x");
        expect(elf.imports).toMatchObject([{ name: "table", version: undefined, library: undefined, copySize: 24 }]);
        expect(elf.exports.map((symbol) => symbol.name)).toEqual(["own"]);
      }
    }
  });

  it("refuses what is no ELF file, what is cut, what is impossible, what is too large", () => {
    expect(isElf(Buffer.from("#!/bin/sh"))).toBe(false);
    const bytes = makeElf(library);
    const codeOf = (damaged: Uint8Array) => {
      try {
        readElf(damaged, "x");
      } catch (error) {
        return error instanceof WeirError && error.hints.length > 0 ? error.code : error;
      }
      return undefined;
    };
    expect(codeOf(Buffer.from("#!/bin/sh"))).toBe("ELF_NOT_ELF");
    expect(codeOf(bytes.subarray(0, 60))).toBe("ELF_TRUNCATED");
    const wrongClass = Uint8Array.from(bytes);
    wrongClass[4] = 7;
    expect(codeOf(wrongClass)).toBe("ELF_MALFORMED");
    const names = Array.from({ length: 2000 }, (_, at) => ({ name: "n".repeat(60_000) + String(at).padStart(5, "0") }));
    expect(codeOf(makeElf({ exports: names.slice(0, 1) }))).toBeUndefined();
  });

  it("bounds names that share one tail", () => {
    const bytes = Buffer.from(makeElf({ exports: Array.from({ length: 3000 }, (_, at) => ({ name: `s${at}` })) }));
    const long = Buffer.concat([bytes, Buffer.alloc(60_000, 0x61), Buffer.from([0])]);
    const elf = readElf(bytes, "x");
    expect(elf.exports).toHaveLength(3000);
    // The string table is stretched over the tail, the symbols point into it at ever other places.
    const view = new DataView(long.buffer, long.byteOffset, long.length);
    view.setBigUint64(64 + 32, BigInt(long.length), true);
    view.setBigUint64(64 + 40, BigInt(long.length), true);
    const dynamicAt = Number(view.getBigUint64(64 + 56 + 8, true));
    let strings = 0;
    let symbols = 0;
    for (let at = dynamicAt; at < bytes.length; at += 16) {
      const tag = Number(view.getBigUint64(at, true));
      if (tag === 5) strings = Number(view.getBigUint64(at + 8, true)) - 0x10000;
      if (tag === 6) symbols = Number(view.getBigUint64(at + 8, true)) - 0x10000;
      if (tag === 10) view.setBigUint64(at + 8, BigInt(long.length - strings), true);
    }
    for (let number = 1; number <= 3000; number++)
      view.setUint32(symbols + number * 24, bytes.length - strings + number, true);
    expect(() => readElf(long, "x")).toThrow(expect.objectContaining({ code: "ELF_TOO_LARGE" }));
  });

  it("names an unreadable file", async () => {
    await expect(readElfFile("/nonexistent/lib.so", "lib.so")).rejects.toMatchObject({
      code: "ELF_UNREADABLE",
      where: "lib.so",
    });
    const folder = await mkdtemp(join(tmpdir(), "weir-elf-"));
    try {
      const path = join(folder, "huge");
      await writeFile(path, "");
      await truncate(path, 2 ** 31);
      await expect(readElfFile(path, "huge")).rejects.toMatchObject({ code: "ELF_TOO_LARGE" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("hostile input", () => {
  const sample = makeElf({ ...library, interpreter: "/lib/ld.so" });
  /** The codes that reading ends with; anything but a WeirError fails the test. */
  const codeOf = (bytes: Uint8Array): string => {
    try {
      readElf(bytes, "x");
    } catch (error) {
      if (error instanceof WeirError) return error.code;
      throw error;
    }
    return "";
  };
  const known = new Set(["", "ELF_NOT_ELF", "ELF_TRUNCATED", "ELF_MALFORMED", "ELF_TOO_LARGE"]);
  it("survives a cut at every byte", () => {
    for (let length = 0; length < sample.length; length++) expect(known).toContain(codeOf(sample.subarray(0, length)));
  });
  it("survives mutations", () => {
    let state = 12345;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const other = makeElf({ ...library, class: 32, endian: "big" });
    for (let round = 0; round < 6000; round++) {
      const bytes = Uint8Array.from(round % 2 === 0 ? sample : other);
      for (let change = random(4); change >= 0; change--)
        bytes[random(bytes.length)] = [0, 0xff, 0x7f, random(256)][random(4)] as number;
      expect(known).toContain(codeOf(bytes));
    }
  });
});

const lib = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/aarch64-linux-gnu"].find((folder) =>
  existsSync(join(folder, "libc.so.6")),
);
const missing = missingTool("readelf") ?? (lib === undefined ? "no C library in a usual place" : undefined);

const compiler = missingTool("gcc", "objcopy");

describe.skipIf(compiler !== undefined)(`of gcc${compiler ? ` (skipped: ${compiler})` : ""}`, () => {
  it("sees a copied table, a version script and a weak function", async () => {
    const folder = await mkdtemp(join(tmpdir(), "weir-elf-"));
    try {
      await writeFile(
        join(folder, "l.c"),
        "int table[4] = {1}; int one(void) { return table[0]; } __attribute__((weak)) int two(void) { return 2; }",
      );
      await writeFile(join(folder, "l.map"), "L_1 { global: one; two; }; L_2 { global: table; } L_1;");
      await writeFile(
        join(folder, "p.c"),
        "extern int table[4]; int one(void); int main(void) { return table[1] + one(); }",
      );
      await run(
        "gcc",
        ["-shared", "-fPIC", "-Wl,-soname,libl.so.1", "-Wl,--version-script=l.map", "-o", "libl.so", "l.c"],
        { cwd: folder },
      );
      await run("gcc", ["-shared", "-fPIC", "-Wl,-soname,libu.so.1", "-o", "libu.so", "l.c"], { cwd: folder });
      await run("gcc", ["-fno-pic", "-no-pie", "-o", "versioned", "p.c", "libl.so"], { cwd: folder });
      await run("gcc", ["-fno-pic", "-no-pie", "-o", "plain", "p.c", "libu.so"], { cwd: folder });
      const lib = await readElfFile(join(folder, "libl.so"), "libl.so");
      expect(lib.versionDefinitions.map(({ name, parents }) => [name, parents])).toEqual([
        ["libl.so.1", []],
        ["L_1", []],
        ["L_2", ["L_1"]],
      ]);
      expect(
        lib.exports
          .filter((symbol) => symbol.version?.startsWith("L_"))
          .map(({ name, version, type, binding, size }) => [name, version, type, binding, type === "object" ? size : 0])
          .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
      ).toEqual([
        ["one", "L_1", "func", "global", 0],
        ["table", "L_2", "object", "global", 16],
        ["two", "L_1", "func", "weak", 0],
      ]);
      await run("gcc", ["-g", "-c", "-fPIC", "-o", "l.o", "l.c"], { cwd: folder });
      await run("gcc", ["-g", "-shared", "-Wl,-soname,libd.so.1", "-o", "libd.so", "l.o"], { cwd: folder });
      await run("objcopy", ["--only-keep-debug", "libd.so", "libd.debug"], { cwd: folder });
      expect(await readElfFile(join(folder, "l.o"), "l.o")).toMatchObject({ type: "rel", dynamic: false, exports: [] });
      expect(await readElfFile(join(folder, "libd.debug"), "libd.debug")).toMatchObject({
        dynamic: false,
        exports: [],
        needed: [],
      });
      const tableOf = async (name: string) =>
        (await readElfFile(join(folder, name), name)).imports.find((symbol) => symbol.name === "table");
      expect(await tableOf("versioned")).toMatchObject({ version: "L_2", library: "libl.so.1", copySize: 16 });
      expect(await tableOf("plain")).toMatchObject({ version: undefined, copySize: 16 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe.skipIf(missing !== undefined)(`against readelf${missing ? ` (skipped: ${missing})` : ""}`, () => {
  const candidates = ["libc.so.6", "libcrypto.so.3", "libstdc++.so.6", "libz.so.1"].map((name) =>
    join(lib ?? "", name),
  );
  for (const path of [...candidates, "/bin/bash"].filter((candidate) => existsSync(candidate))) {
    it(`agrees about ${path}`, async () => {
      const elf = readElf(readFileSync(path), path);
      const text = (await run("readelf", ["-W", "-d", "--dyn-syms", path])).stdout.toString();
      // Section headers only help: everything is found through the program headers alone.
      const bare = readFileSync(path);
      if (elf.class === 64) bare.fill(0, 40, 48).fill(0, 60, 62);
      expect(readElf(bare, path)).toEqual(elf);
      expect(elf.needed).toEqual([...text.matchAll(/\(NEEDED\)\s+Shared library: \[(.*)\]/g)].map((match) => match[1]));
      expect(elf.soname).toBe(/\(SONAME\)\s+Library soname: \[(.*)\]/.exec(text)?.[1]);
      const expected = new Set<string>();
      for (const line of text.split("\n")) {
        const match =
          /^\s*\d+: [0-9a-f]+\s+(0x[0-9a-f]+|\d+) (\S+)\s+(\S+)\s+(\S+)\s+(?:\[[^\]]*\]\s+)?(\S+) (\S+)(?: \(\d+\))?$/.exec(
            line,
          );
        if (!match) continue;
        const [, size, , binding, visibility, home, name] = match;
        if (binding === "LOCAL" || visibility === "HIDDEN" || home === "UND") continue;
        if (name?.includes("@") === true && line.endsWith(")")) continue;
        expected.add(`${name} ${Number(size)}`);
      }
      const found = new Set(
        elf.exports.map(
          ({ name, version, isDefault, size }) =>
            `${name}${version === undefined ? "" : `${isDefault ? "@@" : "@"}${version}`} ${size}`,
        ),
      );
      const nodes = new Set(elf.versionDefinitions.map(({ name }) => name));
      const strip = (set: Set<string>) => [...set].filter((line) => !nodes.has(line.split(/[@ ]/)[0] ?? "")).sort();
      expect(strip(found)).toEqual(strip(expected));
      expect(found.size).toBeGreaterThan(50);
    });
  }
});
