import { compareText, WeirError } from "../../core/index.ts";
import { parseExec, parsePairs, splitWords } from "./arguments.ts";
import { readLogicalLine, takeHeredocs, type TakenHeredoc } from "./logical-line.ts";
import { splitShell } from "./shell-commands.ts";
import { Lines, MappedText } from "./source.ts";
import { Variables } from "./variables.ts";
import type { Dockerfile, Instruction, InstructionFlag, Problem, ShellCommand, ShellWord, Stage } from "./types.ts";

/** Characters of a Dockerfile, instructions and stages in it. */
const maxText = 1 << 20;
const maxInstructions = 10_000;
const maxStages = 500;

const keywords = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);
const withFlags = new Set(["ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"]);
const withHeredocs = new Set(["ADD", "COPY", "RUN"]);
const withCommands = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"]);

/**
 * Reads a Dockerfile: directives, instructions with positions, stages, and the shell commands inside them. `file` names it in errors and
 * places. Follows the Dockerfile reference of BuildKit's frontend. What it does not understand is a problem in the result.
 * Errors: `DOCKERFILE_TOO_LARGE`, `DOCKERFILE_NOT_TEXT`.
 */
export function parseDockerfile(text: string, file: string): Dockerfile {
  if (text.length > maxText) {
    throw new WeirError("DOCKERFILE_TOO_LARGE", `${text.length} characters, more than ${maxText}`, {
      where: file,
      hints: ["move large here-documents into files that the build copies"],
    });
  }
  const binary = text.indexOf("\0");
  const lines = new Lines(text);
  if (binary >= 0) {
    const { line, column } = lines.positionAt(binary);
    throw new WeirError("DOCKERFILE_NOT_TEXT", "a NUL character: this is no text", {
      where: { file, line, column },
      hints: ["give a Dockerfile in UTF-8"],
    });
  }
  return new Reader(lines, file).read();
}

class Reader {
  readonly #lines: Lines;
  readonly #file: string;
  readonly #instructions: Instruction[] = [];
  readonly #stages: Stage[] = [];
  readonly #problems: Problem[] = [];
  readonly #globals = new Variables();
  /** Variables at the end of each stage so far: those of ENV alone, which a stage built on it inherits. */
  readonly #environments: Variables[] = [];
  #variables = this.#globals.fresh();
  #shell = true;

  constructor(lines: Lines, file: string) {
    this.#lines = lines;
    this.#file = file;
  }

  read(): Dockerfile {
    const { directives, next } = readDirectives(this.#lines);
    const escape = directives.escape === "`" ? "`" : "\\";
    let line = next;
    while (line < this.#lines.starts.length) {
      const { text } = this.#lines.line(line);
      const trimmed = text.trimStart();
      if (trimmed === "" || trimmed.startsWith("#") || trimmed === "\ufeff") {
        line++;
        continue;
      }
      if (this.#instructions.length >= maxInstructions || this.#stages.length >= maxStages) {
        this.#problems.push({
          span: this.#lineSpan(line),
          message: `more than ${maxInstructions} instructions or ${maxStages} stages: the rest is not read`,
        });
        break;
      }
      const logical = readLogicalLine(this.#lines, line, escape);
      line = this.#instruction(logical.text, logical.next, escape, false);
    }
    const byOffset = (a: Problem, b: Problem) =>
      a.span.start.offset - b.span.start.offset || compareText(a.message, b.message);
    return {
      file: this.#file,
      escape,
      directives,
      instructions: this.#instructions,
      stages: this.#stages,
      problems: this.#problems.sort(byOffset),
    };
  }

  #lineSpan(line: number) {
    const { text, offset } = this.#lines.line(line);
    return { start: this.#lines.positionAt(offset), end: this.#lines.positionAt(offset + text.length) };
  }

