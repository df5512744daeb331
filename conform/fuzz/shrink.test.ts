import { describe, expect, it } from "vitest";
import { Random } from "../diff/random.ts";
import { readCase } from "../solver/read-case.ts";
import { shrinkCase } from "./shrink.ts";
import { tinyCase, tinyCaseText } from "./tiny-case.ts";

describe("tiny cases", () => {
  it("follow from their seed, and can be read", () => {
    const [one, two] = [5, 5].map((seed) =>
      tinyCaseText(tinyCase(new Random(seed)), "transaction", [["install x"], []]),
    );
    expect(one).toBe(two);
    expect(readCase(one ?? "", "tiny.t")).toHaveLength(2);
  });

  it("shrink to what makes the difference", () => {
    const start = tinyCase(new Random(11));
    const wanted = (start.solves[1] as readonly string[]).at(-1) as string;
    const small = shrinkCase(start, (one) => one.solves.some((commands) => commands.includes(wanted)));
    expect(small.solves).toEqual([[wanted]]);
    expect(small.setup.filter((piece) => piece.startsWith("#>=Pkg"))).toEqual([]);
  });
});
