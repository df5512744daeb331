/** A place in the text: `offset` in UTF-16 code units from 0, line and column from 1. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A stretch of the text, `end` exclusive. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** Something that could not be understood; the rest was read on. */
export interface Problem {
  readonly span: Span;
  readonly message: string;
}

export interface Heredoc {
  readonly name: string;
  readonly body: string;
  readonly span: Span;
  /** Variables in the body are expanded: the name was not quoted. */
  readonly expands: boolean;
}

/** One argument of a command after quoting, variables and braces. */
export interface ShellWord {
  /** As written. Several words that come from one (`$PACKAGES`, `{a,b}`) share text and span. */
  readonly text: string;
  readonly span: Span;
  /** What the command sees, undefined where that is only known when it runs. */
  readonly value: string | undefined;
  /** The value stands in the text as it is but for quotes: replacing `span` replaces this argument and nothing else. */
  readonly literal: boolean;
}

export interface ShellRedirect {
  /** `>`, `>>`, `<`, `<<` …; a leading file descriptor is dropped. */
  readonly operator: string;
  readonly target: ShellWord | undefined;
  readonly heredoc: Heredoc | undefined;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord;
}

/** A simple command. */
export interface ShellCommand {
  /** Command and arguments; empty where there are only assignments or redirects. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  readonly span: Span;
  /** What stands before it: `&&`, `||`, `|`, `;` or a newline; empty at the start. */
  readonly after: "" | "&&" | "||" | "|" | ";" | "&";
  /** It may not run: inside if, loops, case, functions, or after `||`. */
  readonly conditional: boolean;
  /** It runs inside a command substitution, or as the text of another shell. */
  readonly nested: boolean;
}

export interface InstructionFlag {
  readonly name: string;
  /** Empty for a flag without value. */
  readonly value: string;
  readonly span: Span;
}

/** One instruction with its continuation lines. */
export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  readonly span: Span;
  readonly flags: readonly InstructionFlag[];
  /** What follows keyword and flags: continuation lines joined, comment lines left out, variables as written. */
  readonly value: string;
  readonly valueSpan: Span;
  /** Strings of the JSON form, undefined for the shell form. */
  readonly exec: readonly ShellWord[] | undefined;
  readonly heredocs: readonly Heredoc[];
  /** Index into `stages`, -1 before the first FROM. */
  readonly stage: number;
  /** It is the argument of an ONBUILD. */
  readonly onbuild: boolean;
  /** Commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK, in both forms. */
  readonly commands: readonly ShellCommand[];
  /** Arguments with variables expanded; of FROM, COPY, ADD, USER, WORKDIR, ENV, ARG, LABEL … */
  readonly words: readonly ShellWord[];
}

export interface Stage {
  readonly index: number;
  /** The name after AS, in lower case as references ignore case. */
  readonly name: string | undefined;
  /** The image as written. `value` undefined where a build argument without default decides. */
  readonly image: ShellWord;
  /** Index of the earlier stage that it builds on, undefined for an image. */
  readonly parent: number | undefined;
  readonly platform: string | undefined;
  readonly instruction: Instruction;
}

export interface Dockerfile {
  readonly file: string;
  readonly escape: "\\" | "`";
  /** Parser directives by lower-case name: `syntax`, `escape`, `check`. */
  readonly directives: Readonly<Record<string, string>>;
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly problems: readonly Problem[];
}
