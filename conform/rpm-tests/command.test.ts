import { describe, expect, it } from "vitest";
import { MacroContext } from "../../src/formats/macro/index.ts";
import { conformRpmTests, judgeCheck } from "./command.ts";
import { readChecks, readMacroCalls } from "./read-checks.ts";

const text = `RPMTEST_CHECK([[
rpm --define "this a\\"b" --eval '%{this}' --eval '%{?none}'
runroot rpm -E '%[1 + 2]'
]],
[0],
[a"b
3
],
[])
RPMTEST_CHECK([
rpm --eval '%{x' | cat
],
[1],
[])
`;

describe("conform rpm-tests", () => {
  it("reads checks and replays those that only define and expand", () => {
    const checks = readChecks(text);
    expect(checks.map(({ line, code, stdout }) => ({ line, code, stdout }))).toEqual([
      { line: 1, code: 0, stdout: 'a"b\n3\n' },
      { line: 10, code: 1, stdout: "" },
    ]);
    const base = new MacroContext();
    expect(checks.map((check) => judgeCheck(base, check).result)).toEqual(["pass", "skip"]);
    const wrong = { line: 1, script: "rpm --eval '%[1 + 2]'", code: 0, stdout: "4\n" };
    expect(judgeCheck(base, wrong)).toEqual({ result: "fail", reason: '"3\\n" instead of "4\\n"' });
  });

  it("takes no call that needs more", () => {
    for (const script of ["rpm --eval 'x' > y", 'rpm --eval "$x"', "rpm --eval", "ls -E x", "rpm -q x", "rpm -E 'x"])
      expect(readMacroCalls(script)).toBeUndefined();
  });

  it("refuses a folder that is no checkout, and survives cut files", () => {
    expect(() => conformRpmTests("/nonexistent", undefined)).toThrow(/tests\/rpmmacro\.at/);
    for (let end = 0; end < text.length; end++)
      for (const { script } of readChecks(text.slice(0, end))) readMacroCalls(script);
  });
});
