import { describe, expect, it } from "vitest";
import { complaintsAbout } from "../../../test/support/solution-checker.ts";
import { tinyDependency, type TinyPackage, tinyRepository } from "../../../test/support/universe.ts";
import { WeirError } from "../../core/index.ts";
import { type Solution, type SolveRequest, solve } from "./index.ts";

type Options = Partial<Omit<SolveRequest, "repositories" | "install">>;

function answer(packages: readonly TinyPackage[], install: readonly string[], options: Options = {}): Solution {
  const solution = solve({ repositories: [tinyRepository("r", packages)], install, arch: "x86_64", ...options });
  if (solution.problems.length === 0 && !install.some((text) => /-\d/.test(text))) {
    const chosen = solution.install.map((item) => item.package);
    expect(complaintsAbout(chosen, install.map(tinyDependency), options.assume)).toEqual([]);
  }
  return solution;
}

function names(packages: readonly TinyPackage[], install: readonly string[], options: Options = {}): string[] {
  const solution = answer(packages, install, options);
  expect(solution.problems).toEqual([]);
  return solution.install.map((item) => item.nevra.replace(/-1\.x86_64$/, ""));
}

/** packages, requests, expected answer; null where there is none. */
const cases: readonly (readonly [string, readonly TinyPackage[], readonly string[], readonly string[] | null])[] = [
  ["one package", [["a-1"]], ["a"], ["a-1"]],
  ["the newest version", [["a-1"], ["a-10"], ["a-9"]], ["a"], ["a-10"]],
  ["what is required, and no more", [["a-1", "requires b"], ["b-1"], ["c-1"]], ["a"], ["a-1", "b-1"]],
  ["a version in range", [["a-1", "requires b < 2"], ["b-1"], ["b-2"]], ["a"], ["a-1", "b-1"]],
  ["a release only where asked for", [["a-1", "requires b = 1"], ["b-1-5"]], ["a"], ["a-1", "b-1-5.x86_64"]],
  ["`>` without release not the same version", [["a-1", "requires b > 1"], ["b-1-5"]], ["a"], null],
  ["epochs", [["a-1", "requires b >= 1:1"], ["b-9"]], ["a"], null],
  [
    "unversioned provides meet versioned needs",
    [
      ["a-1", "requires v >= 3"],
      ["b-1", "provides v"],
    ],
    ["a"],
    ["a-1", "b-1"],
  ],
  [
    "versioned provides only in range",
    [
      ["a-1", "requires v >= 3"],
      ["b-1", "provides v = 2"],
    ],
    ["a"],
    null,
  ],
  [
    "a file",
    [
      ["a-1", "requires /bin/x"],
      ["b-1", "file /bin/x"],
    ],
    ["a"],
    ["a-1", "b-1"],
  ],
  ["an older version where the newest is broken", [["a-1"], ["a-2", "requires nothing"]], ["a"], ["a-1"]],
  [
    "an older version where newest ones clash",
    [["a-2", "requires c = 2"], ["a-1", "requires c = 1"], ["b-2", "requires c = 1"], ["c-1"], ["c-2"]],
    ["a", "b"],
    ["a-1", "b-2", "c-1"],
  ],
  ["conflicts", [["a-1", "conflicts b"], ["b-1"]], ["a", "b"], null],
  ["a conflict with another version", [["a-1", "conflicts b < 2"], ["b-1"], ["b-2"]], ["a", "b"], ["a-1", "b-2"]],
  ["a conflict with what it provides itself", [["a-1", "provides v", "conflicts v"]], ["a"], ["a-1"]],
  [
    "two of what conflicts with itself",
    [
      ["a-1", "provides v", "conflicts v"],
      ["b-1", "provides v", "conflicts v"],
    ],
    ["a", "b"],
    null,
  ],
  ["obsoletes", [["a-1", "obsoletes b < 2"], ["b-1"]], ["a", "b"], null],
  [
    "obsoletes mean names, not provides",
    [
      ["a-1", "obsoletes v"],
      ["b-1", "provides v"],
    ],
    ["a", "b"],
    ["a-1", "b-1"],
  ],
  [
    "what takes another's place, not what is replaced",
    [["a-1"], ["b-1", "provides a = 2", "obsoletes a < 2"]],
    ["a"],
    ["b-1"],
  ],
  [
    "nothing for a condition that never holds",
    [["a-1", "requires ((d if a < 1 else v) if a)"], ["d-1"], ["e-1", "provides v"]],
    ["a"],
    ["a-1", "e-1"],
  ],
  ["noarch fits", [["a-1-1.noarch"]], ["a"], ["a-1-1.noarch"]],
  ["another architecture does not", [["a-1-1.aarch64"]], ["a"], null],
  [
    "cycles",
    [
      ["a-1", "requires b"],
      ["b-1", "requires a"],
    ],
    ["a"],
    ["a-1", "b-1"],
  ],
  ["by name-version", [["a-1"], ["a-2"]], ["a-1"], ["a-1"]],
  ["by name-version-release.arch", [["a-1"], ["a-2"]], ["a-1-1.x86_64"], ["a-1"]],
  [
    "its own namesake first",
    [
      ["v-1", "provides v"],
      ["b-9", "provides v"],
    ],
    ["v"],
    ["v-1"],
  ],
  ["rich and", [["a-1", "requires (b and c)"], ["b-1"], ["c-1"]], ["a"], ["a-1", "b-1", "c-1"]],
  ["rich or", [["a-1", "requires (b or c)"], ["c-1"]], ["a"], ["a-1", "c-1"]],
  ["rich if, not given", [["a-1", "requires (b if c)"], ["b-1"], ["c-1"]], ["a"], ["a-1"]],
  ["rich if, given", [["a-1", "requires (b if c)"], ["b-1"], ["c-1"]], ["a", "c"], ["a-1", "b-1", "c-1"]],
  ["rich if else", [["a-1", "requires (b if k else d)"], ["b-1"], ["k-1"], ["d-1"]], ["a"], ["a-1", "d-1"]],
  [
    "rich if, given late",
    [["a-1", "requires (b if c)"], ["z-1", "requires c"], ["b-1"], ["c-1"]],
    ["a", "z"],
    ["a-1", "b-1", "c-1", "z-1"],
  ],
  ["rich unless", [["a-1", "requires (b unless c)"], ["b-1"], ["c-1"]], ["a"], ["a-1", "b-1"]],
  ["rich unless, given", [["a-1", "requires (b unless c)"], ["b-1"], ["c-1"]], ["a", "c"], null],
  [
    "rich unless else",
    [["a-1", "requires (b unless c else d)"], ["b-1"], ["c-1"], ["d-1"]],
    ["a", "c"],
    ["a-1", "c-1", "d-1"],
  ],
  [
    "rich with",
    [
      ["a-1", "requires (v >= 2 with v < 3)"],
      ["b-1", "provides v = 4"],
      ["c-1", "provides v = 2"],
    ],
    ["a"],
    ["a-1", "c-1"],
  ],
  [
    "rich without",
    [
      ["a-1", "requires (v without w)"],
      ["b-1", "provides v", "provides w"],
      ["c-1", "provides v"],
    ],
    ["a"],
    ["a-1", "c-1"],
  ],
  [
    "rich, nested",
    [["a-1", "requires ((b and c) or (d and e))"], ["b-1"], ["d-1"], ["e-1"]],
    ["a"],
    ["a-1", "d-1", "e-1"],
  ],
  ["rich conflict", [["a-1", "conflicts (b and c)"], ["b-1"], ["c-1"]], ["a", "b", "c"], null],
  ["half a rich conflict", [["a-1", "conflicts (b and c)"], ["b-1"], ["c-1"]], ["a", "b"], ["a-1", "b-1"]],
  ["a rich request", [["b-1"], ["c-1"]], ["(b and c)"], ["b-1", "c-1"]],
];

