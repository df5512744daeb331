import { compareEvr, parseEvr } from "../../core/index.ts";
import type { Comparison } from "../../formats/rpm/index.ts";

export interface Need {
  readonly name: string;
  readonly op?: Comparison | undefined;
  readonly evr?: string | undefined;
}

/** Whether some version lies in both ranges; rpm's rule, and libsolv's in that a versioned need asks for a versioned provide. */
export function overlaps(provided: Need, wanted: Need): boolean {
  if (wanted.op === undefined || wanted.evr === undefined) return true;
  if (provided.op === undefined || provided.evr === undefined) return false;
  const order = compareEvr(parseEvr(provided.evr), parseEvr(wanted.evr));
  const up = (op: Comparison) => op === ">" || op === ">=";
  const down = (op: Comparison) => op === "<" || op === "<=";
  const touches = (op: Comparison) => op === "=" || op === "<=" || op === ">=";
  if (order < 0) return up(provided.op) || down(wanted.op);
  if (order > 0) return down(provided.op) || up(wanted.op);
  return (
    (touches(provided.op) && touches(wanted.op)) ||
    (up(provided.op) && up(wanted.op)) ||
    (down(provided.op) && down(wanted.op))
  );
}
