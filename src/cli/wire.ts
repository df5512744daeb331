import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createDistGit, readProjectHistory } from "../adapters/git/index.ts";
import { fetchSource } from "../adapters/lookaside/index.ts";
import { sandboxNames } from "../adapters/sandbox/index.ts";
import type { DistGit } from "../engine/define/index.ts";
import { type Definition, type LineTools, loadDefinition } from "../engine/line/index.ts";
import { WeirError } from "../core/index.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { cacheFolder } from "./folders.ts";
import { build } from "./version.ts";

/** How the user calls Weir: a checkout has its sources beside the bundle. */
export function toolName(): string {
  const sources = ["../src/cli", "../../src/cli"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return sources.some((path) => existsSync(path)) ? "bin/weir" : "weir";
}

export function wireDistGit(context: CommandContext): DistGit {
  return createDistGit({ cacheDir: join(cacheFolder(), "dist-git"), network: context.network });
}

/** rpm's own macro folder on this machine. */
export const rpmFolder = "/usr/lib/rpm";

/** The definition of `-C`, or undefined where there is none and none was asked for by name. */
export async function optionalDefinition(
  input: CommandInput,
  context: CommandContext,
): Promise<Definition | undefined> {
  const directory = input.options.text("directory");
  try {
    return await loadDefinition(resolve(context.cwd, directory ?? "."));
  } catch (error) {
    if (directory === undefined && error instanceof WeirError && error.code === "DEFINITION_NOT_FOUND")
      return undefined;
    throw error;
  }
}

/** Everything a rebuild needs of the outside world. */
export function wireLine(context: CommandContext, out: string, sandbox: string): LineTools {
  const sources = join(cacheFolder(), "sources");
  return {
    distGit: wireDistGit(context),
    version: build,
    rpmFolder,
    projectHistory: (project) => readProjectHistory(project.root, project.lockDir, context.signal),
    fetchSource: (remote) => fetchSource(remote, sources, { network: context.network, signal: context.signal }),
    chooseSandbox: async () => {
      const { chooseSandbox } = await import("../adapters/sandbox/index.ts");
      const prefer = sandboxNames.find((name) => name === sandbox);
      return chooseSandbox({ scratch: join(out, ".weir/sandbox"), ...(prefer === undefined ? {} : { prefer }) });
    },
  };
}
