/** Thrown where code is needed that the bundle of one command does not hold: the whole tool answers then, from the beginning. */
export class NeedsMore extends Error {}

/** Stands in that bundle for code that is loaded when it is needed. */
export function needsMore(): never {
  throw new NeedsMore();
}
