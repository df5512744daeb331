import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../test/support/random.ts";
import { WeirError } from "../../core/index.ts";
import { describeAll } from "./columns.test-data.ts";
import {
  addPackage,
  comparisonOp,
  FilelistScan,
  PackageColumns,
  parseFilelists,
  parsePrimary,
  PrimaryScan,
  relationOp,
  writeFilelists,
  writePrimary,
} from "./index.ts";
import { examplePackage } from "./support.test-data.ts";

const packages = [examplePackage("one"), examplePackage("two"), { ...examplePackage("three"), epoch: 0, arch: "src" }];
const primary = Buffer.from(writePrimary(packages));
const filelists = Buffer.from(writeFilelists(packages.map((pkg, index) => ({ ...pkg, pkgid: `${index}a`.repeat(8) }))));

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof WeirError ? `${error.code} ${error.message}` : `BUG ${String(error)}`;
  }
}

const byObjects = (bytes: Buffer) =>
  attempt(() => {
    const columns = new PackageColumns();
    for (const pkg of parsePrimary(bytes, "p.xml")) addPackage(columns, 0, pkg);
    return describeAll(columns);
  });

function byPieces(bytes: Buffer, sizes: () => number): unknown {
  return attempt(() => {
    const columns = new PackageColumns();
    const scan = new PrimaryScan(columns, 0, "p.xml");
    for (let at = 0; at < bytes.length; ) {
      const end = at + sizes();
      scan.push(bytes.subarray(at, end));
      at = end;
    }
    scan.finish();
    return describeAll(columns);
  });
}

/** The objects do not hold the kind of a package's checksum. Of damaged documents either may see one of several errors first. */
const alike = (result: unknown) =>
  Array.isArray(result)
    ? result.map((pkg: { checksum: string }) => ({ ...pkg, checksum: pkg.checksum.replace(/^[^:]*/, "") }))
    : String(result).replace(/^(RPMMD)_(TRUNCATED|MALFORMED) [^]*/, "$1");

/** Errors are equal when their codes are: where two things are wrong, either may be named. */
const kindOf = (result: unknown) => (typeof result === "string" ? result.split(" ")[0] : result);

