import { Argument, Command, CommanderError, Option } from "commander";
import { severities } from "../core/index.ts";
import { CommandOptions, type CommandInput, type CommandSpec } from "./command.ts";
import { type GlobalOptions, globalsOf } from "./globals.ts";
import { version } from "./version.ts";

const nouns: Record<string, string> = {
  component: "components of the definition",
  plan: "the build plan",
  repo: "repositories of packages (rpm-md): make, look at, search, compare",
  rpm: "package files: look at, verify, sign, unpack, make",
  compat: "comparison of distributions",
  audit: "somebody's files against the new distribution",
  schema: "published JSON Schemas",
};

/** Reads a command line with commander and runs what it asks for; gives the exit code. */
export async function runProgram(
  commands: readonly CommandSpec[],
  argv: readonly string[],
  run: (spec: CommandSpec, input: CommandInput, globals: GlobalOptions) => Promise<number>,
): Promise<number> {
  let exitCode = 0;
  const program = createProgram(commands, async (spec, input, globals) => {
    exitCode = await run(spec, input, globals);
  });
  try {
    await program.parseAsync(["node", "weir", ...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return usageExitCode(error);
    throw error;
  }
}

/** Commander's program over the command table; `act` is called with the command that was asked for. */
export function createProgram(
  commands: readonly CommandSpec[],
  act: (spec: CommandSpec, input: CommandInput, globals: GlobalOptions) => Promise<void>,
): Command {
  const program = new Command("weir")
    .description("Rebuild a downstream RPM distribution on an upstream one, and see what breaks before its users do.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showHelpAfterError("(add --help for usage)")
    .configureHelp({ showGlobalOptions: false })
    .exitOverride();
  const parents = new Map<string, Command>();
  for (const spec of commands) {
    const [noun, verb] = spec.name.split(" ");
    if (noun === undefined) continue;
    let command: Command;
    if (verb === undefined) {
      command = program.command(noun);
    } else {
      let parent = parents.get(noun);
      if (!parent) {
        parent = program
          .command(noun)
          .description(nouns[noun] ?? noun)
          .exitOverride();
        parents.set(noun, parent);
      }
      command = parent.command(verb);
    }
    fill(command, spec).action(async (...passed: unknown[]) => {
      const values = command.opts();
      const args = passed.slice(0, spec.arguments?.length ?? 0).flatMap((arg) => (Array.isArray(arg) ? arg : [arg]));
      const input = {
        args: args.filter((arg): arg is string => typeof arg === "string"),
        options: new CommandOptions(values),
      };
      await act(spec, input, globalsOf(values));
    });
  }
  return program;
}

function fill(command: Command, spec: CommandSpec): Command {
  command
    .summary(spec.summary)
    .description(spec.details === undefined ? `${upperFirst(spec.summary)}.` : spec.details)
    .exitOverride();
  for (const argument of spec.arguments ?? []) command.addArgument(new Argument(argument.name, argument.description));
  for (const item of spec.options ?? []) {
    const option = new Option(item.flags, item.description);
    if (item.default !== undefined) option.default(item.default);
    if (item.choices) option.choices([...item.choices]);
    if (item.repeatable) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  }
  if (spec.writes) command.option("--dry-run", "say what would be written, write nothing");
  command
    .addOption(
      new Option("-o, --output <format>", "how to print").choices(["table", "json", "markdown"]).default("table"),
    )
    .addOption(
      new Option("--progress <how>", "how to show work")
        .choices(["auto", "tree", "plain", "json", "none"])
        .default("auto"),
    )
    .addOption(
      new Option("--fail-on <severity>", "exit 1 from this severity on")
        .choices([...severities, "never"])
        .default(spec.failOn ?? "high"),
    )
    .option("--network", "allow reading from the network")
    .option("-q, --quiet", "print only errors")
    .option("-v, --verbose", "print more of what is going on")
    .helpOption("-h, --help", "show help");
  const examples = spec.examples.map((example) => `  ${example.command}\n      ${example.does}`);
  return command.addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Exit code of commander's own exits: 0 for help and version, 2 for bad usage. */
export function usageExitCode(error: CommanderError): number {
  const fine = ["commander.help", "commander.helpDisplayed", "commander.version"];
  return fine.includes(error.code) ? 0 : 2;
}