describe("solve", () => {
  it.each(cases)("%s", (_, packages, install, expected) => {
    if (expected === null) expect(answer(packages, install).problems).not.toEqual([]);
    else expect(names(packages, install)).toEqual(expected);
  });

  it("follows weak dependencies unless told not to", () => {
    const packages: TinyPackage[] = [
      ["a-1", "recommends b"],
      ["b-1", "requires c"],
      ["c-1"],
      ["d-1", "supplements a"],
      ["e-1", "suggests a", "enhances a"],
    ];
    expect(names(packages, ["a"])).toEqual(["a-1", "b-1", "c-1", "d-1"]);
    expect(names(packages, ["a"], { weak: false })).toEqual(["a-1"]);
  });

  it("leaves out weak dependencies that would do harm, and what needs them", () => {
    const packages: TinyPackage[] = [
      ["a-1", "recommends b", "recommends x", "conflicts c"],
      ["b-1", "requires c"],
      ["c-1"],
      ["z-1", "supplements c"],
    ];
    expect(names(packages, ["a"])).toEqual(["a-1"]);
  });

  it("follows rich weak dependencies, and those of weak dependencies", () => {
    const packages: TinyPackage[] = [
      ["a-1", "recommends (b if k)"],
      ["k-1"],
      ["b-1", "recommends c"],
      ["c-1"],
      ["l-1", "supplements (a and c)"],
    ];
    expect(names(packages, ["a"])).toEqual(["a-1"]);
    expect(names(packages, ["a", "k"])).toEqual(["a-1", "b-1", "c-1", "k-1", "l-1"]);
  });

  it("never chooses what is excluded", () => {
    const packages: TinyPackage[] = [
      ["a-1", "requires v"],
      ["b-1", "provides v"],
      ["c-1", "provides v"],
    ];
    expect(names(packages, ["a"], { exclude: ["b"] })).toEqual(["a-1", "c-1"]);
    expect(answer(packages, ["a"], { exclude: ["b", "c"] }).problems[0]?.message).toContain("is excluded");
  });

  it("takes what is assumed as present", () => {
    const packages: TinyPackage[] = [
      ["a-1", "requires gcc >= 5", "requires (x if gcc)", "requires /usr/bin/make"],
      ["x-1"],
    ];
    expect(names(packages, ["a"], { assume: ["gcc", "/usr/bin/make"] })).toEqual(["a-1", "x-1"]);
    expect(answer(packages, ["a"], { assume: ["gcc = 4", "/usr/bin/make"] }).problems).toHaveLength(1);
  });

  it("gives each package its first reason", () => {
    const packages: TinyPackage[] = [
      ["a-1", "requires b >= 1", "recommends c"],
      ["b-1"],
      ["c-1"],
      ["d-1", "supplements b"],
    ];
    const reasons = answer(packages, ["a"]).install.map((item) => item.reason);
    expect(reasons).toEqual([
      { kind: "requested", request: "a" },
      { kind: "required", by: "a-1-1.x86_64", dependency: "b >= 1" },
      { kind: "recommended", by: "a-1-1.x86_64", dependency: "c" },
      { kind: "supplemented", by: "b-1-1.x86_64", dependency: "b" },
    ]);
  });

  it("takes an equal package from the earlier repository", () => {
    const repositories = [tinyRepository("first", [["a-1"]]), tinyRepository("second", [["a-1"], ["b-1"]])];
    const solution = solve({ repositories, install: ["a", "b"], arch: "x86_64" });
    expect(solution.install.map((item) => item.repository)).toEqual(["first", "second"]);
  });

  it.each(["", "a b", "(a", "a >= ", "(a and b or c)"])("SOLVE_REQUEST_MALFORMED for %j", (text) => {
    expect(() => answer([["a-1"]], [text])).toThrow(WeirError);
    expect(() => answer([["a-1"]], ["a"], { assume: [text] })).toThrow(
      expect.objectContaining({ code: "SOLVE_REQUEST_MALFORMED" }),
    );
  });
});