  /** Reads one instruction; gives the number of the line after it. */
  #instruction(source: MappedText, next: number, escape: "\\" | "`", onbuild: boolean): number {
    const word = /^[\s\ufeff]*([^\s]+)/.exec(source.text);
    const keyword = (word?.[1] ?? "").toUpperCase();
    const keywordFrom = word ? word[0].length - (word[1] as string).length : 0;
    let at = word ? word[0].length : 0;
    if (!keywords.has(keyword)) {
      this.#problems.push({
        span: source.span(keywordFrom, at),
        message: `unknown instruction ${keyword.slice(0, 40)}`,
      });
      return next;
    }
    if (keyword === "ONBUILD" && !onbuild) {
      return this.#instruction(source.slice(at, source.text.length), next, escape, true);
    }
    const flags: InstructionFlag[] = [];
    if (withFlags.has(keyword)) {
      const pattern = /\s*--([a-z][a-z-]*)(?:=(\S*))?(?=\s|$)/y;
      for (pattern.lastIndex = at; ; at = pattern.lastIndex) {
        const match = pattern.exec(source.text);
        if (!match) break;
        const from = match.index + match[0].length - match[0].trimStart().length;
        flags.push({
          name: match[1] as string,
          value: match[2] ?? "",
          span: source.span(from, match.index + match[0].length),
        });
      }
    }
    while (at < source.text.length && /\s/.test(source.text[at] as string)) at++;
    let end = source.text.length;
    while (end > at && /\s/.test(source.text[end - 1] as string)) end--;
    let body = source.slice(at, end);
    let exec: readonly ShellWord[] | undefined;
    const hasCommand = withCommands.has(keyword);
    if (keyword === "HEALTHCHECK") {
      const command = /^(?:CMD|NONE)\b\s*/i.exec(body.text);
      if (command) body = body.slice(command[0].length, body.text.length);
    }
    if (hasCommand || keyword === "COPY" || keyword === "ADD" || keyword === "SHELL" || keyword === "VOLUME")
      exec = parseExec(body);
    let taken: TakenHeredoc[] = [];
    let after = next;
    if (withHeredocs.has(keyword) && exec === undefined) {
      const result = takeHeredocs(this.#lines, body, next);
      taken = result.heredocs;
      after = result.next;
      for (const item of result.problems) this.#problems.push(item);
    }
    const last = taken[taken.length - 1];
    const whole = source.span(keywordFrom, end);
    const shared = {
      keyword,
      span: last ? { start: whole.start, end: last.heredoc.span.end } : whole,
      flags,
      value: body.text,
      valueSpan: body.span(0, body.text.length),
      exec,
      heredocs: taken.map(({ heredoc }) => heredoc),
      onbuild,
    };
    const words = hasCommand ? (exec ?? []) : (exec ?? this.#words(keyword, body, escape));
    if (keyword === "FROM") this.#startStage(words);
    const instruction: Instruction = {
      ...shared,
      stage: this.#stages.length - (keyword === "FROM" ? 0 : 1),
      words,
      commands: hasCommand ? this.#commands(keyword, body, exec, taken) : [],
    };
    this.#instructions.push(instruction);
    if (keyword === "FROM") this.#addStage(instruction);
    else this.#define(instruction, body, escape);
    return after;
  }

  #words(keyword: string, body: MappedText, escape: "\\" | "`"): ShellWord[] {
    if (keyword === "MAINTAINER") return [];
    const variables = keyword === "FROM" ? this.#globals : this.#variables;
    return splitWords(body, variables, escape);
  }

  #startStage(words: readonly ShellWord[]): void {
    this.#shell = true;
    const base = words[0]?.value?.toLowerCase();
    const parent = this.#stages.findLast((stage) => stage.name !== undefined && stage.name === base);
    this.#variables = (parent && this.#environments[parent.index]?.copy()) ?? this.#globals.fresh();
    this.#environments.push(this.#variables.copy());
  }

  #addStage(instruction: Instruction): void {
    const [image, as, name] = instruction.words;
    const fallback: ShellWord = { text: "", span: instruction.valueSpan, value: undefined, literal: false };
    if (!image) this.#problems.push({ span: instruction.span, message: "FROM without an image" });
    const base = image?.value?.toLowerCase();
    const parent = this.#stages.findLast((stage) => stage.name !== undefined && stage.name === base);
    this.#stages.push({
      index: this.#stages.length,
      name: as?.text.toLowerCase() === "as" ? (name?.value ?? name?.text)?.toLowerCase() : undefined,
      image: image ?? fallback,
      parent: parent?.index,
      platform: instruction.flags.find((flag) => flag.name === "platform")?.value,
      instruction,
    });
  }

  #define(instruction: Instruction, body: MappedText, escape: "\\" | "`"): void {
    const { keyword } = instruction;
    if (keyword === "SHELL") this.#shell = /(?:^|\/)(?:ba|da|a|k|z)?sh$/.test(instruction.exec?.[0]?.value ?? "");
    if (keyword !== "ARG" && keyword !== "ENV") return;
    const global = this.#stages.length === 0;
    const known = global ? this.#globals : this.#variables;
    for (const { name, value } of parsePairs(body, known, escape, keyword === "ENV")) {
      if (keyword === "ENV") {
        this.#variables.set(name, value);
        this.#environments[this.#environments.length - 1]?.set(name, value);
      } else if (value === undefined && !(this.#stages.length > 0 && this.#globals.has(name))) continue;
      else if (global) this.#globals.set(name, value);
      // A variable of ENV is stronger than an ARG of the same name.
      else if (this.#environments[this.#environments.length - 1]?.has(name) !== true) {
        this.#variables.set(name, value ?? this.#globals.get(name));
      }
    }
  }

  #commands(
    keyword: string,
    body: MappedText,
    exec: readonly ShellWord[] | undefined,
    taken: readonly TakenHeredoc[],
  ): ShellCommand[] {
    if (exec === undefined && !this.#shell) {
      this.#problems.push({
        span: body.span(0, body.text.length),
        message: `${keyword} runs in a shell that is not understood`,
      });
      return [];
    }
    let source = body;
    if (exec !== undefined) {
      const [program, ...rest] = exec;
      const index = rest.findIndex((word) => /^-[a-z]*c$/.test(word.value ?? ""));
      const script = index < 0 ? undefined : rest[index + 1];
      if (!/(?:^|\/)(?:ba|da|a|k|z)?sh$/.test(program?.value ?? "") || script?.value === undefined) {
        if (exec.length === 0) return [];
        const span = body.span(0, body.text.length);
        return [{ words: exec, assignments: [], redirects: [], span, after: "", conditional: false, nested: false }];
      }
      source = new MappedText(this.#lines);
      const plain = script.text.slice(1, -1) === script.value;
      source.append(script.value, script.span.start.offset + (plain ? 1 : 0), !plain || !script.literal);
    }
    const result = splitShell(source, { variables: this.#variables.copy(), heredocs: taken });
    for (const item of result.problems) this.#problems.push(item);
    return [...result.commands];
  }
}

function readDirectives(lines: Lines): { directives: Record<string, string>; next: number } {
  const directives: Record<string, string> = {};
  let next = 0;
  for (; next < lines.starts.length; next++) {
    const match = /^\ufeff?\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/.exec(lines.line(next).text);
    const name = match?.[1]?.toLowerCase();
    if (!match || (name !== "syntax" && name !== "escape" && name !== "check") || Object.hasOwn(directives, name))
      break;
    directives[name] = (match[2] as string).trim();
  }
  return { directives, next };
}
