/** Bounds of a diff: rounds of the search before a block counts as replaced whole, lines and characters that are shown. */
const mostRounds = 400;
const mostLines = 400;
const longestShown = 400;
const contextLines = 3;

/** A block of lines that one list has in place of another's; both half-open. */
export interface Change {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/**
 * A unified diff of two lists of lines without file headers, empty where they are equal. Bounded: what would take too long to compare
 * shows as replaced whole, long lines are cut, and beyond 400 lines it ends with a line starting with `\` that counts the rest.
 */
export function unifiedDiff(before: readonly string[], after: readonly string[]): string {
  const changes = changesBetween(before, after);
  const out: string[] = [];
  for (let i = 0; i < changes.length; ) {
    let last = i;
    while (last + 1 < changes.length && gap(changes, last) <= 2 * contextLines) last++;
    writeHunk(out, before, after, changes.slice(i, last + 1));
    i = last + 1;
  }
  if (out.length > mostLines) out.splice(mostLines, out.length, `\\ ${out.length - mostLines} more lines`);
  return out.length === 0 ? "" : `${out.join("\n")}\n`;
}

function gap(changes: readonly Change[], index: number): number {
  return (changes[index + 1]?.oldStart ?? 0) - (changes[index]?.oldEnd ?? 0);
}

function writeHunk(
  out: string[],
  before: readonly string[],
  after: readonly string[],
  changes: readonly Change[],
): void {
  const first = changes[0];
  const last = changes.at(-1);
  if (!first || !last) return;
  const lead = Math.min(contextLines, first.oldStart);
  const trail = Math.min(contextLines, before.length - last.oldEnd);
  const oldStart = first.oldStart - lead;
  const oldCount = last.oldEnd + trail - oldStart;
  const newStart = first.newStart - lead;
  const newCount = last.newEnd + trail - newStart;
  out.push(`@@ -${span(oldStart, oldCount)} +${span(newStart, newCount)} @@`);
  let at = oldStart;
  for (const change of changes) {
    for (; at < change.oldStart; at++) show(out, " ", before[at]);
    for (; at < change.oldEnd; at++) show(out, "-", before[at]);
    for (let i = change.newStart; i < change.newEnd; i++) show(out, "+", after[i]);
  }
  for (; at < last.oldEnd + trail; at++) show(out, " ", before[at]);
}

function show(out: string[], mark: string, line = ""): void {
  out.push(mark + (line.length > longestShown ? `${line.slice(0, longestShown)}…` : line));
}

function span(start: number, count: number): string {
  return count === 1 ? String(start + 1) : `${count === 0 ? start : start + 1},${count}`;
}

/** The differences of two lists of lines, in order. */
export function changesBetween(before: readonly string[], after: readonly string[]): Change[] {
  let head = 0;
  const shorter = Math.min(before.length, after.length);
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  if (a.length === 0 && b.length === 0) return [];
  const matches = a.length === 0 || b.length === 0 ? [] : (commonLines(a, b) ?? []);
  const changes: Change[] = [];
  let x = 0;
  let y = 0;
  for (const [i, j] of [...matches, [a.length, b.length] as const]) {
    if (i > x || j > y) changes.push({ oldStart: head + x, oldEnd: head + i, newStart: head + y, newEnd: head + j });
    x = i + 1;
    y = j + 1;
  }
  return changes;
}

/** Pairs of equal lines of a shortest edit script (Myers 1986, greedy), or undefined when it would take more than the allowed rounds. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] | undefined {
  const rounds = Math.min(mostRounds, a.length + b.length);
  const offset = rounds + 1;
  const furthest = new Int32Array(2 * rounds + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= rounds; d++) {
    trace.push(furthest.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest[offset + k - 1] ?? 0) < (furthest[offset + k + 1] ?? 0));
      let x = down ? (furthest[offset + k + 1] ?? 0) : (furthest[offset + k - 1] ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      furthest[offset + k] = x;
      if (x >= a.length && y >= b.length) return walkBack(trace, d, a.length, b.length);
    }
  }
  return undefined;
}

function walkBack(trace: readonly Int32Array[], rounds: number, endX: number, endY: number): [number, number][] {
  const pairs: [number, number][] = [];
  let x = endX;
  let y = endY;
  for (let d = rounds; d >= 0; d--) {
    const before = trace[d] ?? new Int32Array();
    const at = (k: number) => before[k + d + 1] ?? 0;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const previousK = down ? k + 1 : k - 1;
    const previousX = d === 0 ? 0 : at(previousK);
    const startX = d === 0 ? 0 : down ? previousX : previousX + 1;
    while (x > startX) pairs.push([--x, --y]);
    x = previousX;
    y = previousX - previousK;
  }
  return pairs.reverse();
}
