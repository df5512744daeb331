import type { CommandOption, CommandSpec } from "./command.ts";
import { componentCommands } from "./commands-component.ts";
import { closureCommands } from "./commands-closure.ts";
import { repoCommands } from "./commands-repo.ts";
import { rpmCommands } from "./commands-rpm.ts";
import { solveCommands } from "./commands-solve.ts";
import { shells } from "./shells.ts";

const directory: CommandOption = {
  flags: "-C, --directory <dir>",
  description: "folder of the definition (azldev.toml is looked for here and above)",
  default: ".",
};

/** Every command. Order is the order of `--help`. Code is loaded when a command runs, so that starting stays cheap. */
export const commands: readonly CommandSpec[] = [
  {
    name: "rebuild",
    summary: "walk the whole line: definition to report",
    details:
      "Renders every component, plans the order, builds, composes the repository, makes the image, compares with the legacy " +
      "distribution, audits Dockerfiles and writes one report. A stage whose inputs did not change is not run again. " +
      "Interrupt it at any time: the next run continues.",
    examples: [
      { command: "weir rebuild -C examples/downstream --out out/example", does: "rebuild the example distribution" },
      { command: "weir rebuild --dry-run", does: "say what would run and why, write nothing" },
    ],
    options: [
      directory,
      { flags: "--out <dir>", description: "where results go", default: "out" },
      { flags: "--jobs <n>", description: "builds at a time", default: "2" },
      {
        flags: "--sandbox <way>",
        description: "how builds are kept apart",
        default: "auto",
        choices: ["auto", "overlay", "plain", "proot"],
      },
      {
        flags: "--buildroot <what>",
        description:
          "`host` for this machine's toolchain, or a folder with an rpm-md repository to build in (repeatable)",
        repeatable: true,
      },
      {
        flags: "--until <stage>",
        description: "stop after this stage",
        choices: ["render", "plan", "build", "compose", "image", "compat", "audit", "report"],
      },
    ],
    writes: true,
    failOn: "never",
    run: async (input, context) => (await import("./commands/rebuild.ts")).rebuild(input, context),
  },
  ...componentCommands,
  {
    name: "plan show",
    summary: "what would be built, in which order, and why",
    examples: [{ command: "weir plan show -C examples/downstream", does: "waves, edges and cut cycles" }],
    options: [directory],
    run: async (input, context) => (await import("./commands/plan.ts")).show(input, context),
  },
  ...repoCommands,
  {
    name: "compat compare",
    summary: "what changes between two repositories, package by package",
    examples: [
      { command: "weir compat compare out/example/legacy/repo out/example/repo", does: "verdicts with evidence" },
    ],
    arguments: [
      { name: "<before>", description: "folder of the older repository" },
      { name: "<after>", description: "folder of the newer repository" },
    ],
    options: [
      {
        flags: "-C, --directory <dir>",
        description: "definition whose weir.toml knows renames that no package proves",
      },
    ],
    run: async (input, context) => (await import("./commands/compat.ts")).compare(input, context),
  },
  {
    name: "audit file",
    summary: "what breaks in a Dockerfile on the new distribution",
    examples: [
      {
        command:
          "weir audit file examples/dockerfiles/app.Dockerfile --legacy out/example/legacy/repo --target out/example/repo -C examples/downstream",
        does: "findings with line and remedy",
      },
    ],
    arguments: [{ name: "<files...>", description: "Dockerfiles" }],
    options: [
      directory,
      { flags: "--legacy <dir>", description: "repository of the distribution being left" },
      { flags: "--target <dir>", description: "repository of the new distribution" },
    ],
    run: async (input, context) => (await import("./commands/audit.ts")).auditFiles(input, context),
  },
  ...rpmCommands,
  ...solveCommands,
  ...closureCommands,
  {
    name: "doctor",
    summary: "what this machine can do, and what to install for the rest",
    examples: [{ command: "weir doctor", does: "check tools, sandboxes, Node" }],
    run: async (input, context) => (await import("./commands/doctor.ts")).doctor(input, context),
  },
  {
    name: "schema show",
    summary: "a published JSON Schema",
    examples: [{ command: "weir schema show components-1", does: "schema of `component list -o json`" }],
    arguments: [{ name: "[name]", description: "the schema; all names when left out" }],
    run: async (input, context) => (await import("./commands/schema.ts")).show(input, context),
  },
  {
    name: "completion",
    summary: "print the completion script of a shell",
    examples: [
      {
        command: "weir completion bash > ~/.local/share/bash-completion/completions/weir",
        does: "install it for bash",
      },
    ],
    arguments: [{ name: "<shell>", description: shells.join(", ") }],
    run: async (input) => (await import("./commands/completion.ts")).completion(input),
  },
];
