import type { MacroMachine } from "./machine.ts";
import { runPipeline } from "./shell-commands.ts";

const maxCommand = 4000;

/**
 * Answers `%(…)` where the command is a pipeline of text filters over constant text (`echo`, `printf`, `cut`, `tr`, `sed s…`, `awk '{print $n}'` and the like,
 * after assignments such as `c=…; echo ${c:0:7}`): these are computed here. Anything else is never run and gives a taint.
 */
export function runShell(machine: MacroMachine, command: string): string {
  const marks = machine.taints.marksOf(command);
  if (marks !== "") return marks;
  if (command.length <= maxCommand) {
    const result = evaluateScript(command);
    if (result !== undefined) return result;
  }
  const words = command.trim().replace(/\s+/g, " ");
  return machine.taints.mark(`needs a command to run: ${words.length > 60 ? `${words.slice(0, 60)}…` : words}`);
}

const choice =
  /^\s*if\s+(?:test\s+|\[\s+)(\S+)\s+(-eq|-ne|-lt|-le|-gt|-ge|=|==|!=)\s+([^\s;\]]+)\s*\]?\s*[;\n]\s*then\s+([^;\n]+)[;\n]\s*else\s+([^;\n]+)[;\n]\s*fi\s*$/;

/** Output of a script without its last newlines, or undefined where it is beyond this subset. */
function evaluateScript(script: string): string | undefined {
  const [, left, operator, right, yes, no] = choice.exec(script) ?? [];
  if (left !== undefined && operator !== undefined && right !== undefined) {
    const holds = compare(left, operator, right);
    return holds === undefined ? undefined : evaluateScript((holds ? yes : no) ?? "");
  }
  const tokens = tokenize(script.trim());
  if (tokens === undefined) return undefined;
  const variables = new Map<string, string>();
  let output = "";
  for (const statement of splitAt(tokens, ";")) {
    if (statement.length === 0) continue;
    if (statement.every((token) => token.kind === "word" && token.assignment !== undefined)) {
      for (const token of statement) {
        const value = token.kind === "word" ? substitute(token.parts.slice(1), variables) : undefined;
        if (token.kind !== "word" || token.assignment === undefined || value === undefined) return undefined;
        variables.set(token.assignment, value);
      }
      continue;
    }
    const pipeline: { argv: string[]; input: string | undefined }[] = [];
    for (const part of splitAt(statement, "|")) {
      const command: { argv: string[]; input: string | undefined } = { argv: [], input: undefined };
      for (let i = 0; i < part.length; i++) {
        const token = part[i] as Token;
        if (token.kind === "operator") {
          const next = part[++i];
          if (token.text !== "<<<" || next?.kind !== "word") return undefined;
          const text = substitute(next.parts, variables);
          if (text === undefined) return undefined;
          command.input = `${text}\n`;
          continue;
        }
        if (token.assignment !== undefined && command.argv.length === 0) return undefined;
        const words = expandWord(token, variables);
        if (words === undefined) return undefined;
        command.argv.push(...words);
      }
      if (command.argv.length === 0) return undefined;
      pipeline.push(command);
    }
    const result = runPipeline(pipeline);
    if (result === undefined) return undefined;
    output += result;
  }
  return output.replace(/\n+$/, "");
}

function compare(left: string, operator: string, right: string): boolean | undefined {
  if (!/^[\w.+~^-]+$/.test(left) || !/^[\w.+~^-]+$/.test(right)) return undefined;
  if (operator === "!=") return left !== right;
  if (!operator.startsWith("-")) return left === right;
  if (!/^-?\d{1,15}$/.test(left) || !/^-?\d{1,15}$/.test(right)) return undefined;
  const order = Number(left) - Number(right);
  switch (operator) {
    case "-eq":
      return order === 0;
    case "-ne":
      return order !== 0;
    case "-lt":
      return order < 0;
    case "-le":
      return order <= 0;
    case "-gt":
      return order > 0;
    default:
      return order >= 0;
  }
}

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly expression: string; readonly quoted: boolean };

type Token =
  | { readonly kind: "operator"; readonly text: ";" | "|" | "<<<" }
  | { readonly kind: "word"; readonly parts: readonly Part[]; readonly assignment: string | undefined };

function tokenize(script: string): Token[] | undefined {
  const tokens: Token[] = [];
  let i = 0;
  while (i < script.length) {
    const char = script[i] as string;
    if (char === " " || char === "\t") {
      i++;
    } else if (char === "\n" || char === ";") {
      tokens.push({ kind: "operator", text: ";" });
      i++;
    } else if (char === "|") {
      if (script[i + 1] === "|" || script[i + 1] === "&") return undefined;
      tokens.push({ kind: "operator", text: "|" });
      i++;
    } else if (script.startsWith("<<<", i)) {
      tokens.push({ kind: "operator", text: "<<<" });
      i += 3;
    } else {
      const word = readWord(script, i);
      if (word === undefined) return undefined;
      tokens.push(word.token);
      i = word.end;
    }
  }
  return tokens;
}

