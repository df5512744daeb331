import { fstatSync, writeSync } from "node:fs";
import {
  allFindings,
  atOrAbove,
  createProgress,
  fileError,
  formatPlace,
  type Severity,
  systemCode,
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
import type { GlobalOptions } from "./globals.ts";
import { NeedsMore } from "./needs-more.ts";
import { parsePlain } from "./plain-arguments.ts";

const bug = 70;
const interrupted = 130;

/** Runs what the parser does not read: help, mistakes, options glued together. */
export type OtherRun = (
  run: (spec: CommandSpec, input: CommandInput, globals: GlobalOptions) => Promise<number>,
) => Promise<number>;

/** Runs one of the commands and gives the exit code, see `main`. A {@link NeedsMore} is thrown on. */
export async function runCommands(
  commands: readonly CommandSpec[],
  argv: readonly string[],
  otherwise: OtherRun,
): Promise<number> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(interrupted);
    process.stderr.write("\nstopping; once more to stop at once\n");
    controller.abort(new WeirError("INTERRUPTED", "interrupted; run it again to go on", { kind: "refused" }));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const run = (spec: CommandSpec, input: CommandInput, globals: GlobalOptions) =>
    runCommand(spec, input, globals, controller.signal);
  try {
    const plain = parsePlain(commands, argv);
    if (plain !== undefined) return await run(plain.spec, plain.input, plain.globals);
    return await otherwise(run);
  } catch (error) {
    if (error instanceof NeedsMore) throw error;
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

/** Node's own stream takes longer to set up than most answers to write: it is used where a pipe has no room at once. */
async function write(text: string): Promise<void> {
  let bytes = Buffer.from(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
  } catch (error) {
    const code = systemCode(error);
    if (code === "EPIPE") process.exit(0);
    if (code !== "EAGAIN") throw error;
    process.stdout.on("error", (late: NodeJS.ErrnoException) => {
      if (late.code === "EPIPE") process.exit(0);
    });
    const rest = bytes;
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(rest, (late) => (late ? reject(late) : resolve()));
    });
  }
}

/** Whether standard error is a terminal, without setting its stream up where it cannot be. */
function talksToTerminal(): boolean {
  return fstatSync(2).isCharacterDevice() && process.stderr.isTTY;
}

function progressRenderer(globals: GlobalOptions): ProgressRenderer {
  const talk = (text: string) => process.stderr.write(text);
  const how =
    globals.progress === "auto" ? (globals.quiet ? "none" : talksToTerminal() ? "tree" : "plain") : globals.progress;
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
