import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse, stringify } from "smol-toml";
import { parseTOML } from "toml-eslint-parser";
import { describe, expect, it } from "vitest";
import { LineIndex, pathKey, scanPositions, type ValuePath } from "./load-positions.ts";

const sample = `top = 1
"quoted \\u0041" = 'x' # note
a.b . c = [ 1, [2, 3], """
]""", { x = { y = 1 }, z = "}" } ]

[ t . "u v" ]
k = 1979-05-27T07:32:00Z
[[arr]]
n = 1
[[arr]]
n = '''
[x]
'''
[arr.sub]
m = true
[[arr.list]]
p = {}
[[arr.list]]
"" = []
`;

describe("positions", () => {
  it("finds every key, element and table", () => {
    const found = scanPositions(sample);
    const lines = new LineIndex(sample);
    const at = (...path: ValuePath) => {
      const offset = found.get(pathKey(path));
      if (offset === undefined) return undefined;
      const { line, column } = lines.at(offset);
      return `${line}:${column}`;
    };
    expect(at("top")).toBe("1:1");
    expect(at("quoted A")).toBe("2:1");
    expect(at("a", "b", "c")).toBe("3:7");
    expect(at("a", "b", "c", 1, 1)).toBe("3:20");
    expect(at("a", "b", "c", 2)).toBe("3:24");
    expect(at("a", "b", "c", 3, "x", "y")).toBe("4:15");
    expect(at("a", "b", "c", 3, "z")).toBe("4:24");
    expect(at("t")).toBe("6:3");
    expect(at("t", "u v", "k")).toBe("7:1");
    expect(at("arr", 1, "n")).toBe("11:1");
    expect(at("arr", 1, "sub", "m")).toBe("15:1");
    expect(at("arr", 1, "list", 0, "p")).toBe("17:1");
    expect(at("arr", 1, "list", 1, "")).toBe("19:1");
    expect(at("x")).toBeUndefined();
  });

  it("knows every path of any document that can be written", () => {
    const key = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("a", "b", "x.y", 'q"', "#"));
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }),
    );
    const { table } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, tie("table"), fc.array(tie("table"), { minLength: 1, maxLength: 3 })),
      table: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(table, (data) => {
        const text = stringify(data);
        const found = scanPositions(text);
        for (const path of pathsOf(parse(text)))
          expect(found.has(pathKey(path)), JSON.stringify([text, path])).toBe(true);
      }),
      { numRuns: 400, seed: 11 },
    );
  });

  it("agrees with an independent parser on the example world", () => {
    const root = join(import.meta.dirname, "../../../examples");
    let compared = 0;
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((one) => one.endsWith(".toml"))
      .sort()) {
      const text = readFileSync(join(root, name), "utf8");
      const lines = new LineIndex(text);
      const found = scanPositions(text);
      for (const [key, place] of referencePositions(text)) {
        const offset = found.get(key);
        expect(offset, `${name}: ${key}`).toBeDefined();
        expect(lines.at(offset ?? 0), `${name}: ${key}`).toEqual(place);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  });

  it("ends on every text, soon", () => {
    const unit = fc.constantFrom("[", "]", "{", "}", '"', "'", "\\", "=", ".", ",", "#", "\n", "a", " ", "\0", '"""');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        expect(scanPositions(text)).toBeInstanceOf(Map);
      }),
      { numRuns: 3000, seed: 3 },
    );
    const start = performance.now();
    for (const text of [
      "a.".repeat(300_000),
      `[${"a.".repeat(100_000)}a]\n${"b = 1\n".repeat(100_000)}`,
      '"'.repeat(500_000),
    ]) {
      scanPositions(text);
    }
    expect(performance.now() - start).toBeLessThan(40_000);
  });
});

function pathsOf(value: unknown, path: ValuePath = []): ValuePath[] {
  if (typeof value !== "object" || value === null || value instanceof Date) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])]);
}

/** Places of `key = value` pairs by the AST of toml-eslint-parser. */
function referencePositions(text: string): Map<string, { line: number; column: number }> {
  const places = new Map<string, { line: number; column: number }>();
  const pairs = (body: ReturnType<typeof parseTOML>["body"][0]["body"], path: ValuePath) => {
    for (const node of body) {
      if (node.type === "TOMLTable") {
        pairs(node.body, node.resolvedKey);
        continue;
      }
      const last = node.key.keys.at(-1);
      const names = node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
      if (last !== undefined)
        places.set(pathKey([...path, ...names]), { line: last.loc.start.line, column: last.loc.start.column + 1 });
    }
  };
  pairs(parseTOML(text).body[0].body, []);
  return places;
}