describe("primary.xml into columns", () => {
  it.each([1, 7, 64, 500, 1 << 20])("is what the objects are, in pieces of %i bytes", (size) => {
    expect(byPieces(primary, () => size)).toEqual(byObjects(primary));
  });

  it("reads everything by the fast way that Weir writes itself", () => {
    class Strict extends PrimaryScan {
      strictly = 0;
      protected override strict(document: Buffer, base: number): void {
        this.strictly++;
        super.strict(document, base);
      }
    }
    const scan = new Strict(new PackageColumns(), 0, "p.xml");
    scan.push(primary);
    scan.finish();
    expect(scan.strictly).toBe(0);
  });

  const text = primary.toString();
  it.each([
    ["another order of attributes", text.replaceAll(/ flags="EQ" epoch="1"/g, ' epoch="1" flags="EQ"')],
    ["the name last", text.replace(/<rpm:entry name="other"( [^/]*)\/>/g, '<rpm:entry$1 name="other"/>')],
    ["single quotes", text.replaceAll('"', "'")],
    ["another prefix", text.replaceAll("rpm:", "r:")],
    ["no prefix", text.replaceAll("rpm:", "")],
    ["blanks everywhere", text.replaceAll("/>", " />").replaceAll("</name>", "</name >")],
    ["comments", text.replaceAll("<rpm:entry", "<!-- </package> --><rpm:entry")],
    ["comments between packages", text.replaceAll("<package", "<!-- <package> --><package")],
    ["text in CDATA", text.replaceAll(/<name>(\w+)<\/name>/g, "<name><![CDATA[$1]]></name>")],
    ["the end in CDATA", text.replace("<description>", "<description><![CDATA[</package>]]>")],
    ["characters by number", text.replaceAll('name="other"', 'name="&#111;ther"')],
    ["a rich dependency with its marks", text.replaceAll("(a &gt;= 1 if", "(a &#62;= 1 if")],
    [
      "two lists of a kind",
      text.replaceAll("</rpm:provides>", '</rpm:provides><rpm:provides><rpm:entry name="p"/></rpm:provides>'),
    ],
    ["an empty list", text.replaceAll("</rpm:provides>", "</rpm:provides><rpm:provides/>")],
    ["files apart", text.replaceAll("<rpm:provides>", "<file>/etc/first</file><rpm:provides>")],
    ["upper-case checksums", text.replaceAll("abababab", "ABABABAB")],
    ["an address of its own", text.replaceAll("<location ", '<location xml:base="http://x/y" ')],
    ["something unknown", text.replaceAll("<format>", '<weak a="1"><b/></weak><format>')],
    ["a package of another kind", text.replaceAll('type="rpm"', 'type="deb"')],
    ["another element beside packages", text.replaceAll("<package", "<hello><world>x</world></hello><package")],
    ["text between packages", text.replaceAll("<package", "text<package")],
    ["a mark at the start", `\ufeff${text}`],
    ["lines as other systems end them", text.replaceAll("\n", "\r\n")],
    ["a name of two lines", text.replaceAll("<name>one", "<name>o\r\nne")],
    ["a document of nothing", '<?xml version="1.0"?><metadata/>\n<!-- end -->'],
    ["a prefix before the document", text.replace("<metadata", "<m:metadata").replace("</metadata", "</m:metadata")],
  ])("%s", (_, changed) => {
    const bytes = Buffer.from(changed);
    expect(bytes.equals(primary)).toBe(false);
    expect(byObjects(bytes)).toBeInstanceOf(Array);
    expect(byPieces(bytes, () => bytes.length)).toEqual(byObjects(bytes));
    expect(byPieces(bytes, () => 97)).toEqual(byObjects(bytes));
  });

  it.each([
    ["crossed tags", text.replace("</rpm:provides>", "</format>")],
    ["a broken end", text.replace("</metadata>", "</metadate>")],
    ["a second document", `${text}<metadata/>`],
    ["text behind the document", `${text} x`],
    ["an unknown reference in what is skipped", text.replace("Two\nlines", "Two &nbsp; lines")],
    ["a bare & in a name", text.replace('name="other"', 'name="o&ther"')],
    ["an attribute twice", text.replace(' flags="EQ"', ' flags="EQ" flags="EQ"')],
    ["an unknown comparison", text.replace('flags="EQ"', 'flags="toString"')],
    ["an entry without a name", text.replace('<rpm:entry name="other"', "<rpm:entry")],
    ["a size that is no number", text.replace('package="10"', 'package="1e3"')],
    ["a package without a location", text.replace(/<location[^>]*>/, "")],
    ["a document type", text.replace("<metadata", '<!DOCTYPE m [<!ENTITY a "b">]><metadata')],
    ["a quote left open", text.replace('name="other"', 'name="other')],
  ])("refuses %s as the strict scanner does", (_, changed) => {
    const bytes = Buffer.from(changed);
    const expected = byObjects(bytes);
    expect(expected).toMatch(/^RPMMD_/);
    expect(kindOf(byPieces(bytes, () => bytes.length))).toBe(kindOf(expected));
    expect(kindOf(byPieces(bytes, () => 61))).toBe(kindOf(expected));
  });

  it("names the byte of the document", () => {
    const bytes = Buffer.from(text.replace(/flags="EQ"(?=[^]*flags="EQ")/g, 'flags="XX"'));
    const offset = (result: unknown) => /at byte (\d+)/.exec(String(result))?.[1];
    expect(offset(byPieces(bytes, () => 512))).toBe(offset(byObjects(bytes)));
  });

  it("is read whole and never in part", () => {
    for (let end = 0; end < primary.length - 1; end++) {
      const cut = primary.subarray(0, end);
      expect(kindOf(byPieces(cut, () => 700))).toBe("RPMMD_TRUNCATED");
    }
  }, 60_000);

  it("survives mutations with the strict scanner's answer", () => {
    const random = seededRandom(7);
    const pieces = [
      "<",
      ">",
      "/",
      "&",
      '"',
      "&lt;",
      "&#0;",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "=",
      " ",
      "\0",
      "\r",
      "</package>",
    ];
    for (let round = 0; round < 4000; round++) {
      let mutated = Buffer.from(primary);
      for (let change = random(3); change >= 0; change--) {
        const at = random(mutated.length);
        const kind = random(4);
        if (kind === 0) mutated[at] = 32 + random(96);
        else {
          const piece = kind === 1 ? "" : (pieces[random(pieces.length)] ?? "");
          const end = kind === 2 ? at : Math.min(mutated.length, at + random(kind === 1 ? 40 : 8));
          mutated = Buffer.concat([mutated.subarray(0, at), Buffer.from(piece), mutated.subarray(end)]);
        }
      }
      const size = 1 + random(3000);
      expect([round, alike(byPieces(mutated, () => size))]).toEqual([round, alike(byObjects(mutated))]);
    }
  }, 120_000);

  it("stays quick with one endless package in small pieces", () => {
    const scan = new PrimaryScan(new PackageColumns(), 0, "p.xml");
    scan.push(Buffer.from('<metadata><package type="rpm"><description>'));
    const piece = Buffer.alloc(64 << 10, "x");
    const start = process.cpuUsage();
    for (let count = 0; count < 500; count++) scan.push(piece);
    expect(() => scan.finish()).toThrow(/ends at byte/);
    expect(process.cpuUsage(start).user).toBeLessThan(10_000_000);
  }, 60_000);

  it("refuses an element that has no end in sight", () => {
    const scan = new PrimaryScan(new PackageColumns(), 0, "p.xml");
    scan.push(Buffer.from("<metadata><package>"));
    const piece = Buffer.alloc(16 << 20, "x");
    expect(() => {
      for (let count = 0; count < 6; count++) scan.push(piece);
    }).toThrow(/an element of more than/);
  });
});

