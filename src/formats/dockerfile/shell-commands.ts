import { ShellLexer } from "./shell-lexer.ts";
import { CommandSink, type Current, type InnerContext, newCommand, type ShellContext } from "./shell-sink.ts";
import { type RawWord, toArguments } from "./shell-word.ts";
import type { MappedText } from "./source.ts";
import type { Problem, ShellCommand } from "./types.ts";

/** Commands of one instruction that are kept. */
const maxCommands = 20_000;
/** Words that loops give more than once, in one script. */
const maxRounds = 2000;

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  readonly problems: readonly Problem[];
}

const openers = new Set(["if", "while", "until", "{", "for", "select", "case"]);
const closers = new Set(["fi", "done", "esac", "}"]);
const connectives = new Set(["then", "do", "else", "elif", "!", "time"]);

/**
 * Splits a POSIX shell text into simple commands with positions: lists, pipes, subshells, groups, if, loops, case, functions, command
 * substitutions, here-documents, and texts handed to `sh -c`. Assignments are followed as far as they are plain. What does not
 * end properly is a problem, never an error.
 */
export function splitShell(source: MappedText, context: ShellContext): ShellScript {
  const out: ShellCommand[] = [];
  const problems: Problem[] = [];
  new Splitter(source, { ...context, scripts: { count: 0, given: 0 } }, out, problems, 0).run(false, false);
  return { commands: out, problems };
}

class Splitter {
  readonly #source: MappedText;
  readonly #context: InnerContext;
  readonly #out: ShellCommand[];
  readonly #problems: Problem[];
  readonly #depth: number;
  readonly #lexer: ShellLexer;
  readonly #sink: CommandSink;
  /** Values of loop variables, one a round. */
  readonly #loops = new Map<string, readonly string[]>();
  #nextHeredoc = 0;
  #rounds = 0;

