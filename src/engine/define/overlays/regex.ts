import { RE2JS } from "re2js";
import { messageOf } from "../../../core/index.ts";
import { OverlayFailure, quoted } from "./failure.ts";

export interface Regex {
  readonly source: string;
  readonly program: RE2JS;
}

const longestRegex = 10_000;
const cache = new Map<string, Regex>();

/** Compiles an expression of RE2's dialect, as Go's `regexp` takes it. Errors: `OVERLAY_BAD_REGEX`. */
export function compileRegex(source: string): Regex {
  const known = cache.get(source);
  if (known) return known;
  if (source.length > longestRegex) {
    throw new OverlayFailure("OVERLAY_BAD_REGEX", `the expression is longer than ${longestRegex} characters`);
  }
  try {
    const regex = { source, program: RE2JS.compile(source) };
    if (cache.size > 500) cache.clear();
    cache.set(source, regex);
    return regex;
  } catch (error) {
    throw new OverlayFailure("OVERLAY_BAD_REGEX", `${quoted(source)} is no expression: ${messageOf(error)}`, [
      "the dialect is RE2's: no lookaround, no back references",
    ]);
  }
}

const longestSearch = 20_000;

/**
 * Replaces every match by the replacement taken literally, with Go's rule for empty matches: one directly behind another match is none.
 * Errors: `OVERLAY_REGEX_TOO_SLOW` when a text takes more than `longest` milliseconds, by default 20 seconds.
 */
export function replaceAllLiteral(regex: Regex, text: string, replacement: string, longest = longestSearch): string {
  if (!regex.program.test(text)) return text;
  const matcher = regex.program.matcher(text);
  const started = performance.now();
  const parts: string[] = [];
  let done = 0;
  let from = 0;
  let count = 0;
  while (from <= text.length && matcher.find(from)) {
    const start = matcher.start();
    const end = matcher.end();
    parts.push(text.slice(done, start));
    if (end > done || start === 0) parts.push(replacement);
    done = end;
    from = end > from ? end : from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
    if ((++count & 255) === 0 && performance.now() - started > longest) {
      throw new OverlayFailure("OVERLAY_REGEX_TOO_SLOW", `${quoted(regex.source)} needs more than 20 seconds`, [
        "anchor the expression, or match less behind what you replace",
      ]);
    }
  }
  parts.push(text.slice(done));
  return parts.join("");
}
