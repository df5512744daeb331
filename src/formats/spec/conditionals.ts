import { WeirError } from "../../core/index.ts";
import type { MacroContext } from "../macro/index.ts";
import type { ConditionalKind } from "./lines.ts";

interface Level {
  readonly line: number;
  /** The lines around it are read. */
  readonly outer: boolean;
  /** One of its branches was taken. */
  done: boolean;
  reading: boolean;
  elseSeen: boolean;
}

const maxLevels = 1000;

/** Which lines count: the open %if levels of a spec. */
export class ConditionalStack {
  readonly #macros: MacroContext;
  readonly #file: string;
  readonly #taint: (subject: string, reason: string) => void;
  readonly #levels: Level[] = [];
  reading = true;

  constructor(macros: MacroContext, file: string, taint: (subject: string, reason: string) => void) {
    this.#macros = macros;
    this.#file = file;
    this.#taint = taint;
  }

  /** Takes a directive with its argument, expanded if the line was in a part that is read. */
  take(kind: Exclude<ConditionalKind, "include">, argument: string, line: number): void {
    if (kind.startsWith("if")) {
      if (this.#levels.length >= maxLevels) throw this.#error(`%if nests deeper than ${maxLevels} levels`, line);
      const holds = this.reading && this.#test(kind, argument);
      this.#levels.push({ line, outer: this.reading, done: holds, reading: holds, elseSeen: false });
      this.reading = holds;
      return;
    }
    const level = this.#levels[this.#levels.length - 1];
    if (level === undefined) throw this.#error(`%${kind} without %if`, line);
    if (kind === "endif") {
      this.#levels.pop();
      this.reading = level.outer;
      return;
    }
    if (level.elseSeen) throw this.#error(`%${kind} behind %else`, line);
    if (kind === "else") level.elseSeen = true;
    const open = level.outer && !level.done;
    level.reading = open && (kind === "else" || this.#test(kind, open ? this.#expand(argument) : argument));
    if (level.reading) level.done = true;
    this.reading = level.reading;
  }

  /** At the end of the text: every level must be closed. */
  finish(): void {
    const level = this.#levels[this.#levels.length - 1];
    if (level !== undefined) throw this.#error("%if is never closed", level.line);
  }

  #expand(argument: string): string {
    try {
      return this.#macros.expandMarked(argument);
    } catch (error) {
      if (error instanceof WeirError) return this.#macros.mark(error.message);
      throw error;
    }
  }

  #test(kind: ConditionalKind, argument: string): boolean {
    if (kind.endsWith("arch") || kind.endsWith("os")) {
      const { text, taints } = this.#macros.clean(argument);
      if (taints[0] !== undefined) this.#taint(`%${kind}`, taints[0]);
      const own = this.#macros.expand(kind.endsWith("arch") ? "%{_target_cpu}" : "%{?_target_os}%{!?_target_os:linux}");
      return text.split(/[\s,]+/).includes(own) !== kind.startsWith("ifn");
    }
    try {
      const { value, taints } = this.#macros.isTrue(argument);
      if (taints[0] !== undefined) this.#taint(`%${kind}`, taints[0]);
      return value;
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      const { text } = this.#macros.clean(error.message);
      this.#taint(`%${kind}`, text);
      return false;
    }
  }

  #error(message: string, line: number): WeirError {
    return new WeirError("SPEC_CONDITIONAL", message, {
      where: { file: this.#file, line },
      hints: ["balance %if, %else and %endif; a macro in a comment may hide one"],
    });
  }
}