function readWord(script: string, start: number): { token: Token; end: number } | undefined {
  const parts: Part[] = [];
  let text = "";
  let i = start;
  const assignment = /^([A-Za-z_]\w*)=/.exec(script.slice(start, start + 80))?.[1];
  const flush = () => {
    if (text !== "") parts.push({ kind: "text", text });
    text = "";
  };
  const variable = (quoted: boolean): boolean => {
    const simple = /^\$([A-Za-z_]\w*)/.exec(script.slice(i, i + 80));
    const braced = simple === null ? /^\$\{([^{}$`"']*)\}/.exec(script.slice(i, i + 200)) : null;
    const found = simple ?? braced;
    if (found === null) return false;
    flush();
    parts.push({ kind: "variable", expression: found[1] as string, quoted });
    i += found[0].length;
    return true;
  };
  if (assignment !== undefined) {
    parts.push({ kind: "text", text: `${assignment}=` });
    i += assignment.length + 1;
  }
  while (i < script.length) {
    const char = script[i] as string;
    if (/[\s;|]/.test(char)) break;
    if (char === "'") {
      const end = script.indexOf("'", i + 1);
      if (end < 0) return undefined;
      text += script.slice(i + 1, end);
      if (end === i + 1) parts.push({ kind: "text", text: "" });
      i = end + 1;
    } else if (char === '"') {
      i++;
      if (script[i] === '"') parts.push({ kind: "text", text: "" });
      while (script[i] !== '"') {
        const inner = script[i];
        if (inner === undefined || inner === "`") return undefined;
        if (inner === "\\") {
          const next = script[i + 1];
          if (next === undefined) return undefined;
          text += '"\\$`'.includes(next) ? next : `\\${next}`;
          i += 2;
        } else if (inner === "$" && /[A-Za-z_{(]/.test(script[i + 1] ?? "")) {
          if (!variable(true)) return undefined;
        } else {
          text += inner;
          i++;
        }
      }
      i++;
    } else if (char === "\\") {
      const next = script[i + 1];
      if (next === undefined) return undefined;
      if (next !== "\n") text += next;
      i += 2;
    } else if (char === "$" && /[A-Za-z_{]/.test(script[i + 1] ?? "")) {
      if (!variable(false)) return undefined;
    } else if (/[`&<>(){}*?[\]!#$~]/.test(char) && !isHarmless(char, script, i, start)) {
      return undefined;
    } else {
      text += char;
      i++;
    }
  }
  flush();
  return { token: { kind: "word", parts, assignment }, end: i };
}

/** Characters that mean something to a shell only in some places. */
function isHarmless(char: string, script: string, at: number, start: number): boolean {
  if (char === "#" || char === "~") return at > start;
  if (char === "$") return /[\s;|]|$/.test(script[at + 1] ?? "");
  return char === "{" || char === "}" ? false : char === "!" && at > start;
}

function splitAt(tokens: readonly Token[], operator: ";" | "|"): Token[][] {
  const groups: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "operator" && token.text === operator) groups.push([]);
    else groups[groups.length - 1]?.push(token);
  }
  return groups;
}

function substitute(parts: readonly Part[], variables: ReadonlyMap<string, string>): string | undefined {
  let text = "";
  for (const part of parts) {
    const value = part.kind === "text" ? part.text : expandVariable(part.expression, variables);
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}

/** A word becomes several where an unquoted variable holds blanks. */
function expandWord(
  token: Extract<Token, { kind: "word" }>,
  variables: ReadonlyMap<string, string>,
): string[] | undefined {
  const text = substitute(token.parts, variables);
  if (text === undefined) return undefined;
  const open = token.parts.filter((part) => part.kind === "variable" && !part.quoted);
  if (open.length === 0) return [text];
  if (token.parts.length > open.length && /\s/.test(text)) return undefined;
  if (/[*?[]/.test(text)) return undefined;
  return text.split(/\s+/).filter((word) => word !== "");
}

function expandVariable(expression: string, variables: ReadonlyMap<string, string>): string | undefined {
  const match = /^([A-Za-z_]\w*)(.*)$/s.exec(expression);
  const value = variables.get(match?.[1] ?? "");
  const change = match?.[2] ?? "";
  if (value === undefined) return undefined;
  if (change === "") return value;
  if (change === ",,") return value.toLowerCase();
  if (change === "^^") return value.toUpperCase();
  const range = /^:(\d{1,6})(?::(\d{1,6}))?$/.exec(change);
  if (range !== null) {
    const from = Number(range[1]);
    return value.slice(from, range[2] === undefined ? undefined : from + Number(range[2]));
  }
  const replace = /^(\/\/?)([^/*?[\]\\]+)(?:\/([^\\]*))?$/.exec(change);
  if (replace !== null) {
    const [, kind, from = "", to = ""] = replace;
    return kind === "//" ? value.split(from).join(to) : value.replace(from, () => to);
  }
  const trim = /^(##?|%%?)([^[\]\\?]*)$/.exec(change);
  return trim === null ? undefined : trimPattern(value, trim[1] as string, trim[2] as string);
}

/** `#`, `##`, `%`, `%%` with a pattern whose only wildcard is one `*` at its open side. */
function trimPattern(value: string, kind: string, pattern: string): string | undefined {
  const fromStart = kind[0] === "#";
  const star = fromStart ? pattern.startsWith("*") : pattern.endsWith("*");
  const fixed = star ? (fromStart ? pattern.slice(1) : pattern.slice(0, -1)) : pattern;
  if (fixed.includes("*") || fixed === "") return undefined;
  if (!star) {
    if (fromStart) return value.startsWith(fixed) ? value.slice(fixed.length) : value;
    return value.endsWith(fixed) ? value.slice(0, -fixed.length) : value;
  }
  if (fromStart) {
    const at = kind === "#" ? value.indexOf(fixed) : value.lastIndexOf(fixed);
    return at < 0 ? value : value.slice(at + fixed.length);
  }
  const at = kind === "%" ? value.lastIndexOf(fixed) : value.indexOf(fixed);
  return at < 0 ? value : value.slice(0, at);
}
