import { OverlayFailure, quoted } from "./failure.ts";
import { compileRegex } from "./regex.ts";

/**
 * A matcher for doublestar globs, as github.com/bmatcuk/doublestar v4 takes them: `*` and `?` within a path segment, `**` as a whole
 * segment for any number of them, `[a-z]` and `[!a]`, `{a,b}`, `\` before a character. The work is linear in the text (RE2).
 * Errors: `OVERLAY_BAD_GLOB`.
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  const regex = compileRegex(`(?s)^(?:${translate(pattern)})$`);
  return (path) => regex.program.test(path);
}

function bad(pattern: string): OverlayFailure {
  return new OverlayFailure("OVERLAY_BAD_GLOB", `${quoted(pattern)} is no glob`, [
    "close every `[` and `{`; put `\\` before a character that shall stand for itself",
  ]);
}

function translate(pattern: string): string {
  const out: string[] = [];
  let depth = 0;
  let segmentStart = true;
  const starts: boolean[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    const wasStart: boolean = segmentStart;
    segmentStart = false;
    if (char === "*") {
      const next = pattern.charAt(i + 2);
      const whole =
        pattern.charAt(i + 1) === "*" &&
        wasStart &&
        (next === "" || next === "/" || (depth > 0 && ",}".includes(next)));
      if (!whole) {
        out.push("[^/]*");
      } else if (next === "/") {
        out.push("(?:.*/)?");
        i += 2;
        segmentStart = true;
      } else {
        if (out.at(-1) === "/") out[out.length - 1] = "(?:/.*)?";
        else out.push(".*");
        i += 1;
      }
    } else if (char === "?") {
      out.push("[^/]");
    } else if (char === "[") {
      const [text, end] = translateClass(pattern, i);
      out.push(text);
      i = end;
    } else if (char === "{") {
      depth++;
      starts.push(wasStart);
      segmentStart = wasStart;
      out.push("(?:");
    } else if (char === "}" && depth > 0) {
      depth--;
      starts.pop();
      out.push(")");
    } else if (char === "," && depth > 0) {
      segmentStart = starts.at(-1) ?? false;
      out.push("|");
    } else if (char === "\\") {
      const escaped = pattern.codePointAt(i + 1);
      if (escaped === undefined) throw bad(pattern);
      out.push(literal(escaped));
      i += escaped > 0xffff ? 2 : 1;
    } else {
      const point = pattern.codePointAt(i) ?? 0;
      if (point > 0xffff) i++;
      segmentStart = char === "/";
      out.push(char === "/" ? "/" : literal(point));
    }
  }
  if (depth > 0) throw bad(pattern);
  return out.join("");
}

function translateClass(pattern: string, open: number): [string, number] {
  let i = open + 1;
  const negated = pattern.charAt(i) === "!" || pattern.charAt(i) === "^";
  if (negated) i++;
  const ranges: [number, number][] = [];
  const take = (): number => {
    if (pattern.charAt(i) === "\\") i++;
    const point = pattern.codePointAt(i);
    if (point === undefined) throw bad(pattern);
    i += point > 0xffff ? 2 : 1;
    return point;
  };
  while (ranges.length === 0 || pattern.charAt(i) !== "]") {
    if (i >= pattern.length || pattern.charAt(i) === "]") throw bad(pattern);
    const low = take();
    let high = low;
    if (pattern.charAt(i) === "-" && pattern.charAt(i + 1) !== "]") {
      i++;
      high = take();
    }
    if (low <= high) ranges.push([low, high]);
    else ranges.push([0x10ffff, 0x10ffff]);
  }
  const slash = 0x2f;
  if (negated) return [`[^/${ranges.map(range).join("")}]`, i];
  const parts = ranges.flatMap(([low, high]): [number, number][] => {
    if (low > slash || high < slash) return [[low, high]];
    const split: [number, number][] = [];
    if (low < slash) split.push([low, slash - 1]);
    if (high > slash) split.push([slash + 1, high]);
    return split;
  });
  return [parts.length === 0 ? "[^\\x00-\\x{10FFFF}]" : `[${parts.map(range).join("")}]`, i];
}

function range([low, high]: [number, number]): string {
  return low === high ? literal(low) : `${literal(low)}-${literal(high)}`;
}

function literal(point: number): string {
  return /[A-Za-z0-9_]/.test(String.fromCodePoint(point)) ? String.fromCodePoint(point) : `\\x{${point.toString(16)}}`;
}
