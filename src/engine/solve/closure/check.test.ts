import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poolOf } from "../../../../test/support/pool.ts";
import { complaintsAbout } from "../../../../test/support/solution-checker.ts";
import { tinyUniverses } from "../../../../test/support/tiny-universes.ts";
import { type TinyPackage, tinyRepository } from "../../../../test/support/universe.ts";
import { runSolver } from "../run.ts";
import { checkPool } from "./index.ts";

function brokenOf(packages: readonly TinyPackage[], arch = "x86_64"): string[] {
  const pool = poolOf([tinyRepository("r", packages)], { arch });
  const { broken } = checkPool(pool);
  return packages.flatMap(([spec], index) => (broken[index + 2] === 1 ? [spec] : []));
}

/** Packages that no sound set whatever holds. */
function bruteForce(packages: readonly TinyPackage[]): string[] {
  const all = tinyRepository("r", packages).packages;
  const good = new Set<number>();
  for (let set = 1; set < 1 << all.length; set++) {
    const chosen = all.filter((_, index) => (set & (1 << index)) !== 0);
    if (complaintsAbout(chosen, []).length > 0) continue;
    for (const index of all.keys()) if ((set & (1 << index)) !== 0) good.add(index);
  }
  return [...all.keys()].filter((index) => !good.has(index)).map((index) => packages[index]?.[0] ?? "");
}

/** Packages that the solver finds no answer for, asked one by one. */
function oneByOne(packages: readonly TinyPackage[]): string[] {
  const pool = poolOf([tinyRepository("r", packages)], { withDisabled: false });
  return packages.flatMap(([spec], index) => {
    const job = { action: "install", select: { kind: "package", package: index + 2 } } as const;
    return runSolver(pool, [job], { ignoreRecommended: true }).problems.length > 0 ? [spec] : [];
  });
}

const archs = ["x86_64", "i686", "noarch"] as const;
/** What is weak brings better architectures near, for a solver. */
const weak = /^(recommends|supplements) /;

describe("checkPool", () => {
  it.each<[string, TinyPackage[], string[]]>([
    ["nothing is missing", [["a-1", "requires b"], ["b-1"]], []],
    [
      "nothing provides a need",
      [
        ["a-1", "requires b"],
        ["c-1", "requires a"],
      ],
      ["a-1", "c-1"],
    ],
    ["a version is missing", [["a-1", "requires b >= 2"], ["b-1"]], ["a-1"]],
    [
      "one of two ways is open",
      [
        ["a-1", "requires v"],
        ["b-1", "provides v", "requires x"],
        ["c-1", "provides v"],
      ],
      ["b-1"],
    ],
    [
      "a ring stands",
      [
        ["a-1", "requires b"],
        ["b-1", "requires a"],
      ],
      [],
    ],
    ["a package meets its own need", [["a-1", "requires v", "provides v"]], []],
    ["needs conflict", [["a-1", "requires b", "requires c"], ["b-1", "conflicts c"], ["c-1"]], ["a-1"]],
    [
      "what needs the broken",
      [["a-1", "requires b", "requires c"], ["b-1", "conflicts c"], ["c-1"], ["d-1", "requires a"]],
      ["a-1", "d-1"],
    ],
    [
      "needs want two versions of one",
      [["a-1", "requires b = 1", "requires c"], ["b-1"], ["b-2"], ["c-1", "requires b = 2"]],
      ["a-1"],
    ],
    ["a need is obsoleted by another", [["a-1", "requires b", "requires c"], ["b-1"], ["c-1", "obsoletes b"]], ["a-1"]],
    ["a condition applies", [["a-1", "requires (x if b)", "requires b"], ["b-1"]], ["a-1"]],
    ["a condition does not", [["a-1", "requires (x if b)"], ["b-1"]], []],
    [
      "a conflict on a condition",
      [["a-1", "requires b", "requires c", "conflicts (b and c)"], ["b-1"], ["c-1"]],
      ["a-1"],
    ],
    ["self-conflicts do not count", [["a-1", "conflicts a"]], []],
  ])("%s", (_, packages, expected) => {
    expect(brokenOf(packages)).toEqual(expected);
    expect(bruteForce(packages)).toEqual(expected);
    expect(oneByOne(packages)).toEqual(expected);
  });

  it("agrees with the solver asked one by one, and with brute force where both read conflicts alike", () => {
    let found = 0;
    fc.assert(
      fc.property(tinyUniverses("all"), (packages) => {
        const broken = brokenOf(packages);
        expect(broken).toEqual(oneByOne(packages));
        found += broken.length;
      }),
      { numRuns: 800, seed: 11 },
    );
    expect(found).toBeGreaterThan(400);
    fc.assert(
      fc.property(tinyUniverses("plain"), (packages) => {
        expect(brokenOf(packages)).toEqual(bruteForce(packages));
      }),
      { numRuns: 700, seed: 12 },
    );
  });

  it("agrees with the solver where packages are of several architectures", () => {
    let lesser = 0;
    const universes = fc.tuple(
      tinyUniverses("all"),
      fc.array(fc.constantFrom(...archs), { minLength: 8, maxLength: 8 }),
    );
    fc.assert(
      fc.property(universes, ([plain, chosen]) => {
        const packages = plain.map(([spec, ...lines], index): TinyPackage => {
          return [`${spec}-1.${chosen[index]}`, ...lines.filter((line) => !weak.test(line))];
        });
        const pool = poolOf([tinyRepository("r", packages)]);
        const { broken, checked } = checkPool(pool);
        const alone = new Set(oneByOne(packages));
        for (const [index, [spec]] of packages.entries()) {
          if (checked[index + 2] === 1) expect([spec, broken[index + 2] === 1]).toEqual([spec, alone.has(spec)]);
          else lesser++;
        }
      }),
      { numRuns: 700, seed: 13 },
    );
    expect(lesser).toBeGreaterThan(50);
  });
});
