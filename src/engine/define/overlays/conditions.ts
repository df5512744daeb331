import { OverlayFailure } from "./failure.ts";
import { trimSpace, words } from "./text.ts";

const openers = new Set(["%if", "%ifarch", "%ifnarch", "%ifos", "%ifnos"]);
const branches = new Set(["%else", "%elif", "%elifarch", "%elifnarch", "%elifos", "%elifnos"]);

function directiveOf(line: string): string {
  if (!line.includes("%")) return "";
  const first = words(line)[0] ?? "";
  return first.startsWith("%") ? first.toLowerCase() : "";
}

/** 1 for a line that opens a conditional, -1 for %endif, else 0. Continuation lines and macro bodies are not told apart. */
export function conditionChange(line: string): -1 | 0 | 1 {
  const directive = directiveOf(line);
  return directive === "%endif" ? -1 : openers.has(directive) ? 1 : 0;
}

/** A half-open range of lines. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

interface Pair {
  readonly open: number;
  readonly close: number;
}

/** All conditionals of the spec, inner ones first. Errors: `OVERLAY_UNMATCHED_IF`. */
export function conditionPairs(lines: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  const stack: number[] = [];
  for (let i = 0; i < lines.length; i++) {
    const change = conditionChange(lines[i] ?? "");
    if (change === 1) stack.push(i);
    if (change !== -1) continue;
    const open = stack.pop();
    if (open === undefined) throw unmatched("%endif", i);
    pairs.push({ open, close: i });
  }
  if (stack[0] !== undefined) throw unmatched("%if", stack[0]);
  return pairs;
}

function unmatched(directive: string, index: number): OverlayFailure {
  return new OverlayFailure(
    "OVERLAY_UNMATCHED_IF",
    `the ${directive} on line ${index + 1} of the spec has no counterpart`,
    [
      "a removal needs balanced conditionals in the whole spec; a continued line inside a %define counts too: use spec-search-replace",
    ],
  );
}

/**
 * The part of a section's range whose removal leaves the conditionals balanced: halves of outer conditionals at the range's end stay.
 * Errors: `OVERLAY_CONDITIONAL_SPANS` where real content or an %else stands in the way.
 */
export function balancedRange(range: LineRange, lines: readonly string[], pairs: readonly Pair[]): LineRange {
  const holds = (index: number) => index >= range.start && index < range.end;
  let end = range.end;
  for (const pair of pairs) {
    const open = holds(pair.open);
    if (open === holds(pair.close)) continue;
    end = Math.min(end, open ? pair.open : pair.close);
    if (open) refuseContent(lines, pair.open + 1, range);
  }
  for (let i = range.start; i < range.end; i++) {
    if (!branches.has(directiveOf(lines[i] ?? ""))) continue;
    const around = pairs.find((pair) => pair.open <= i && pair.close >= i);
    if (around && !(around.open >= range.start && around.close < range.end)) throw spans(range, i);
  }
  if (end < range.end) refuseContent(lines, end, range);
  return { start: range.start, end };
}

function refuseContent(lines: readonly string[], from: number, range: LineRange): void {
  for (let i = from; i < range.end; i++) {
    const line = lines[i] ?? "";
    const text = trimSpace(line);
    if (text !== "" && !text.startsWith("#") && conditionChange(line) === 0) throw spans(range, i);
  }
}

function spans(range: LineRange, index: number): OverlayFailure {
  return new OverlayFailure(
    "OVERLAY_CONDITIONAL_SPANS",
    `a conditional reaches across the end of the section on lines ${range.start + 1} to ${range.end} (line ${index + 1} stands in the way)`,
    ["move the conditional with a spec-search-replace overlay before this one"],
  );
}
