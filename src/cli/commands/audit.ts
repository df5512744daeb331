import { resolve } from "node:path";
import { type Report, WeirError } from "../../core/index.ts";
import { auditStage, loadDefinition } from "../../engine/line/index.ts";
import { readRepository } from "../../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";

export async function auditFiles(input: CommandInput, context: CommandContext): Promise<Report> {
  const legacy = repositoryOption(input, "legacy", "the repository of the distribution being left");
  const target = repositoryOption(input, "target", "the repository of the new distribution");
  const read = (dir: string) => readRepository(resolve(context.cwd, dir), { id: dir, filelists: true });
  const { weir } = await loadDefinition(resolve(context.cwd, input.options.text("directory") ?? "."));
  const legacyName =
    weir?.legacy === undefined ? legacy : (await loadDefinition(weir.legacy)).project.defaultDistro.name;
  return auditStage({
    files: input.args.map((name) => ({ path: resolve(context.cwd, name), name })),
    before: await read(legacy),
    target: await read(target),
    weir,
    legacyName,
    arch: "x86_64",
  });
}

function repositoryOption(input: CommandInput, name: string, what: string): string {
  const value = input.options.text(name);
  if (value !== undefined) return value;
  throw new WeirError("USAGE_REPOSITORY_MISSING", `--${name} is missing: ${what}`, {
    hints: [`add --${name} DIR; a rebuild leaves both: OUT/legacy/repo and OUT/repo`],
  });
}
