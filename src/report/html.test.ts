import { describe, expect, it } from "vitest";
import { type Finding, makeReport, type Report, type Severity } from "../core/index.ts";
import { renderHtml } from "./index.ts";

function finding(severity: Severity, rule: string, subject: string, rest: Partial<Finding> = {}): Finding {
  return { rule, severity, subject, message: `${subject} is not there`, evidence: [], ...rest };
}

function section(kind: string, parts: Parameters<typeof makeReport>[2]): Report {
  return makeReport(kind, `Part ${kind}`, parts);
}

function sample(): Report {
  return makeReport("rebuild", "Rebuild of mill", {
    summary: ["18 components gave 28 packages."],
    sections: [
      section("compose", {
        tables: [
          { id: "p", title: "Packages", columns: ["package", "bytes", "sha256"], rows: [["a", 1, "39f1c7ddd7edd645"]] },
        ],
      }),
      section("compat", {
        findings: [
          finding("high", "ABI003", "libflow.so.1", {
            remedy: "build against libflow.so.2",
            evidence: [{ what: "a", where: "x:1" }],
          }),
          finding("high", "ABI003", "libflow.so.1", {
            remedy: "build against libflow.so.2",
            evidence: [{ what: "b", where: "x:2" }],
          }),
          finding("medium", "PM001", "tdf"),
          finding("low", "PM005", "cache"),
          finding("info", "PM006", "note"),
        ],
        skips: [{ subject: "kernel", reason: "too large" }],
      }),
    ],
  });
}

/** Start tags of a page, each with its attributes. */
function tags(html: string): string[] {
  return html.match(/<[a-z][^>]*>/g) ?? [];
}

function ids(html: string): string[] {
  return [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1] as string);
}

