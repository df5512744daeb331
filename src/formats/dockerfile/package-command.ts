import type { ShellCommand, ShellWord } from "./types.ts";

export interface PackageOption {
  /** With its dashes: `--enablerepo`, `-y`. */
  readonly name: string;
  readonly value: string | undefined;
  readonly word: ShellWord;
}

/** A command of a package manager of dnf's kind. */
export interface PackageCommand {
  /** The word that names the program, and its name without folders. */
  readonly program: ShellWord;
  readonly manager: string;
  /** Undefined where the command has none, or it is not known before it runs. */
  readonly verb: string | undefined;
  readonly verbWord: ShellWord | undefined;
  readonly options: readonly PackageOption[];
  /** What follows the verb: package names, groups, files; values undefined where not known before it runs. */
  readonly packages: readonly ShellWord[];
  readonly command: ShellCommand;
}

/** Options whose value may be the next word. */
const withValue = new Set(
  (
    "-c --config --installroot --releasever --enablerepo --disablerepo --repo --repoid --repofrompath --setopt -x --exclude --excludepkgs " +
    "--disableexcludes --downloaddir --destdir --forcearch --arch --archlist -d --debuglevel -e --errorlevel --rpmverbosity --color --comment " +
    "--advisory --advisories --bz --bzs --cve --cves --sec-severity --secseverity --enableplugin --disableplugin --snapshottime --snapshot " +
    "--queryformat --qf --from-repo --setvar"
  ).split(" "),
);

/** Programs that run the program after them. */
const wrappers = new Set([
  "sudo",
  "env",
  "exec",
  "nice",
  "command",
  "nohup",
  "time",
  "xargs",
  "timeout",
  "eatmydata",
  "doas",
  "stdbuf",
]);
const wrapperValues = new Set(["-u", "-n", "-I", "-P", "-L", "-k", "-s", "-g"]);

/**
 * Reads `[sudo] <manager> [options] verb [options] arguments`, undefined where the command's program is none of `managers`.
 */
export function readPackageCommand(command: ShellCommand, managers: ReadonlySet<string>): PackageCommand | undefined {
  const { words } = command;
  const start = findProgram(words);
  const program = words[start];
  if (program?.value === undefined) return undefined;
  const manager = program.value.replace(/^.*\//, "");
  if (!managers.has(manager)) return undefined;
  const options: PackageOption[] = [];
  const packages: ShellWord[] = [];
  let verbWord: ShellWord | undefined;
  let onlyPackages = false;
  for (let at = start + 1; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const { value } = word;
    if (value === "--" && !onlyPackages) onlyPackages = true;
    else if (value?.startsWith("-") === true && value.length > 1 && !onlyPackages) {
      const equals = value.indexOf("=");
      const name = equals < 0 ? value : value.slice(0, equals);
      if (equals >= 0) options.push({ name, value: value.slice(equals + 1), word });
      else if (withValue.has(name) && at + 1 < words.length) {
        options.push({ name, value: words[at + 1]?.value, word });
        at++;
      } else options.push({ name, value: undefined, word });
    } else if (verbWord === undefined) verbWord = word;
    else packages.push(word);
  }
  return { program, manager, verb: verbWord?.value, verbWord, options, packages, command };
}

/** Index of the word that names the program, after `sudo`, `env` and their like. */
export function findProgram(words: readonly ShellWord[]): number {
  let at = 0;
  let wrapped = false;
  for (; at < words.length; at++) {
    const value = words[at]?.value;
    if (value === undefined) return at;
    if (wrappers.has(value.replace(/^.*\//, ""))) wrapped = true;
    else if (!wrapped) return at;
    else if (wrapperValues.has(value)) at++;
    else if (value.startsWith("-") || /^[A-Za-z_][A-Za-z0-9_]*=/.test(value) || /^\d+[smhd]?$/.test(value)) continue;
    else return at;
  }
  return at;
}
