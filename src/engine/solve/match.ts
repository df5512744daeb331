import { compareEvr, type Evr, parseEvr } from "../../core/index.ts";
import type { Comparison } from "../../formats/rpm/index.ts";
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
  const [x, y] = [evrOf(a.evr), evrOf(b.evr)];
  const order = compareEvr(x, y);
  if (order === 0 && (x.release === undefined) !== (y.release === undefined)) {
    if ((x.release === undefined ? a.op : b.op).endsWith("=")) return true;
  }
  return overlapsAt(a.op, b.op, order);
}

/** Whether a package of exactly this version lies in the range. */
export function contains(range: Capability, evr: Evr): boolean {
  if (range.op === undefined || !range.evr) return true;
  return overlapsAt("=", range.op, compareEvr(evr, evrOf(range.evr)));
}

function overlapsAt(a: Comparison, b: Comparison, order: -1 | 0 | 1): boolean {
  if (order < 0) return a.startsWith(">") || b.startsWith("<");
  if (order > 0) return a.startsWith("<") || b.startsWith(">");
  return (
    (a.endsWith("=") && b.endsWith("=")) ||
    (a.startsWith("<") && b.startsWith("<")) ||
    (a.startsWith(">") && b.startsWith(">"))
  );
}
