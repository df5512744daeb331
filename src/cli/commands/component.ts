import { resolve } from "node:path";
import type { Report } from "../../core/index.ts";
import { listComponents, loadProject, showComponent } from "../../engine/define/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";

export async function list(input: CommandInput, context: CommandContext): Promise<Report> {
  const project = await loadProject(resolve(context.cwd, input.options.text("directory") ?? "."));
  return listComponents(project, input.args.length > 0 ? { names: input.args } : {});
}

export async function show(input: CommandInput, context: CommandContext): Promise<Report> {
  const project = await loadProject(resolve(context.cwd, input.options.text("directory") ?? "."));
  return showComponent(project, input.args[0] ?? "");
}
