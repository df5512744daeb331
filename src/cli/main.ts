import { commands } from "./commands.ts";
import { runCommands } from "./run-commands.ts";

/** Runs the command line and gives the exit code: 0 fine, 1 findings or refusal, 2 usage or input, 3 machine, 4 remote, 70 a bug. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === "complete" && argv[1] === "--") {
    (await import("./completion.ts")).completeWords(commands, argv.slice(2));
    return 0;
  }
  return runCommands(commands, argv, async (run) => {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
    });
    return (await import("./program.ts")).runProgram(commands, argv, run);
  });
}
