import { RE2JS } from "re2js";
import { eachLine } from "./shell-lines.ts";

/** A POSIX basic (or with `extended` an extended) expression in RE2's words; undefined for what has no equal there. */
function toRe2(pattern: string, extended: boolean): string | undefined {
  let out = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === "[") {
      const end = pattern.indexOf("]", pattern[i + 1] === "^" ? i + 3 : i + 2);
      const inner = pattern.slice(i, end + 1);
      if (end < 0 || inner.includes("[.") || inner.includes("[=")) return undefined;
      const posix = /\[:\w+:\]$/.test(inner);
      const close = posix ? pattern.indexOf("]", end + 1) : end;
      if (close < 0) return undefined;
      out += pattern.slice(i, close + 1).replaceAll("\\", "\\\\");
      i = close;
    } else if (char === "\\") {
      const next = pattern[++i];
      if (next === undefined || /[1-9<>bBwWsS`']/.test(next)) return undefined;
      if (!extended && "(){}+?|".includes(next)) out += next;
      else if (next === "n") out += "\\n";
      else out += /[A-Za-z0-9]/.test(next) ? next : `\\${next}`;
    } else if (!extended && "(){}+?|".includes(char)) {
      out += `\\${char}`;
    } else if (extended && char === "|") {
      // POSIX takes the longest side, RE2 the first.
      return undefined;
    } else if (!extended && char === "*" && (out === "" || out === "^")) {
      out += "\\*";
    } else {
      out += char;
    }
  }
  return out;
}

interface Substitution {
  readonly pattern: RE2JS;
  readonly replacement: readonly (string | number)[];
  readonly global: boolean;
}

function parseSubstitution(script: string, extended: boolean): Substitution[] | undefined {
  const list: Substitution[] = [];
  let rest = script.trim();
  while (rest !== "") {
    if (rest[0] !== "s") return undefined;
    const delimiter = rest[1];
    if (delimiter === undefined || /[\s\\\w]/.test(delimiter)) return undefined;
    const fields: string[] = [""];
    let i = 2;
    for (; i < rest.length && fields.length < 3; i++) {
      const char = rest[i] as string;
      if (char === delimiter) fields.push("");
      else {
        let text = char;
        if (char === "\\") text = rest[++i] === delimiter ? delimiter : char + (rest[i] ?? "");
        fields.push((fields.pop() ?? "") + text);
      }
    }
    if (fields.length < 3) return undefined;
    const flags = /^([gI]*)\s*(?:;\s*|$)/.exec(rest.slice(i));
    const source = toRe2(fields[0] ?? "", extended);
    if (flags === null || source === undefined || source === "") return undefined;
    const replacement = parseReplacement(fields[1] ?? "");
    if (replacement === undefined) return undefined;
    const pattern = compile(source, flags[1]?.includes("I") ?? false);
    const global = flags[1]?.includes("g") ?? false;
    // On empty matches beside others the two differ.
    if (pattern === undefined || (global && pattern.matcher("").find() && !/^\^|\$$/.test(source))) return undefined;
    list.push({ pattern, replacement, global });
    rest = rest.slice(i + flags[0].length);
  }
  return list;
}

function compile(source: string, ignoreCase: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    return undefined;
  }
}

function parseReplacement(text: string): (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === "&") parts.push(0);
    else if (char === "\\") {
      const next = text[++i] ?? "";
      if (/[0-9]/.test(next)) parts.push(Number(next));
      else if (/[A-Za-z]/.test(next)) {
        if (next !== "n") return undefined;
        parts.push("\n");
      } else parts.push(next);
    } else parts.push(char);
  }
  return parts;
}

/** sed with nothing but `s` commands; undefined for any other script or option. */
export function substituteLines(args: readonly string[], input: string): string | undefined {
  const scripts: string[] = [];
  let extended = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === "-e" || word === "--expression") scripts.push(args[++i] ?? "");
    else if (word === "-E" || word === "-r") extended = true;
    else if (word === "-re" || word === "-Ee") {
      extended = true;
      scripts.push(args[++i] ?? "");
    } else if (word.startsWith("-") || scripts.length > 0) return undefined;
    else scripts.push(word);
  }
  const all: Substitution[] = [];
  for (const script of scripts) {
    const parsed = parseSubstitution(script, extended);
    if (parsed === undefined) return undefined;
    all.push(...parsed);
  }
  if (all.length === 0) return undefined;
  return eachLine(input, (line) => all.reduce(replaceIn, line));
}

function replaceIn(line: string, one: Substitution): string {
  const matcher = one.pattern.matcher(line);
  let out = "";
  let position = 0;
  while (matcher.find()) {
    out += line.slice(position, matcher.start());
    for (const part of one.replacement) {
      out += typeof part === "string" ? part : part <= matcher.groupCount() ? (matcher.group(part) ?? "") : "";
    }
    position = matcher.end();
    if (!one.global) break;
  }
  return out + line.slice(position);
}
