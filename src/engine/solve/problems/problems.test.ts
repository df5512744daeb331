import { describe, expect, it } from "vitest";
import { makePackage, type PackagePlan } from "../../../../test/support/metadata.ts";
import { addPackage } from "../../../formats/rpmmd/index.ts";
import { Pool } from "../../pool/index.ts";
import type { SolverFlags, SolverJob, SolverResult } from "../jobs.ts";
import { runSolver } from "../run.ts";
import { problemRules, problemSentence, type SolutionAction, solutionsOf, tellingRule } from "./index.ts";

interface Plan extends PackagePlan {
  readonly conflicts?: readonly string[];
}

/** Solves install jobs by name over packages that are there, `installed:` before those that are installed. */
function solve(
  packages: Readonly<Record<string, Plan>>,
  jobs: readonly string[],
  flags: SolverFlags = {},
): SolverResult {
  const pool = new Pool(undefined, { arch: "x86_64" });
  pool.installed = pool.addRepository({ id: "installed", priority: 0, subPriority: 0 }).index;
  const base = pool.addRepository({ id: "base", priority: 0, subPriority: 0 }).index;
  for (const [key, { conflicts = [], ...plan }] of Object.entries(packages)) {
    const text = key.replace("installed:", "");
    const parsed = makePackage(text, { requires: conflicts }).requires;
    addPackage(pool.columns, text === key ? base : pool.installed, { ...makePackage(text, plan), conflicts: parsed });
  }
  pool.prepare();
  const wanted = jobs.map((text): SolverJob => {
    const [action, name] = text.split(" ") as [SolverJob["action"], string];
    const select =
      name === "all"
        ? ({ kind: "all" } as const)
        : ({ kind: "name", dependency: pool.columns.strings.internText(name) } as const);
    return { action, select };
  });
  return runSolver(pool, wanted, flags);
}

function sentences(result: SolverResult): string[] {
  return result.problems.map((problem) => problemSentence(result, problem)).sort();
}

function actions(result: SolverResult): string[] {
  const { pool, jobs } = result;
  const text = (action: SolutionAction): string => {
    switch (action.kind) {
      case "delete-job":
        return `not ${jobs[action.job]?.action}`;
      case "replace":
        return `replace ${pool.nevra(action.package)} by ${pool.nevra(action.by)}`;
      default:
        return `${action.kind} ${pool.nevra(action.package)}`;
    }
  };
  return result.problems
    .flatMap((problem) => solutionsOf(result, problem).map((solution) => solution.actions.map(text).join(" and ")))
    .sort();
}

const cases: readonly [
  name: string,
  packages: Record<string, Plan>,
  jobs: string[],
  sentence: string,
  ways: string[],
][] = [
  ["an unknown name", {}, ["install nosuch"], "package nosuch does not exist", ["not install"]],
  [
    "a need nobody meets",
    { "a-1-1.noarch": { requires: ["x"] } },
    ["install a"],
    "nothing provides x needed by a-1-1.noarch",
    ["not install"],
  ],
  [
    "a need that only what cannot be there meets",
    { "a-1-1.noarch": { requires: ["b"] }, "b-1-1.noarch": { requires: ["x"] } },
    ["install a"],
    "nothing provides x needed by b-1-1.noarch",
    ["not install"],
  ],
  [
    "a conflict",
    { "a-1-1.noarch": { conflicts: ["b"] }, "b-1-1.noarch": {} },
    ["install a", "install b"],
    "package a-1-1.noarch conflicts with b provided by b-1-1.noarch",
    ["not install", "not install"],
  ],
  ["another architecture", { "a-1-1.aarch64": {} }, ["install a"], "package a does not exist", ["not install"]],
  [
    "a conflict with what is installed",
    { "a-1-1.noarch": { conflicts: ["b"] }, "installed:b-1-1.noarch": {} },
    ["install a"],
    "package a-1-1.noarch conflicts with b provided by b-1-1.noarch",
    ["erase b-1-1.noarch", "not install"],
  ],
  [
    "a removal of what others need",
    { "installed:a-1-1.noarch": { requires: ["b"] }, "installed:b-1-1.noarch": {} },
    ["erase b"],
    "package a-1-1.noarch requires b, but none of the providers can be installed",
    ["erase a-1-1.noarch", "not erase"],
  ],
  [
    "a need that an installed package would have to go back for",
    { "a-1-1.noarch": { requires: ["b = 1-1"] }, "installed:b-2-1.noarch": {}, "b-1-1.noarch": {} },
    ["install a"],
    "package a-1-1.noarch requires b = 1-1, but none of the providers can be installed",
    ["not install", "replace b-2-1.noarch by b-1-1.noarch"],
  ],
];

describe("problems", () => {
  it.each(cases)("tell of %s", (_name, packages, jobs, sentence, ways) => {
    const result = solve(packages, jobs);
    expect(sentences(result)).toEqual([sentence]);
    for (const problem of result.problems)
      expect(problemRules(result, problem)).toContain(tellingRule(result, problem));
    expect(actions(result)).toEqual(ways);
  });

  it("of several are told each by itself", () => {
    const result = solve({ "a-1-1.noarch": { requires: ["x"] }, "b-1-1.noarch": { requires: ["y"] } }, [
      "install a",
      "install b",
    ]);
    expect(sentences(result)).toEqual([
      "nothing provides x needed by a-1-1.noarch",
      "nothing provides y needed by b-1-1.noarch",
    ]);
  });

  it("offer nothing essential as long as there is something else", () => {
    const packages = { "a-1-1.noarch": { conflicts: ["b"] }, "b-1-1.noarch": {} };
    const { pool, jobs } = solve(packages, ["install a", "install b"]);
    const essential = jobs.map((job, index): SolverJob => (index === 0 ? { ...job, flags: ["essential"] } : job));
    const result = runSolver(pool, essential, {});
    const [problem] = result.problems;
    expect(problem && solutionsOf(result, problem).map(({ actions: list }) => list)).toEqual([
      [{ kind: "delete-job", job: 1 }],
    ]);
  });
});
