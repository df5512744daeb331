import { parseEvr, rangesOverlap } from "../../core/index.ts";
import type { Comparison } from "../../formats/rpm/index.ts";

export interface Need {
  readonly name: string;
  readonly op?: Comparison | undefined;
  readonly evr?: string | undefined;
}

/** Whether some version lies in both ranges, by rpm's rule: what is provided without a version meets every range. */
export function overlaps(provided: Need, wanted: Need): boolean {
  if (provided.op === undefined || provided.evr === undefined) return true;
  if (wanted.op === undefined || wanted.evr === undefined) return true;
  return rangesOverlap(provided.op, parseEvr(provided.evr), wanted.op, parseEvr(wanted.evr));
}