const alikeLists = (result: unknown) => (Array.isArray(result) ? result : alike(result));

describe("filelists.xml for some paths", () => {
  const wanted = ["/usr/bin/example", "/etc/made.conf", "/nowhere"];
  const byParser = (bytes: Buffer) =>
    attempt(() => {
      const found: [string, string[]][] = [];
      for (const [pkgid, files] of parseFilelists(bytes, "f.xml")) {
        const paths = files.map(({ path }) => path).filter((path) => wanted.includes(path));
        if (paths.length > 0) found.push([pkgid, paths]);
      }
      return found;
    });
  const byScan = (bytes: Buffer, size: number) =>
    attempt(() => {
      const scan = new FilelistScan(wanted, "f.xml");
      for (let at = 0; at < bytes.length; at += size) scan.push(bytes.subarray(at, at + size));
      scan.finish();
      return [...scan.found];
    });

  it("finds the packages that hold them", () => {
    expect(byParser(filelists)).toHaveLength(3);
    for (const size of [1, 33, 1000, 1 << 20]) expect(byScan(filelists, size)).toEqual(byParser(filelists));
  });

  it("survives mutations with the strict scanner's answer", () => {
    const random = seededRandom(11);
    const pieces = ["<", ">", "&", '"', "&#47;", "<!-- -->", "<![CDATA[", "]]>", "</package>", "</file>"];
    for (let round = 0; round < 2000; round++) {
      const at = random(filelists.length);
      const piece = pieces[random(pieces.length)] ?? "";
      const rest = filelists.subarray(Math.min(filelists.length, at + random(20)));
      const mutated = Buffer.concat([filelists.subarray(0, at), Buffer.from(piece), rest]);
      expect([round, alikeLists(byScan(mutated, 1 + random(900)))]).toEqual([round, alikeLists(byParser(mutated))]);
    }
  }, 60_000);
});

describe("PackageColumns", () => {
  it("finds relations again, however many there are, and after their table is gone", () => {
    const columns = new PackageColumns();
    const ids = Array.from({ length: 5000 }, (_, index) => columns.relation(index % 70, 1 + (index % 7), index));
    expect(new Set(ids).size).toBe(5000);
    columns.relationTable = new Int32Array(0);
    for (let index = 0; index < 5000; index++) {
      expect(columns.relation(index % 70, 1 + (index % 7), index)).toBe(ids[index]);
      expect(columns.findRelation(index % 70, 1 + (index % 7), index)).toBe(ids[index]);
    }
    expect(columns.findRelation(1, 2, 999_999)).toBe(0);
  });

  it("writes rich dependencies as they were", () => {
    const columns = new PackageColumns();
    for (const text of [
      "(a or b or c)",
      "(a >= 1 if (b and c))",
      "(a if b else c)",
      "(a unless b)",
      "((a with b = 1) or (c without d))",
    ]) {
      const id = columns.richDependency(columns.strings.internText(text));
      expect(id).toBeLessThan(0);
      expect(columns.dependencyText(id)).toBe(text);
    }
    const broken = columns.strings.internText("(a or");
    expect(columns.richDependency(broken)).toBe(broken);
  });

  it("knows comparisons", () => {
    expect(["<", "<=", "=", ">=", ">"].map(comparisonOp)).toEqual([4, 6, 2, 3, 1]);
    expect(() => comparisonOp("~")).toThrow(expect.objectContaining({ code: "RPMMD_COMPARISON_UNKNOWN" }));
    expect(relationOp.greater | relationOp.equal).toBe(comparisonOp(">="));
  });
});
