import { makeReport, WeirError } from "../../core/index.ts";
import type { CommandInput, CommandOutcome } from "../command.ts";
import { commands } from "../commands.ts";
import { completionScript } from "../completion.ts";
import { shells } from "../shells.ts";

export async function completion(input: CommandInput): Promise<CommandOutcome> {
  const shell = shells.find((name) => name === input.args[0]);
  if (shell === undefined) {
    throw new WeirError("USAGE_SHELL", `no completion for ${input.args[0] ?? ""}`, {
      hints: [`take one of ${shells.join(", ")}`],
    });
  }
  const text = completionScript(commands, shell);
  return { report: makeReport("completion", "", { data: { schema: "weir/completion/1", shell, script: text } }), text };
}
