import { WeirError } from "../../core/index.ts";

const maxSteps = 1_000_000;
const maxNesting = 150;

interface Capture {
  start: number;
  /** -1 while open, -2 for a position capture. */
  length: number;
}

export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly string[];
}

/**
 * First match of a Lua 5.4 pattern at or after `from` (Lua manual 6.4.1). Errors: `LUA_PATTERN` for a malformed pattern or one that takes
 * too many steps.
 */
export function findPattern(subject: string, pattern: string, from: number): PatternMatch | undefined {
  const anchored = pattern.startsWith("^");
  const matcher = new Matcher(subject, pattern);
  for (let start = from; start <= subject.length; start++) {
    matcher.captures.length = 0;
    const end = matcher.match(start, anchored ? 1 : 0, 0);
    if (end >= 0) return { start, end, captures: matcher.texts() };
    if (anchored) return undefined;
  }
  return undefined;
}

/** Lua's string.gsub with a text replacement (`%0`, `%1`, `%%`). */
export function substitutePattern(subject: string, pattern: string, replacement: string, limit = Infinity): string {
  let out = "";
  let position = 0;
  let count = 0;
  let lastEnd = -1;
  const anchored = pattern.startsWith("^");
  while (count < limit && position <= subject.length) {
    const found = findPattern(subject, pattern, position);
    if (found === undefined) break;
    if (found.end === found.start && found.end === lastEnd) {
      if (position >= subject.length) break;
      out += subject[position];
      position++;
      lastEnd = -1;
      continue;
    }
    out += subject.slice(position, found.start);
    const whole = subject.slice(found.start, found.end);
    out += replacement.replace(/%([\d%])/g, (_, key: string) =>
      key === "%" ? "%" : key === "0" ? whole : (found.captures[Number(key) - 1] ?? (key === "1" ? whole : "")),
    );
    count++;
    position = found.end;
    lastEnd = found.end;
    if (anchored) break;
  }
  return out + subject.slice(position);
}

class Matcher {
  readonly captures: Capture[] = [];
  readonly #subject: string;
  readonly #pattern: string;
  #steps = 0;

  constructor(subject: string, pattern: string) {
    this.#subject = subject;
    this.#pattern = pattern;
  }

  texts(): string[] {
    return this.captures.map((c) =>
      c.length === -2 ? String(c.start + 1) : this.#subject.slice(c.start, c.start + c.length),
    );
  }

