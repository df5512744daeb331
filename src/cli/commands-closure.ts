import type { CommandOption, CommandSpec } from "./command.ts";

const arch: CommandOption = {
  flags: "--arch <arch>",
  description: "architecture to judge for (default: this machine's)",
};

/** Commands that judge whole repositories. */
export const closureCommands: readonly CommandSpec[] = [
  {
    name: "repoclosure",
    summary: "every package of repositories that cannot be installed from them, by cause",
    details:
      "A package is broken when no set of packages holds it and all it needs, with conflicts, obsoletes and one version of each name " +
      "counted; weak dependencies do not count. Each broken package is told down to its cause, and packages are grouped by it. With " +
      "--against only what a change can break is judged anew, and exit code 1 means that something is newly broken.",
    examples: [
      { command: "weir repoclosure out/example/repo", does: "exit 1 when something in it cannot be installed" },
      {
        command: "weir repoclosure out/example/repo --against out/example/legacy/repo -o json",
        does: "what the change broke and mended, as `weir/repoclosure/1`",
      },
    ],
    arguments: [
      { name: "<repos...>", description: "folders that hold repodata/, URLs, .repo files, each also as id=…" },
    ],
    options: [
      { flags: "--against <repos...>", description: "an earlier state to compare with", repeatable: true },
      { flags: "--newest", description: "judge only the newest packages of each name and architecture" },
      { flags: "--check-subset <glob...>", description: "judge only these, by name or NEVRA", repeatable: true },
      { flags: "--filelists", description: "read file lists for paths that primary metadata does not have" },
      arch,
      { flags: "--releasever <version>", description: "$releasever of .repo files" },
      { flags: "--low-memory", description: "take less memory and more time" },
    ],
    run: async (input, context) => (await import("./commands/repoclosure.ts")).repoclosure(input, context),
  },
];
