import { WeirError } from "../../core/index.ts";
import { type Frame, makeFrame, splitArguments } from "./arguments.ts";
import { type Builtin, builtins } from "./builtins.ts";
import { evaluateExpression } from "./expression.ts";
import { runLua } from "./lua.ts";
import type { MacroMachine } from "./machine.ts";
import { isWordCode, matchBracket, parseDefinition } from "./scan.ts";
import { runShell } from "./shell.ts";
import type { MacroDefinition } from "./types.ts";

/**
 * Expands a text as rpm does. Unknown macros stay as written. Taint marks are left in the result for the caller to strip.
 * Errors: `MACRO_UNTERMINATED`, `MACRO_TOO_DEEP`, `MACRO_TOO_LARGE`, `MACRO_BUDGET`, `MACRO_OPTION`, `MACRO_DEFINITION`, `MACRO_ERROR`,
 * `EXPRESSION_SYNTAX`.
 */
export function expandText(machine: MacroMachine, text: string): string {
  let percent = text.indexOf("%");
  if (percent < 0) return text;
  machine.enter(text.length);
  let out = "";
  let position = 0;
  while (percent >= 0) {
    if (percent > position) out += text.slice(position, percent);
    const next = text.charCodeAt(percent + 1);
    if (next === 37) {
      out += "%";
      position = percent + 2;
    } else if (Number.isNaN(next)) {
      out += "%";
      position = percent + 1;
    } else {
      const one = new Reference(machine, text, percent + 1);
      out += one.expand();
      position = one.end;
    }
    percent = text.indexOf("%", position);
  }
  if (position < text.length) out += text.slice(position);
  return machine.leave(out);
}

/** Arguments up to the end of the line, looked for only when a macro takes them. */
const lineEnd = -2;

/** One `%…` in a text: read, then expanded; `end` is the index behind it. */
class Reference {
  readonly #machine: MacroMachine;
  readonly #text: string;
  readonly #start: number;
  end: number;

  constructor(machine: MacroMachine, text: string, start: number) {
    this.#machine = machine;
    this.#text = text;
    this.#start = start;
    this.end = start;
  }

  expand(): string {
    const first = this.#text.charCodeAt(this.#start);
    if (first === 123) return this.#braced();
    if (first === 40) return this.#shell();
    if (first === 91) return this.#expression();
    return this.#plain();
  }

