import type { CommandOption, CommandSpec } from "./command.ts";
import { trustOptions } from "./repository-trust.ts";

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
      ...trustOptions,
      { flags: "--low-memory", description: "take less memory and more time" },
    ],
    run: async (input, context) => (await import("./commands/repoclosure.ts")).repoclosure(input, context),
  },
  {
    name: "minimize",
    summary: "the smallest closure of requests, with proof that nothing is smaller, or a bound",
    details:
      "Chooses among versions and among packages that meet the same need so that what is installed is least by bytes, packages or services. " +
      "Says which choices saved what against the usual answer; where a budget cannot be kept, says so with proof, and which single " +
      "request would have to be given up. Weak dependencies are left out unless --weak asks for them.",
    examples: [
      { command: "weir minimize libflow --repo out/example/repo", does: "the fewest bytes that libflow takes" },
      {
        command: "weir minimize libflow --repo out/example/repo --by packages --budget-packages 3",
        does: "exit 1 when it takes more than three packages",
      },
    ],
    arguments: [{ name: "<requests...>", description: "as for weir solve" }],
    options: [
      {
        flags: "--repo <where...>",
        description: "folder that holds repodata/, URL, or .repo file; several, and again",
        repeatable: true,
      },
      arch,
      {
        flags: "--by <measure>",
        description: "what is to be least",
        default: "bytes",
        choices: ["bytes", "packages", "services"],
      },
      { flags: "--forbid <glob...>", description: "packages that must not be chosen", repeatable: true },
      {
        flags: "--prefer <name...>",
        description: "packages to take wherever they meet a need, whatever they weigh",
        repeatable: true,
      },
      { flags: "--budget-bytes <n>", description: "most bytes installed; k, M and G count in thousands" },
      { flags: "--budget-packages <n>", description: "most packages" },
      { flags: "--budget-services <n>", description: "most service units" },
      { flags: "--weak", description: "recommended packages that can be had must come too" },
      {
        flags: "--steps <n>",
        description: "steps of the search after which the best so far is given",
        default: "100000",
      },
      { flags: "--enable-module <name:stream...>", description: "module streams to enable", repeatable: true },
      {
        flags: "--disable-module <name...>",
        description: "modules without a default stream; * for all",
        repeatable: true,
      },
      { flags: "--platform <stream>", description: "stream of the module platform, for example el9 (default: any)" },
      { flags: "--releasever <version>", description: "$releasever of .repo files" },
      ...trustOptions,
      { flags: "--low-memory", description: "take less memory and more time" },
    ],
    run: async (input, context) => (await import("./commands/minimize.ts")).minimize(input, context),
  },
];
