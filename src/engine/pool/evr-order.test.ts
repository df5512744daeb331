import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareEvr, parseEvr, StringHeap } from "../../core/index.ts";
import { relationOp } from "../../formats/rpmmd/index.ts";
import { compareEvrIds, rangesMeet } from "./index.ts";

const part = fc.string({ unit: fc.constantFrom(..."0129aAbz.~^+_"), minLength: 1, maxLength: 8 });
const evrText = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 12 })), part, fc.option(part))
  .map(
    ([epoch, version, release]) =>
      `${epoch === null ? "" : `${epoch}:`}${version}${release === null ? "" : `-${release}`}`,
  );

describe("compareEvrIds", () => {
  it("is core's order over bytes", () => {
    const strings = new StringHeap();
    fc.assert(
      fc.property(evrText, evrText, (a, b) => {
        const [x, y] = [strings.internText(a), strings.internText(b)];
        expect(compareEvrIds(strings, x, y, "ignore")).toBe(compareEvr(parseEvr(a), parseEvr(b)));
      }),
      { numRuns: 20_000, seed: 3 },
    );
  });

  it("is a total order where releases count", () => {
    const strings = new StringHeap();
    fc.assert(
      fc.property(evrText, evrText, evrText, (a, b, c) => {
        const [x, y, z] = [a, b, c].map((text) => strings.internText(text)) as [number, number, number];
        const order = (p: number, q: number) => compareEvrIds(strings, p, q, "order");
        expect(order(x, y)).toBe(0 - order(y, x) || 0);
        if (order(x, y) <= 0 && order(y, z) <= 0) expect(order(x, z)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 10_000, seed: 4 },
    );
  });

  it.each([
    ["1-2", "1", "tell", 2],
    ["1", "1-2", "tell", -2],
    ["1", "1-2", "ignore", 0],
    ["1", "1-2", "order", -1],
    ["0:1-1", "1-1", "order", 0],
    ["00:1-1", "1-1", "order", 0],
    ["1:1-1", "2-1", "order", 1],
    ["1.0~rc1-1", "1.0-1", "order", -1],
    ["1.0^git-1", "1.0-1", "order", 1],
    ["1-a-2", "1-a-10", "order", -1],
  ] as const)("%s to %s under %s is %i", (a, b, rule, expected) => {
    const strings = new StringHeap();
    expect(compareEvrIds(strings, strings.internText(a), strings.internText(b), rule)).toBe(expected);
  });
});

describe("rangesMeet", () => {
  const ops = [relationOp.less, 6, relationOp.equal, 3, relationOp.greater];

  it("is symmetric", () => {
    const strings = new StringHeap();
    fc.assert(
      fc.property(fc.constantFrom(...ops), evrText, fc.constantFrom(...ops), evrText, (opA, a, opB, b) => {
        const [x, y] = [strings.internText(a), strings.internText(b)];
        expect(rangesMeet(strings, opA, x, opB, y)).toBe(rangesMeet(strings, opB, y, opA, x));
      }),
      { numRuns: 10_000, seed: 5 },
    );
  });

  it.each([
    ["= 1-2", "= 1", true],
    ["= 1", "> 1-3", true],
    ["= 1-2", "> 1", false],
    ["= 2-1", "> 1-9", true],
    ["< 2", ">= 2", false],
    ["<= 2", ">= 2", true],
    ["> 1", "< 2", true],
  ])("%s meets %s: %s", (provided, wanted, expected) => {
    const strings = new StringHeap();
    const op = (text: string) => [...text].reduce((sum, sign) => sum + ({ "<": 4, "=": 2, ">": 1 }[sign] ?? 0), 0);
    const [a = "", x = ""] = provided.split(" ");
    const [b = "", y = ""] = wanted.split(" ");
    expect(rangesMeet(strings, op(a), strings.internText(x), op(b), strings.internText(y))).toBe(expected);
  });
});
