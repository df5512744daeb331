import { compareEvr, type Evr } from "./evr.ts";

/** A comparison with a version, as rpm writes it; `==` is an older way to write `=`. */
export type EvrComparison = "<" | "<=" | "=" | "==" | ">=" | ">";

/**
 * Whether two ranges share a version, as rpm decides it for what is provided and what is required. At equal versions a side without a
 * release stands for every release if it includes that version at all.
 */
export function rangesOverlap(opA: EvrComparison, a: Evr, opB: EvrComparison, b: Evr): boolean {
  const order = compareEvr(a, b);
  if (order < 0) return opA.startsWith(">") || opB.startsWith("<");
  if (order > 0) return opA.startsWith("<") || opB.startsWith(">");
  if ((a.release === undefined) !== (b.release === undefined) && (a.release === undefined ? opA : opB).endsWith("="))
    return true;
  return (
    (opA.endsWith("=") && opB.endsWith("=")) ||
    (opA.startsWith("<") && opB.startsWith("<")) ||
    (opA.startsWith(">") && opB.startsWith(">"))
  );
}
