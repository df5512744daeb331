const maximumAlternatives = 256;
const maximumLength = 4096;

/** A pattern made ready by {@link compileGlob}: its alternatives, each split into segments. */
export interface Glob {
  readonly pattern: string;
  /** Whether braces gave more than one alternative. */
  readonly alternatives: readonly (readonly GlobSegment[])[];
}

/** `**` alone in a segment is any number of folders; a text is taken literally; otherwise tokens. */
export type GlobSegment = { readonly any: true } | { readonly literal: string } | { readonly tokens: readonly Token[] };

type Token =
  | { readonly kind: "star" }
  | { readonly kind: "one" }
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

/** Whether a pattern has wildcards in the sense of the include rule: without them it must name an existing file. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** What is wrong with a doublestar pattern, or undefined. */
export function globProblem(pattern: string): string | undefined {
  if (pattern.length > maximumLength) return `longer than ${maximumLength} characters`;
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === "\\") {
      if (++at >= pattern.length) return "ends in a backslash";
    } else if (char === "[") {
      const end = classEnd(pattern, at);
      if (end < 0) return "character class without end or content";
      at = end;
    } else if (char === "{") depth++;
    else if (char === "}" && --depth < 0) return "} without {";
  }
  if (depth > 0) return "{ without }";
  return alternativesOf(pattern) === undefined ? `more than ${maximumAlternatives} alternatives` : undefined;
}

/** Index of the `]` that ends the class beginning at `start`, or -1. */
function classEnd(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === "!" || pattern[at] === "^") at++;
  if (pattern[at] === "]") return -1;
  for (; at < pattern.length; at++) {
    if (pattern[at] === "\\") at++;
    else if (pattern[at] === "]") return at;
  }
  return -1;
}

/** Expands braces, outermost first; undefined when there are too many. */
function alternativesOf(pattern: string): string[] | undefined {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0) {
    if (done.length + open.length > maximumAlternatives) return undefined;
    const next = open.pop() as string;
    const parts = splitBraces(next);
    if (parts === undefined) done.push(next);
    else for (const part of parts.reverse()) open.push(part);
  }
  return done;
}

function splitBraces(pattern: string): string[] | undefined {
  let start = -1;
  let depth = 0;
  let from = 0;
  const choices: string[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === "\\") at++;
    else if (char === "[") {
      const end = classEnd(pattern, at);
      if (end > 0) at = end;
    } else if (char === "{") {
      if (depth++ === 0) {
        start = at;
        from = at + 1;
      }
    } else if (char === "," && depth === 1) {
      choices.push(pattern.slice(from, at));
      from = at + 1;
    } else if (char === "}" && depth > 0 && --depth === 0) {
      choices.push(pattern.slice(from, at));
      const head = pattern.slice(0, start);
      const tail = pattern.slice(at + 1);
      return choices.map((choice) => head + choice + tail);
    }
  }
  return undefined;
}

/** Makes a pattern ready; call {@link globProblem} first, a bad pattern matches nothing useful. */
export function compileGlob(pattern: string): Glob {
  const alternatives = (alternativesOf(pattern) ?? []).map((one) =>
    one
      .split("/")
      .filter((segment, index, all) => segment !== "**" || all[index - 1] !== "**")
      .map(compileSegment),
  );
  return { pattern, alternatives };
}

function compileSegment(segment: string): GlobSegment {
  if (segment === "**") return { any: true };
  const tokens: Token[] = [];
  let literal = "";
  let plain = true;
  for (let at = 0; at < segment.length; at++) {
    const char = segment[at] as string;
    if (char === "*") {
      plain = false;
      if (tokens.at(-1)?.kind !== "star") tokens.push({ kind: "star" });
    } else if (char === "?") {
      plain = false;
      tokens.push({ kind: "one" });
    } else if (char === "[") {
      plain = false;
      const end = classEnd(segment, at);
      if (end < 0) return { tokens: [{ kind: "class", negated: false, ranges: [] }] };
      tokens.push(compileClass(segment.slice(at + 1, end)));
      at = end;
    } else {
      const code = segment.codePointAt(char === "\\" ? ++at : at);
      const text = code === undefined ? "" : String.fromCodePoint(code);
      if (text.length > 1) at++;
      tokens.push({ kind: "char", char: text });
      literal += text;
    }
  }
  return plain ? { literal } : { tokens };
}

function compileClass(body: string): Token {
  const negated = body[0] === "!" || body[0] === "^";
  const points = Array.from(negated ? body.slice(1) : body);
  const ranges: [number, number][] = [];
  for (let at = 0; at < points.length; at++) {
    if (points[at] === "\\") at++;
    const low = points[at]?.codePointAt(0) ?? 0;
    let high = low;
    if (points[at + 1] === "-" && at + 2 < points.length) {
      at += 2;
      if (points[at] === "\\") at++;
      high = points[at]?.codePointAt(0) ?? low;
    }
    ranges.push([low, high]);
  }
  return { kind: "class", negated, ranges };
}

/** Whether a compiled segment matches a name: two pointers, so time is at most the product of the lengths. */
export function segmentMatches(segment: GlobSegment, name: string): boolean {
  if ("any" in segment) return true;
  if ("literal" in segment) return segment.literal === name;
  const { tokens } = segment;
  const points = Array.from(name);
  let token = 0;
  let at = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < points.length) {
    const current = tokens[token];
    if (current?.kind === "star") {
      starToken = token++;
      starAt = at;
    } else if (current !== undefined && tokenMatches(current, points[at] as string)) {
      token++;
      at++;
    } else if (starToken >= 0) {
      token = starToken + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[token]?.kind === "star") token++;
  return token === tokens.length;
}

function tokenMatches(token: Token, char: string): boolean {
  if (token.kind === "one") return true;
  if (token.kind === "char") return token.char === char;
  if (token.kind !== "class") return false;
  const code = char.codePointAt(0) ?? 0;
  return token.ranges.some(([low, high]) => low <= code && code <= high) !== token.negated;
}

/** Whether a whole path matches. `**` crosses folders, `a/**` also matches `a`. */
export function globMatches(glob: Glob, path: string): boolean {
  const names = path.split("/");
  return glob.alternatives.some((segments) => pathMatches(segments, names));
}

function pathMatches(segments: readonly GlobSegment[], names: readonly string[]): boolean {
  let reachable = new Uint8Array(names.length + 1);
  reachable[0] = 1;
  for (const segment of segments) {
    const next = new Uint8Array(names.length + 1);
    for (let at = 0; at <= names.length; at++) {
      if ("any" in segment) next[at] = reachable[at] || (at > 0 && next[at - 1]) ? 1 : 0;
      else if (at > 0 && reachable[at - 1] && segmentMatches(segment, names[at - 1] as string)) next[at] = 1;
    }
    reachable = next;
  }
  return reachable[names.length] === 1;
}
