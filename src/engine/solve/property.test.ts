import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complaintsAbout } from "../../../test/support/solution-checker.ts";
import { anyDependency, tinyUniverses } from "../../../test/support/tiny-universes.ts";
import { type TinyPackage, tinyDependency, tinyRepository } from "../../../test/support/universe.ts";
import { createSolver } from "./index.ts";

const requests = fc.uniqueArray(anyDependency, { minLength: 1, maxLength: 3 });

/** Whether any set of packages whatever meets the requests. */
function anyAnswer(packages: readonly TinyPackage[], install: readonly string[]): boolean {
  const all = tinyRepository("r", packages).packages;
  const ranges = install.map(tinyDependency);
  for (let set = 0; set < 1 << all.length; set++) {
    if (
      complaintsAbout(
        all.filter((_, index) => (set & (1 << index)) !== 0),
        ranges,
      ).length === 0
    )
      return true;
  }
  return false;
}

describe("every tiny universe", () => {
  it("gets a sound answer exactly where there is one, the same every time, weak dependencies or not", () => {
    let solved = 0;
    let refused = 0;
    fc.assert(
      fc.property(tinyUniverses("all"), requests, (packages, install) => {
        const solver = createSolver([tinyRepository("r", packages)], "x86_64");
        const strict = solver.solve({ install, weak: false });
        const weak = solver.solve({ install });
        for (const solution of [strict, weak]) {
          if (solution.problems.length > 0) continue;
          expect(
            complaintsAbout(
              solution.install.map((item) => item.package),
              install.map(tinyDependency),
            ),
          ).toEqual([]);
        }
        expect(solver.solve({ install })).toEqual(weak);
        expect(createSolver([tinyRepository("r", packages)], "x86_64").solve({ install })).toEqual(weak);
        const possible = anyAnswer(packages, install);
        expect([strict.problems.length === 0, weak.problems.length === 0]).toEqual([possible, possible]);
        if (possible) solved++;
        else {
          refused++;
          expect(weak.problems.every((problem) => problem.chain.length > 0)).toBe(true);
        }
      }),
      { numRuns: 1500, seed: 4711 },
    );
    expect(solved).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(200);
  });
});
