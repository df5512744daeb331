import type { Finding, Progress, Report } from "../core/index.ts";

/** What a command gets from the face: where it stands, how to show work, when to stop. */
export interface CommandContext {
  /** Absolute folder that relative arguments are meant from. */
  readonly cwd: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly verbose: boolean;
  readonly dryRun: boolean;
  /** Network use is allowed only with `--network`. */
  readonly network: boolean;
}

export interface CommandInput {
  readonly args: readonly string[];
  readonly options: CommandOptions;
}

/** Options by their long name in camelCase, as commander gives them. */
export class CommandOptions {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** Whether `--no-name` was given. */
  off(name: string): boolean {
    return this.#values[name] === false;
  }

  /** As {@link list}, where each value may hold several with commas between them. */
  words(name: string): readonly string[] {
    return this.list(name)
      .flatMap((value) => value.split(",").map((word) => word.trim()))
      .filter((word) => word !== "");
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
  }
}

export interface CommandOption {
  /** Commander's notation: `-C, --directory <dir>`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
}

export interface CommandArgument {
  /** `<name>` obligatory, `[name]` optional, `<names...>` many. */
  readonly name: string;
  readonly description: string;
}

/** One command as data: the parser, `--help`, completion and the reference page are all made from it. */
export interface CommandSpec {
  /** Noun and verb (`component list`), or a single word for what walks the whole line. */
  readonly name: string;
  readonly summary: string;
  /** More than the summary says, in sentences; for `--help` and the reference. */
  readonly details?: string;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  /** It writes files, so it takes `--dry-run`. */
  readonly writes?: boolean;
  /** Severity from which findings make exit code 1; "never" for commands whose findings are about others. Default `high`. */
  readonly failOn?: string;
  run(input: CommandInput, context: CommandContext): Promise<Report | CommandOutcome>;
}

/** A report and more: text that replaces the rendered report on stdout, or an exit code of its own. */
export interface CommandOutcome {
  readonly report: Report;
  readonly text?: string;
  readonly exitCode?: number;
  /** Work that can wait until the answer was written. */
  after?(): Promise<void>;
  /** Findings that `--fail-on` looks at, where they are not the report's own. */
  readonly judged?: readonly Finding[];
}
