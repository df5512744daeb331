import { describe, expect, it } from "vitest";
import { type TinyPackage, tinyRepository } from "../../../test/support/universe.ts";
import { WeirError } from "../../core/index.ts";
import { checkClosure, checkInstallable, parseRich, solve } from "./index.ts";

function codeOf(packages: readonly TinyPackage[], install: readonly string[]): string {
  try {
    return solve({ repositories: [tinyRepository("r", packages)], install, arch: "x86_64" }).problems.length === 0
      ? "solved"
      : "refused";
  } catch (error) {
    return error instanceof WeirError ? error.code : `BUG ${String(error)}`;
  }
}

describe("limits", () => {
  it("SOLVE_GAVE_UP on a puzzle made to be hard: fourteen pigeons, thirteen holes", () => {
    const holes = Array.from({ length: 13 }, (_, hole) => hole);
    const packages: TinyPackage[] = [];
    const pigeons = Array.from({ length: 14 }, (_, pigeon) => `pigeon${pigeon}x`);
    for (const pigeon of pigeons) {
      packages.push([`${pigeon}-1`, `requires (${holes.map((hole) => `${pigeon}h${hole}`).join(" or ")})`]);
      for (const hole of holes) packages.push([`${pigeon}h${hole}-1`, `provides hole${hole}`, `conflicts hole${hole}`]);
    }
    expect(codeOf(packages, pigeons)).toBe("SOLVE_GAVE_UP");
  });

  it("SOLVE_TOO_LARGE where everybody conflicts with everybody, each in words of its own", () => {
    const packages = Array.from(
      { length: 2600 },
      (_, index): TinyPackage => [
        `p${index}x-1`,
        "provides v = 1",
        `conflicts v < ${index + 2}`,
        "requires w",
        "provides w",
      ],
    );
    expect(codeOf([["a-1", "requires w"], ...packages], ["a"])).toBe("SOLVE_TOO_LARGE");
  });

  it("stays quick with thousands of versions of one package", () => {
    const packages = Array.from(
      { length: 3000 },
      (_, index): TinyPackage => [`a-${index + 1}`, index > 1500 ? "requires nothing" : "requires b"],
    );
    const start = performance.now();
    expect(codeOf([...packages, ["b-1"]], ["a"])).toBe("solved");
    expect(performance.now() - start).toBeLessThan(40_000);
  });

  it("stays quick down a chain of thousands, and round a circle", () => {
    const packages = Array.from(
      { length: 5000 },
      (_, index): TinyPackage => [`p${index}x-1`, `requires p${(index + 1) % 5000}x`],
    );
    expect(codeOf(packages, ["p0x"])).toBe("solved");
    const broken = packages.map((pkg, index): TinyPackage => (index === 4999 ? [pkg[0], "requires nothing"] : pkg));
    expect(codeOf(broken, ["p0x"])).toBe("refused");
    expect(checkInstallable([tinyRepository("r", broken)], "x86_64")).toHaveLength(5000);
  });

  it("reads no endless rich dependency", () => {
    const deep = (levels: number) => `${"(a or ".repeat(levels)}b${")".repeat(levels)}`;
    expect(parseRich(deep(30))).toBeDefined();
    expect(parseRich(deep(50_000))).toBeUndefined();
    expect(parseRich(`(${"a or ".repeat(300_000)}b)`)).toBeUndefined();
  });

  it.each(["(", "()", "(a", "(a and)", "(a b)", "(a and b or c)", "(a if b if c)", "(a >= )", "(a))", "(and and and)"])(
    "calls %j malformed, and what requires it broken",
    (text) => {
      expect(parseRich(text)).toBeUndefined();
      const packages: TinyPackage[] = [["a-1", `requires ${text}`], ["b-1"]];
      expect(codeOf(packages, ["a"])).toBe("refused");
      expect(checkClosure([tinyRepository("r", packages)]).map((problem) => problem.nevra)).toEqual(["a-1-1.x86_64"]);
    },
  );

  it("stays small where rich dependencies would multiply", () => {
    const names = Array.from({ length: 12 }, (_, index) => `(a${index} and b${index})`);
    const packages: TinyPackage[] = [["top-1", `requires (${names.join(" or ")})`]];
    for (let index = 0; index < 12; index++) packages.push([`a${index}-1`], [`b${index}-1`]);
    expect(codeOf(packages, ["top"])).toBe("solved");
  });
});

describe("checkInstallable", () => {
  it("finds what conflicts and single versions break, and says why", () => {
    const packages: TinyPackage[] = [
      ["a-1", "requires b", "requires c = 2"],
      ["b-1", "requires c = 1"],
      ["c-1"],
      ["c-2"],
      ["d-1", "requires e", "conflicts e"],
      ["e-1"],
      ["f-1", "requires d"],
      ["g-1"],
    ];
    const found = checkInstallable([tinyRepository("r", packages)], "x86_64");
    expect(found.map((problem) => problem.nevra)).toEqual(["a-1-1.x86_64", "d-1-1.x86_64", "f-1-1.x86_64"]);
    expect(found[1]?.chain?.join()).toContain("conflicts with");
    expect(checkClosure([tinyRepository("r", packages)], { deep: true })).toEqual([]);
  });
});

describe("checkClosure", () => {
  const packages: TinyPackage[] = [
    ["a-1", "requires b >= 2", "requires rpmlib(X) <= 1", "requires (c or d)"],
    ["b-1"],
    ["c-1"],
    ["e-1", "requires a"],
    ["s-1-1.src", "requires nothing"],
  ];
  it("names what is missing directly", () => {
    expect(checkClosure([tinyRepository("r", packages)])).toEqual([
      { nevra: "a-1-1.x86_64", repository: "r", missing: [expect.objectContaining({ name: "b", op: ">=", evr: "2" })] },
    ]);
  });
  it("follows to what needs the broken when asked", () => {
    expect(checkClosure([tinyRepository("r", packages)], { deep: true }).map((problem) => problem.nevra)).toEqual([
      "a-1-1.x86_64",
      "e-1-1.x86_64",
    ]);
  });
});
