import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Report } from "../../core/index.ts";
import {
  interpreterMacros,
  loadDefinition,
  makePlan,
  planSection,
  readMacroSet,
  renderStage,
} from "../../engine/line/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { rpmFolder, wireDistGit } from "../wire.ts";

export async function show(input: CommandInput, context: CommandContext): Promise<Report> {
  const definition = await loadDefinition(resolve(context.cwd, input.options.text("directory") ?? "."));
  const macros = readMacroSet(rpmFolder, definition.weir?.macros ?? [], "x86_64", interpreterMacros([]));
  const { rendered } = await renderStage(definition, {
    specs: join(tmpdir(), "weir-plan-writes-nothing"),
    distGit: wireDistGit(context),
    macros,
    progress: context.progress,
    signal: context.signal,
    write: false,
  });
  return planSection(makePlan({ definition, rendered, macros, arch: "x86_64", repositories: [] }));
}
