import { describe, expect, it } from "vitest";
import { poolOf } from "../../../../test/support/pool.ts";
import { type TinyPackage, tinyRepository } from "../../../../test/support/universe.ts";
import { checkPool, tellClosure } from "./index.ts";

function check(packages: readonly TinyPackage[], limit = 20_000) {
  const start = performance.now();
  const verdict = checkPool(poolOf([tinyRepository("r", packages)]));
  const told = tellClosure(verdict);
  expect(performance.now() - start).toBeLessThan(limit);
  return { ...told, verdict };
}

const many = (count: number, make: (index: number) => TinyPackage): TinyPackage[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("hostile repositories", () => {
  it("has thousands of builds of one name", () => {
    const { broken } = check([
      ...many(10_000, (index) => [`a-${index}`]),
      ...many(2000, (index) => [`c-${index}`, "requires a"]),
      ["b-1", "requires a = 5", "requires a = 6"],
    ]);
    expect(broken.map(({ nevra }) => nevra)).toEqual(["b-1-1.x86_64"]);
  });

  it("has ten thousand ways to meet a need, and each is broken", () => {
    const { broken, causes } = check([
      ["a-1", "requires v"],
      ...many(10_000, (index) => [`p${index}-1`, "provides v", "requires gone"]),
    ]);
    expect(broken).toHaveLength(10_001);
    expect(causes).toHaveLength(1);
  });

  it("has a ring of thousands with one hole", () => {
    const ring = many(5000, (index) => [`p${index}-1`, `requires p${(index + 1) % 5000}`]);
    expect(check(ring).broken).toHaveLength(0);
    expect(check([...ring.slice(0, -1), ["p4999-1", "requires gone"]]).broken).toHaveLength(5000);
  });

  it("has rich dependencies that multiply: they are named, and count as met", () => {
    const wide = Array.from({ length: 40 }, (_, index) => `(a${index} and b${index})`).join(" or ");
    const names = many(80, (index) => [`${index % 2 === 0 ? "a" : "b"}${index >> 1}-1`]);
    const { broken, verdict } = check([...names, ["x-1", `requires (${wide})`]]);
    expect(broken).toEqual([]);
    expect(verdict.universe.unjudged.map(({ package: pkg }) => pkg)).toEqual([82]);
  });

  it("has a thousand packages that each clash alone", () => {
    const { broken, causes } = check([
      ["c-1"],
      ["d-1", "conflicts c"],
      ...many(1000, (index) => [`x${index}-1`, "requires c", "requires d"]),
    ]);
    expect(broken).toHaveLength(1000);
    expect(causes).toHaveLength(1000);
  });

  it("is a puzzle: it ends, and says what stays open", () => {
    // More pigeons than holes, each hole a name with a version a pigeon.
    const holes = 11;
    const pigeons = holes + 1;
    const packages: TinyPackage[] = [];
    for (let pigeon = 0; pigeon < pigeons; pigeon++)
      for (let hole = 0; hole < holes; hole++) packages.push([`h${hole}-${pigeon}`, `provides pigeon${pigeon}`]);
    const needs = Array.from({ length: pigeons }, (_, pigeon) => `requires pigeon${pigeon}`);
    packages.push(["all-1", ...needs]);
    const { broken, verdict } = check(packages, 60_000);
    expect(broken.length + verdict.undecided.length).toBe(1);
  });
});
