import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poolOf } from "../../../../test/support/pool.ts";
import { tinyUniverses } from "../../../../test/support/tiny-universes.ts";
import { type TinyPackage, tinyRepository } from "../../../../test/support/universe.ts";
import { checkPool, recheckPool, tellClosure } from "./index.ts";

const pool = (packages: readonly TinyPackage[]) => poolOf([tinyRepository("r", packages)]);

describe("recheckPool", () => {
  it("says what a full check says, whatever changed, and the same story", () => {
    let saved = 0;
    fc.assert(
      fc.property(
        tinyUniverses("all"),
        fc.array(fc.nat(20), { maxLength: 3 }),
        tinyUniverses("all"),
        (before, out, more) => {
          const gone = new Set(out);
          const names = new Set(before.map(([spec]) => spec));
          const after = [
            ...before.filter((_, index) => !gone.has(index)),
            ...more.filter(([spec], index) => index < 2 && !names.has(spec)),
          ];
          const full = checkPool(pool(after));
          const { verdict, judged } = recheckPool(checkPool(pool(before)), pool(after));
          expect([...verdict.broken]).toEqual([...full.broken]);
          expect([...verdict.checked].map((value) => value > 0)).toEqual([...full.checked].map((value) => value > 0));
          expect(verdict.clashing).toEqual(full.clashing);
          expect(tellClosure(verdict)).toEqual(tellClosure(full));
          saved += after.length - judged;
        },
      ),
      { numRuns: 700, seed: 21 },
    );
    expect(saved).toBeGreaterThan(400);
  });

  it("judges nothing where nothing changed, and only what leads to the change", () => {
    const chain: TinyPackage[] = [
      ["a-1", "requires b"],
      ["b-1"],
      ["c-1", "requires d"],
      ["d-1"],
      ["e-1", "requires x"],
    ];
    const before = checkPool(pool(chain));
    expect(recheckPool(before, pool(chain)).judged).toBe(0);
    const after = pool([...chain.slice(0, 3), ["d-2", "requires y"], ...chain.slice(4)]);
    const { verdict, judged, added, removed } = recheckPool(before, after);
    expect(judged).toBe(2);
    expect([added, removed]).toEqual([[5], [5]]);
    expect(tellClosure(verdict).broken.map(({ nevra }) => nevra)).toEqual([
      "c-1-1.x86_64",
      "d-2-1.x86_64",
      "e-1-1.x86_64",
    ]);
  });
});
