import type { MacroMachine } from "./machine.ts";

/** The block that rpmautospec writes for %autorelease: a number, and a base from -b. */
const autorelease =
  /^\s*release_number = (\d{1,9});\s*base_release_number = tonumber\(rpm\.expand\("%\{\?-b\*\}%\{!\?-b:1\}"\)\);\s*print\(release_number \+ base_release_number - 1\);\s*$/;

/** Answers Lua blocks of known shape; any other is never run and gives a taint. */
export function runLua(machine: MacroMachine, code: string, expand: (text: string) => string): string {
  const release = autorelease.exec(code);
  if (release?.[1] !== undefined) {
    const base = Number(expand("%{?-b*}%{!?-b:1}"));
    if (Number.isInteger(base)) return String(Number(release[1]) + base - 1);
  }
  return machine.taints.mark(`needs a Lua block to run: ${firstWords(code)}`);
}

function firstWords(code: string): string {
  const line = code.trim().replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
