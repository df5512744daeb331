import { type Evr, parseEvr, rangesOverlap } from "../../core/index.ts";
import type { Capability } from "./rich.ts";

const parsed = new Map<string, Evr>();
const mostParsed = 500_000;

/** `parseEvr`, remembered. */
export function evrOf(text: string): Evr {
  let evr = parsed.get(text);
  if (evr === undefined) {
    if (parsed.size >= mostParsed) parsed.clear();
    evr = parseEvr(text);
    if (evr.release === "") evr = { ...evr, release: undefined };
    parsed.set(text, evr);
  }
  return evr;
}

/**
 * Whether two ranges of one name share a version, as rpm decides it: without a version on either side always. At equal versions, a side
 * without a release stands for every release if it includes that version at all.
 */
export function overlaps(a: Capability, b: Capability): boolean {
  if (a.op === undefined || b.op === undefined || !a.evr || !b.evr) return true;
  return rangesOverlap(a.op, evrOf(a.evr), b.op, evrOf(b.evr));
}

/** Whether a package of exactly this version lies in the range. */
export function contains(range: Capability, evr: Evr): boolean {
  if (range.op === undefined || !range.evr) return true;
  return rangesOverlap("=", evr, range.op, evrOf(range.evr));
}
