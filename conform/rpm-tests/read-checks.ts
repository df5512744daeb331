/** A check of rpm's test suite: a shell text with its exit code and what it prints. */
export interface RpmCheck {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly script: string;
  readonly code: number;
  readonly stdout: string;
}

/** The `RPMTEST_CHECK(script, code, stdout, …)` calls of a file of rpm's tests. */
export function readChecks(text: string): RpmCheck[] {
  const checks: RpmCheck[] = [];
  const opening = /^RPMTEST_CHECK\(/gm;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const args = readArguments(text, opening.lastIndex);
    if (args.length < 2) continue;
    const line = text.slice(0, found.index).split("\n").length;
    const script = (args[0] ?? "").replace(/^\n/, "");
    checks.push({ line, script, code: Number(args[1]), stdout: args[2] ?? "" });
  }
  return checks;
}

/** The bracketed arguments from here to the closing parenthesis; a doubly bracketed one loses both pairs. */
function readArguments(text: string, from: number): string[] {
  const args: string[] = [];
  let at = from;
  for (;;) {
    while (/[\s,]/.test(text[at] ?? "")) at++;
    if (text[at] !== "[") return args;
    const start = at;
    let depth = 0;
    for (; at < text.length; at++) {
      if (text[at] === "[") depth++;
      else if (text[at] === "]" && --depth === 0) break;
    }
    if (at >= text.length) return args;
    const inner = text.slice(start + 1, at++);
    args.push(inner.startsWith("[") && inner.endsWith("]") ? inner.slice(1, -1) : inner);
  }
}

/** One option of a call that only defines and expands. */
export interface MacroStep {
  readonly kind: "define" | "undefine" | "eval";
  readonly value: string;
}

const kinds: Readonly<Record<string, MacroStep["kind"]>> = {
  "--define": "define",
  "-D": "define",
  "--undefine": "undefine",
  "--eval": "eval",
  "-E": "eval",
};

/** The calls of a script that does nothing but define and expand; undefined where it needs a shell, files or other options. */
export function readMacroCalls(script: string): MacroStep[][] | undefined {
  const commands = splitWords(script);
  if (commands === undefined || commands.length === 0) return undefined;
  const calls: MacroStep[][] = [];
  for (const words of commands) {
    const rest = words[0] === "runroot" ? words.slice(1) : words;
    if (rest[0] !== "rpm" || rest.length < 3 || rest.length % 2 === 0) return undefined;
    const steps: MacroStep[] = [];
    for (let i = 1; i < rest.length; i += 2) {
      const kind = kinds[rest[i] ?? ""];
      if (kind === undefined) return undefined;
      steps.push({ kind, value: rest[i + 1] ?? "" });
    }
    calls.push(steps);
  }
  return calls;
}

/** Words of each line as a shell splits them; undefined where it would do more than quoting. */
function splitWords(script: string): string[][] | undefined {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < script.length; at++) {
    const char = script[at] ?? "";
    if (char === "'") {
      const end = script.indexOf("'", at + 1);
      if (end < 0) return undefined;
      word = (word ?? "") + script.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      word ??= "";
      for (at++; script[at] !== '"'; at++) {
        const inner = script[at];
        if (inner === undefined || inner === "$" || inner === "`") return undefined;
        if (inner !== "\\") word += inner;
        else if ('"\\$`'.includes(script[++at] ?? "x")) word += script[at];
        else if (script[at] !== "\n") word += `\\${script[at] ?? ""}`;
      }
    } else if (char === "\\") {
      at++;
      if (script[at] !== "\n") word = (word ?? "") + (script[at] ?? "");
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      if (char === "\n" && words.length > 0) {
        commands.push(words);
        words = [];
      }
    } else if ("|&;<>()$`#*?~".includes(char)) return undefined;
    else word = (word ?? "") + char;
  }
  if (word !== undefined) words.push(word);
  if (words.length > 0) commands.push(words);
  return commands;
}
