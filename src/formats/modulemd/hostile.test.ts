import { describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import { parseModules } from "./index.ts";

const sample = Buffer.from(`---
document: modulemd
version: 2
data:
  name: m
  stream: "1"
  summary: s
  license: {module: [MIT]}
  description: >-
    a
    b
  dependencies:
  - requires: {platform: [el9, 'x']}
  artifacts:
    rpms:
    - m-0:1-1.x86_64
...
---
document: modulemd-defaults
version: 1
data:
  module: m
  profiles: {"1": []}
...
`);

function outcome(bytes: Buffer): string {
  try {
    parseModules(bytes, "m.yaml");
    return "read";
  } catch (error) {
    return error instanceof WeirError ? error.code : `BUG ${String(error)}`;
  }
}

describe("hostile modules.yaml", () => {
  it("is read or refused at each length", () => {
    for (let end = 0; end < sample.length; end++) {
      expect(["read", "MODULEMD_MALFORMED"]).toContain(outcome(sample.subarray(0, end)));
    }
  });

  it("survives mutations", () => {
    let state = 11;
    const random = (below: number) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    const pieces = [
      "\n",
      " ",
      ":",
      "- ",
      "#",
      "'",
      '"',
      "[",
      "{",
      "}",
      "|",
      ">",
      "\\x",
      "\t",
      "\0",
      "\xff",
      "---\n",
      "&a",
      "*a",
    ];
    const bugs: string[] = [];
    for (let round = 0; round < 4000; round++) {
      let bytes = sample;
      for (let change = random(4); change >= 0; change--) {
        const at = random(bytes.length);
        const piece = Buffer.from(pieces[random(pieces.length)] ?? "", "latin1");
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + random(6))]);
      }
      const result = outcome(bytes);
      if (result !== "read" && result !== "MODULEMD_MALFORMED") bugs.push(`${round}: ${result}`);
    }
    expect(bugs).toEqual([]);
  });

  const size = 1 << 18;
  const patterns = [
    "[",
    "{",
    "- ",
    "? ",
    "a: ",
    '"',
    "'",
    "\n",
    "a\n",
    "- a\n",
    "[a,",
    "{a: ",
    "#\n",
    "|\n",
    " ",
    "\t",
    "[]",
  ];
  patterns.push(
    "{},",
    "\\",
    "[\n",
    "-\n",
    "''",
    '""',
    '"\\x"',
    "a: |\n  x\n",
    " a\n",
    ",",
    "a #",
    "---\n",
    "%\n",
    "\r",
    "\u2028",
  );
  it.each(patterns)("takes its time, not for ever, over a great deal of %j", (pattern) => {
    const head = "document: modulemd\nversion: 2\ndata:\n  name: m\n  stream: s\n  xmd: ";
    const start = performance.now();
    for (const before of ["", head, `${head}\n    - `, `${head}"`, `${head}|\n     `, `${head}[`]) {
      const result = outcome(Buffer.from(before + pattern.repeat(size / pattern.length)));
      expect(["read", "MODULEMD_MALFORMED", "MODULEMD_TOO_LARGE"]).toContain(result);
    }
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("is not caught by many keys, deep indentation or references to references", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `  k${index}: v`).join("\n");
    expect(
      outcome(
        Buffer.from(
          `document: modulemd\nversion: 2\ndata:\n  name: m\n  stream: s\n  summary: s\n  description: d\n  license: {module: [MIT]}\n${many}\n`,
        ),
      ),
    ).toBe("read");
    const deep = Array.from({ length: 3000 }, (_, index) => `${" ".repeat(index)}a:`).join("\n");
    expect(outcome(Buffer.from(deep))).toBe("MODULEMD_MALFORMED");
    const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`;
    expect(outcome(Buffer.from(bomb))).toBe("MODULEMD_MALFORMED");
    expect(outcome(Buffer.from("document: modulemd\nversion: 2\ndata:\n  __proto__: {name: x}\n"))).toBe(
      "MODULEMD_MALFORMED",
    );
  });
});
