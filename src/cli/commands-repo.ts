import type { CommandOption, CommandSpec } from "./command.ts";
import { trustOptions } from "./repository-trust.ts";

const one = (flags: string, description: string): CommandOption => ({ flags, description });
const many = (flags: string, description: string): CommandOption => ({ flags, description, repeatable: true });

const where = "folder that holds repodata/, URL, or .repo file";

/** Commands over rpm-md repositories. */
export const repoCommands: readonly CommandSpec[] = [
  {
    name: "repo list",
    summary: "packages of an rpm-md repository",
    examples: [{ command: "weir repo list out/example/repo", does: "packages, sizes, sources" }],
    arguments: [{ name: "<where>", description: where }],
    options: trustOptions,
    run: async (input, context) => (await import("./commands/repo.ts")).list(input, context),
  },
  {
    name: "repo info",
    summary: "what a repository is: revision, dates, counts, sizes, its metadata",
    examples: [{ command: "weir repo info out/example/repo", does: "a page about the repository" }],
    arguments: [{ name: "<where>", description: where }],
    options: trustOptions,
    run: async (input, context) => (await import("./commands/repo-info.ts")).info(input, context),
  },
  {
    name: "repo query",
    summary: "packages of a repository by name, by what they provide, require or hold",
    details:
      "Gives the packages that meet every option, as dnf repoquery does. A capability is a name, `name >= version`, a rich dependency's part or " +
      "a path. With --show it gives what these packages provide, require, hold … instead of the packages.",
    examples: [
      { command: "weir repo query out/example/repo --whatprovides 'libflow.so*'", does: "who provides it" },
      { command: "weir repo query out/example/repo 'lib*' --latest --show requires", does: "what the newest need" },
    ],
    arguments: [
      { name: "<where>", description: where },
      { name: "[packages...]", description: "globs of names, or of name-version-release.arch in its usual forms" },
    ],
    options: [
      ...trustOptions,
      many("--name <glob>", "packages of this name"),
      many("--arch <arch>", "packages of this architecture"),
      many("--file <glob>", "packages that hold this path"),
      many("--whatprovides <capability>", "packages that provide it"),
      many("--whatrequires <capability>", "packages that require it, or anything that its providers provide"),
      many("--whatconflicts <capability>", "packages that conflict with it"),
      many("--whatobsoletes <capability>", "packages that obsolete it"),
      many("--whatrecommends <capability>", "packages that recommend it"),
      one("--exact", "with --whatrequires: only what requires the capability itself"),
      one("--latest", "the newest of each name and architecture"),
      one("--source", "the source packages they were built from"),
      {
        flags: "--show <what>",
        description: "what to give of the packages",
        choices: [
          "provides",
          "requires",
          "conflicts",
          "obsoletes",
          "recommends",
          "suggests",
          "supplements",
          "enhances",
          "files",
          "changelog",
          "location",
        ],
      },
    ],
    run: async (input, context) => (await import("./commands/repo-query.ts")).query(input, context),
  },
  {
    name: "repo diff",
    summary: "what changed between two repositories, package by package",
    details:
      "Packages added, removed, brought up or down, with the changelog entries in between, what they provide no longer or newly, and sizes. " +
      "Of several versions of one package the newest counts.",
    examples: [
      { command: "weir repo diff out/example/legacy/repo out/example/repo", does: "a table" },
      { command: "weir repo diff old new -o markdown", does: "a page to publish" },
    ],
    arguments: [
      { name: "<old>", description: where },
      { name: "<new>", description: where },
    ],
    options: trustOptions,
    run: async (input, context) => (await import("./commands/repo-diff.ts")).diff(input, context),
  },
  {
    name: "repo check",
    summary: "packages whose requirements nothing in the repositories provides",
    examples: [{ command: "weir repo check out/example/repo", does: "exit 1 when the repository is not closed" }],
    arguments: [{ name: "<dirs...>", description: "folders that hold repodata/" }],
    run: async (input, context) => (await import("./commands/repo.ts")).check(input, context),
  },
  {
    name: "repo create",
    summary: "make an rpm-md repository of a folder of packages",
    details:
      "Reads every .rpm below the folder, source packages too, and writes repodata/ as createrepo_c does, without databases. Equal packages " +
      "give equal bytes, whatever the times of the files. A reader finds the old repository or the new one, never a mixture. --update reads " +
      "only packages that are new or changed, and keeps groups, modules and advisories that are there; it remembers the times of files in " +
      ".weir-repodata.json beside repodata/.",
    examples: [
      { command: "weir repo create rpms", does: "write rpms/repodata" },
      { command: "weir repo create rpms --update --groups comps.xml", does: "read what changed, publish groups" },
      { command: "weir repo create rpms --split channels.toml", does: "also a repository of each channel" },
    ],
    arguments: [{ name: "<dir>", description: "folder with .rpm files" }],
    options: [
      one("--update", "read only packages whose size or time changed"),
      many("--exclude <glob>", "leave out these paths or file names"),
      one("--groups <file>", "groups to publish (comps.xml)"),
      one("--modules <file>", "module streams to publish (modulemd YAML)"),
      one("--advisories <file>", "advisories to publish (updateinfo.xml)"),
      one("--split <file>", "TOML with channels: [channels.NAME], globs packages, components, locations; rest = true"),
      {
        flags: "--compress <how>",
        description: "how metadata is compressed",
        default: "gz",
        choices: ["gz", "zstd", "xz", "none"],
      },
      {
        flags: "--checksum <type>",
        description: "of packages and metadata",
        default: "sha256",
        choices: ["sha256", "sha512"],
      },
      one("--base-url <url>", "where packages are, if not beside repodata/"),
      one("--revision <text>", "revision in repomd.xml; the latest build time when left out"),
      { flags: "--changelog-limit <n>", description: "changelog entries of each package", default: "10" },
      one("--simple-md-filenames", "no checksums in the names of metadata files"),
      many("--repo-tag <text>", "a word about the repository, in repomd.xml"),
      many("--content-tag <text>", "a word about its content"),
      many("--distro-tag <cpeid,name>", "the distribution it is of"),
      one("--sign <key>", "file with the secret key that signs repomd.xml"),
      one("--passphrase-file <file>", "file with the passphrase of that key"),
      one("--skip-broken", "leave out packages that cannot be read, and list them"),
      one("--workers <n>", "threads that read packages; as many as processors, four at most"),
    ],
    writes: true,
    run: async (input, context) => (await import("./commands/repo-create.ts")).create(input, context),
  },
];