  #bracket(opening: number, closing: number): number {
    const end = matchBracket(this.#text, this.#start, opening, closing);
    if (end >= 0) {
      this.#machine.spend(end - this.#start);
      return end;
    }
    const shown = this.#text.slice(this.#start - 1, this.#start + 60);
    throw this.#machine.error(
      "MACRO_UNTERMINATED",
      `%${String.fromCharCode(opening)} is never closed: ${shown}`,
      `add the missing '${String.fromCharCode(closing)}'`,
    );
  }

  #shell(): string {
    const close = this.#bracket(40, 41);
    this.end = close + 1;
    return runShell(this.#machine, expandText(this.#machine, this.#text.slice(this.#start + 1, close)));
  }

  #expression(): string {
    const close = this.#bracket(91, 93);
    this.end = close + 1;
    return evaluateWithTaints(this.#machine, this.#text.slice(this.#start + 1, close), true);
  }

  #plain(): string {
    const text = this.#text;
    let i = this.#start;
    let negated = false;
    let conditional = false;
    for (; ; i++) {
      const code = text.charCodeAt(i);
      if (code === 33) negated = !negated;
      else if (code === 63) conditional = true;
      else break;
    }
    const nameStart = i;
    if (text.charCodeAt(i) === 45) i++;
    while (isWordCode(text.charCodeAt(i))) i++;
    if (text.charCodeAt(i) === 42) i += text.charCodeAt(i + 1) === 42 ? 2 : 1;
    else if (text.charCodeAt(i) === 35) i++;
    this.end = i;
    if (i === nameStart) return "%";
    const name = text.slice(nameStart, i);
    const after = text.charCodeAt(i);
    if (name === "define" || name === "global") return this.#define(name, i, text.length, true);
    if (name === "undefine") return this.#undefine(i, text.length, true);
    if (name === "dnl") {
      const newline = text.indexOf("\n", i);
      this.end = newline < 0 ? text.length : newline + 1;
      return "";
    }
    const argumentsEnd = after === 32 || after === 9 ? lineEnd : -1;
    return this.#value(name, conditional, negated, undefined, i, argumentsEnd, true);
  }

  #braced(): string {
    const text = this.#text;
    const close = this.#bracket(123, 125);
    this.end = close + 1;
    let i = this.#start + 1;
    let negated = false;
    let conditional = false;
    for (; ; i++) {
      const code = text.charCodeAt(i);
      if (code === 33) negated = !negated;
      else if (code === 63) conditional = true;
      else break;
    }
    const nameStart = i;
    while (i < close) {
      const code = text.charCodeAt(i);
      if (code === 32 || code === 58) break;
      i++;
    }
    if (i === nameStart) {
      this.end = this.#start;
      return "%";
    }
    const name = text.slice(nameStart, i);
    const separator = i < close ? text.charCodeAt(i) : 0;
    if (name === "define" || name === "global") return this.#define(name, i + 1, close, false);
    if (name === "undefine") return this.#undefine(i + 1, close, false);
    if (name === "dnl") return "";
    const argument = separator === 58 ? text.slice(i + 1, close) : undefined;
    return this.#value(name, conditional, negated, argument, i, separator === 32 ? close : -1, false);
  }

  /** Puts in what a name stands for. `argument` is the raw text behind a colon; words up to `argumentsEnd` are arguments otherwise. */
  #value(
    name: string,
    conditional: boolean,
    negated: boolean,
    argument: string | undefined,
    nameEnd: number,
    argumentsEnd: number,
    plain: boolean,
  ): string {
    const machine = this.#machine;
    const automatic = machine.findAutomatic(name);
    if (name.charCodeAt(0) === 45) {
      const set = automatic !== undefined;
      if (set === negated) return "";
      return argument === undefined ? (automatic ?? "") : expandText(machine, argument);
    }
    const definition = automatic === undefined ? machine.find(name) : undefined;
    const builtin = automatic === undefined && definition === undefined ? builtins.get(name) : undefined;
    const exists = automatic !== undefined || definition !== undefined || builtin !== undefined;
    if (conditional) {
      if (exists === negated) return "";
      if (argument !== undefined) return expandText(machine, argument);
      if (!exists) return "";
    }
    if (automatic !== undefined) return automatic;
    if (definition !== undefined) {
      machine.use(definition);
      // Asked for with a question mark, a parametric macro sees the arguments around it, not its own.
      if (definition.options === undefined || conditional) return expandText(machine, definition.body);
      const args = this.#arguments(argument, nameEnd, argumentsEnd, plain);
      return callMacro(machine, definition, args);
    }
    if (builtin !== undefined) return this.#builtin(name, builtin, argument, nameEnd, argumentsEnd, plain);
    this.end = this.#start;
    return "%";
  }

  #arguments(argument: string | undefined, nameEnd: number, argumentsEnd: number, plain: boolean): string[] {
    if (argument !== undefined) return [expandText(this.#machine, argument).replaceAll("\x1f", "")];
    return splitArguments(expandText(this.#machine, this.#rest(nameEnd, argumentsEnd, plain)));
  }

  /** The text that holds the arguments; a plain call takes its line up. */
  #rest(nameEnd: number, argumentsEnd: number, plain: boolean): string {
    if (argumentsEnd === -1) return "";
    let end = argumentsEnd;
    if (end === lineEnd) {
      const newline = this.#text.indexOf("\n", nameEnd);
      end = newline < 0 ? this.#text.length : newline;
    }
    if (plain) this.end = end;
    return this.#text.slice(nameEnd, end);
  }

  #builtin(
    name: string,
    builtin: Builtin,
    argument: string | undefined,
    nameEnd: number,
    argumentsEnd: number,
    plain: boolean,
  ): string {
    const machine = this.#machine;
    if (name === "lua") {
      const code = argument ?? this.#rest(nameEnd, argumentsEnd, plain);
      return runLua(machine, code, (text) => expandText(machine, text));
    }
    if (builtin.words) {
      return builtin.run(machine, this.#arguments(argument, nameEnd, argumentsEnd, plain), (text) =>
        expandText(machine, text),
      );
    }
    let value: string;
    if (argument !== undefined) value = expandText(machine, argument);
    else value = builtin.bare ? "" : this.#arguments(undefined, nameEnd, argumentsEnd, plain).join(" ");
    if (name === "expr") return evaluateWithTaints(machine, value, false);
    return builtin.run(machine, [value], (text) => expandText(machine, text));
  }

  #define(kind: "define" | "global", start: number, end: number, plain: boolean): string {
    const machine = this.#machine;
    const parsed = parseDefinition(this.#text, start, end, plain);
    if (parsed === undefined || parsed.open) {
      const shown = this.#text.slice(start, Math.min(end, start + 60)).trim();
      const what = parsed === undefined ? "is no definition" : "never ends";
      throw machine.error("MACRO_DEFINITION", `%${kind} ${shown} ${what}`, "write %define name body");
    }
    if (plain) this.end = parsed.end;
    const body = kind === "global" ? expandText(machine, parsed.body) : parsed.body;
    machine.push(parsed.name, parsed.options, body);
    if (kind === "define" && machine.frame !== undefined) {
      machine.frame.defined ??= [];
      machine.frame.defined.push(parsed.name);
    }
    return "";
  }

  #undefine(start: number, end: number, plain: boolean): string {
    let i = start;
    while (i < end && (this.#text[i] === " " || this.#text[i] === "\t")) i++;
    const nameStart = i;
    while (i < end && isWordCode(this.#text.charCodeAt(i))) i++;
    this.#machine.pop(this.#text.slice(nameStart, i));
    if (plain) this.end = i;
    return "";
  }
}

/** Expands the body of a parametric macro with these arguments. */
export function callMacro(machine: MacroMachine, definition: MacroDefinition, args: readonly string[]): string {
  machine.listener?.(definition.name, args);
  const outer = machine.frame;
  let frame: Frame;
  try {
    frame = makeFrame(definition.name, definition.options ?? "", args);
  } catch (error) {
    if (error instanceof WeirError) throw machine.error(error.code, error.message, ...error.hints);
    throw error;
  }
  machine.frame = frame;
  const result = expandText(machine, definition.body);
  machine.frame = outer;
  for (const name of frame.defined ?? []) machine.pop(name);
  return result;
}

/** An expression as text, with the marks of whatever tainted it. */
export function evaluateWithTaints(machine: MacroMachine, text: string, expand: boolean): string {
  let marks = expand ? "" : machine.taints.marksOf(text);
  const value = evaluateExpression(
    text,
    expand
      ? (part) => {
          const result = expandText(machine, part);
          const found = machine.taints.marksOf(result);
          marks += found;
          return found === "" ? result : machine.taints.strip(result).text || found;
        }
      : undefined,
  );
  return typeof value === "string" ? machine.taints.strip(value).text + marks : String(value) + marks;
}
