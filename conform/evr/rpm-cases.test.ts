import { describe, expect, it } from "vitest";
import { judgeLabels, judgeRanges, judgeVersions } from "./judge.ts";
import { readLabelCases, readRangeCases, readVersionCases } from "./rpm-cases.ts";

describe("version cases", () => {
  it("takes active comparisons and no others", () => {
    const text = "m4_define([RPMVERCMP],[\nRPMVERCMP(1.0, 1.1, -1)\ndnl RPMVERCMP(1, 2, 0)\nRPMVERCMP(a^1, a,1)\n";
    expect(readVersionCases(text)).toEqual([
      { line: 2, a: "1.0", b: "1.1", order: -1 },
      { line: 4, a: "a^1", b: "a", order: 1 },
    ]);
  });

  it("takes pairs of ranges", () => {
    const text = "tests = [\n    (('a',),\t\t('a', '<>', '1.2'),\t1),\n  # no\n (('a', '=', '1.2-1'),\t('b',),\t0),\n]";
    expect(readRangeCases(text)).toEqual([
      { line: 2, provides: ["a"], requires: ["a", "<>", "1.2"], matches: true },
      { line: 4, provides: ["a", "=", "1.2-1"], requires: ["b"], matches: false },
    ]);
  });

  it("takes compared labels with the values that stand for them", () => {
    const text = `RPMPY_TEST([other],[\nx\n],[\n])
RPMPY_TEST([labelCompare],[
v = '1.0'
e = 3
h['version'] = v
h['epoch'] = e
print(rpm.labelCompare((str(h['epoch']), h['version'], '1'),
\t\t\t (str(e), v, '2')))
print(rpm.labelCompare("2:1.0-1", "2.0-1"))
],
[-1
1]
)
`;
    expect(readLabelCases(text)).toEqual([
      { line: 10, a: "3:1.0-1", b: "3:1.0-2", order: -1 },
      { line: 12, a: "2:1.0-1", b: "2.0-1", order: 1 },
    ]);
  });

  it("complains by name of what is wrong", () => {
    expect(judgeVersions("1.0", "1.1", -1)).toEqual([]);
    expect(judgeVersions("1.0", "1.1", 1)).toEqual(["compareVersion says -1", "compareEvrIds says -1"]);
    expect(judgeLabels("1:1-1", "2-1", 1)).toEqual([]);
    expect(judgeRanges(["a", "=", "1-3"], ["a", ">", "1"], false)).toEqual([]);
    expect(judgeRanges(["a", "=", "1"], ["a", ">", "1-3"], true)).toEqual([]);
    expect(judgeRanges(["a"], ["b"], true)).toContain("rangesMeet says false");
  });
});