describe("why not", () => {
  function problem(packages: readonly TinyPackage[], install: readonly string[]) {
    const [first] = answer(packages, install).problems;
    return first ?? { message: "", chain: [], hints: [] };
  }

  it("nobody provides it, and what was meant", () => {
    expect(problem([["chrony-1"]], ["chronny"])).toEqual({
      message: "cannot install chronny: nothing provides chronny",
      chain: ["chronny is requested", "nothing provides chronny"],
      hints: ["did you mean chrony?"],
    });
  });

  it("a version that is too old, whose request has a version", () => {
    expect(problem([["gcc-13"]], ["gcc >= 14"]).hints).toEqual([
      "gcc >= 14 is needed, r has gcc 13-1, which is too old",
    ]);
  });

  it("the whole way down", () => {
    const told = problem([["a-1", "requires b"], ["b-1", "requires c = 2"], ["c-1"]], ["a"]);
    expect(told.chain).toEqual([
      "a is requested",
      "a-1-1.x86_64 (r) requires b",
      "b-1-1.x86_64 (r) requires c = 2, but r has 1-1",
    ]);
    expect(told.hints).toEqual(["c = 2 is needed, r has c 1-1, which is too old"]);
  });

  it("two versions of one package", () => {
    const told = problem([["a-1", "requires c = 1"], ["b-1", "requires c = 2"], ["c-1"], ["c-2"]], ["a", "b"]);
    expect(told.message).toContain("one version of a name at a time");
    expect(told.message).toContain("cannot install a, b");
  });

  it("a conflict, naming both", () => {
    expect(problem([["a-1", "conflicts b"], ["b-1"]], ["a", "b"]).message).toContain(
      "b-1-1.x86_64 (r) meets b, which a-1-1.x86_64 (r) conflicts with",
    );
  });

  it("each impossible request for itself", () => {
    const packages: TinyPackage[] = [["a-1", "requires x"], ["b-1"], ["c-1", "requires y"]];
    expect(answer(packages, ["a", "b", "c"]).problems.map((item) => item.message)).toEqual([
      "cannot install a: a-1-1.x86_64 (r) requires x, which nothing provides",
      "cannot install c: c-1-1.x86_64 (r) requires y, which nothing provides",
    ]);
  });

  it("only another architecture, a file list that is not loaded", () => {
    expect(problem([["a-1-1.aarch64"]], ["a"]).hints).toEqual(["a is there only for aarch64"]);
    const repository = { ...tinyRepository("r", [["a-1"]]), filesComplete: false };
    const { problems } = solve({ repositories: [repository], install: ["/usr/bin/x"], arch: "x86_64" });
    expect(problems[0]?.hints).toEqual(["file lists of r are not loaded: /usr/bin/x may be in them"]);
  });
});
