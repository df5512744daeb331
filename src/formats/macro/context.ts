import type { Place } from "../../core/index.ts";
import { evaluateWithTaints, expandText } from "./expand.ts";
import { isTrue } from "./expression.ts";
import { MacroMachine } from "./machine.ts";
import type { CallListener, Expansion, MacroDefinition, MacroOptions, MacroUse } from "./types.ts";

/**
 * A set of macro definitions and the expansion over it: rpm's macro language without its ways to run programs. What `%(…)` and `%{lua:…}`
 * would give is computed where it is simple enough and missing (a taint) where not. The same input gives the same text everywhere: no
 * environment, clock, processor count or file of this machine takes part unless handed in.
 */
export class MacroContext {
  readonly #machine: MacroMachine;

  constructor(options: MacroOptions = {}, parent?: MacroContext) {
    this.#machine = new MacroMachine(options, parent === undefined ? undefined : parent.#machine);
  }

  /** A context that starts with these definitions; what it defines or undefines stays its own. Cheap. */
  fork(options: MacroOptions = {}): MacroContext {
    return new MacroContext({ ...this.#machine.options, ...options }, this);
  }

  get options(): MacroOptions {
    return this.#machine.options;
  }

  define(name: string, body: string, place?: Place): void {
    this.#machine.push(name, undefined, body, place);
  }

  /** Sets a value that is set again and again, so that it hides only what was there first. */
  set(name: string, body: string): void {
    this.#machine.replace(name, body);
  }

  /** Removes the top definition; what it hid shows again. */
  undefine(name: string): void {
    this.#machine.pop(name);
  }

  get(name: string): MacroDefinition | undefined {
    return this.#machine.find(name);
  }

  /** Names that have a definition, sorted by UTF-16 code unit. */
  names(): string[] {
    return this.#machine.names().sort();
  }

  /** Reads a macro file (`%name(options) body` entries); `file` is what places name. Lines that are no definition are ignored, as rpm does. */
  load(text: string, file: string): void {
    this.#machine.load(text, file);
  }

  /** Where definitions and errors are from now on. */
  at(place: Place | undefined): void {
    this.#machine.place = place;
  }

  /** Calls of parametric macros are told to this listener. */
  onCall(listener: CallListener | undefined): void {
    this.#machine.listener = listener;
  }

  /** Expands; what could not be computed is left out. Errors: see `expandText`. */
  expand(text: string): string {
    return this.clean(this.expandMarked(text)).text;
  }

  /** Expands and says what is missing from the result and why. */
  expandValue(text: string): Expansion {
    return this.clean(this.expandMarked(text));
  }

  /** Expands and leaves marks in place of what could not be computed, so that it can be told which part of a line is affected; see {@link clean}. */
  expandMarked(text: string): string {
    if (!text.includes("%")) return text;
    try {
      const result = expandText(this.#machine, text);
      return result.includes("\x1f") ? result.replaceAll("\x1f", "") : result;
    } catch (error) {
      this.#machine.reset();
      throw error;
    }
  }

  /** Removes the marks that {@link expandMarked} left and gives their reasons. */
  clean(marked: string): Expansion {
    return this.#machine.taints.strip(marked);
  }

  /** Makes a mark of one's own: text that stands for an unknown value. */
  mark(reason: string): string {
    return this.#machine.taints.mark(reason);
  }

  /** Truth of an already expanded `%if` expression. Error: `EXPRESSION_SYNTAX`. */
  isTrue(expression: string): { readonly value: boolean; readonly taints: readonly string[] } {
    const result = this.#machine.taints.strip(evaluateWithTaints(this.#machine, expression, false));
    return { value: isTrue(/^-?\d+$/.test(result.text) ? Number(result.text) : result.text), taints: result.taints };
  }

  /** Expands a text and tells which definitions it went through, in order of first use: the chain behind a value. */
  explain(text: string): Expansion & { readonly uses: readonly MacroUse[] } {
    const uses = new Map<string, MacroUse>();
    this.#machine.uses = uses;
    try {
      return { ...this.expandValue(text), uses: [...uses.values()] };
    } finally {
      this.#machine.uses = undefined;
    }
  }
}
