import { describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import {
  makeRepodata,
  parseFilelists,
  parseOther,
  parsePrimary,
  parseRepomd,
  writeFilelists,
  writeOther,
  writePrimary,
} from "./index.ts";
import { examplePackage } from "./support.test-data.ts";

const packages = [examplePackage("one"), examplePackage("two")];
const parsers: Readonly<Record<string, readonly [Buffer, (bytes: Buffer) => unknown]>> = {
  primary: [Buffer.from(writePrimary(packages)), (bytes) => parsePrimary(bytes, "p.xml")],
  filelists: [Buffer.from(writeFilelists(packages)), (bytes) => parseFilelists(bytes, "f.xml")],
  other: [Buffer.from(writeOther(packages)), (bytes) => parseOther(bytes, "o.xml")],
  repomd: [
    Buffer.from((await makeRepodata(packages, { revision: 1 })).find((file) => file.type === "repomd")?.content ?? []),
    (bytes) => parseRepomd(bytes, "repomd.xml"),
  ],
};

function outcome(parse: (bytes: Buffer) => unknown, bytes: Buffer): string {
  try {
    parse(bytes);
    return "read";
  } catch (error) {
    return error instanceof WeirError ? error.code : `BUG ${String(error)}`;
  }
}

/** Small, fast, seeded: the same bytes every time (xorshift32). */
function randoms(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

describe.each(Object.entries(parsers))("%s", (name, [sample, parse]) => {
  it("is read whole, and never in part", () => {
    expect(outcome(parse, sample)).toBe("read");
    const allowed = name === "repomd" ? ["RPMMD_REPOMD_MALFORMED"] : ["RPMMD_TRUNCATED", "RPMMD_MALFORMED"];
    for (let end = 0; end < sample.length - 1; end++)
      expect(allowed).toContain(outcome(parse, sample.subarray(0, end)));
  });

  it("survives mutations", () => {
    const random = randoms(42);
    const bugs: string[] = [];
    const pieces = [
      "<",
      ">",
      "/",
      "&",
      '"',
      "'",
      "&#0;",
      "&#x110000;",
      "&lol;",
      "<!--",
      "]]>",
      "<![CDATA[",
      "<?",
      "=",
      " ",
      "\0",
      "\xff",
      "<a",
      "</a>",
      ":",
    ];
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(sample);
      let mutated: Buffer = bytes;
      for (let change = random() % 4; change >= 0; change--) {
        const at = random() % mutated.length;
        const kind = random() % 4;
        if (kind === 0) mutated[at] = random() & 255;
        else if (kind === 1)
          mutated = Buffer.concat([
            mutated.subarray(0, at),
            mutated.subarray(Math.min(mutated.length, at + (random() % 40))),
          ]);
        else if (kind === 2) {
          const piece = Buffer.from(pieces[random() % pieces.length] ?? "", "latin1");
          mutated = Buffer.concat([mutated.subarray(0, at), piece, mutated.subarray(at)]);
        } else {
          const end = Math.min(mutated.length, at + (random() % 200));
          mutated = Buffer.concat([mutated.subarray(0, end), mutated.subarray(at)]);
        }
        if (mutated.length === 0) mutated = Buffer.from("<");
      }
      const result = outcome(parse, mutated);
      if (result !== "read" && !result.startsWith("RPMMD_")) bugs.push(`${round}: ${result}`);
    }
    expect(bugs).toEqual([]);
  });
});

describe("what the scanner refuses", () => {
  const wrap = (inner: string) => Buffer.from(`<metadata>${inner}</metadata>`);
  const sound = writePrimary([examplePackage()]);
  it.each([
    ["another document", Buffer.from("<filelists/>"), "RPMMD_MALFORMED"],
    ["nothing", Buffer.alloc(0), "RPMMD_TRUNCATED"],
    ["text around the document", Buffer.from("x<metadata/>"), "RPMMD_MALFORMED"],
    ["a second document", Buffer.from("<metadata/><metadata/>"), "RPMMD_MALFORMED"],
    ["crossed tags", wrap("<package><name></package></name>"), "RPMMD_MALFORMED"],
    ["a document type", Buffer.from('<!DOCTYPE m [<!ENTITY a "b">]><metadata/>'), "RPMMD_MALFORMED"],
    ["an attribute twice", wrap('<package type="a" type="b"/>'), "RPMMD_MALFORMED"],
    ["an attribute without quotes", wrap("<package type=a/>"), "RPMMD_MALFORMED"],
    ["a < in an attribute", wrap('<package type="<"/>'), "RPMMD_MALFORMED"],
    ["no blank between attributes", wrap('<package a="1"b="2"/>'), "RPMMD_MALFORMED"],
    [
      "many attributes",
      wrap(`<package ${Array.from({ length: 40 }, (_, index) => `a${index}="1"`).join(" ")}/>`),
      "RPMMD_MALFORMED",
    ],
    ["endless nesting", Buffer.from("<metadata>".repeat(5000)), "RPMMD_MALFORMED"],
    ["a package without a name", Buffer.from(sound.replace("<name>example</name>", "")), "RPMMD_MALFORMED"],
    ["a size that is no number", Buffer.from(sound.replace('package="10"', 'package="-10"')), "RPMMD_MALFORMED"],
    ["an unknown comparison", Buffer.from(sound.replace('flags="EQ"', 'flags="toString"')), "RPMMD_MALFORMED"],
    ["an unknown entity", Buffer.from(sound.replace("&amp;", "&nbsp;")), "RPMMD_MALFORMED"],
    ["a bare ampersand", Buffer.from(sound.replace("&amp;", "&")), "RPMMD_MALFORMED"],
  ])("%s", (_, bytes, code) => {
    expect(outcome((data) => parsePrimary(data, "p.xml"), bytes)).toBe(code);
  });

  it("names the byte where it stopped", () => {
    expect(() => parsePrimary(Buffer.from(sound.slice(0, 300)), "p.xml")).toThrow(/ends at byte 300 inside <checksum>/);
  });

  it("reads comments, character data, both quotes and any prefix", () => {
    const odd = sound
      .replace("<name>example</name>", "<name>ex<!-- > --><![CDATA[am]]>ple</name >")
      .replace('epoch="1" ver="2.0~rc1"', "epoch = '1'\n ver='2.0~rc1'")
      .replaceAll("rpm:", "other:")
      .replace("Two\nlines", "Two\r\nlines&#x21;");
    const [pkg] = parsePrimary(Buffer.from(`\ufeff${odd}`), "p.xml");
    expect(pkg).toEqual({
      ...examplePackage(),
      description: "Two\nlines!, ünïcode, 🐟",
      files: pkg?.files,
      changelog: [],
    });
  });

  it("stays quick when names collide or repeat without end", () => {
    const entries = Array.from(
      { length: 60_000 },
      (_, index) => `<rpm:entry name="${String.fromCharCode(97 + (index % 26)).repeat(1 + (index % 50))}${index}"/>`,
    );
    const text = sound.replace("<rpm:provides>", `<rpm:provides>${entries.join("")}`);
    const start = performance.now();
    expect(parsePrimary(Buffer.from(text), "p.xml")[0]?.provides.length).toBe(60_002);
    expect(performance.now() - start).toBeLessThan(40_000);
  });
});
