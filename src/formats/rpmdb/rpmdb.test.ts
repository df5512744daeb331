import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm, type TestPackage } from "../../../test/support/rpm-builder.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { compareText, run, WeirError } from "../../core/index.ts";
import { RpmHeader, readRpm, tag, writeHeader } from "../rpm/index.ts";
import { type PackageToRecord, readRpmdb, writeRpmdb } from "./index.ts";

const many = Array.from({ length: 700 }, (_, i) => i);

const universe: readonly TestPackage[] = [
  {
    name: "filesystem",
    version: "3",
    release: "1",
    arch: "x86_64",
    files: ["/", "/usr", "/usr/bin", "/etc"].map((path) => ({ path, type: "dir" })),
  },
  {
    name: "big",
    epoch: 1,
    version: "1",
    release: "2",
    arch: "x86_64",
    provides: many.map((i) => `big(${"x".repeat(i % 90)}${i}) = ${i}`),
    requires: many.map((i) => `need-${(i * 7919) % 700}`),
    files: many.map((i) => ({ path: `/usr/share/big/dir${i % 13}/file-${(i * 31) % 700}`, content: `${i}` })),
    changelog: many.map((i) => ({ time: 1_700_000_000 - i, author: `a <a@b> - ${i}`, text: "- change ".repeat(20) })),
  },
  {
    name: "rich",
    version: "1",
    release: "1",
    requires: [
      "(a if b)",
      "(a and b and c)",
      "(a or (b and c) or d)",
      "(a if b else c)",
      "((a if b) and (c unless d))",
      "(x >= 1 if (y < 2 or z))",
      "(a if (b or c) else (d and e))",
      "(lib(x)(64bit) with other)",
      "(a without b)",
    ],
    supplements: ["(langpacks-de if big)"],
    recommends: ["(a if b)", "plain"],
    obsoletes: ["old < 1", "older"],
    conflicts: ["(a and b)", "enemy"],
    suggests: ["s"],
    enhances: ["e > 1"],
  },
  {
    name: "scripted",
    version: "1",
    release: "1",
    header: [
      { tag: tag.requireName, type: "stringArray", value: ["/bin/sh", "/bin/sh", "both", "pretrans", "plain"] },
      { tag: tag.requireFlags, type: "int32", value: [1 << 9, 1 << 12, (1 << 9) | (1 << 11), 1 << 7, 0] },
      { tag: tag.requireVersion, type: "stringArray", value: ["", "", "", "", ""] },
      { tag: tag.triggerName, type: "stringArray", value: ["t", "u", "t"] },
      { tag: tag.triggerVersion, type: "stringArray", value: ["", "", ""] },
      { tag: tag.triggerFlags, type: "int32", value: [1 << 16, 1 << 16, 1 << 17] },
      { tag: tag.triggerIndex, type: "int32", value: [0, 0, 1] },
      { tag: tag.triggerScripts, type: "stringArray", value: ["echo a", "echo b"] },
      { tag: tag.triggerScriptProg, type: "stringArray", value: ["/bin/sh", "/bin/sh"] },
    ],
  },
  { name: "ünïcode", version: "1", release: "1", provides: ["é", "z", "\u{1f600}", "\uffee"] },
  { name: "empty", version: "1", release: "1" },
];

const packages = universe.map((spec) => {
  const bytes = buildRpm(spec);
  const head = readRpm(bytes, spec.name);
  return { name: spec.name, bytes, head };
});

const toRecord = (installTime: number): PackageToRecord[] =>
  packages.map(({ head }) => ({ header: head.header, signature: head.signature, installTime, color: 3 }));

