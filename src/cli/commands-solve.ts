import type { CommandOption, CommandSpec } from "./command.ts";
import { trustOptions } from "./repository-trust.ts";

const many = (flags: string, description: string): CommandOption => ({ flags, description, repeatable: true });
const one = (flags: string, description: string): CommandOption => ({ flags, description });

/** What a question is asked of. */
const sources: readonly CommandOption[] = [
  many("--repo <where...>", "folder that holds repodata/, URL, or .repo file, each also as id=…; several, and again"),
  one("--arch <arch>", "architecture to solve for (default: this machine's)"),
  one("--installed <path>", "what is there already: a root folder, rpmdb.sqlite, or a solution of weir solve -o json"),
  many("--exclude <globs>", "packages that must not be chosen, by name or NEVRA; commas between several, and again"),
  one("--no-weak", "leave out what is only recommended"),
  many("--enable-module <streams>", "module streams to enable, each name:stream"),
  many("--disable-module <names>", "modules whose default stream does not count; * for all"),
  one("--platform <stream>", "stream of the module platform, for example el9 (default: any)"),
  one("--releasever <version>", "$releasever of .repo files"),
  many("--look-in <where>", "a repository that is not used, only asked who has what is missing"),
  ...trustOptions,
  one("--low-memory", "take less memory and more time"),
];

const requests = "names, `name >= version`, name-version-release.arch, patterns, paths, capabilities, @groups";

/** Commands that ask the solver. */
export const solveCommands: readonly CommandSpec[] = [
  {
    name: "solve",
    summary: "what to install so that the requests and all they need are there, or why that cannot be",
    details:
      "Gives the packages with the reason for each. Where there is no answer, says the cause, the way from the request to it, and what " +
      "would help: each hint was tried before it is given. With --lock an answer is kept, and later given again exactly or not at all.",
    examples: [
      { command: "weir solve libflow --repo out/example/repo", does: "the packages, with the reason for each" },
      { command: "weir solve libflow --repo out/example/repo --lock weir.lock", does: "keep the answer, or repeat it" },
    ],
    arguments: [{ name: "[requests...]", description: requests }],
    options: [
      ...sources,
      many("--file <file>", "a file with a request a line"),
      many("--remove <request...>", "installed packages to remove"),
      many("--update <request...>", "installed packages to update; * for all"),
      many("--downgrade <request...>", "installed packages to bring to the version before"),
      one("--distro-sync", "bring everything that is installed to what the repositories have"),
      one("--best", "the best candidate or a problem"),
      one("--nobest", "take what can be had where the best candidate cannot (as without --best)"),
      one("--allow-erasing", "remove installed packages that are in the way"),
      many("--favor <request>", "choose it where there is a choice"),
      many("--disfavor <request>", "avoid it where there is a choice"),
      many("--lock-package <request>", "installed packages to leave as they are"),
      many("--installonly <request>", "packages whose versions stand side by side"),
      one("--lock <file>", "lock file: written where it is absent, else the answer is exactly what it says"),
      one("--update-lock", "solve anew and write the lock file"),
      one(
        "--freeze <file>",
        "write the question as a test case in libsolv's format, to ask it again without the repositories",
      ),
      one("--verify", "check the answer with a judge that shares nothing with the solver"),
    ],
    writes: true,
    run: async (input, context) => (await import("./commands/solve.ts")).solve(input, context),
  },
  {
    name: "why",
    summary: "why a package is in an answer, what is there for it alone, and what other choices would change",
    details:
      "Gives the ways from the requests to the package, shortest first, with the dependency behind each step; the packages that would go " +
      "without it, with their bytes; and each choice on the shortest way taken the other way. Without requests it asks what is installed.",
    examples: [{ command: "weir why libflow flow-tools --repo out/example/repo", does: "what brings libflow" }],
    arguments: [
      { name: "<package>", description: "the package, or something it provides" },
      { name: "[requests...]", description: requests },
    ],
    options: sources,
    run: async (input, context) => (await import("./commands/why.ts")).why(input, context),
  },
  {
    name: "closure",
    summary: "requests and all they need, with sizes, by repository, as a table or as a tree",
    examples: [
      { command: "weir closure libflow --repo out/example/repo --tree", does: "what brings what, largest first" },
    ],
    arguments: [{ name: "[requests...]", description: requests }],
    options: [
      ...sources,
      one("--tree", "each package below the one that brings it first"),
      one("--services", "look through file lists for the system services of each package"),
    ],
    run: async (input, context) => (await import("./commands/closure.ts")).closure(input, context),
  },
];
