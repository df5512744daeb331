import type { CommandOption, CommandSpec } from "./command.ts";

const directory: CommandOption = {
  flags: "-C, --directory <dir>",
  description: "folder of the definition (azldev.toml is looked for here and above)",
  default: ".",
};

/** Commands about the components of a definition. */
export const componentCommands: readonly CommandSpec[] = [
  {
    name: "component list",
    summary: "components of a definition: upstream, overlays, release",
    examples: [
      { command: "weir component list -C examples/downstream", does: "a table" },
      { command: "weir component list -o json", does: "`weir/components/1`, for programs" },
    ],
    arguments: [{ name: "[patterns...]", description: "names or globs to keep" }],
    options: [
      directory,
      {
        flags: "--nevr",
        description: "also name, epoch, version and release after overlays: renders and evaluates every component",
      },
    ],
    run: async (input, context) => (await import("./commands/component.ts")).list(input, context),
  },
  {
    name: "component show",
    summary: "one component: every resolved value with the file and line it came from",
    examples: [{ command: "weir component show libflow -C examples/downstream", does: "all about libflow" }],
    arguments: [{ name: "<name>", description: "the component" }],
    options: [directory],
    run: async (input, context) => (await import("./commands/component.ts")).show(input, context),
  },
  {
    name: "component render",
    summary: "apply overlays and write specs and loose files",
    examples: [
      { command: "weir component render libflow -C examples/downstream --out specs", does: "render one component" },
      { command: "weir component render --check-only", does: "fail if what is on disk is not what would be rendered" },
    ],
    arguments: [{ name: "[names...]", description: "components; all when none is named" }],
    options: [
      directory,
      { flags: "--out <dir>", description: "folder for the rendered specs", default: "specs" },
      { flags: "--check-only", description: "write nothing; exit 1 when something differs" },
      {
        flags: "--fail-on-error",
        description: "exit 1 when a component cannot be rendered; without it such ones are skips",
      },
      {
        flags: "--overlays <mode>",
        description: "how edits find their place: as azldev's line scan does, or by the spec's structure",
        default: "azldev",
        choices: ["azldev", "structural"],
      },
    ],
    writes: true,
    run: async (input, context) => (await import("./commands/render.ts")).render(input, context),
  },
  {
    name: "component update",
    summary: "move the pins of components to what upstream had at the snapshot, and say what moved",
    details:
      "The pin of a component is the newest commit on its branch, along first parents, that is not after the snapshot; a commit that the " +
      "definition names stays. Pins stand in lock files, or in files below a folder `upstream-commits`, whichever the definition uses. A " +
      "pinned commit that upstream no longer has, or has off the branch's first-parent line, is a finding. Nothing is written where one " +
      "component fails.",
    examples: [
      {
        command: "weir component update -C examples/downstream --check-only",
        does: "exit 1 when a pin is not what it ought to be",
      },
      { command: "weir component update libflow --network", does: "move one pin" },
    ],
    arguments: [{ name: "[names...]", description: "components, names or globs; all when none is named" }],
    options: [
      directory,
      {
        flags: "--snapshot <time>",
        description: "resolve at this time (RFC 3339) instead of the definition's snapshot",
      },
      { flags: "--force", description: "ask upstream again although nothing that decides a commit changed" },
      { flags: "--bump", description: "count the components up in their locks: rebuild them without a change" },
      { flags: "--check-only", description: "write nothing; exit 1 when something would change" },
      {
        flags: "--pins <dialect>",
        description: "where pins stand; told from the definition when left out",
        choices: ["lock-files", "upstream-commits"],
      },
    ],
    writes: true,
    run: async (input, context) => (await import("./commands/component-update.ts")).update(input, context),
  },
  {
    name: "component why",
    summary:
      "why a component has to be rebuilt: which of its inputs changed, from what to what, in which file and line",
    details:
      "Compares the definition on disk with one of its own git history. The fingerprint of a component is a tree over all that decides what " +
      "it becomes: settings with the table they were inherited from, overlays and their files, the upstream commit, the release version. " +
      "Descriptions, reasons and channels decide nothing.",
    examples: [
      { command: "weir component why libflow -C examples/downstream", does: "what is not committed yet" },
      { command: "weir component why libflow --since v2.0 -o json", does: "since a tag, as `weir/component-why/1`" },
    ],
    arguments: [{ name: "<name>", description: "the component" }],
    options: [
      directory,
      { flags: "--since <revision>", description: "commit, tag or branch to compare with", default: "HEAD" },
    ],
    run: async (input, context) => (await import("./commands/component-why.ts")).why(input, context),
  },
  {
    name: "overlay check",
    summary:
      "what each overlay does, where its place is not the one that was meant, and whether it still applies on a newer upstream",
    details:
      "Applies the overlays of each component one by one, going on behind one that fails, in both modes: `azldev`, which places edits as azldev's " +
      "line scan does, and `structural`, which goes by conditionals, continued lines and macro bodies. With a branch, a time or --head it also " +
      "says what each overlay would do there: it applies, has nothing left to do, or conflicts. Components whose source is not at hand are skipped.",
    examples: [
      { command: "weir overlay check -C examples/downstream", does: "on the pinned upstream" },
      { command: "weir overlay check -C examples/downstream --head", does: "what a rebase would meet" },
    ],
    arguments: [
      { name: "[names...]", description: "components, names or globs; all with overlays when none is named" },
    ],
    options: [
      directory,
      { flags: "--head", description: "also on the head of each component's branch" },
      { flags: "--branch <name>", description: "also on this branch" },
      { flags: "--snapshot <time>", description: "also on what upstream had at this time (RFC 3339)" },
    ],
    run: async (input, context) => (await import("./commands/overlay-check.ts")).check(input, context),
  },
];
