import { findProgram } from "./package-command.ts";
import type { RawWord } from "./shell-word.ts";
import { MappedText } from "./source.ts";
import type { Variables } from "./variables.ts";
import type { Heredoc, Problem, ShellAssignment, ShellCommand, ShellWord } from "./types.ts";

/** Scripts inside scripts that are followed: how deep, and how many of one instruction. */
const maxNesting = 6;
const maxScripts = 2000;
const shells = new Set(["sh", "bash", "dash", "ash", "ksh", "zsh"]);

export interface ShellContext {
  /** Changed by assignments of the script. */
  readonly variables: Variables;
  /** Bodies that were already taken out of the text, in the order of their `<<`. */
  readonly heredocs: readonly { readonly heredoc: Heredoc; readonly mapped: MappedText }[];
}

/** Counts the scripts inside scripts of one instruction, and those given up. */
export interface InnerContext extends ShellContext {
  readonly scripts: { count: number; given: number };
}

/** A command while it is read. */
export interface Current {
  words: ShellWord[];
  raw: RawWord[];
  assignments: ShellAssignment[];
  redirects: { operator: string; target: ShellWord | undefined; heredoc: Heredoc | undefined }[];
  scripts: MappedText[];
  /** It holds the redirects of a group, a loop or the like that ended before it. */
  compound: boolean;
  from: number;
  to: number;
}

/** Reads a script that a command runs. */
export type ScriptReader = (
  script: MappedText,
  context: InnerContext,
  depth: number,
  nested: boolean,
  conditional: boolean,
) => void;

/** Keeps the commands of a script, follows its assignments, and reads the scripts that the commands run. */
export class CommandSink {
  readonly #source: MappedText;
  readonly #context: InnerContext;
  readonly #out: ShellCommand[];
  readonly #problems: Problem[];
  readonly #depth: number;
  readonly #read: ScriptReader;

  constructor(
    source: MappedText,
    context: InnerContext,
    out: ShellCommand[],
    problems: Problem[],
    depth: number,
    read: ScriptReader,
  ) {
    this.#source = source;
    this.#context = context;
    this.#out = out;
    this.#problems = problems;
    this.#depth = depth;
    this.#read = read;
  }

  /** `isolated`: its assignments end with it, as in a pipe or a subshell. */
  emit(current: Current, after: ShellCommand["after"], conditional: boolean, nested: boolean, isolated: boolean): void {
    const { variables } = this.#context;
    const command: ShellCommand = {
      words: current.words,
      assignments: current.assignments,
      redirects: current.redirects,
      span: this.#source.span(current.from, Math.max(current.to, current.from)),
      after,
      conditional,
      nested,
    };
    for (const script of current.scripts) this.#follow(script, conditional);
    this.#out.push(command);
    const program = findProgram(current.words);
    const name = current.words[program]?.value?.replace(/^.*\//, "");
    const set = (variable: string, value: string | undefined) =>
      variables.set(variable, conditional || isolated ? undefined : value);
    if (current.words.length === 0)
      for (const { name: variable, value } of current.assignments) set(variable, value.value);
    if (name === "export" || name === "declare" || name === "local" || name === "readonly") {
      for (const { value } of current.words.slice(1)) {
        const match = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(value ?? "");
        if (match) set(match[1] as string, match[2]);
      }
    }
    if (name === "read" || name === "unset")
      for (const { value } of current.words.slice(1)) if (value) variables.set(value, undefined);
    if (name !== undefined && shells.has(name)) this.#followShell(current, program, conditional);
    else if (current.words.length === 0 && current.assignments.length === 0 && !current.compound)
      this.#followHeredocs(current, conditional);
  }

  #followShell(current: Current, program: number, conditional: boolean): void {
    const index = current.words.findIndex((word, at) => at > program && /^-[a-z]*c$/.test(word.value ?? ""));
    if (index < 0) {
      if (current.words.slice(program + 1).every((word) => word.value?.startsWith("-") === true))
        this.#followHeredocs(current, conditional);
      return;
    }
    const script = current.words[index + 1];
    const raw = current.raw.find(
      (word) => script !== undefined && word.text === script.text && word.mapped !== undefined,
    );
    if (raw?.mapped) this.#follow(raw.mapped, conditional);
  }

  /** A RUN that consists of a here-document alone, or hands one to a shell, runs the text as a script. */
  #followHeredocs(current: Current, conditional: boolean): void {
    for (const { heredoc } of current.redirects) {
      if (!heredoc) continue;
      const outside = this.#context.heredocs.find((candidate) => candidate.heredoc === heredoc);
      if (/^#!(?!.*\b(?:sh|bash|dash)\b)/.test(heredoc.body)) continue;
      if (outside) this.#follow(outside.mapped, conditional, false);
      else {
        const mapped = new MappedText(this.#source.lines);
        mapped.append(heredoc.body, heredoc.span.start.offset, true);
        this.#follow(mapped, conditional, false);
      }
    }
  }

  #follow(script: MappedText, conditional: boolean, nested = true): void {
    if (this.#depth >= maxNesting || ++this.#context.scripts.count > maxScripts) {
      if (this.#context.scripts.given++ === 0) {
        this.#problems.push({
          span: script.span(0, 0),
          message: "scripts inside scripts are too deep or too many: some were not read",
        });
      }
      return;
    }
    const { variables, scripts } = this.#context;
    const context = { variables: nested ? variables.copy() : variables, heredocs: [], scripts };
    this.#read(script, context, this.#depth + 1, nested, conditional);
  }
}

export function newCommand(): Current {
  return { words: [], raw: [], assignments: [], redirects: [], scripts: [], compound: false, from: -1, to: -1 };
}
