import { compareEvr, compareVersion, parseEvr, StringHeap } from "../../src/core/index.ts";
import { compareEvrIds, rangesMeet } from "../../src/engine/pool/index.ts";
import { overlaps } from "../../src/engine/solve/index.ts";
import type { Comparison } from "../../src/formats/rpm/index.ts";
import { comparisonOp } from "../../src/formats/rpmmd/index.ts";
import type { Range } from "./rpm-cases.ts";

/** What is wrong with how Weir's functions order two versions, empty where all agree with what is expected. */
export function judgeVersions(a: string, b: string, order: number): string[] {
  const heap = new StringHeap();
  // A dash or a colon would be read as a release or an epoch.
  const whole = /[-:]/.test(a + b) ? [] : [["compareEvrIds", Math.sign(compareIds(heap, a, b))] as const];
  return complaints([["compareVersion", compareVersion(a, b)], ...whole], order);
}

/** Likewise for `[epoch:]version[-release]`. */
export function judgeLabels(a: string, b: string, order: number): string[] {
  return complaints(
    [
      ["compareEvr", compareEvr(parseEvr(a), parseEvr(b))],
      ["compareEvrIds", Math.sign(compareIds(new StringHeap(), a, b))],
    ],
    order,
  );
}

/** Likewise for whether a provided range meets a required one. */
export function judgeRanges(provides: Range, requires: Range, matches: boolean): string[] {
  const heap = new StringHeap();
  const [provided, required] = [provides, requires].map(([name, op, evr]) => ({
    name,
    ...(op === undefined ? {} : { op: op as Comparison }),
    ...(evr === undefined ? {} : { evr }),
  }));
  if (provided === undefined || required === undefined) return ["no ranges"];
  const same = provided.name === required.name;
  const ids = (): boolean =>
    provided.op === undefined ||
    required.op === undefined ||
    rangesMeet(
      heap,
      comparisonOp(provided.op),
      heap.internText(provided.evr ?? ""),
      comparisonOp(required.op),
      heap.internText(required.evr ?? ""),
    );
  const judged: [string, boolean][] = [["rangesMeet", same && ids()]];
  // "<>" is none of a package's comparisons.
  if ((provided.op as string) !== "<>" && (required.op as string) !== "<>")
    judged.push(["overlaps", same && overlaps(provided, required)]);
  return complaints(judged, matches);
}

function compareIds(heap: StringHeap, a: string, b: string): number {
  return compareEvrIds(heap, heap.internText(a), heap.internText(b), "order");
}

function complaints<T>(judged: readonly (readonly [name: string, value: T])[], expected: T): string[] {
  return judged.filter(([, value]) => value !== expected).map(([name, value]) => `${name} says ${String(value)}`);
}
