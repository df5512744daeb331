import {
  allFindings,
  atOrAbove,
  createProgress,
  fileError,
  formatPlace,
  type Severity,
  WeirError,
} from "../core/index.ts";
import {
  jsonProgress,
  liveProgress,
  makeStyle,
  plainProgress,
  type ProgressRenderer,
  renderJson,
  renderMarkdown,
  renderTable,
} from "../report/index.ts";
import type { CommandContext, CommandInput, CommandOutcome, CommandSpec } from "./command.ts";
import { commands } from "./commands.ts";
import type { GlobalOptions } from "./globals.ts";
import { parsePlain } from "./plain-arguments.ts";

const bug = 70;
const interrupted = 130;

/** Runs the command line and gives the exit code: 0 fine, 1 findings or refusal, 2 usage or input, 3 machine, 4 remote, 70 a bug. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === "complete" && argv[1] === "--") {
    (await import("./completion.ts")).completeWords(commands, argv.slice(2));
    return 0;
  }
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(interrupted);
    process.stderr.write("\nstopping; once more to stop at once\n");
    controller.abort(new WeirError("INTERRUPTED", "interrupted; run it again to go on", { kind: "refused" }));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  const run = (spec: CommandSpec, input: CommandInput, globals: GlobalOptions) =>
    runCommand(spec, input, globals, controller.signal);
  try {
    const plain = parsePlain(commands, argv);
    if (plain !== undefined) return await run(plain.spec, plain.input, plain.globals);
    const { runProgram } = await import("./program.ts");
    return await runProgram(commands, argv, run);
  } catch (error) {
    return reportFailure(error, controller.signal.aborted);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

async function runCommand(
  spec: CommandSpec,
  input: CommandInput,
  globals: GlobalOptions,
  signal: AbortSignal,
): Promise<number> {
  const renderer = progressRenderer(globals);
  const context: CommandContext = {
    cwd: process.cwd(),
    progress: createProgress(renderer.sink),
    signal,
    verbose: globals.verbose,
    dryRun: globals.dryRun,
    network: globals.network,
  };
  let outcome: CommandOutcome;
  try {
    const given = await spec.run(input, context);
    outcome = "report" in given ? given : { report: given };
  } finally {
    renderer.close();
  }
  if (!globals.quiet || globals.output === "json") await write(render(outcome, globals));
  await outcome.after?.();
  if (outcome.exitCode !== undefined) return outcome.exitCode;
  if (globals.failOn === undefined || globals.failOn === "never") return 0;
  const failing = (outcome.judged ?? allFindings(outcome.report)).some((finding) =>
    atOrAbove(finding.severity, globals.failOn as Severity),
  );
  return failing ? 1 : 0;
}

function render(outcome: CommandOutcome, globals: GlobalOptions): string {
  if (globals.output === "json") return renderJson(outcome.report);
  if (globals.output === "markdown") return renderMarkdown(outcome.report);
  if (outcome.text !== undefined) return outcome.text;
  return renderTable(
    outcome.report,
    makeStyle(wantsColour(process.stdout)),
    process.stdout.isTTY ? process.stdout.columns : 0,
  );
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

function progressRenderer(globals: GlobalOptions): ProgressRenderer {
  const talk = (text: string) => process.stderr.write(text);
  const how =
    globals.progress === "auto" ? (globals.quiet ? "none" : process.stderr.isTTY ? "tree" : "plain") : globals.progress;
  if (how === "json") return jsonProgress(talk);
  if (how === "plain") return plainProgress(talk, globals.verbose);
  if (how === "tree") return liveProgress(process.stderr, makeStyle(wantsColour(process.stderr)));
  return { sink: () => undefined, close: () => undefined };
}

function wantsColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env.NO_COLOR === undefined && process.env.TERM !== "dumb";
}

function reportFailure(thrown: unknown, aborted: boolean): number {
  const error = fileError(thrown, process.cwd()) ?? thrown;
  const style = makeStyle(wantsColour(process.stderr));
  if (error instanceof WeirError) {
    const where = error.where === undefined ? "" : `${formatPlace(error.where)}: `;
    process.stderr.write(`${style.red("error")} ${where}${error.message} [${error.code}]\n`);
    for (const hint of error.hints) process.stderr.write(`  → ${hint}\n`);
    return error.code === "INTERRUPTED" ? interrupted : error.exitCode;
  }
  if (aborted) return interrupted;
  process.stderr.write(`${style.red("bug in weir")}: ${error instanceof Error ? error.stack : String(error)}\n`);
  return bug;
}
