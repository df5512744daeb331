import type { Place } from "../../../core/index.ts";
import { compareText, WeirError } from "../../../core/index.ts";

/** An overlay that cannot be applied, before it is known where the overlay was written. */
export class OverlayFailure extends Error {
  readonly code: string;
  readonly hints: readonly string[];

  constructor(code: string, message: string, hints: readonly string[] = []) {
    super(message);
    this.code = code;
    this.hints = hints;
  }

  at(where: Place | string | undefined, prefix: string): WeirError {
    return new WeirError(this.code, `${prefix}: ${this.message}`, { where, hints: this.hints });
  }
}

/**
 * A hint that names up to three of the candidates closest to what was asked for (by edit distance, case counted half), or no hint where
 * nothing is near. Candidates beyond the first 2,000 and characters beyond the first 80 are not looked at.
 */
export function nearestHint(what: string, wanted: string, candidates: Iterable<string>): string[] {
  const seen = new Set<string>();
  const scored: { readonly text: string; readonly score: number }[] = [];
  for (const candidate of candidates) {
    if (candidate === "" || seen.has(candidate)) continue;
    if (seen.size >= 2000) break;
    seen.add(candidate);
    const score = distance(wanted.slice(0, 80), candidate.slice(0, 80));
    const limit = Math.max(2, Math.ceil(Math.max(wanted.length, candidate.length) / 2));
    if (score <= limit) scored.push({ text: candidate, score });
  }
  scored.sort((a, b) => a.score - b.score || compareText(a.text, b.text));
  const names = scored.slice(0, 3).map((entry) => quoted(entry.text));
  return names.length === 0 ? [] : [`the nearest ${what}: ${names.join(", ")}`];
}

/** Text for a message: in backquotes, on one line, bounded. */
export function quoted(text: string): string {
  const line = text.replaceAll("\n", "⏎");
  return `\`${line.length > 120 ? `${line.slice(0, 120)}…` : line}\``;
}

function distance(a: string, b: string): number {
  let previous = Float64Array.from({ length: b.length + 1 }, (_, index) => index);
  let current = new Float64Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const x = a.charAt(i - 1);
      const y = b.charAt(j - 1);
      const cost = x === y ? 0 : x.toLowerCase() === y.toLowerCase() ? 0.5 : 1;
      current[j] = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
    }
    [previous, current] = [current, previous];
  }
  return previous[b.length] ?? 0;
}
