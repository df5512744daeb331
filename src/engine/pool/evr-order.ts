import type { StringHeap } from "../../core/index.ts";
import { relationOp } from "../../formats/rpmmd/index.ts";

/** How {@link compareEvrIds} takes a release that only one side has. */
export type ReleaseRule =
  /** It is newer than none: a total order, for sorting. */
  | "order"
  /** It counts as equal to none. */
  | "ignore"
  /** The answer is -2 where the first has none, 2 where the second has none, and all before is equal. */
  | "tell";

const tilde = 126;
const caret = 94;
const dash = 45;
const colon = 58;

/** Compares two texts `[epoch:]version[-release]` of a heap as rpm does. Gives -1, 0, 1, and -2 or 2 under rule `tell`. */
export function compareEvrIds(strings: StringHeap, a: number, b: number, rule: ReleaseRule): -2 | -1 | 0 | 1 | 2 {
  if (a === b) return 0;
  const { bytes, offsets } = strings;
  let i = offsets[a] as number;
  let j = offsets[b] as number;
  const endA = offsets[a + 1] as number;
  const endB = offsets[b + 1] as number;
  const afterA = epochEnd(bytes, i, endA);
  const afterB = epochEnd(bytes, j, endB);
  if (afterA !== i || afterB !== j) {
    const epochs = compareDigits(bytes, i, Math.max(i, afterA - 1), bytes, j, Math.max(j, afterB - 1));
    if (epochs !== 0) return epochs;
    i = afterA;
    j = afterB;
  }
  const dashA = lastDash(bytes, i, endA);
  const dashB = lastDash(bytes, j, endB);
  const versions = compareVersionBytes(bytes, i, dashA, bytes, j, dashB);
  if (versions !== 0) return versions;
  const hasA = dashA < endA;
  const hasB = dashB < endB;
  if (hasA && hasB) return compareVersionBytes(bytes, dashA + 1, endA, bytes, dashB + 1, endB);
  if (hasA === hasB || rule === "ignore") return 0;
  if (rule === "order") return hasA ? 1 : -1;
  return hasA ? 2 : -2;
}

/**
 * Whether a provided range meets a wanted one; both ops are sums of comparison bits. Where one side has no release, the other's does not
 * count, except that a side without one covers all of them: `= 1` meets `> 1-3`.
 */
export function rangesMeet(
  strings: StringHeap,
  providedOp: number,
  provided: number,
  op: number,
  evr: number,
): boolean {
  const { less, greater, equal } = relationOp;
  if ((providedOp & op & (less | greater)) !== 0) return true;
  if (provided === evr) return (providedOp & op & equal) !== 0;
  switch (compareEvrIds(strings, provided, evr, "tell")) {
    case -2:
      return (providedOp & equal) !== 0;
    case -1:
      return (op & less) !== 0 || (providedOp & greater) !== 0;
    case 0:
      return (providedOp & op & equal) !== 0;
    case 1:
      return (op & greater) !== 0 || (providedOp & less) !== 0;
    case 2:
      return (op & equal) !== 0;
  }
}

/** Where the version begins: after `digits:`, or at the start. */
function epochEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] as number)) at++;
  return at < end && bytes[at] === colon ? at + 1 : start;
}

function lastDash(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) if (bytes[at] === dash) return at;
  return end;
}

/** rpm's `rpmvercmp` over ranges of bytes. */
export function compareVersionBytes(
  a: Uint8Array,
  startA: number,
  endA: number,
  b: Uint8Array,
  startB: number,
  endB: number,
): -1 | 0 | 1 {
  let i = startA;
  let j = startB;
  while (i < endA || j < endB) {
    while (i < endA && !isSignificant(a[i] as number)) i++;
    while (j < endB && !isSignificant(b[j] as number)) j++;
    const x = i < endA ? (a[i] as number) : 0;
    const y = j < endB ? (b[j] as number) : 0;
    if (x === tilde || y === tilde) {
      if (x !== tilde) return 1;
      if (y !== tilde) return -1;
      i++;
      j++;
      continue;
    }
    if (x === caret || y === caret) {
      if (x === 0) return -1;
      if (y === 0) return 1;
      if (x !== caret) return 1;
      if (y !== caret) return -1;
      i++;
      j++;
      continue;
    }
    if (x === 0 || y === 0) break;
    const fromA = i;
    const fromB = j;
    if (isDigit(x)) {
      while (i < endA && isDigit(a[i] as number)) i++;
      while (j < endB && isDigit(b[j] as number)) j++;
      if (j === fromB) return 1;
      const order = compareDigits(a, fromA, i, b, fromB, j);
      if (order !== 0) return order;
    } else {
      while (i < endA && isLetter(a[i] as number)) i++;
      while (j < endB && isLetter(b[j] as number)) j++;
      if (j === fromB) return -1;
      const order = compareRange(a, fromA, i, b, fromB, j);
      if (order !== 0) return order;
    }
  }
  if (i < endA) return 1;
  return j < endB ? -1 : 0;
}

function compareDigits(a: Uint8Array, i: number, endA: number, b: Uint8Array, j: number, endB: number): -1 | 0 | 1 {
  let x = i;
  let y = j;
  while (x < endA && a[x] === 48) x++;
  while (y < endB && b[y] === 48) y++;
  if (endA - x !== endB - y) return endA - x > endB - y ? 1 : -1;
  return compareRange(a, x, endA, b, y, endB);
}

function compareRange(a: Uint8Array, i: number, endA: number, b: Uint8Array, j: number, endB: number): -1 | 0 | 1 {
  const length = Math.min(endA - i, endB - j);
  for (let step = 0; step < length; step++) {
    const order = (a[i + step] as number) - (b[j + step] as number);
    if (order !== 0) return order < 0 ? -1 : 1;
  }
  return endA - i === endB - j ? 0 : endA - i < endB - j ? -1 : 1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isSignificant(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === tilde || code === caret;
}
