import { type Place, WeirError } from "../../core/index.ts";
import { automatic, type Frame } from "./arguments.ts";
import { LineJoiner, matchBracket, parseDefinition } from "./scan.ts";
import { TaintLog } from "./taint.ts";
import type { CallListener, MacroDefinition, MacroOptions, MacroUse } from "./types.ts";

/** How deep expansions may nest; rpm's own bound. */
const maxDepth = 64;

/** Table, call frames and bounds behind a context: the state that expansion works on. */
export class MacroMachine {
  readonly options: MacroOptions;
  readonly taints = new TaintLog();
  readonly #parent: MacroMachine | undefined;
  /** Null hides a definition of the parent. */
  readonly #table = new Map<string, MacroDefinition | null>();
  frame: Frame | undefined;
  place: Place | undefined;
  listener: CallListener | undefined;
  /** While set, records every definition that is used. */
  uses: Map<string, MacroUse> | undefined;
  #depth = 0;
  #spent = 0;
  readonly #budget: number;
  readonly #maxLength: number;

  constructor(options: MacroOptions, parent?: MacroMachine) {
    this.options = options;
    this.#parent = parent;
    this.#budget = options.budget ?? 200_000_000;
    this.#maxLength = options.maxLength ?? 16 << 20;
  }

  find(name: string): MacroDefinition | undefined {
    const own = this.#table.get(name);
    if (own !== undefined) return own ?? undefined;
    return this.#parent?.find(name);
  }

  /** Definition or automatic macro as text to put in literally; undefined when there is neither. */
  findAutomatic(name: string): string | undefined {
    return this.frame === undefined ? undefined : automatic(this.frame, name);
  }

  push(name: string, options: string | undefined, body: string, place = this.place): void {
    this.#table.set(name, { name, options, body, place, previous: this.find(name) });
  }

  pop(name: string): void {
    const top = this.find(name);
    if (top !== undefined) this.#table.set(name, top.previous ?? null);
  }

  /** Replaces the top definition instead of hiding it: for values that a caller sets again and again. */
  replace(name: string, body: string): void {
    const previous = this.#table.get(name)?.previous;
    this.#table.set(name, { name, options: undefined, body, place: this.place, previous });
  }

  names(): string[] {
    const names = new Set(this.#parent?.names() ?? []);
    for (const [name, definition] of this.#table) {
      if (definition === null) names.delete(name);
      else names.add(name);
    }
    return [...names];
  }

  /** Takes the definitions of a macro file. */
  load(text: string, file: string): void {
    const joiner = new LineJoiner();
    let start = 0;
    let line = 0;
    let unclosed = false;
    while (start < text.length) {
      const firstLine = line + 1;
      let end = start;
      joiner.reset();
      let more = true;
      while (more && end < text.length) {
        const newline = text.indexOf("\n", end);
        const next = newline < 0 ? text.length : newline + 1;
        more = joiner.add(text.slice(end, next));
        end = next;
        line++;
      }
      const entry = /^[ \t]*%/y.exec(text.slice(start, start + 200));
      if (entry !== null) {
        let from = start + entry[0].length;
        let parsed = parseDefinition(text, from, end);
        if (parsed?.open && !unclosed) {
          // A body in plain braces may span lines.
          const brace = text.indexOf("{", from);
          const close = brace < 0 || brace >= end ? -1 : matchBracket(text, brace, 123, 125);
          unclosed = close < 0;
          if (close >= 0) {
            const newline = text.indexOf("\n", close);
            from = newline < 0 ? text.length : newline + 1;
            line += text.slice(end, from).split("\n").length - 1;
            parsed = parseDefinition(text, start + entry[0].length, from);
            end = from;
          }
        }
        if (parsed !== undefined && !parsed.open) {
          this.push(parsed.name, parsed.options, parsed.body, { file, line: firstLine });
        }
      }
      start = end;
    }
  }

  use(definition: MacroDefinition): void {
    if (this.uses !== undefined && !this.uses.has(definition.name)) {
      this.uses.set(definition.name, { name: definition.name, body: definition.body, place: definition.place });
    }
  }

  /** Opens a level of expansion over `length` characters. */
  enter(length: number): void {
    this.spend(length + 8);
    if (++this.#depth > maxDepth) {
      this.#depth = 0;
      throw this.error(
        "MACRO_TOO_DEEP",
        `macros nest deeper than ${maxDepth} levels`,
        "look for a macro that calls itself",
      );
    }
  }

  /** Counts work that grows with the input. */
  spend(length: number): void {
    this.#spent += length;
    if (this.#spent <= this.#budget) return;
    throw this.error(
      "MACRO_BUDGET",
      "expanding macros takes too long",
      "look for a macro that calls itself many times",
    );
  }

  leave(result: string): string {
    this.#depth--;
    this.spend(result.length);
    this.checkLength(result.length);
    return result;
  }

  checkLength(length: number): void {
    if (length <= this.#maxLength) return;
    throw this.error(
      "MACRO_TOO_LARGE",
      `an expansion gives more than ${this.#maxLength} characters`,
      "look for a macro that repeats itself",
    );
  }

  /** After an error: expansion can start anew. */
  reset(): void {
    this.#depth = 0;
    this.frame = undefined;
  }

  error(code: string, message: string, ...hints: string[]): WeirError {
    return new WeirError(code, message, { where: this.place, hints });
  }
}
