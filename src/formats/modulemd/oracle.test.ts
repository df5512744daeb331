import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseDocument, stringify } from "yaml";
import { sharedPath } from "../../../test/support/tools.ts";
import { decompress } from "../archive/index.ts";
import { splitDocuments } from "./documents.ts";
import { parseModules, writeModules } from "./index.ts";
import type { YamlValue } from "./types.ts";
import { readYaml } from "./yaml.ts";
import { YamlRefused } from "./yaml-error.ts";
import { writeYaml } from "./yaml-write.ts";

const python = "/usr/bin/python3";
const load = "import sys, gi\ngi.require_version('Modulemd', '2.0')\nfrom gi.repository import Modulemd\n";
const folder = mkdtempSync(join(tmpdir(), "weir-modulemd-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function missingLibrary(): string | undefined {
  if (spawnSync(python, ["-c", load]).status === 0) return undefined;
  const reason = "not on this machine: libmodulemd for Python (gir1.2-modulemd-2.0, python3-gi)";
  if ((process.env.CI ?? "") !== "") throw new Error(`${reason}; in CI this is a failure`);
  return reason;
}

/** How libmodulemd writes what it reads from these texts. */
function dumps(texts: readonly string[]): string[] {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  const script = `${load}for path in sys.argv[1:]:
    index = Modulemd.ModuleIndex()
    good, failures = index.update_from_file(path, False)
    if not good: print('FAILED', [f.get_gerror().message for f in failures])
    print(index.dump_to_string())
    print('=====')
`;
  const run = spawnSync(python, ["-c", script, ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
  expect(run.stderr).toBe("");
  return run.stdout.split("=====\n").slice(0, -1);
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [plain(key), plain(item)]) };
  if (Array.isArray(value)) return value.map(plain);
  return value ?? "";
}

/** The yaml library's answer; undefined where it refuses. */
function libraryAnswer(text: string): unknown {
  const document = parseDocument(text, { schema: "failsafe", logLevel: "silent", prettyErrors: false });
  if (document.errors.length > 0 || document.contents === null) return undefined;
  try {
    return plain(document.toJS({ mapAsMap: true, maxAliasCount: 0 }));
  } catch {
    return undefined;
  }
}

function ownAnswer(text: string): unknown {
  try {
    return plain(readYaml(text, 1));
  } catch (error) {
    if (error instanceof YamlRefused) return undefined;
    throw error;
  }
}

const sample = `a: |
  x

   y
  z

b: >
  p
  q

   r


  s
c: >+
  k

d: |-

  u
e: [a, "b c", 'd', [e], {f: g}]
f: {a: 1, "b": c,
  d: e}
g: plain
  text

  more
h: "x
  y\\n\\
   z

  w"
'i': # comment
- a
- - b
  - c
- d: e
  f: g#h
- |
  x
"j":
  - k: 'it''s'
`;

/** Small, fast, seeded: the same numbers every time (xorshift32). */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe("the YAML reader beside the yaml library", () => {
  it("reads the same from a sample, from each part of it, and from mutations of it", () => {
    expect(ownAnswer(sample)).toEqual(libraryAnswer(sample));
    const pieces = [
      "\n",
      "\n\n",
      " ",
      "  ",
      ": ",
      "- ",
      "# ",
      " #",
      "'",
      '"',
      "[",
      "]",
      "{",
      "}",
      ",",
      "|",
      ">",
      "|-\n",
    ];
    pieces.push(">+\n", "\\", "a: ", "- a\n", "\t", "x", "? ", "!", "&a ", "*a", '"a"', "{}", "[]", ":", "-", "|2\n");
    const random = randoms(7);
    let both = 0;
    const different: string[] = [];
    for (let round = 0; round < 3000 + sample.length; round++) {
      let text = sample;
      if (round < sample.length) text = sample.slice(0, round);
      else {
        for (let change = random(3); change >= 0; change--) {
          const at = random(text.length);
          text =
            text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at + (random(3) === 0 ? random(12) : 0));
        }
      }
      // An escaped break before an empty line: the library drops the line feed that YAML 1.2, rule 113, keeps.
      if (/\\\n[ \t]*\n/.test(text)) continue;
      const own = ownAnswer(text);
      const other = libraryAnswer(text);
      if (own === undefined || other === undefined) continue;
      both++;
      if (JSON.stringify(own) !== JSON.stringify(other)) different.push(text);
    }
    expect(both).toBeGreaterThan(800);
    expect(different).toEqual([]);
  });

  it("reads what the library writes, and the library what it writes", () => {
    const random = randoms(99);
    const words = [
      "",
      "a",
      "1.10",
      "yes",
      "null",
      "~",
      "- x",
      "a: b",
      "#",
      " lead",
      "trail ",
      "two\nlines",
      "x\n\n",
      "\n",
    ];
    words.push(
      "é€",
      "🐟",
      "\t",
      '"',
      "'",
      "\\",
      "\x07",
      "[",
      "&a",
      "*b",
      "!c",
      "%d",
      "@e",
      "`f",
      "?",
      "-",
      ":",
      "key:",
    );
    words.push("0x1f", "1e3", "2001-01-01", "12:30:45", "=", "<<", "a #b", "a\n  b\nc\n", "\ufeff", "\u2028", "|", ">");
    const text = () => Array.from({ length: 1 + random(2) }, () => words[random(words.length)]).join("");
    const value = (depth: number): YamlValue => {
      const kind = depth > 3 ? 0 : random(4);
      if (kind < 2) return text();
      if (kind === 2) return Array.from({ length: random(4) }, () => value(depth + 1));
      return new Map(Array.from({ length: random(4) }, () => [text(), value(depth + 1)]));
    };
    for (let round = 0; round < 1500; round++) {
      const map = new Map([
        ["first", value(0)],
        ["second", value(0)],
      ]);
      const written = writeYaml(map);
      expect(plain(readYaml(written, 1))).toEqual(plain(map));
      expect(libraryAnswer(written)).toEqual(plain(map));
      const theirs = stringify(map, {
        schema: "failsafe",
        defaultStringType: random(2) === 0 ? "PLAIN" : "QUOTE_SINGLE",
      });
      expect(ownAnswer(theirs) ?? libraryAnswer(theirs)).toEqual(libraryAnswer(theirs));
    }
  });
});

const missing = missingLibrary();
const shared = sharedPath("data", "repodata", "cs9-appstream-2025-01", "repodata");
describe.skipIf(missing !== undefined || shared.missing !== undefined)(`libmodulemd (${missing ?? "present"})`, () => {
  it("finds in what was written what it finds in the original", async () => {
    const name = "ffe6aa44abe8480c2f7a59b9e92f251f10018e1e79ac33e2807260dd03955592-modules.yaml.xz";
    const bytes = await decompress(readFileSync(join(shared.path ?? "", name)), { where: name, limit: 1 << 24 });
    const [theirs, ours] = dumps([bytes.toString("utf8"), writeModules(parseModules(bytes, name))]);
    expect(theirs?.length).toBeGreaterThan(100_000);
    expect(ours).toBe(theirs);
    for (const document of splitDocuments(bytes))
      expect(ownAnswer(document.text)).toEqual(libraryAnswer(document.text));
  });
});
