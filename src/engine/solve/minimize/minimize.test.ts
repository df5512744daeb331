import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poolOf } from "../../../../test/support/pool.ts";
import { complaintsAbout } from "../../../../test/support/solution-checker.ts";
import { nameRequests, tinyUniverses } from "../../../../test/support/tiny-universes.ts";
import { tinyRepository } from "../../../../test/support/universe.ts";
import { ClosureSearch } from "./closure-search.ts";

describe("ClosureSearch", () => {
  it("finds the least of every tiny universe, and no less than brute force", () => {
    let found = 0;
    let choices = 0;
    const weighed = fc.array(fc.constantFrom(0, 1, 1, 2, 3, 5, 8, 100), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(tinyUniverses("plain"), nameRequests, weighed, (packages, names, chosen) => {
        const repository = tinyRepository("r", packages);
        const all = repository.packages;
        const pool = poolOf([repository]);
        const weights = new Float64Array(pool.columns.count);
        for (const index of all.keys()) weights[index + 2] = chosen[index] ?? 0;
        let least = Number.POSITIVE_INFINITY;
        let ways = 0;
        for (let set = 0; set < 1 << all.length; set++) {
          const some = all.filter((_, index) => (set & (1 << index)) !== 0);
          if (
            complaintsAbout(
              some,
              names.map((name) => ({ name })),
            ).length > 0
          )
            continue;
          ways++;
          const weight = all.reduce(
            (sum, _, index) => sum + ((set & (1 << index)) !== 0 ? (chosen[index] ?? 0) : 0),
            0,
          );
          least = Math.min(least, weight);
        }
        const demands = names.map((text) => ({
          text,
          packages: pool.providersOf(pool.columns.strings.internText(text)),
        }));
        const answer = new ClosureSearch(pool).run(demands, weights, 10_000);
        expect(answer.weight).toBe(least);
        expect(answer.bound).toBe(least);
        expect(answer.status).toBe(least === Number.POSITIVE_INFINITY ? "impossible" : "optimal");
        if (answer.status !== "optimal") return;
        const some = all.filter((_, index) => answer.packages.includes(index + 2));
        expect(
          complaintsAbout(
            some,
            names.map((name) => ({ name })),
          ),
        ).toEqual([]);
        found++;
        if (ways > 2) choices++;
      }),
      { numRuns: 500, seed: 31 },
    );
    expect(found).toBeGreaterThan(150);
    expect(choices).toBeGreaterThan(50);
  });
});
