import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { findProgram } from "../../src/core/index.ts";
import { missingTool } from "../../test/support/tools.ts";
import { Random } from "../diff/random.ts";
import { judgeRanges, judgeVersions } from "./judge.ts";
import type { Range } from "./rpm-cases.ts";

const script = `
import json, rpm, sys
for a, b, p, r in json.load(sys.stdin):
    print(rpm.labelCompare(("0", a, "1"), ("0", b, "1")), int(rpm.ds(tuple(p), "provides").Compare(rpm.ds(tuple(r), "requires"))))
`;

/** The python that has rpm's module: the distribution's own before one of somebody else. */
function pythonOfRpm(): string | undefined {
  return ["/usr/bin/python3", findProgram("python3")].find(
    (path) => path !== undefined && spawnSync(path, ["-c", "import rpm"], { stdio: "ignore" }).status === 0,
  );
}

const missing = pythonOfRpm() === undefined ? (missingTool("python3 with rpm's module") ?? "no rpm module") : undefined;

describe.skipIf(missing !== undefined)(`versions beside rpm${missing === undefined ? "" : ` (${missing})`}`, () => {
  it("are ordered, and ranges meet, as rpm has it", () => {
    const random = new Random(3);
    const part = (): string =>
      random.pick(["1", "2", "10", "01", "a", "b", "rc", "1a", "a1", "0", "999999999999999999999"]);
    const joint = (): string => random.pick([".", "~", "^", "_", "", "..", "+", "~~", "^~"]);
    const version = (): string => part() + Array.from({ length: random.below(4) }, () => joint() + part()).join("");
    const evr = (): string =>
      `${random.pick(["", "", "0:", "1:"])}${version()}${random.below(2) === 0 ? "" : `-${part()}`}`;
    const range = (): Range => {
      const op = random.pick(["<", "<=", "=", ">=", ">"]);
      return ["a", op, random.below(2) === 0 ? evr() : random.pick(["1", "1-1", "1-2", "2"])];
    };
    const rows = Array.from({ length: 4000 }, () => [version(), version(), range(), range()] as const);
    const input = JSON.stringify(rows);
    const { stdout, stderr } = spawnSync(pythonOfRpm() as string, ["-c", script], { input, encoding: "utf8" });
    const lines = stdout.trim().split("\n");
    expect(lines.length, stderr).toBe(rows.length);
    const wrong = rows.flatMap(([a, b, provides, requires], index) => {
      const [order, meets] = (lines[index] as string).split(" ").map(Number);
      return [
        ...judgeVersions(a, b, order as number).map((text) => `${a} and ${b}: ${text}`),
        ...judgeRanges(provides, requires, meets === 1).map(
          (text) => `${provides.join(" ")} and ${requires.join(" ")}: ${text}`,
        ),
      ];
    });
    expect(wrong).toEqual([]);
  });
});
