import { describe, expect, it } from "vitest";
import { makeReport, type Report } from "../core/index.ts";
import { renderMarkdown } from "./index.ts";

function everywhere(bad: string): Report {
  return makeReport("x", bad, {
    summary: [bad],
    tables: [{ id: "t", title: bad, columns: [bad, "n"], rows: [[bad, 1]] }],
    findings: [
      { rule: bad, severity: "low", subject: bad, message: bad, remedy: bad, evidence: [{ what: bad, where: bad }] },
    ],
    skips: [{ subject: bad, reason: bad }],
  });
}

describe("a report as Markdown", () => {
  it("has headings, tables with numbers to the right, findings and skips", () => {
    const report = makeReport("x", "Title", {
      summary: ["A sentence."],
      tables: [{ id: "t", title: "Things", columns: ["name", "n"], rows: [["a", 1]] }],
      sections: [
        makeReport("y", "Part", {
          findings: [
            {
              rule: "A1",
              severity: "high",
              subject: "s",
              message: "m",
              remedy: "r",
              evidence: [{ what: "e", where: { file: "f", line: 2 } }],
              inhibitor: true,
            },
          ],
          skips: [{ subject: "k", reason: "why" }],
        }),
      ],
    });
    expect(renderMarkdown(report)).toBe(`## Title

A sentence.

**Things**

| name | n |
|---|--:|
| a | 1 |

### Part

#### Findings

| severity | rule | subject | what | remedy | evidence |
|---|---|---|---|---|---|
| high, blocks the move | A1 | s | m | r | e (f:2) |

#### Not judged

- k: why
`);
  });

  it("keeps hostile text in its cell, whatever it holds", () => {
    const lines = (text: string) => renderMarkdown(everywhere(text)).split("\n").length;
    const count = lines("plain");
    for (const bad of [
      "a | b",
      "a\n\n# b",
      "a\r\nb",
      "\\|",
      "`|`",
      "<script>alert(1)</script>",
      "x\u2028y",
      "![i](javascript:x)",
      "--- ",
    ]) {
      expect(lines(bad)).toBe(count);
      const text = renderMarkdown(everywhere(bad));
      expect(text.replaceAll("<!-- -->", "")).not.toMatch(/(?<!\\)[<>`]|(?<!\\)!\[|(?<!\\)\]\(/);
      for (const row of text.split("\n").filter((line) => line.startsWith("|") && !line.startsWith("|---"))) {
        const bars = row.replace(/\\[\s\S]/g, "").split("|").length - 1;
        expect([3, 7]).toContain(bars);
      }
    }
  });

  it.each([
    ["# no heading", "\\# no heading"],
    ["- no list", "\\- no list"],
    ["+ no list", "\\+ no list"],
    ["1. no list", "1\\. no list"],
    ["23) no list", "23\\) no list"],
    ["=== no rule", "\\=== no rule"],
    ["    no code", "no code"],
    ["a_b *c* ~d~ &lt;", "a\\_b \\*c\\* \\~d\\~ \\&lt;"],
    ["ask @weir of foo@.service", "ask @<!-- -->weir of foo@.service"],
    ["fixes #12 and GH-7", "fixes #<!-- -->12 and GH<!-- -->-7"],
    ["x\u202ey\u0007", "x\ufffdy\ufffd"],
  ])("writes %j as text", (text, expected) => {
    expect(renderMarkdown(makeReport("x", "", { summary: [text] }))).toBe(`${expected}\n`);
  });

  it("never has more than six signs before a heading and bounds long text", () => {
    let report = everywhere("x".repeat(100_000));
    for (let depth = 0; depth < 8; depth++) report = makeReport("n", "N", { sections: [report] });
    const text = renderMarkdown(report);
    expect(text).not.toMatch(/^#######/m);
    expect(text.length).toBeLessThan(80_000);
  });
});
