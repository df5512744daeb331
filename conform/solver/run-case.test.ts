import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WeirError } from "../../src/core/index.ts";
import { Random } from "../diff/random.ts";
import { tinyCase, tinyCaseText } from "../fuzz/tiny-case.ts";
import { readCase } from "./read-case.ts";
import { runCase, runCaseText } from "./run-case.ts";
import { solveCase } from "./solve-case.ts";

const sample = `# a comment
repo system 0 testtags <inline>
#>=Pkg: a 1 1 noarch
repo available 5.-3 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>+Req:
#>b > 1
#>c | d
#>-Req:
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Fls: /usr/bin/d
#>=Vnd: somebody
system x86_64 rpm system
solverflags allowuninstall,!allowdowngrade
job update name a
result transaction,problems <inline>
#>install b-2-1.noarch@available
#>install d-1-1.noarch@available
#>upgrade a-1-1.noarch@system a-2-1.noarch@available
nextjob
job install name a > 2
result transaction,problems <inline>
#>problem 12345678 info package a > 2 does not exist
`;

describe("cases", () => {
  const folder = mkdtempSync(join(tmpdir(), "weir-cases-"));
  beforeAll(() => {
    writeFileSync(join(folder, "system.repo.gz"), gzipSync("=Ver: 3.0\n=Pkg: z 1 1 noarch\n=Prv: z = 1-1\n"));
    writeFileSync(join(folder, "expected"), "erase z-1-1.noarch@system\n");
    writeFileSync(join(folder, "bad.gz"), Buffer.from([0x1f, 0x8b, 1, 2]));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (text: string, strictness: "text" | "all" = "text") =>
    runCaseText(text, join(folder, "some.t"), solveCase, strictness);

  it("reads sections, their commands and what they expect", () => {
    const sections = readCase(sample, "some.t");
    expect(sections.map(({ commands }) => commands.map(({ kind }) => kind))).toEqual([
      ["repo", "repo", "system", "solverflags", "job"],
      ["job"],
    ]);
    expect(sections[0]?.commands[1]).toMatchObject({ name: "available", priority: 5, subPriority: -3 });
    expect(sections[1]?.result?.sections).toEqual(["transaction", "problems"]);
  });

  it("solves and compares what is said, and every line when asked to", () => {
    const report = run(sample);
    expect(report.error).toBeUndefined();
    expect(report.sections.map(({ missing, surplus }) => [...missing, ...surplus])).toEqual([[], []]);
    const [, exact] = run(sample, "all").sections;
    expect(exact?.missing).toEqual(["problem 12345678 info package a > 2 does not exist"]);
    expect(exact?.surplus.map((line) => line.replace(/[0-9a-f]{8}/g, "#"))).toEqual([
      "problem # info package a > 2 does not exist",
      "problem # solution # deljob install name a > 2",
    ]);
  });

  it("reads packages and results from files beside the case, packed or not", () => {
    const text =
      "repo system 0 testtags system.repo.gz\nsystem unset * system\njob erase name z\nresult transaction expected\n";
    const report = run(text);
    expect(report).toMatchObject({ error: undefined, sections: [{ missing: [], surplus: [] }] });
  });

  it.each([
    ["repo r 0 testtags ../other.repo", "CASE_FILE"],
    ["repo r 0 testtags /etc/passwd", "CASE_FILE"],
    ["repo r 0 testtags absent", "CASE_FILE"],
    ["repo r 0 testtags bad.gz", "CASE_FILE"],
    ["repo r x testtags <inline>", "CASE_SYNTAX"],
    ["jump over", "CASE_SYNTAX"],
    ["system x86_64 rpm nowhere", "CASE_SYNTAX"],
    ["solverflags fast", "CASE_SYNTAX"],
    ["poolflags deep", "CASE_SYNTAX"],
    ["job fly name a", "CASE_JOB"],
    ["job install pkg a-1-1", "CASE_JOB"],
    ["job install name a [nicely]", "CASE_JOB"],
    ["job install selection a nicely", "CASE_JOB"],
    ["job install name a <KIND> b", "CASE_DEPENDENCY"],
  ])("says what is wrong with %s", (line, code) => {
    expect(run(`repo s 0 empty\n${line}\nresult transaction <inline>\n`).error).toContain(`[${code}]`);
  });

  it.each(["repo r 0 solv x.solv", "system amd64 deb", "feature linked_packages", "poolflags promoteepoch"])(
    "does not run a case with %s, and says why",
    (line) => {
      writeFileSync(join(folder, "x.solv"), "");
      const report = run(`repo s 0 empty\n${line}\njob install name a\nresult transaction <inline>\n`);
      expect(report.error).toBeUndefined();
      expect(report.skipped).toBeTruthy();
    },
  );

  it("takes any bytes for a case", () => {
    const start = performance.now();
    for (let end = 0; end < sample.length; end += 3) expect(clean(() => run(sample.slice(0, end)))).toBe(true);
    const random = new Random(7);
    for (let round = 0; round < 1500; round++) {
      const bytes = [...sample];
      for (let change = random.below(4); change >= 0; change--)
        bytes[random.below(bytes.length)] = random.pick([
          "\n",
          " ",
          "#",
          ">",
          "(",
          "|",
          "-",
          "\0",
          "é",
          "0",
          ":",
          "job",
        ]);
      expect(clean(() => run(bytes.join("")))).toBe(true);
    }
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  it("reads jobs that name and take packages in every way without harm", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const report = run(tinyCaseText(tinyCase(new Random(seed)), "transaction,problems,recommended,rules,jobs"));
      expect(report.error).toBeUndefined();
    }
  });
});

/** Errors in the report carry a code; nothing else is thrown. */
function clean(attempt: () => ReturnType<typeof runCase>): boolean {
  try {
    const { error } = attempt();
    return error === undefined || /\[[A-Z_]+\]$/.test(error);
  } catch (error) {
    return error instanceof WeirError;
  }
}

describe("the cases of this repository", () => {
  const cases = join(import.meta.dirname, "../cases");
  for (const folder of readdirSync(cases, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    it(`come out as libsolv has them: ${folder.name}`, () => {
      for (const name of readdirSync(join(cases, folder.name)).filter((file) => file.endsWith(".t"))) {
        const { error, skipped, sections } = runCase(join(cases, folder.name, name), solveCase, "all");
        const differing = sections.filter(({ missing, surplus }) => missing.length + surplus.length > 0);
        expect({ name, error, skipped, differing }).toEqual({
          name,
          error: undefined,
          skipped: undefined,
          differing: [],
        });
      }
    });
});