describe("readRpmdb and writeRpmdb", () => {
  const written = writeRpmdb(toRecord(1_700_000_123));

  it("give back what was written", () => {
    const found = readRpmdb(written, "db");
    expect(found.damaged).toEqual([]);
    expect(found.packages.map((item) => item.package.name)).toEqual(universe.map((spec) => spec.name));
    expect(found.packages.map((item) => item.number)).toEqual([1, 2, 3, 4, 5, 6]);
    const big = found.packages[1];
    expect(big?.package.provides).toEqual(packages[1]?.head.package.provides);
    expect([big?.installTime, big?.transaction, big?.fileStates.length]).toEqual([1_700_000_123, 1_700_000_123, 700]);
    expect(found.packages[5]?.fileStates).toHaveLength(0);
  });

  it("write the same bytes twice", () => {
    expect(Buffer.compare(written, writeRpmdb(toRecord(1_700_000_123)))).toBe(0);
  });

  it("write a database without packages", () => {
    expect(readRpmdb(writeRpmdb([]), "db").packages).toEqual([]);
  });

  it("tell a record that cannot be read", () => {
    const blob = Buffer.from("empty\0");
    const copy = Buffer.from(written);
    const at = copy.lastIndexOf(Buffer.concat([blob, Buffer.from("1\0")]));
    copy[at] = 0;
    expect(readRpmdb(copy, "db").damaged).toEqual([{ subject: "record 6", reason: "header has no name" }]);
  });

  const codeOf = (work: () => unknown): string => {
    try {
      work();
      return "no error";
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      return error.code;
    }
  };

  it("refuse what is no such database", () => {
    expect(codeOf(() => readRpmdb(Buffer.from("RpmP".padEnd(100, "\0")), "db"))).toBe("RPMDB_UNSUPPORTED");
    expect(codeOf(() => readRpmdb(Buffer.alloc(0), "db"))).toBe("RPMDB_UNSUPPORTED");
    expect(codeOf(() => readRpmdb(written.subarray(0, 99), "db"))).toBe("RPMDB_DAMAGED");
    const header = new RpmHeader(writeHeader([{ tag: tag.name, type: "string", value: "a" }]), "a");
    expect(codeOf(() => writeRpmdb([{ header, signature: header, installTime: 0 }]))).toBe("RPMDB_NO_REGION");
  });

  it("end on any damage, within bounds", () => {
    const small = writeRpmdb(toRecord(1).slice(5));
    for (let cut = 0; cut < small.length; cut += 97) codeOf(() => readRpmdb(small.subarray(0, cut), "db"));
    let seed = 11;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 3000; round++) {
      const copy = Buffer.from(small);
      // The header, the schema's root and leaves, the table of packages.
      const spot = round % 2 === 0 ? next(8192) : copy.length - 1 - next(16_384);
      copy[spot] = next(256);
      expect(codeOf(() => readRpmdb(copy, "db"))).toMatch(/^RPMDB_|^no error$/);
    }
  });
});

const missing = missingTool("rpm", "python3");

