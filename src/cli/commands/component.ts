import { resolve } from "node:path";
import type { Report } from "../../core/index.ts";
import { listComponents, loadProject, selectComponents, showComponent } from "../../engine/define/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";

export async function list(input: CommandInput, context: CommandContext): Promise<Report> {
  const directory = resolve(context.cwd, input.options.text("directory") ?? ".");
  const filter = input.args.length > 0 ? { names: input.args } : {};
  if (!input.options.flag("nevr")) return listComponents(await loadProject(directory), filter);
  const { project, told } = await withNevrs(directory, filter, context);
  return listComponents(project, filter, told);
}

export async function show(input: CommandInput, context: CommandContext): Promise<Report> {
  const directory = resolve(context.cwd, input.options.text("directory") ?? ".");
  const name = input.args[0] ?? "";
  const { project, told } = await withNevrs(directory, { names: [name] }, context);
  return showComponent(project, name, told);
}

/** A definition and what its components are called after overlays; the evaluator is loaded only here. */
async function withNevrs(directory: string, filter: { readonly names?: readonly string[] }, context: CommandContext) {
  const { componentNevrs, interpreterMacros, loadDefinition, readMacroSet } = await import(
    "../../engine/line/index.ts"
  );
  const { rpmFolder, wireDistGit } = await import("../wire.ts");
  const { readProjectHistory } = await import("../../adapters/git/index.ts");
  const definition = await loadDefinition(directory);
  const { project } = definition;
  const told = await componentNevrs(definition, selectComponents(project, filter), {
    distGit: wireDistGit(context),
    macros: readMacroSet(rpmFolder, definition.weir?.macros ?? [], "x86_64", interpreterMacros([])),
    history: await readProjectHistory(project.root, project.lockDir, context.signal),
    progress: context.progress,
    signal: context.signal,
  });
  return { project, told };
}