  match(start: number, patternStart: number, depth: number): number {
    if (depth > maxNesting) throw this.#error("is too complex");
    let s = start;
    let p = patternStart;
    for (;;) {
      if (++this.#steps > maxSteps) throw this.#error("takes too many steps");
      if (p >= this.#pattern.length) return s;
      const char = this.#pattern[p] as string;
      if (char === "(") return this.#open(s, p, depth);
      if (char === ")") return this.#close(s, p, depth);
      if (char === "$" && p + 1 === this.#pattern.length) return s === this.#subject.length ? s : -1;
      if (char === "%") {
        const next = this.#pattern[p + 1];
        if (next === "b") {
          s = this.#balance(s, p + 2);
          if (s < 0) return -1;
          p += 4;
          continue;
        }
        if (next === "f") {
          const set = p + 2;
          if (this.#pattern[set] !== "[") throw this.#error("has %f without a set");
          const end = this.#classEnd(set);
          const before = s === 0 ? "\0" : (this.#subject[s - 1] as string);
          const here = this.#subject[s] ?? "\0";
          if (this.#inSet(before, set, end - 1) || !this.#inSet(here, set, end - 1)) return -1;
          p = end;
          continue;
        }
        if (next !== undefined && next >= "1" && next <= "9") {
          const capture = this.captures[Number(next) - 1];
          if (capture === undefined || capture.length < 0) throw this.#error("refers to an unknown capture");
          const text = this.#subject.slice(capture.start, capture.start + capture.length);
          if (!this.#subject.startsWith(text, s)) return -1;
          s += text.length;
          p += 2;
          continue;
        }
      }
      const end = this.#classEnd(p);
      const repeat = this.#pattern[end];
      if (repeat === "?") {
        if (this.#single(s, p, end)) {
          const result = this.match(s + 1, end + 1, depth + 1);
          if (result >= 0) return result;
        }
        p = end + 1;
        continue;
      }
      if (repeat === "-") {
        for (;;) {
          const result = this.match(s, end + 1, depth + 1);
          if (result >= 0) return result;
          if (!this.#single(s, p, end)) return -1;
          s++;
        }
      }
      if (repeat === "*" || repeat === "+") {
        let count = 0;
        while (this.#single(s + count, p, end)) count++;
        const least = repeat === "+" ? 1 : 0;
        for (; count >= least; count--) {
          const result = this.match(s + count, end + 1, depth + 1);
          if (result >= 0) return result;
        }
        return -1;
      }
      if (!this.#single(s, p, end)) return -1;
      s++;
      p = end;
    }
  }

  #open(s: number, p: number, depth: number): number {
    const position = this.#pattern[p + 1] === ")";
    if (this.captures.length >= 32) throw this.#error("has too many captures");
    this.captures.push({ start: s, length: position ? -2 : -1 });
    const result = this.match(s, p + (position ? 2 : 1), depth + 1);
    if (result < 0) this.captures.pop();
    return result;
  }

  #close(s: number, p: number, depth: number): number {
    let index = this.captures.length - 1;
    while (index >= 0 && this.captures[index]?.length !== -1) index--;
    const capture = this.captures[index];
    if (capture === undefined) throw this.#error("closes a capture that is not open");
    capture.length = s - capture.start;
    const result = this.match(s, p + 1, depth + 1);
    if (result < 0) capture.length = -1;
    return result;
  }

  #balance(s: number, p: number): number {
    const opening = this.#pattern[p];
    const closing = this.#pattern[p + 1];
    if (opening === undefined || closing === undefined) throw this.#error("has %b without its two characters");
    if (this.#subject[s] !== opening) return -1;
    let depth = 1;
    for (let i = s + 1; i < this.#subject.length; i++) {
      if (++this.#steps > maxSteps) throw this.#error("takes too many steps");
      if (this.#subject[i] === closing) {
        if (--depth === 0) return i + 1;
      } else if (this.#subject[i] === opening) depth++;
    }
    return -1;
  }

  #classEnd(p: number): number {
    const char = this.#pattern[p];
    if (char === "%") {
      if (p + 1 >= this.#pattern.length) throw this.#error("ends with %");
      return p + 2;
    }
    if (char !== "[") return p + 1;
    let i = p + 1;
    if (this.#pattern[i] === "^") i++;
    do {
      if (i >= this.#pattern.length) throw this.#error("has a set that is never closed");
      if (this.#pattern[i++] === "%") i++;
    } while (this.#pattern[i] !== "]");
    return i + 1;
  }

  #single(s: number, p: number, end: number): boolean {
    this.#steps++;
    const char = this.#subject[s];
    if (char === undefined) return false;
    const first = this.#pattern[p] as string;
    if (first === ".") return true;
    if (first === "%") return inClass(char, this.#pattern[p + 1] as string);
    if (first === "[") return this.#inSet(char, p, end - 1);
    return first === char;
  }

  #inSet(char: string, p: number, last: number): boolean {
    let i = p + 1;
    let negated = false;
    if (this.#pattern[i] === "^") {
      negated = true;
      i++;
    }
    for (; i < last; i++) {
      const item = this.#pattern[i] as string;
      if (item === "%") {
        i++;
        if (inClass(char, this.#pattern[i] as string)) return !negated;
      } else if (this.#pattern[i + 1] === "-" && i + 2 < last) {
        if (item <= char && char <= (this.#pattern[i + 2] as string)) return !negated;
        i += 2;
      } else if (item === char) return !negated;
    }
    return negated;
  }

  #error(what: string): WeirError {
    return new WeirError("LUA_PATTERN", `the pattern ${this.#pattern.slice(0, 80)} ${what}`, {
      hints: ["patterns follow Lua: % escapes, %a %d %s %w … are classes"],
    });
  }
}

const classes: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /[\0-\x1f\x7f]/,
  d: /[0-9]/,
  g: /[\x21-\x7e]/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[ \t\n\v\f\r]/,
  u: /[A-Z]/,
  w: /[A-Za-z0-9]/,
  x: /[A-Fa-f0-9]/,
};

function inClass(char: string, letter: string): boolean {
  const test = classes[letter.toLowerCase()];
  if (test === undefined) return letter === char;
  return test.test(char) === (letter === letter.toLowerCase());
}