describe("a report as a page", () => {
  it("gives the same bytes for the same report and loads nothing", () => {
    const html = renderHtml(sample());
    expect(renderHtml(sample())).toBe(html);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('<html lang="en">');
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\bsrc=|\bon[a-z]+=/i);
  });

  it("links only to anchors that are there, each once", () => {
    const html = renderHtml(sample());
    const named = ids(html);
    expect(new Set(named).size).toBe(named.length);
    const links = [...html.matchAll(/ href="#([^"]*)"/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(8);
    for (const link of links) expect(named).toContain(link);
    for (const [, label] of html.matchAll(/ aria-labelledby="([^"]*)"/g)) expect(named).toContain(label);
  });

  it("keeps parts of one kind apart, and the fixed anchors", () => {
    const html = renderHtml(
      makeReport("x", "X", { sections: [section("first", {}), section("same", {}), section("same", {})] }),
    );
    expect(ids(html)).toEqual(["top", "contents", "main", "first.2", "same", "same.2"]);
  });

  it("has headings in order and scopes on every table header", () => {
    const html = renderHtml(sample());
    const levels = [...html.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => {
      if (index > 0) expect(level - (levels[index - 1] as number)).toBeLessThanOrEqual(1);
    });
    for (const tag of tags(html).filter((one) => one.startsWith("<th ") || one === "<th>")) {
      expect(tag).toMatch(/ scope="(?:col|row)"/);
    }
  });

  it("closes what it opens", () => {
    const open: string[] = [];
    const empty = new Set(["meta"]);
    for (const [, close, name] of renderHtml(sample()).matchAll(/<(\/?)([a-z][a-z0-9]*)/g)) {
      if (empty.has(name as string)) continue;
      if (close === "") open.push(name as string);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it("says first what to do: one thing for each rule and remedy", () => {
    const html = renderHtml(sample());
    const first = html.slice(html.indexOf('id="first"'), html.indexOf("</ol>", html.indexOf('id="first"')));
    expect(first.match(/<li>/g)).toHaveLength(2);
    expect(first).toContain("build against libflow.so.2");
    expect(first).not.toContain("PM005");
    expect(html.indexOf("2 high findings: look at them first.")).toBeGreaterThan(0);
  });

  it("judges by the gravest", () => {
    const verdict = (findings: Finding[]) =>
      /<p class="verdict (\w+)">.*<\/span> (.*)<\/p>/.exec(renderHtml(makeReport("x", "X", { findings })))?.slice(1);
    expect(verdict([])).toEqual(["good", "No findings."]);
    expect(verdict([finding("low", "A1", "a")])).toEqual(["low", "Nothing grave: 1 finding, none of them high."]);
    expect(verdict([finding("high", "A1", "a")])).toEqual(["high", "1 high finding: look at it first."]);
    expect(verdict([finding("low", "A1", "a", { inhibitor: true }), finding("blocker", "A1", "b")])).toEqual([
      "blocker",
      "2 findings in the way: nobody should move before they are dealt with.",
    ]);
  });

  it("gathers equal findings, folds low ones and counts all by section and severity", () => {
    const html = renderHtml(sample());
    expect(html.match(/<article/g)).toHaveLength(4);
    expect(html).toContain('<span class="count">2 times</span>');
    const groups = tags(html).filter((tag) => tag.startsWith('<details class="group"'));
    expect(groups).toEqual([
      '<details class="group" open>',
      '<details class="group" open>',
      '<details class="group">',
      '<details class="group">',
    ]);
    expect(html).toContain(
      '<td class="n"><a href="#compat-high">2</a></td><td class="n"><a href="#compat-medium">1</a></td>',
    );
    expect(html).toContain('<td class="n"><a href="#compat-skips">1</a></td>');
  });

  it("keeps the anchor of a finding when others come", () => {
    const anchor = (html: string) => /id="(PM001-[0-9a-f]{8})"/.exec(html)?.[1];
    const alone = renderHtml(makeReport("x", "X", { findings: [finding("medium", "PM001", "tdf")] }));
    expect(anchor(alone)).toBe(anchor(renderHtml(sample())));
  });

  it("aligns numbers, sets hashes evenly, folds long tables and wraps long texts", () => {
    const rows = Array.from({ length: 13 }, (_, index) => [`p${index}`, index, "long text ".repeat(9), null]);
    const html = renderHtml(
      makeReport("x", "X", { tables: [{ id: "t", title: "T", columns: ["a", "n", "w", "none"], rows }] }),
    );
    expect(html).toContain('<details class="table">');
    expect(html).toContain('<th scope="col" class="n">n</th><th scope="col" class="w">w</th><th scope="col">none</th>');
    expect(html).toContain('<th scope="row">p12</th><td class="n">12</td><td class="w">long text ');
    expect(renderHtml(sample())).toContain('<td class="h">39f1c7ddd7edd645</td>');
  });

  it("says how much it leaves out", () => {
    const html = renderHtml(
      makeReport("x", "X", {
        tables: [{ id: "t", title: "T", columns: ["a"], rows: Array.from({ length: 1200 }, (_, index) => [index]) }],
        findings: Array.from({ length: 700 }, (_, index) => finding("low", "A1", `s${index}`)),
        skips: Array.from({ length: 501 }, (_, index) => ({ subject: `k${index}`, reason: "r" })),
      }),
    );
    for (const count of [200, 200, 1]) expect(html).toContain(`<p class="note">${count} more, in the JSON report.</p>`);
    expect(html.match(/<tr>/g)).toHaveLength(1001);
  });
});

describe("hostile text on a page", () => {
  const hostile = `"><script>alert('1')</script><img src=x onerror=alert(1)>&amp;\u202e\u0000\u001b[31m\u2066\ud800`;
  const everywhere = (bad: string): Report => {
    const findings: Finding[] = [
      {
        rule: bad,
        severity: "high",
        subject: bad,
        message: bad,
        remedy: bad,
        evidence: [
          { what: bad, where: bad },
          { what: bad, where: { file: bad, line: 1 } },
        ],
      },
    ];
    const table = { id: bad, title: bad, columns: [bad, bad], rows: [[bad, 1]] };
    const inner = makeReport(bad, bad, {
      summary: [bad],
      tables: [table],
      findings,
      skips: [{ subject: bad, reason: bad }],
    });
    return makeReport(bad, bad, { ...inner, sections: [inner] });
  };

  it("stays text in every field", () => {
    const plain = renderHtml(everywhere("plain ".repeat(9)));
    const html = renderHtml(everywhere(hostile));
    const shape = (page: string) =>
      tags(page).map((tag) => tag.replace(/(id|href|aria-label(?:ledby)?)="[^"]*"/g, "$1"));
    expect(shape(html)).toEqual(shape(plain));
    expect(html).not.toContain("<script");
    expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it("is bounded", () => {
    const long = "x".repeat(100_000);
    const started = performance.now();
    const html = renderHtml(everywhere(long));
    expect(html.length).toBeLessThan(80_000);
    expect(html).toContain("…");
    expect(performance.now() - started).toBeLessThan(40_000);
    const smile = renderHtml(
      makeReport("x", "X", { tables: [{ id: "t", title: "T", columns: ["a"], rows: [[`x${"😀".repeat(900)}`]] }] }),
    );
    expect(Buffer.from(smile, "utf8").toString("utf8")).toBe(smile);
  });
});
