import { describe, expect, it } from "vitest";
import { poolOf } from "../../../../test/support/pool.ts";
import { type TinyPackage, tinyRepository } from "../../../../test/support/universe.ts";
import { checkPool, tellClosure } from "./index.ts";

const tell = (...packages: TinyPackage[]) => tellClosure(checkPool(poolOf([tinyRepository("r", packages)])));

describe("tellClosure", () => {
  it("follows each package down to one cause, and groups by it", () => {
    const { broken, causes } = tell(
      ["a-1", "requires b"],
      ["b-1", "requires c >= 2"],
      ["d-1", "requires c >= 3"],
      ["c-1"],
      ["e-1", "requires nothing-like-it"],
    );
    expect(broken[0]).toEqual({
      package: 2,
      nevra: "a-1-1.x86_64",
      repo: "r",
      chain: [
        "a-1-1.x86_64 requires b",
        "b-1-1.x86_64 requires c >= 2",
        "nothing provides c >= 2: there is c-1-1.x86_64 (r)",
      ],
      missing: [],
      cause: 0,
    });
    expect(broken.map(({ cause }) => cause)).toEqual([0, 0, 0, 1]);
    expect(causes).toEqual([
      {
        kind: "missing",
        text: "nothing provides 2 versions of c that are asked for: there is c-1-1.x86_64 (r)",
        wanted: ["c >= 2", "c >= 3"],
        have: ["c-1-1.x86_64 (r)"],
        breaks: ["a-1-1.x86_64", "b-1-1.x86_64", "d-1-1.x86_64"],
      },
      {
        kind: "missing",
        text: "nothing provides nothing-like-it",
        wanted: ["nothing-like-it"],
        have: [],
        breaks: ["e-1-1.x86_64"],
      },
    ]);
  });

  it("tells a clash as the solver does, and what needs the clashing package", () => {
    const { broken, causes } = tell(
      ["a-1", "requires b", "requires c"],
      ["b-1", "conflicts c"],
      ["c-1"],
      ["d-1", "requires a"],
    );
    expect(causes.map(({ kind, breaks }) => [kind, breaks])).toEqual([["clash", ["a-1-1.x86_64", "d-1-1.x86_64"]]]);
    expect(causes[0]?.text).toContain("conflicts with c");
    expect(broken[1]?.chain[0]).toBe("d-1-1.x86_64 requires a");
    expect(broken[1]?.chain.at(-1)).toBe(causes[0]?.text);
  });

  it("says when the only providers may not be installed here", () => {
    const { causes } = tell(["a-1", "requires b"], ["b-1-1.s390x"]);
    expect(causes[0]?.text).toBe("nothing provides b");
  });

  it("keeps chains of thousands short", () => {
    const packages = Array.from({ length: 3000 }, (_, index): TinyPackage => [`p${index}-1`, `requires p${index + 1}`]);
    const { broken, causes } = tell(...packages);
    expect(causes[0]?.breaks).toHaveLength(3000);
    expect(Math.max(...broken.map(({ chain }) => chain.length))).toBeLessThan(30);
    expect(broken[0]?.chain.some((line) => line.includes("more packages"))).toBe(true);
  });
});
