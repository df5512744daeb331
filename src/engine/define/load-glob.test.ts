import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, globMatches, globProblem } from "./load-glob.ts";

/** Pattern, paths it matches, paths it does not. */
const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["a", ["a"], ["", "b", "aa", "a/a"]],
  ["*", ["a", "", ".a"], ["a/b"]],
  ["a*", ["a", "abc"], ["ba", "a/b"]],
  ["*.toml", ["x.toml", ".toml"], ["x.tom", "d/x.toml"]],
  ["a?c", ["abc", "a😀c"], ["ac", "a/c", "abbc"]],
  ["[a-c]x", ["ax", "cx"], ["dx", "-x"]],
  ["[!a-c]x", ["dx"], ["ax", "x"]],
  ["[^a-c]x", ["dx"], ["bx"]],
  ["[a-]x", ["ax", "-x"], ["bx"]],
  ["[\\]]x", ["]x"], ["\\x"]],
  ["[\\a-c]", ["b"], ["\\"]],
  ["\\*", ["*"], ["a", "\\*"]],
  ["a\\?", ["a?"], ["ab"]],
  ["**", ["", "a", "a/b/c"], []],
  ["**/a", ["a", "b/a", "c/b/a"], ["a/b", "ba"]],
  ["a/**", ["a", "a/b", "a/b/c"], ["b", "ab"]],
  ["a/**/b", ["a/b", "a/c/b", "a/c/d/b"], ["ab", "a/bc"]],
  ["**/*.comp.toml", ["x.comp.toml", "a/b/x.comp.toml"], ["x.toml"]],
  ["a**b", ["ab", "axyb"], ["a/b"]],
  ["**/**/a", ["a", "b/c/a"], ["b"]],
  ["{a,b}", ["a", "b"], ["c", "{a,b}"]],
  ["{a,b/c}/d", ["a/d", "b/c/d"], ["b/d"]],
  ["x{a,{b,c}d}", ["xa", "xbd", "xcd"], ["xb", "xd"]],
  ["{,a}b", ["b", "ab"], ["a"]],
  ["[{]a", ["{a"], ["a"]],
  ["\\{a,b\\}", ["{a,b}"], ["a"]],
  ["*a*a*a*b", ["aaab", "xaxaxaxb"], ["aab", "aaaa"]],
];

describe("doublestar patterns", () => {
  for (const [pattern, matching, other] of table) {
    it(pattern, () => {
      expect(globProblem(pattern)).toBeUndefined();
      const glob = compileGlob(pattern);
      for (const path of matching) expect(globMatches(glob, path), `matches ${path}`).toBe(true);
      for (const path of other) expect(globMatches(glob, path), `does not match ${path}`).toBe(false);
    });
  }

  for (const bad of [
    "a[",
    "[]",
    "[]a]",
    "[!]",
    "[!]a]",
    "a{b",
    "a}",
    "\\",
    "a\\",
    "{a,b}}",
    "[a\\",
    "x".repeat(5000),
  ]) {
    it(`${bad.slice(0, 20)} is bad`, () => expect(globProblem(bad)).toBeTypeOf("string"));
  }

  it("refuses too many alternatives", () => {
    expect(globProblem("{a,b}".repeat(8))).toBeUndefined();
    expect(globProblem("{a,b}".repeat(20))).toMatch(/alternatives/);
    expect(globProblem("{".repeat(2000) + "}".repeat(2000))).toBeUndefined();
  });

  it("takes bounded time on any pattern and path", () => {
    const text = fc.string({
      unit: fc.constantFrom("*", "?", "[", "]", "{", "}", ",", "\\", "/", "!", "-", "a", "b"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, text, (pattern, path) => {
        if (globProblem(pattern) === undefined) expect(globMatches(compileGlob(pattern), path)).toBeTypeOf("boolean");
      }),
      { numRuns: 3000, seed: 7 },
    );
    const start = performance.now();
    expect(globMatches(compileGlob(`${"*a".repeat(1000)}b`), "a".repeat(4000))).toBe(false);
    expect(globMatches(compileGlob(`${"**/a/".repeat(500)}b`), "a/".repeat(4000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(40_000);
  });

  it("matches what it escapes", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (path) => {
        const pattern = path.replace(/[*?[\]{}\\]/g, "\\$&");
        expect(globProblem(pattern)).toBeUndefined();
        expect(globMatches(compileGlob(pattern), path)).toBe(true);
      }),
      { seed: 7 },
    );
  });
});
