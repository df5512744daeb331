import { solve } from "./commands/solve.ts";
import { solveCommands } from "./commands-solve.ts";
import { NeedsMore, needsMore } from "./needs-more.ts";
import { runCommands } from "./run-commands.ts";

const commands = solveCommands.filter(({ name }) => name === "solve").map((spec) => ({ ...spec, run: solve }));

/** What these ask for is found out late, and is not in this bundle. */
const others = /^--(?:freeze|verify|lock|update-lock)\b/;

/**
 * Runs a plain `weir solve` as `main` does, from a bundle that holds nothing else and so starts in half the time. Undefined where the whole tool
 * has to; nothing was written then.
 */
export async function quick(argv: readonly string[]): Promise<number | undefined> {
  if (argv.some((word) => others.test(word))) return undefined;
  try {
    return await runCommands(commands, argv, async () => needsMore());
  } catch (error) {
    if (error instanceof NeedsMore) return undefined;
    throw error;
  }
}
