import type { Instruction } from "../../formats/dockerfile/index.ts";
import { programOf } from "./check-system.ts";
import type { Collector } from "./collector.ts";
import type { NameResolver } from "./resolve-name.ts";

/** Reports commands whose package is in the legacy base image, not in the new one, and not installed by the stage. */
export function checkTools(
  out: Collector,
  instructions: readonly Instruction[],
  names: NameResolver,
  base: { readonly legacy: readonly string[]; readonly target: readonly string[] },
  installed: ReadonlySet<string>,
): void {
  const before = new Set(base.legacy);
  const after = new Set(base.target);
  const reported = new Set<string>();
  for (const instruction of instructions) {
    for (const command of instruction.commands) {
      const program = programOf(command);
      if (program === undefined || program === "" || reported.has(program) || !/^[\w.+-]+$/.test(program)) continue;
      out.looked("PKG017");
      const owners = names.target.owners(`/usr/bin/${program}`).map((pkg) => pkg.name);
      if (owners.length === 0 || !owners.some((owner) => before.has(owner))) continue;
      if (owners.some((owner) => after.has(owner) || installed.has(owner))) continue;
      reported.add(program);
      const span = command.words[0]?.span ?? command.span;
      out.finding("PKG017", span, program, `${program} is in ${owners[0]}, which the new base image does not hold`, {
        remedy: `install ${owners[0]}`,
      });
    }
  }
}
