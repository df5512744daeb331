import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complaintsAbout } from "../../../test/support/solution-checker.ts";
import { type TinyPackage, tinyDependency, tinyRepository } from "../../../test/support/universe.ts";
import { createSolver } from "./index.ts";

const name = fc.constantFrom("a", "b", "c", "d");
const capability = fc.oneof(
  { weight: 3, arbitrary: name },
  { weight: 1, arbitrary: fc.constant("v") },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.oneof(name, fc.constant("v")),
        fc.constantFrom("<", "<=", "=", ">=", ">"),
        fc.constantFrom("1", "2", "2-1", "3"),
      )
      .map((parts) => parts.join(" ")),
  },
);
const rich = fc.letrec<{ group: string; item: string }>((tie) => ({
  group: fc.oneof(
    fc
      .tuple(tie("item"), fc.constantFrom("and", "or", "if", "unless"), tie("item"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie("item"), fc.constantFrom("if", "unless"), tie("item"), tie("item"))
      .map(([a, op, b, c]) => `(${a} ${op} ${b} else ${c})`),
    fc.tuple(capability, fc.constantFrom("with", "without"), capability).map(([a, op, b]) => `(${a} ${op} ${b})`),
  ),
  item: fc.oneof({ maxDepth: 2, withCrossShrink: true }, capability, tie("group")),
})).group;
const dependency = fc.oneof({ weight: 3, arbitrary: capability }, { weight: 1, arbitrary: rich });
const line = fc.oneof(
  { weight: 4, arbitrary: dependency.map((text) => `requires ${text}`) },
  { weight: 2, arbitrary: dependency.map((text) => `conflicts ${text}`) },
  { weight: 1, arbitrary: capability.map((text) => `obsoletes ${text}`) },
  { weight: 1, arbitrary: fc.constantFrom("1", "2", "3").map((version) => `provides v = ${version}`) },
  { weight: 1, arbitrary: fc.constant("provides v") },
  { weight: 1, arbitrary: dependency.map((text) => `recommends ${text}`) },
  { weight: 1, arbitrary: dependency.map((text) => `supplements ${text}`) },
);
const universe = fc
  .uniqueArray(fc.tuple(name, fc.constantFrom("1", "2", "3")), {
    minLength: 1,
    maxLength: 8,
    selector: (item) => item.join("-"),
  })
  .chain((packages) =>
    fc.tuple(
      ...packages.map(([base, version]) =>
        fc.array(line, { maxLength: 4 }).map((lines): TinyPackage => [`${base}-${version}`, ...lines]),
      ),
    ),
  );
const requests = fc.uniqueArray(dependency, { minLength: 1, maxLength: 3 });

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
      fc.property(universe, requests, (packages, install) => {
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
