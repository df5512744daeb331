import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askTiny, plainQuestion, tinyPool } from "../../../../test/support/question.ts";
import { anyDependency, nameRequests, tinyUniverses } from "../../../../test/support/tiny-universes.ts";
import { WeirError } from "../../../core/index.ts";
import { verifySolution } from "../check.ts";
import { ask } from "./ask.ts";
import { readRequest } from "./requests.ts";
import { solutionDocument } from "./solution.ts";
import type { AnswerReason, SolutionDocument } from "./types.ts";

function documentOf(...given: Parameters<typeof askTiny>): SolutionDocument {
  const answer = askTiny(...given);
  const { requests, problems } = answer;
  return solutionDocument(answer.result, { arch: "x86_64", requests, repositories: [], problems });
}

const reasons = (document: SolutionDocument): Record<string, AnswerReason> =>
  Object.fromEntries(document.install.map((item) => [item.nevra.replace(/-.*/, ""), item.reason]));

describe("reasons", () => {
  it("are the nearest that bring a package: hard before weak", () => {
    const found = documentOf(
      {
        r: [
          ["app-1", "requires mid", "recommends extra"],
          ["mid-1", "requires lib"],
          ["lib-1"],
          ["extra-1", "requires lib", "requires more"],
          ["more-1"],
          ["addon-1", "supplements app"],
        ],
      },
      ["app"],
    );
    expect(reasons(found)).toEqual({
      app: { kind: "requested", request: "app" },
      mid: { kind: "required", by: "app-1-1.x86_64", dependency: "mid" },
      lib: { kind: "required", by: "mid-1-1.x86_64", dependency: "lib" },
      extra: { kind: "recommended", by: "app-1-1.x86_64", dependency: "extra" },
      more: { kind: "required", by: "extra-1-1.x86_64", dependency: "more" },
      addon: { kind: "supplemented", by: "app-1-1.x86_64", dependency: "app" },
    });
  });

  it("take of a rich dependency the part that counts", () => {
    const repository = [["app-1", "requires (x if y else z)", "requires (a or b)"], ["x-1"], ["z-1"], ["a-1"]] as const;
    expect(reasons(documentOf({ r: repository }, ["app"]))).toMatchObject({
      z: { kind: "required", dependency: "(x if y else z)" },
      a: { kind: "required", dependency: "(a or b)" },
    });
    expect(Object.keys(reasons(documentOf({ r: repository }, ["app"])))).not.toContain("x");
  });

  it("name what is replaced", () => {
    const found = documentOf({ installed: [["app-1"]], r: [["app-2"]] }, [], {
      wishes: [{ action: "update", text: "*" }],
    });
    expect(reasons(found)).toEqual({ app: { kind: "replaces", by: "app-1-1.x86_64" } });
    expect(found.changes).toEqual([{ nevra: "app-1-1.x86_64", to: "app-2-1.x86_64", kind: "upgrade" }]);
  });
});

describe("answers", () => {
  it("hold for the judge, with a reason for each package, over whatever universes", () => {
    fc.assert(
      fc.property(tinyUniverses("plain"), nameRequests, fc.boolean(), (packages, requests, weak) => {
        const answer = askTiny({ r: packages }, requests, { weak });
        const { result, problems } = answer;
        expect(problems.length === 0).toBe(result.problems.length === 0);
        if (problems.length > 0) return;
        expect(verifySolution(result.pool, result)).toEqual([]);
        const document = solutionDocument(result, {
          arch: "x86_64",
          requests: answer.requests,
          repositories: [],
          problems,
        });
        expect(document.install).toHaveLength(result.packages.length);
        expect(document.totals.packages).toBe(result.packages.length);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("are the same each time, whatever was asked between", () => {
    const pool = tinyPool({ r: [["app-1", "requires (a or b)"], ["a-1"], ["b-1", "requires gone"]] });
    const first = ask(pool, plainQuestion(["app"]));
    ask(pool, plainQuestion(["b", "nothing"], { exclude: ["a"] }));
    expect(ask(pool, plainQuestion(["app"])).result.packages).toEqual(first.result.packages);
  });
});

describe("requests", () => {
  const pool = tinyPool({ r: [["app-1", "provides cap = 1"], ["lib-1"]] });
  const group = {
    id: "core",
    name: "Core",
    packages: [
      { name: "app", kind: "mandatory" },
      { name: "lib", kind: "optional" },
      { name: "gone", kind: "mandatory" },
    ],
  };

  it("of groups are their mandatory and default packages, those that are there", () => {
    const { jobs } = readRequest(pool, "@core", "install", [], [group]);
    expect(jobs).toHaveLength(1);
    expect(readRequest(pool, "@Core", "install", [], [group]).jobs).toHaveLength(1);
    expect(() => readRequest(pool, "@cor", "install", [], [group])).toThrow(
      expect.objectContaining({ code: "SOLVE_GROUP_UNKNOWN", hints: ["there is core"] }),
    );
  });

  it.each(["", " ", "a\nb", "(a", "(a and)", "()", `(${"a or ".repeat(2000)}b)`])(
    "that are none are refused: %j",
    (text) => {
      expect(() => readRequest(pool, text, "install", [])).toThrow(
        expect.objectContaining({ code: "SOLVE_REQUEST_MALFORMED" }),
      );
    },
  );

  it("of any text give an answer or an error of ours, soon", () => {
    const text = fc.oneof(
      anyDependency,
      fc.string({ maxLength: 40 }),
      fc.stringMatching(/^[()a<>=*?[\]@/. -]{1,60}$/),
      fc.nat({ max: 600 }).map((depth) => `${"(".repeat(depth)}app${")".repeat(depth)}`),
      fc.nat({ max: 600 }).map((depth) => `${"(lib or ".repeat(depth)}app${")".repeat(depth)}`),
      fc.nat({ max: 200 }).map((count) => `${"a*".repeat(count)}b`),
    );
    fc.assert(
      fc.property(text, (request) => {
        try {
          const { problems } = ask(pool, plainQuestion([request]));
          for (const problem of problems) expect(problem.message.length).toBeLessThan(20_000);
        } catch (error) {
          if (!(error instanceof WeirError)) throw error;
        }
      }),
      { numRuns: 600, seed: 9 },
    );
  });
});