  constructor(source: MappedText, context: InnerContext, out: ShellCommand[], problems: Problem[], depth: number) {
    this.#source = source;
    this.#context = context;
    this.#out = out;
    this.#problems = problems;
    this.#depth = depth;
    this.#lexer = new ShellLexer(source);
    this.#sink = new CommandSink(source, context, out, problems, depth, (script, inner, deeper, nested, conditional) =>
      new Splitter(script, inner, out, problems, deeper).run(nested, conditional),
    );
  }

  run(nested: boolean, conditional: boolean): void {
    const { variables } = this.#context;
    // One entry a construct: whether what is inside may be left out, and whether a case waits for a pattern.
    const stack: {
      word: string;
      optional: boolean;
      pattern: boolean;
    }[] = [];
    let after: ShellCommand["after"] = "";
    let current = newCommand();
    let header: { kind: "for" | "case" | "function"; words: RawWord[] } | undefined;
    const isOptional = () => conditional || after === "||" || stack.some((entry) => entry.optional);
    const finish = (next: ShellCommand["after"]) => {
      if (current.from >= 0) {
        const piped = after === "|" || next === "|";
        this.#sink.emit(current, after, isOptional(), nested, piped || stack.some((entry) => entry.word === "("));
      }
      current = newCommand();
      after = next;
    };
    for (;;) {
      const token = this.#lexer.next(variables);
      if (token.kind === "end") break;
      if (this.#out.length >= maxCommands) {
        const span = this.#source.span(this.#lexer.at, this.#lexer.text.length);
        this.#problems.push({ span, message: `more than ${maxCommands} commands: the rest is not read` });
        return;
      }
      const top = stack[stack.length - 1];
      if (top?.pattern) {
        if (token.kind === "operator" && token.text === ")") top.pattern = false;
        else if (token.kind === "word" && token.word.plain && token.word.text === "esac") stack.pop();
        continue;
      }
      const inTest = current.words[0]?.value === "[[" && current.words[current.words.length - 1]?.value !== "]]";
      if (token.kind === "operator") {
        const operator = token.text;
        if (inTest && operator !== "\n" && operator !== ";") continue;
        if (header) {
          if (operator === ";" || operator === "\n") {
            if (header.kind === "case" && header.words.length < 2) continue;
            this.#endHeader(header);
            header = undefined;
          } else if (header.kind === "function") continue;
          else header = undefined;
          after = ";";
          continue;
        }
        if (/[<>]/.test(operator)) {
          this.#redirect(operator, current, token.from);
          continue;
        }
        switch (operator) {
          case "&&":
          case "||":
          case "|":
          case "&":
            finish(operator);
            break;
          case "|&":
            finish("|");
            break;
          case "(":
            if (current.words.length === 1 && current.assignments.length === 0) {
              // `name()`: what follows is its body.
              current = newCommand();
              stack.push({ word: "function", optional: true, pattern: false });
              break;
            }
            if (this.#lexer.text[this.#lexer.at] === "(" && current.from < 0) {
              const end = this.#lexer.text.indexOf("))", this.#lexer.at);
              this.#lexer.at = end < 0 ? this.#lexer.text.length : end + 2;
              break;
            }
            finish(after);
            stack.push({ word: "(", optional: false, pattern: false });
            break;
          case ")":
            finish(";");
            if (top?.word === "(") {
              stack.pop();
              current.compound = true;
            }
            break;
          case ";;":
          case ";&":
          case ";;&": {
            finish(";");
            const entry = stack.findLast((candidate) => candidate.word === "case");
            if (entry) entry.pattern = true;
            break;
          }
          default:
            finish(operator === "\n" && current.from < 0 && after !== "" ? after : ";");
        }
        continue;
      }
      const { word } = token;
      if (header?.kind === "function" && word.plain && word.text === "{" && top) {
        top.word = "{";
        header = undefined;
        continue;
      }
      if (header) {
        header.words.push(word);
        if (header.kind === "case" && header.words.length >= 2 && word.plain && word.text === "in") {
          header = undefined;
          stack.push({ word: "case", optional: true, pattern: true });
          after = ";";
        }
        continue;
      }
      if (current.from < 0 && word.plain) {
        const text = word.text;
        if (text === "function") {
          header = { kind: "function", words: [] };
          stack.push({ word: "function", optional: true, pattern: false });
          continue;
        }
        if (connectives.has(text)) continue;
        if (openers.has(text)) {
          if (top?.word === "function" && text === "{") top.word = "{";
          else if (text === "for" || text === "select") {
            header = { kind: "for", words: [] };
            stack.push({ word: "for", optional: true, pattern: false });
          } else if (text === "case") header = { kind: "case", words: [] };
          else stack.push({ word: text, optional: text !== "{", pattern: false });
          continue;
        }
        if (closers.has(text)) {
          stack.pop();
          current.compound = true;
          continue;
        }
      }
      this.#add(word, current);
    }
    finish("");
    for (const item of this.#lexer.problems) this.#problems.push(item);
  }

  /** `for name in words`: the variable stands for all of them. */
  #endHeader(header: { kind: string; words: RawWord[] }): void {
    if (header.kind !== "for") return;
    const [name, keyword, ...items] = header.words;
    if (!name?.plain) return;
    const values = keyword?.text === "in" ? items.map((item) => item.fields) : [undefined];
    const known = values.includes(undefined) ? undefined : values.flatMap((fields) => fields ?? []);
    this.#context.variables.set(name.text, known?.join(" "));
    if (known && known.length > 1) this.#loops.set(name.text, known);
    else this.#loops.delete(name.text);
  }

  #add(word: RawWord, current: Current): void {
    if (current.from < 0) current.from = word.from;
    current.to = word.to;
    for (const { from, to } of word.scripts) current.scripts.push(this.#source.slice(from, to));
    if (current.words.length === 0 && word.assignment) {
      const value = word.fields?.join(" ").slice(word.assignment.valueFrom - word.from);
      const span = this.#source.span(word.assignment.valueFrom, word.to);
      current.assignments.push({
        name: word.assignment.name,
        value: { text: word.text.slice(word.assignment.valueFrom - word.from), span, value, literal: word.literal },
      });
      return;
    }
    current.raw.push(word);
    for (const argument of toArguments(this.#source, this.#inLoop(word))) current.words.push(argument);
  }

  /** A word that names a loop's variable gives what each round gives. */
  #inLoop(word: RawWord): RawWord {
    if (this.#loops.size === 0 || !word.fields || !word.text.includes("$")) return word;
    const name = [...word.text.matchAll(/\$\{?([A-Za-z_]\w*)/g)]
      .map((match) => match[1] as string)
      .find((item) => this.#loops.has(item));
    const values = name === undefined ? undefined : this.#loops.get(name);
    if (name === undefined || !values || this.#rounds + values.length > maxRounds) return word;
    this.#rounds += values.length;
    const fields: string[] = [];
    for (const value of values) {
      const variables = this.#context.variables.copy().set(name, value);
      const token = new ShellLexer(this.#source.slice(word.from, word.to)).next(variables);
      if (token.kind === "word") for (const item of token.word.fields ?? []) fields.push(item);
    }
    return { ...word, fields };
  }

  #redirect(operator: string, current: Current, from: number): void {
    if (current.from < 0) current.from = from;
    const token = this.#lexer.next(this.#context.variables);
    if (token.kind !== "word") {
      if (token.kind === "operator") this.#lexer.at = token.from;
      return;
    }
    const { word } = token;
    current.to = word.to;
    const redirect: Current["redirects"][number] = {
      operator,
      target: toArguments(this.#source, word)[0],
      heredoc: undefined,
    };
    current.redirects.push(redirect);
    if (operator !== "<<" && operator !== "<<-") return;
    const outside = this.#context.heredocs[this.#nextHeredoc];
    if (this.#depth === 0 && outside) {
      this.#nextHeredoc++;
      redirect.heredoc = outside.heredoc;
      return;
    }
    const name = word.fields?.[0] ?? word.text;
    this.#lexer.expectHeredoc(name, operator === "<<-", word.plain, (heredoc) => {
      redirect.heredoc = heredoc;
    });
  }
}
