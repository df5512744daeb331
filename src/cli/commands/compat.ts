import { resolve } from "node:path";
import type { Report } from "../../core/index.ts";
import { compatStage } from "../../engine/line/index.ts";
import { readRepository } from "../../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { optionalDefinition } from "../wire.ts";

export async function compare(input: CommandInput, context: CommandContext): Promise<Report> {
  const [before = "", after = ""] = input.args;
  const read = (dir: string) => readRepository(resolve(context.cwd, dir), { id: dir, filelists: true });
  const definition = await optionalDefinition(input, context);
  return compatStage(await read(before), await read(after), definition?.weir, context.progress, context.signal);
}
