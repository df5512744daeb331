import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askTiny } from "../../../../test/support/question.ts";
import { nameRequests, tinyUniverses } from "../../../../test/support/tiny-universes.ts";
import { type Edge, type Neighbours, neighboursOf, pathsTo, reachable, whyPackage } from "./index.ts";

function graph(pairs: readonly (readonly [number, number])[]): Neighbours {
  const out = new Map<number, Edge[]>();
  const into = new Map<number, Edge[]>();
  for (const [from, to] of pairs) {
    const edge: Edge = { from, to, kind: "requires", dependency: 1 };
    out.set(from, [...(out.get(from) ?? []), edge]);
    into.set(to, [...(into.get(to) ?? []), edge]);
  }
  return { out, in: into };
}

/** Every way without a loop and without another root, by trying all. */
function allWays(neighbours: Neighbours, roots: readonly number[], target: number): string[] {
  const ways: string[] = [];
  const walk = (way: readonly number[]): void => {
    const at = way[way.length - 1] as number;
    if (at === target) {
      ways.push(way.join(">"));
      return;
    }
    for (const edge of neighbours.out.get(at) ?? [])
      if (!way.includes(edge.to) && (edge.to === target || !roots.includes(edge.to))) walk([...way, edge.to]);
  };
  for (const root of roots) walk([root]);
  return ways;
}

describe("ways to a package", () => {
  it("are all there are without a loop, shortest first", () => {
    const pair = fc.tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 2, max: 7 })).filter(([a, b]) => a !== b);
    const pairs = fc.uniqueArray(pair, { maxLength: 14, selector: ([a, b]) => a * 10 + b });
    const roots = fc.uniqueArray(fc.integer({ min: 2, max: 7 }), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(pairs, roots, (edges, from) => {
        const neighbours = graph(edges);
        const found = pathsTo(neighbours, new Set(from), 7, 10_000);
        const ways = found.map((path) => [path.root, ...path.edges.map((edge) => edge.to)].join(">"));
        expect([...ways].sort()).toEqual(allWays(neighbours, from, 7).sort());
        const lengths = found.map((path) => path.edges.length);
        expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it("are few in good time where there are more than can be counted", () => {
    const layers = 40;
    const pairs: [number, number][] = [];
    for (let layer = 0; layer < layers; layer++)
      for (let a = 0; a < 5; a++) for (let b = 0; b < 5; b++) pairs.push([2 + layer * 5 + a, 2 + (layer + 1) * 5 + b]);
    expect(pathsTo(graph(pairs), new Set([2]), 2 + layers * 5, 7)).toHaveLength(7);
  });
});

describe("what is there for a package alone", () => {
  it("is what no request reaches without it, over whatever universes", () => {
    fc.assert(
      fc.property(tinyUniverses("plain"), nameRequests, (packages, requests) => {
        const { result, requests: asked, problems } = askTiny({ r: packages }, requests);
        if (problems.length > 0) return;
        const { pool, packages: chosen } = result;
        const neighbours = neighboursOf(pool, chosen);
        for (const target of chosen) {
          const document = whyPackage(pool, chosen, asked, target);
          const brought = new Set(document.brings.packages.map((item) => item.nevra));
          expect(brought.has(pool.nevra(target))).toBe(true);
          expect(document.paths.length).toBeGreaterThan(0);
          const roots = chosen.filter((pkg) => document.paths.every((path) => path.steps.length > 0) || pkg !== target);
          for (const pkg of reachable(
            neighbours,
            roots.filter((pkg) => asked.some((item) => item.packages[0] === pkg)),
            target,
          ))
            if (asked.some((item) => item.packages.includes(pkg))) expect(brought.has(pool.nevra(pkg))).toBe(false);
        }
      }),
      { numRuns: 150, seed: 6 },
    );
  });
});
