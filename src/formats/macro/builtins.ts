import { quoteMark } from "./arguments.ts";
import { substitutePattern } from "./lua-pattern.ts";
import type { MacroMachine } from "./machine.ts";

/**
 * A macro that rpm itself answers. It gets one argument (everything behind the colon or the name, expanded), or with `words` the arguments
 * split as those of a parametric macro; `bare` ones take nothing.
 */
export interface Builtin {
  readonly words?: true;
  readonly bare?: true;
  run(machine: MacroMachine, args: readonly string[], expand: (text: string) => string): string;
}

function onText(change: (text: string) => string): Builtin {
  return { run: (_machine, args) => change(args[0] ?? "") };
}

function onWords(change: (machine: MacroMachine, args: readonly string[]) => string): Builtin {
  return { words: true, run: change };
}

function bare(value: (machine: MacroMachine) => string): Builtin {
  return { bare: true, run: value };
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function pathOfUrl(url: string): string {
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(url);
  return match === null ? url : url.slice(match[0].length) || "/";
}

function slice(text: string, from: number, to: number): string {
  const start = from > 0 ? from : from === 0 ? 1 : Math.max(text.length + from + 1, 1);
  const end = to >= 0 ? Math.min(to, text.length) : text.length + to + 1;
  return start > end ? "" : text.slice(start - 1, end);
}

function unpacker(file: string): string {
  const pipes: readonly (readonly [RegExp, string])[] = [
    [/\.(zip|jar|whl)$/, "%{__unzip}"],
    [/\.7z$/, "%{__7zip} x"],
    [/\.gem$/, "%{__gem} unpack"],
    [/\.(bz2|tbz2?)$/, "%{__bzip2} -dc"],
    [/\.(xz|txz|lzma)$/, "%{__xz} -dc"],
    [/\.(zst|tzst)$/, "%{__zstd} -dc"],
    [/\.(gz|tgz|Z)$/, "%{__gzip} -dc"],
    [/\.lz$/, "%{__lzip} -dc"],
    [/\.lrz$/, "%{__lrzip} -dqo-"],
  ];
  return `${pipes.find(([pattern]) => pattern.test(file))?.[1] ?? "%{__cat}"} ${file}`;
}

/** Numbered sources and patches are macros that the spec defines. */
function numbered(prefix: string): Builtin {
  return { run: (_machine, args, expand) => expand(`%${prefix}${(args[0] ?? "").trim()}`) };
}

const defined = (machine: MacroMachine, name: string): boolean =>
  machine.find(name) !== undefined || builtins.has(name);

/** Conditions without macro files: the same meaning as in rpm's own file, which comes first where it is loaded. */
function condition(machine: MacroMachine, name: string, on: boolean): string {
  const set = machine.find(on ? `_without_${name}` : `_with_${name}`) !== undefined;
  if (set !== on) machine.push(`with_${name}`, undefined, "1");
  return "";
}

function listened(name: string, run: Builtin["run"]): Builtin {
  return {
    words: true,
    run: (machine, args, expand) => {
      machine.listener?.(name, args);
      return run(machine, args, expand);
    },
  };
}

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["lua", onText((text) => text)],
  ["expr", onText((text) => text)],
  ["expand", { run: (_machine, args, expand) => expand(args[0] ?? "") }],
  ["quote", onText((text) => quoteMark + text + quoteMark)],
  ["basename", onText(basename)],
  ["dirname", onText((path) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path))],
  ["suffix", onText((path) => (basename(path).includes(".") ? path.slice(path.lastIndexOf(".") + 1) : ""))],
  ["shrink", onText((text) => text.trim().replace(/\s+/g, " "))],
  ["url2path", onText(pathOfUrl)],
  ["u2p", onText(pathOfUrl)],
  ["uncompress", { run: (_machine, args, expand) => expand(unpacker((args[0] ?? "").trim())) }],
  ["shescape", onText((text) => `'${text.replaceAll("'", "'\\''")}'`)],
  ["getenv", { run: (machine, args) => machine.options.environment?.[args[0] ?? ""] ?? "" }],
  ["exists", { run: (machine, args) => (machine.options.readFile?.(args[0] ?? "") === undefined ? "0" : "1") }],
  ["macrobody", { run: (machine, args) => machine.find((args[0] ?? "").trim())?.body ?? "" }],
  ["defined", { run: (machine, args) => (defined(machine, (args[0] ?? "").trim()) ? "1" : "0") }],
  ["undefined", { run: (machine, args) => (defined(machine, (args[0] ?? "").trim()) ? "0" : "1") }],
  ["with", { run: (machine, args) => (defined(machine, `with_${(args[0] ?? "").trim()}`) ? "1" : "0") }],
  ["without", { run: (machine, args) => (defined(machine, `with_${(args[0] ?? "").trim()}`) ? "0" : "1") }],
  ["bcond_with", listened("bcond_with", (machine, args) => condition(machine, args[0] ?? "", false))],
  ["bcond_without", listened("bcond_without", (machine, args) => condition(machine, args[0] ?? "", true))],
  [
    "bcond",
    listened("bcond", (machine, args, expand) =>
      condition(machine, args[0] ?? "", /[1-9]/.test(expand(`%[(${args.slice(1).join(" ")}) ? 1 : 0]`))),
    ),
  ],
  ["len", onText((text) => String(text.length))],
  ["lower", onText((text) => text.toLowerCase())],
  ["upper", onText((text) => text.toUpperCase())],
  ["reverse", onText((text) => [...text].reverse().join(""))],
  [
    "rep",
    onWords((machine, args) => {
      const times = Math.max(0, Number.parseInt(args[1] ?? "0", 10) || 0);
      machine.checkLength((args[0] ?? "").length * times);
      return (args[0] ?? "").repeat(times);
    }),
  ],
  [
    "sub",
    onWords((_machine, args) =>
      slice(args[0] ?? "", Number.parseInt(args[1] ?? "1", 10) || 0, Number.parseInt(args[2] ?? "-1", 10) || 0),
    ),
  ],
  [
    "gsub",
    onWords((_machine, args) =>
      substitutePattern(
        args[0] ?? "",
        args[1] ?? "",
        args[2] ?? "",
        args[3] === undefined ? Infinity : Number(args[3]) || 0,
      ),
    ),
  ],
  ["S", numbered("SOURCE")],
  ["P", numbered("PATCH")],
  ["verbose", bare(() => "0")],
  ["getconfdir", bare((machine) => machine.options.configFolder ?? "/usr/lib/rpm")],
  ["getncpus", bare((machine) => String(machine.options.processors ?? 1))],
  ["rpmversion", bare((machine) => machine.options.rpmVersion ?? "6.0.1")],
  ["echo", onText(() => "")],
  ["warn", onText(() => "")],
  ["trace", bare(() => "")],
  ["dump", bare(() => "")],
  [
    "error",
    {
      run: (machine, args) => {
        throw machine.error(
          "MACRO_ERROR",
          `the macros give up: ${(args[0] ?? "").trim()}`,
          "look for %{error:…} there",
        );
      },
    },
  ],
  [
    "load",
    {
      run: (machine, args) => {
        const path = (args[0] ?? "").trim();
        const text = machine.options.readFile?.(path);
        if (text === undefined) return machine.taints.mark(`needs the macro file ${path}, which was not given`);
        machine.load(text, path);
        return "";
      },
    },
  ],
]);
