import type { Instruction, ShellCommand } from "../../formats/dockerfile/index.ts";
import type { PackageIndex } from "../compat/index.ts";
import type { Collector } from "./collector.ts";
import type { NameResolver } from "./resolve-name.ts";

/** Judges units and users that commands name. */
export function checkSystem(
  out: Collector,
  instruction: Instruction,
  names: NameResolver,
  before: PackageIndex | undefined,
): void {
  const homes: string[] = [];
  for (const command of instruction.commands) {
    const program = programOf(command);
    const rest = command.words.slice(1);
    if (program === "systemctl") checkUnits(out, command, names, before);
    else if (program === "useradd" || program === "adduser") {
      out.looked("USR001");
      const values = rest.map((word) => word.value);
      const keeps = values.some(
        (value) => value === "-M" || value === "--no-create-home" || value === "-r" || value === "--system",
      );
      const user = values.at(-1);
      const at = values.findIndex((value) => value === "-d" || value === "--home-dir" || value === "--home");
      const home = at >= 0 ? values[at + 1] : user === undefined ? undefined : `/home/${user}`;
      if (!keeps && home !== undefined) homes.push(home.replace(/\/+$/, ""));
    } else if (program === "mkdir" && !rest.some((word) => /^-[a-z]*p|^--parents$/.test(word.value ?? ""))) {
      for (const word of rest) {
        if (word.value !== undefined && homes.includes(word.value.replace(/\/+$/, ""))) {
          out.finding("USR001", word.span, word.value, `useradd has already made ${word.value}`);
        }
      }
    }
  }
}

function checkUnits(
  out: Collector,
  command: ShellCommand,
  names: NameResolver,
  before: PackageIndex | undefined,
): void {
  const [verb, ...units] = command.words.slice(1).filter((word) => word.value?.startsWith("-") !== true);
  if (!["enable", "disable", "mask", "unmask", "preset", "start"].includes(verb?.value ?? "")) return;
  for (const unit of units) {
    const { value } = unit;
    if (value === undefined || value.includes("/")) continue;
    const file = /\.(?:service|socket|target|timer|path|mount)$/.test(value) ? value : `${value}.service`;
    if (!names.target.repository.filesComplete) {
      out.skip(unit.span, value, "the target's full file lists were not read: whether it has the unit is not known");
      continue;
    }
    out.looked("SVC001");
    const template = file.replace(/@[^.]*\./, "@.");
    const known = [file, template].some((name) => names.target.owners(`/usr/lib/systemd/system/${name}`).length > 0);
    if (known) continue;
    const owner = before?.owners(`/usr/lib/systemd/system/${file}`)[0]?.name;
    const units =
      owner === undefined ? [] : names.filesOfSuccessors(owner, (path) => path.startsWith("/usr/lib/systemd/system/"));
    const instead = units.map((path) => path.replace(/^.*\//, "")).slice(0, 4);
    const remedy = instead.length > 0 ? `${owner} held it; now there is ${instead.join(", ")}` : undefined;
    // One that no package had before comes from the build's own files.
    if (before && owner === undefined) out.skip(unit.span, file, "no package of either distribution holds this unit");
    else
      out.finding(
        "SVC001",
        unit.span,
        file,
        `no package of the target holds ${file}`,
        remedy === undefined ? {} : { remedy },
      );
  }
}

/** The program of a command without its folder; undefined for none. */
export function programOf(command: ShellCommand): string | undefined {
  return command.words[0]?.value?.replace(/^.*\//, "");
}
