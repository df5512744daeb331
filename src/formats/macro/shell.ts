import type { MacroMachine } from "./machine.ts";

/** Answers `%(…)` for commands of known effect; any other is never run and gives a taint. */
export function runShell(machine: MacroMachine, command: string): string {
  const marks = machine.taints.marksOf(command);
  if (marks !== "") return marks;
  const words = command.trim().replace(/\s+/g, " ");
  return machine.taints.mark(`needs a command to run: ${words.length > 60 ? `${words.slice(0, 60)}…` : words}`);
}