describe.skipIf(missing !== undefined)(`beside rpm and sqlite ${missing ?? ""}`, () => {
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "weir-rpmdb-"));
    for (const { name, bytes } of packages) {
      const path = join(folder, `${name}.rpm`);
      writeFileSync(path, bytes);
      // One by one, so that the numbers in the database follow this order.
      await rpm(
        "theirs",
        "-i",
        "--force-debian",
        "--justdb",
        "--nodeps",
        "--noscripts",
        "--notriggers",
        "--nosignature",
        path,
      );
    }
    const time = readRpmdb(readFileSync(join(folder, "theirs/rpmdb.sqlite")), "theirs").packages;
    const records = toRecord(0).map((item, i) => ({
      ...item,
      installTime: time[i]?.installTime ?? 0,
      transaction: time[i]?.transaction ?? 0,
    }));
    mkdirSync(join(folder, "ours"));
    writeFileSync(join(folder, "ours/rpmdb.sqlite"), writeRpmdb(records));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const rpm = async (database: string, ...args: string[]) =>
    (await run("rpm", ["--dbpath", join(folder, database), ...args], { accept: "any" })).stdout.toString();

  /** Rows of each statement; blobs as hex. */
  async function sqlAll(database: string, statements: readonly string[]): Promise<unknown[][][]> {
    const script =
      "import sqlite3,sys,json;c=sqlite3.connect('file:'+sys.argv[1]+'?mode=ro',uri=True);" +
      "print(json.dumps([[[v.hex() if isinstance(v,bytes) else v for v in r] for r in c.execute(s)] for s in sys.argv[2:]]))";
    const result = await run("python3", ["-c", script, join(folder, database, "rpmdb.sqlite"), ...statements]);
    return JSON.parse(result.stdout.toString()) as unknown[][][];
  }

  const sql = async (database: string, statement: string) => (await sqlAll(database, [statement]))[0];

  it("has the schema and every row that rpm writes, the headers byte for byte", async () => {
    const schema = "select name, sql from sqlite_master where name != 'sqlite_stat1' order by name";
    expect(await sql("ours", schema)).toEqual(await sql("theirs", schema));
    const tables = "select name from sqlite_master where type='table' and name != 'sqlite_stat1' order by name";
    const names = ((await sql("theirs", tables)) ?? []).map(([name]) => String(name));
    expect(names).toHaveLength(20);
    const statements = names.map((name) => `select rowid, * from '${name}'`);
    const [ours, theirs] = [await sqlAll("ours", statements), await sqlAll("theirs", statements)];
    for (const [i, name] of names.entries()) expect([name, ours[i]]).toEqual([name, theirs[i]]);
  });

  it("passes SQLite's own check, and its indexes find every row", async () => {
    expect(await sql("ours", "pragma integrity_check")).toEqual([["ok"]]);
    expect(await sql("ours", "pragma foreign_key_check")).toEqual([]);
    const indexed = "select count(*) from Providename where key = 'big(' || substr('xxxxxxxxxxxxx', 1, 13) || '13)'";
    expect(await sql("ours", indexed)).toEqual([[1]]);
  });

  it.each([
    ["-qa"],
    ["-q", "--requires", "rich"],
    ["-ql", "big"],
    ["-qi", "filesystem"],
    ["-q", "--whatprovides", "big(13)"],
    ["-q", "--whatrequires", "need-7"],
    ["-qf", "/usr/share/big/dir0/file-0"],
    ["-qf", "/"],
    ["-V", "--nofiles", "--nodeps", "big"],
    ["-q", "--triggers", "scripted"],
  ])("answers rpm %s as rpm's own does", async (...args) => {
    const sorted = (text: string) => text.split("\n").toSorted(compareText);
    const answer = await rpm("ours", ...args);
    expect(sorted(answer)).toEqual(sorted(await rpm("theirs", ...args)));
    if (args[0] !== "-V") expect(answer).not.toBe("");
  });

  it("can be changed by rpm afterwards", async () => {
    cpSync(join(folder, "ours"), join(folder, "changed"), { recursive: true });
    await rpm("changed", "-e", "--justdb", "--nodeps", "--noscripts", "--notriggers", "big");
    await rpm(
      "changed",
      "-i",
      "--force-debian",
      "--justdb",
      "--nodeps",
      "--noscripts",
      "--replacepkgs",
      join(folder, "big.rpm"),
    );
    const left = await rpm("changed", "-qa");
    expect(left.trim().split("\n")).toHaveLength(universe.length);
    expect(await sql("changed", "pragma integrity_check")).toEqual([["ok"]]);
  });

  it("reads rpm's database, and changes that are only in its write-ahead log", async () => {
    cpSync(join(folder, "theirs"), join(folder, "logged"), { recursive: true });
    const script =
      "import sqlite3,sys,shutil;p=sys.argv[1];c=sqlite3.connect(p);c.execute('pragma journal_mode=wal');" +
      "c.execute('pragma wal_autocheckpoint=0');c.execute('delete from Packages where hnum=2');c.commit();" +
      "shutil.copy(p,p+'.copy');shutil.copy(p+'-wal',p+'.copy-wal')";
    const path = join(folder, "logged/rpmdb.sqlite");
    await run("python3", ["-c", script, path]);
    const bytes = readFileSync(`${path}.copy`);
    const wal = readFileSync(`${path}.copy-wal`);
    expect(readRpmdb(bytes, "db").packages).toHaveLength(6);
    expect(readRpmdb(bytes, "db", wal).packages.map((item) => item.number)).toEqual([1, 3, 4, 5, 6]);
    const torn = Buffer.from(wal);
    torn[60] = (torn[60] ?? 0) ^ 1;
    expect(readRpmdb(bytes, "db", torn).packages).toHaveLength(6);
  });
});
