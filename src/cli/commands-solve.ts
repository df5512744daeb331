import type { CommandOption, CommandSpec } from "./command.ts";

const repositories: CommandOption = {
  flags: "--repo <where...>",
  description: "folder that holds repodata/, URL, or .repo file; several, and again",
  repeatable: true,
};
const arch: CommandOption = {
  flags: "--arch <arch>",
  description: "architecture to solve for (default: this machine's)",
};
const noWeak: CommandOption = { flags: "--no-weak", description: "leave out what is only recommended" };

/** Commands that ask the solver. */
export const solveCommands: readonly CommandSpec[] = [
  {
    name: "solve",
    summary: "what to install so that the requests and all they need are there, or why that cannot be",
    examples: [
      { command: "weir solve libflow --repo out/example/repo", does: "the packages, with the reason for each" },
    ],
    arguments: [
      {
        name: "[requests...]",
        description: "names, `name >= version`, name-version-release.arch, globs, paths, capabilities",
      },
    ],
    options: [
      repositories,
      arch,
      noWeak,
      { flags: "--exclude <glob...>", description: "packages that must not be chosen", repeatable: true },
    ],
    run: async (input, context) => (await import("./commands/solve.ts")).solve(input, context),
  },
];
