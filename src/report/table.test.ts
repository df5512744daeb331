import { describe, expect, it } from "vitest";
import { type Cell, makeReport, type Table } from "../core/index.ts";
import { makeStyle, renderTable } from "./index.ts";
import { columnsOf, fit, wrap } from "./text.ts";

const plain = makeStyle(false);

function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): Table {
  return { id: "t", title: "", columns, rows };
}

function render(width: number, ...tables: Table[]): string[] {
  return renderTable(makeReport("t", "", { tables }), plain, width)
    .trimEnd()
    .split("\n");
}

const stages = table(
  ["stage", "outcome", "what", "why", "look at it"],
  [
    [
      "render",
      "done",
      "18 components",
      "changed: brook-rpm-config; ferry; filesystem and 15 more",
      "ls out/specs; weir component show NAME -C examples/downstream",
    ],
    [
      "compat",
      "done",
      "29 packages before: 5 break, 3 removed, 2 renamed, 3 not-compared, 6 additive, 10 identical; 10 added.",
      "not done before",
      "weir compat compare out/legacy/repo out/repo -C examples/downstream",
    ],
  ],
);

describe("tables on a terminal", () => {
  it("gives full text, a row a line, where there is no width", () => {
    const lines = render(0, stages);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain(stages.rows[1]?.join("  ").slice(-60));
    expect(render(0, table(["a"], [["x".repeat(3000)]]))[1]).toHaveLength(3000);
  });

  it("leaves a table that fits alone", () => {
    expect(
      render(
        20,
        table(
          ["name", "n"],
          [
            ["a", 1],
            ["bcd", 20],
          ],
        ),
      ),
    ).toEqual(["NAME   N", "a      1", "bcd   20"]);
  });

  it("lets the widest columns wrap evenly, words whole", () => {
    expect(render(120, stages)).toEqual([
      "STAGE   OUTCOME  WHAT                               WHY                                LOOK AT IT",
      "render  done     18 components                      changed: brook-rpm-config; ferry;  ls out/specs; weir component show",
      "                                                    filesystem and 15 more             NAME -C examples/downstream",
      "compat  done     29 packages before: 5 break, 3     not done before                    weir compat compare",
      "                 removed, 2 renamed, 3                                                 out/legacy/repo out/repo -C",
      "                 not-compared, 6 additive, 10                                          examples/downstream",
      "                 identical; 10 added.",
    ]);
  });

  it("shows rows one below another where columns would be too narrow", () => {
    expect(render(60, stages)).toEqual([
      "render",
      "  outcome     done",
      "  what        18 components",
      "  why         changed: brook-rpm-config; ferry; filesystem",
      "              and 15 more",
      "  look at it  ls out/specs; weir component show NAME -C",
      "              examples/downstream",
      "compat",
      "  outcome     done",
      "  what        29 packages before: 5 break, 3 removed, 2",
      "              renamed, 3 not-compared, 6 additive, 10",
      "              identical; 10 added.",
      "  why         not done before",
      "  look at it  weir compat compare out/legacy/repo out/repo",
      "              -C examples/downstream",
    ]);
  });

  it("names a record by its first two cells where the first repeats, and leaves empty cells out", () => {
    const rows = [
      ["high", "libflow.so.1", "libflow.so.1 of libflow is not on the target", ""],
      ["high", "tdf", "Package removed: gone", "Bring the package back, or let its successor provide it."],
    ];
    expect(render(60, table(["severity", "subject", "what", "remedy"], rows))).toEqual([
      "high  libflow.so.1",
      "  what    libflow.so.1 of libflow is not on the target",
      "high  tdf",
      "  what    Package removed: gone",
      "  remedy  Bring the package back, or let its successor",
      "          provide it.",
    ]);
  });

  for (const width of [1, 20, 40, 61, 80, 97, 100, 120, 160, 300]) {
    it(`keeps within ${width} columns whatever it holds`, () => {
      const wide = "水車小屋".repeat(20);
      const family = "👨‍👩‍👧‍👦".repeat(30);
      const report = makeReport("x", wide, {
        summary: ["word ".repeat(50), wide],
        tables: [
          stages,
          table(
            ["a".repeat(60), "b", "c"],
            [
              [wide, 1_000_000_000, family],
              ["", null, "x".repeat(500)],
            ],
          ),
          table(["only"], [[wide]]),
        ],
        findings: [
          {
            rule: "A1",
            severity: "blocker",
            subject: wide,
            message: family,
            evidence: [{ what: wide, where: "f:1" }],
            remedy: wide,
            inhibitor: true,
          },
        ],
        skips: [{ subject: wide, reason: "r".repeat(300) }],
      });
      for (const line of renderTable(report, plain, width).split("\n")) {
        expect(columnsOf(line)).toBeLessThanOrEqual(Math.max(20, width));
      }
    });
  }

  it("pads wide characters by the columns they take", () => {
    expect(
      render(
        40,
        table(
          ["name", "n"],
          [
            ["水車", 1],
            ["abcd", 22],
          ],
        ),
      ),
    ).toEqual(["NAME   N", "水車   1", "abcd  22"]);
  });

  it("cuts a cell after eight lines, and says so", () => {
    const lines = render(40, table(["a", "text"], [["x", "word ".repeat(300)]]));
    expect(lines).toHaveLength(9);
    expect(lines[8]).toMatch(/…$/);
  });

  it("takes control characters, new lines and escapes out of every field", () => {
    const bad = "a\u001b[2J\nHIGH X1 forged\r\u202eb\tc";
    const report = makeReport("x", bad, {
      summary: [bad],
      tables: [{ id: "t", title: bad, columns: [bad], rows: [[bad]] }],
      findings: [
        { rule: bad, severity: "low", subject: bad, message: bad, remedy: bad, evidence: [{ what: bad, where: bad }] },
      ],
      skips: [{ subject: bad, reason: bad }],
    });
    for (const width of [0, 30, 200]) {
      const text = renderTable(report, plain, width);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      if (width !== 30) expect(text).not.toMatch(/^\s*HIGH/m);
    }
  });

  it("is quick with long hostile cells", () => {
    const started = performance.now();
    const rows = Array.from({ length: 200 }, () => ["水".repeat(100_000), " ".repeat(100_000), "a b".repeat(50_000)]);
    for (const width of [0, 40, 120])
      renderTable(makeReport("x", "", { tables: [table(["a", "b", "c"], rows)] }), plain, width);
    expect(performance.now() - started).toBeLessThan(40_000);
  });
});

describe("text in columns", () => {
  it.each([
    ["one two three", 7, ["one two", "three"]],
    ["abcdefgh", 3, ["abc", "def", "gh"]],
    ["水車小屋", 5, ["水車", "小屋"]],
    ["a 水車小屋 b", 4, ["a", "水車", "小屋", "b"]],
    ["", 5, [""]],
  ])("wraps %j at %i", (text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
  });

  it("never loses text but past the last line", () => {
    const text = "the quick brown 水車小屋 fox-jumps-over-a-lazy-dog again and again";
    for (let columns = 2; columns < 60; columns++) {
      expect(wrap(text, columns).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      const cut = wrap(text, columns, 2);
      expect(cut.length).toBeLessThanOrEqual(2);
      for (const line of cut) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  it("cuts whole characters", () => {
    expect(fit("水車小屋", 6)).toBe("水車…");
    expect(fit("水車小屋", 8)).toBe("水車小屋");
    expect(fit("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3)).toBe("👨‍👩‍👧‍👦…");
    expect(fit("abc", 0)).toBe("");
  });
});
