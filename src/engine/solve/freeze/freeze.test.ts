import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCase } from "../../../../conform/solver/read-case.ts";
import { CaseStage } from "../../../../conform/solver/stage.ts";
import { askTiny, type TinyRepositories } from "../../../../test/support/question.ts";
import { nameRequests, tinyUniverses } from "../../../../test/support/tiny-universes.ts";
import type { Question } from "../answer/question.ts";
import { runSolver } from "../run.ts";
import { freezeQuestion } from "./index.ts";

function frozen(repositories: TinyRepositories, install: readonly string[], more: Partial<Question> = {}) {
  const answer = askTiny(repositories, install, more);
  const { pool } = answer.result;
  const text = freezeQuestion(pool, { ...answer.question, arch: "x86_64", comments: ["a case"] });
  return { answer, text };
}

/** What the case's own text gives when it is read and solved: NEVRAs, or how many problems. */
function thawed(text: string): readonly string[] | number {
  const stage = new CaseStage("frozen.t");
  const [section] = readCase(text, "frozen.t");
  if (section === undefined) throw new Error("no section");
  const { pool, jobs, flags } = stage.run(section, false);
  const result = runSolver(pool, jobs, flags);
  return result.problems.length > 0 ? result.problems.length : result.packages.map((pkg) => pool.nevra(pkg)).sort();
}

describe("a frozen question", () => {
  it("is a case of the packages it can reach", () => {
    const { text } = frozen(
      { "my repo": [["app-1:2-3", "requires (a or b)", "requires cap(x) >= 1"], ["a-1"], ["other-1"]] },
      ["app"],
      { exclude: ["a"] },
    );
    expect(text).toBe(
      [
        "# a case",
        "repo my_repo 0 testtags <inline>",
        "#>=Ver: 3.0",
        "#>=Pkg: app 1:2 3 x86_64",
        "#>=Prv: app = 1:2-3",
        "#>=Req: a | b",
        "#>=Req: cap(x) >= 1",
        "#>=Pkg: a 1 1 x86_64",
        "#>=Prv: a = 1-1",
        "system x86_64 rpm",
        "poolflags implicitobsoleteusescolors",
        "solverflags allowdowngrade allowvendorchange bestobeypolicy keeporphans yumobsoletes",
        "disable pkg a-1-1.x86_64@my_repo",
        "job install name app",
        "",
      ].join("\n"),
    );
  });

  it("gives the same answer again, over whatever universes", () => {
    fc.assert(
      fc.property(tinyUniverses("all"), nameRequests, (packages, requests) => {
        const { answer, text } = frozen({ r: packages }, requests, {});
        const { result } = answer;
        const ours =
          result.problems.length > 0
            ? result.problems.length
            : result.packages.map((pkg) => result.pool.nevra(pkg)).sort();
        expect(thawed(text), text).toEqual(ours);
      }),
      { numRuns: 300, seed: 21 },
    );
  });
});
