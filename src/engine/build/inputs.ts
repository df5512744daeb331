import { compareText, Fingerprint } from "../../core/index.ts";

/** Named inputs of a build, with a digest or a value each. */
export type BuildInputs = Readonly<Record<string, string>>;

/** Part of every key: raised when the engine itself changes what a build gives. */
const engineVersion = "1";

/** Input names sorted, which is the order of the key. */
export function sortInputs(inputs: BuildInputs): BuildInputs {
  const sorted: Record<string, string> = {};
  for (const name of Object.keys(inputs).sort(compareText)) sorted[name] = inputs[name] ?? "";
  return sorted;
}

/** The content address of a build: over every input's name and value. */
export function keyOf(inputs: BuildInputs): string {
  const print = new Fingerprint().add("engine", engineVersion);
  for (const name of Object.keys(inputs).sort(compareText)) print.add(name, inputs[name] ?? "");
  return print.hex();
}

/** Name and value of a package in the buildroot: which one it is, and which content. */
export function packageInput(nevra: string, name: string, arch: string, sha256: string): [string, string] {
  return [`package ${name}.${arch}`, `${nevra} ${sha256}`];
}

const shown = 3;

/** One sentence: which inputs differ from the last time. */
export function explainChange(before: BuildInputs | undefined, after: BuildInputs): string {
  if (before === undefined) return "never built";
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  const changes = names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    return old === now
      ? []
      : [name.startsWith("package ") ? packageChange(name.slice(8), old, now) : inputChange(name, old, now)];
  });
  if (changes.length === 0) return "its result is not in the store any more";
  const more = changes.length > shown ? ` and ${changes.length - shown} more` : "";
  return changes.slice(0, shown).join(", ") + more;
}

function inputChange(name: string, old: string | undefined, now: string | undefined): string {
  if (old === undefined) return `${name} is new`;
  return now === undefined ? `${name} is gone` : `${name} changed`;
}

function packageChange(name: string, old: string | undefined, now: string | undefined): string {
  const [oldNevra] = (old ?? "").split(" ");
  const [nowNevra] = (now ?? "").split(" ");
  if (old === undefined) return `${nowNevra} is new in the buildroot`;
  if (now === undefined) return `${oldNevra} is no longer in the buildroot`;
  if (oldNevra === nowNevra) return `${nowNevra} rebuilt with other content`;
  const bare = name.slice(0, name.lastIndexOf("."));
  const short = (nevra: string | undefined) => (nevra ?? "").slice(bare.length + 1).replace(/\.[^.]+$/, "");
  return `${bare} ${short(oldNevra)} became ${short(nowNevra)}`;
}
