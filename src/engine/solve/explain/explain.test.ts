import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askTiny, type TinyRepositories } from "../../../../test/support/question.ts";
import { nameRequests, tinyUniverses } from "../../../../test/support/tiny-universes.ts";
import type { AskOptions } from "../answer/ask.ts";
import type { Question } from "../answer/question.ts";
import type { TreeNode } from "../answer/types.ts";

function outline(nodes: readonly TreeNode[], indent = ""): string[] {
  return nodes.flatMap((node) => [`${indent}${node.text}`, ...outline(node.children, `${indent}  `)]);
}

function told(
  repositories: TinyRepositories,
  install: readonly string[],
  more: Partial<Question> = {},
  options: AskOptions = {},
): string[] {
  const { problems } = askTiny(repositories, install, more, options);
  return problems.flatMap((problem) => [
    problem.message,
    ...outline(problem.tree, "  "),
    ...problem.hints.map((hint) => `→ ${hint.text}`),
  ]);
}

describe("what stands in the way is told", () => {
  it("as a name that nobody provides, with the nearest one", () => {
    expect(told({ r: [["libflow-1"]] }, ["libflov"])).toEqual([
      "cannot install libflov: nothing provides libflov",
      "  libflov is requested",
      "    nothing provides libflov",
      "→ did you mean libflow?",
    ]);
  });

  it("as a requirement some steps below, with what is there instead", () => {
    const repositories = {
      base: [["lib-1"]],
      app: [
        ["app-2", "requires mid"],
        ["mid-1", "requires lib >= 2"],
      ],
    } as const;
    const days = { dateOf: (index: number) => ["2022-02-01", "2025-01-01"][index] };
    expect(told(repositories, ["app"], {}, days)).toEqual([
      "cannot install app: mid-1-1.x86_64 (app) requires lib >= 2, but base of 2022-02-01 has 1-1",
      "  app is requested",
      "    app-2-1.x86_64 (app) requires mid",
      "      mid-1-1.x86_64 (app) requires lib >= 2, but base of 2022-02-01 has 1-1",
      "→ app is of 2025-01-01 and base of 2022-02-01: use repositories of the same day",
    ]);
  });

  it("once for all versions that fail alike", () => {
    const builds = [1, 2, 3].map((version) => [`app-${version}`, `requires lib = ${version}-1`] as const);
    expect(told({ r: [...builds, ["lib-9"]] }, ["app"])).toEqual([
      "cannot install app: app 1-1 … 3-1 (3 builds in r) require lib of exactly their own version (3-1), but r has 9-1",
      "  app is requested",
      "    app 1-1 … 3-1 (3 builds in r) require lib of exactly their own version (3-1), but r has 9-1",
    ]);
  });

  it("for each version that fails in its own way", () => {
    expect(
      told(
        {
          r: [
            ["app-1", "requires x"],
            ["app-2", "requires y"],
          ],
        },
        ["app"],
      ),
    ).toEqual([
      "cannot install app: app-2-1.x86_64 (r) requires y, which nothing provides",
      "  app is requested",
      "    app-2-1.x86_64 (r) requires y, which nothing provides",
      "    app-1-1.x86_64 (r) requires x, which nothing provides",
      "→ add a repository that has y",
      "→ add a repository that has x",
    ]);
  });

  it("as a conflict of two requests, each with its way there", () => {
    const repository = [["a-1", "requires la"], ["b-1", "requires lb"], ["la-1"], ["lb-1", "conflicts la"]] as const;
    expect(told({ r: repository }, ["a", "b"])).toEqual([
      "cannot install a, b: lb-1-1.x86_64 (r) conflicts with la: la-1-1.x86_64 (r)",
      "  b is requested",
      "    b-1-1.x86_64 (r) requires lb",
      "      lb-1-1.x86_64 (r) conflicts with la: la-1-1.x86_64 (r)",
      "        la-1-1.x86_64 (r) is there since a-1-1.x86_64 (r) requires la",
      "          a-1-1.x86_64 (r) is there since a is requested",
      "→ without a the rest is possible",
      "→ without b the rest is possible",
    ]);
  });

  it("as two versions of one name", () => {
    const lines = told({ r: [["a-1", "requires l = 1-1"], ["b-1", "requires l = 2-1"], ["l-1"], ["l-2"]] }, ["a", "b"]);
    expect(lines[0]).toMatch(/^cannot install a, b: l-[12]-1\.x86_64 \(r\) cannot stand beside l-[12]-1\.x86_64/);
  });

  it("as what was excluded, by whom", () => {
    expect(told({ r: [["app-1", "requires lib"], ["lib-1"]] }, ["app"], { exclude: ["li*"] })).toEqual([
      "cannot install app: lib-1-1.x86_64 (r) is excluded (li*)",
      "  app is requested",
      "    app-1-1.x86_64 (r) requires lib",
      "      lib-1-1.x86_64 (r) is excluded (li*)",
      "→ do not exclude li*",
    ]);
  });

  it("as a version that is not there, with the one that is", () => {
    expect(told({ r: [["app-1"]] }, ["app >= 2"])).toEqual([
      "cannot install app >= 2: nothing provides app >= 2",
      "  app >= 2 is requested",
      "    nothing provides app >= 2",
      "→ r has app 1-1 for x86_64",
      "→ another build of app can be installed: ask for app",
    ]);
  });

  it("as the best candidate that cannot be had, where nothing less is wanted", () => {
    expect(told({ r: [["app-2", "requires gone"], ["app-1"]] }, ["app"], { best: true })).toEqual([
      "cannot install app: app-2-1.x86_64 (r) requires gone, which nothing provides",
      "  app is requested, the best candidate of it",
      "    app-2-1.x86_64 (r) requires gone, which nothing provides",
      "→ add a repository that has gone",
      "→ take what can be had in place of the newest with --nobest",
    ]);
  });

  it("as an architecture that is not there", () => {
    expect(told({ r: [["app-1"]] }, ["app.i686"]).slice(3)).toEqual([
      "→ r has app 1-1 for x86_64",
      "→ another build of app can be installed: ask for app",
    ]);
  });

  it("as an installed package in the way, with leave to remove it", () => {
    const lines = told({ installed: [["old-1"]], r: [["new-1", "conflicts old"]] }, ["new"]);
    expect(lines[0]).toBe("cannot install new: new-1-1.x86_64 (r) conflicts with old: old-1-1.x86_64 (installed)");
    expect(lines).toContain("→ allow installed packages to be removed with --allow-erasing");
  });

  it("once where many requests fail for one cause", () => {
    const apps = ["a", "b", "c", "d"].map((name) => [`${name}-1`, "requires lib"] as const);
    const lines = told({ r: [...apps, ["lib-1", "requires gone"]] }, ["a", "b", "c", "d"]);
    expect(lines.filter((line) => line.startsWith("cannot"))).toEqual([
      "cannot install a, b, c and 1 more: lib-1-1.x86_64 (r) requires gone, which nothing provides",
    ]);
    // To leave one of them out would not help the others.
    expect(lines.filter((line) => line.startsWith("→"))).toEqual(["→ add a repository that has gone"]);
  });

  it("in bounded size and time however deep the cause is", () => {
    const chain = Array.from({ length: 5000 }, (_, index) => [`p${index}-1`, `requires p${index + 1}`] as const);
    const { problems } = askTiny({ r: chain }, ["p0"]);
    expect(problems[0]?.causes[0]?.text).toBe("p4999-1-1.x86_64 (r) requires p5000, which nothing provides");
    expect(outline(problems[0]?.tree ?? []).length).toBeLessThan(70);
    const wide = Array.from(
      { length: 2000 },
      (_, index) => [`w${index}-1`, "provides cap", `requires n${index}`] as const,
    );
    const many = askTiny({ r: wide }, ["cap"]).problems;
    expect(outline(many[0]?.tree ?? []).length).toBeLessThan(70);
  });
});

describe("explanations of whatever cannot be solved", () => {
  it("name a cause and hold together", () => {
    fc.assert(
      fc.property(tinyUniverses("all"), nameRequests, (packages, requests) => {
        const { problems } = askTiny({ r: packages }, requests);
        for (const problem of problems) {
          expect(problem.message).toMatch(/^cannot install .+: ./);
          expect(problem.causes.length).toBeGreaterThan(0);
          expect(outline(problem.tree).length).toBeGreaterThan(1);
          expect(outline(problem.tree).join("\n")).not.toMatch(/undefined|\[object/);
          for (const text of problem.subject.split(", ")) expect(requests).toContain(text);
        }
      }),
      { numRuns: 400, seed: 11 },
    );
  });
});
