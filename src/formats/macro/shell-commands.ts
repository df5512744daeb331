import { eachLine, lines } from "./shell-lines.ts";
import { substituteLines } from "./shell-sed.ts";

interface Command {
  readonly argv: readonly string[];
  readonly input: string | undefined;
}

type Filter = (args: readonly string[], input: string) => string | undefined;

/** Runs filters over text; undefined where one is unknown or gets options that are. */
export function runPipeline(commands: readonly Command[]): string | undefined {
  let text = "";
  for (const [position, command] of commands.entries()) {
    const [name = "", ...args] = command.argv;
    const program = name.replace(/^\/(?:usr\/)?bin\//, "");
    if (position === 0 && command.input === undefined && program !== "echo" && program !== "printf") return undefined;
    const filter = filters.get(program);
    const result = filter?.(args, command.input ?? text);
    if (result === undefined) return undefined;
    text = result;
  }
  return text;
}

function echo(args: readonly string[]): string | undefined {
  let words = args;
  let end = "\n";
  if (words[0] === "-n") {
    end = "";
    words = words.slice(1);
  }
  if (words[0]?.startsWith("-") && /^-[neE]+$/.test(words[0])) return undefined;
  return words.join(" ") + end;
}

function printf(args: readonly string[]): string | undefined {
  const [format = "", ...values] = args;
  if (/%(?![sd%])|\\(?![nt\\])/.test(format) || /%s.*%s/.test(format) !== values.length > 1) return undefined;
  if (values.some((value) => format.includes("%d") && !/^-?\d+$/.test(value))) return undefined;
  let next = 0;
  return format
    .replace(/\\([nt\\])/g, (_, letter: string) => (letter === "n" ? "\n" : letter === "t" ? "\t" : "\\"))
    .replace(/%([sd%])/g, (_, kind: string) => (kind === "%" ? "%" : (values[next++] ?? "")));
}

/** Fields or characters `1,3-5`; undefined for no list. */
function ranges(list: string): ((index: number) => boolean) | undefined {
  const parts: (readonly [number, number])[] = [];
  for (const part of list.split(",")) {
    const match = /^(\d{1,6})?(-)?(\d{1,6})?$/.exec(part);
    if (match === null || (match[1] === undefined && match[3] === undefined)) return undefined;
    const from = Number(match[1] ?? 1);
    parts.push([from, match[2] === undefined ? from : Number(match[3] ?? Number.MAX_SAFE_INTEGER)]);
  }
  return (index) => parts.some(([from, to]) => index >= from && index <= to);
}

function cut(args: readonly string[], input: string): string | undefined {
  let delimiter = "\t";
  let fields: string | undefined;
  let characters: string | undefined;
  let suppress = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    const option = /^(?:-([dfcb])(.*)|--(delimiter|fields|characters)=(.*))$/s.exec(word);
    if (word === "-s") suppress = true;
    else if (option === null) return undefined;
    else {
      const kind = option[1] ?? option[3]?.[0];
      const value = option[4] ?? (option[2] === "" ? args[++i] : option[2]);
      if (value === undefined) return undefined;
      if (kind === "d") delimiter = value;
      else if (kind === "f") fields = value;
      else characters = value;
    }
  }
  const wanted = ranges(fields ?? characters ?? "x");
  if (wanted === undefined || (fields !== undefined && delimiter.length !== 1)) return undefined;
  if (fields === undefined) return eachLine(input, (line) => [...line].filter((_, i) => wanted(i + 1)).join(""));
  let out = "";
  for (const line of lines(input)) {
    if (!line.includes(delimiter)) out += suppress ? "" : `${line}\n`;
    else
      out += `${line
        .split(delimiter)
        .filter((_, i) => wanted(i + 1))
        .join(delimiter)}\n`;
  }
  return out;
}

const characterClasses: Readonly<Record<string, string>> = {
  "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "[:lower:]": "abcdefghijklmnopqrstuvwxyz",
  "[:digit:]": "0123456789",
  "[:space:]": " \t\n\v\f\r",
  "[:blank:]": " \t",
};

function characterSet(text: string): string[] | undefined {
  const whole = characterClasses[text];
  if (whole !== undefined) return [...whole];
  if (text.includes("[:")) return undefined;
  const set: string[] = [];
  for (let i = 0; i < text.length; i++) {
    let char = text[i] as string;
    if (char === "\\") {
      char = { n: "\n", t: "\t", "\\": "\\" }[text[++i] ?? ""] ?? text[i] ?? "\\";
    } else if (text[i + 1] === "-" && i + 2 < text.length) {
      const to = text.charCodeAt(i + 2);
      for (let code = text.charCodeAt(i); code <= to && set.length < 70_000; code++)
        set.push(String.fromCharCode(code));
      i += 2;
      continue;
    }
    set.push(char);
  }
  return set;
}

function tr(args: readonly string[], input: string): string | undefined {
  let words = [...args];
  const flag =
    words[0] !== undefined && /^-[dsc]$/.test(words[0]) ? words[0] : words[0] === "--delete" ? "-d" : undefined;
  if (flag !== undefined) words = words.slice(1);
  if (words[0]?.startsWith("--")) return undefined;
  const from = characterSet(words[0] ?? "");
  const to = characterSet(words[1] ?? "");
  if (from === undefined || to === undefined || from.length === 0) return undefined;
  if (flag === "-d") return words.length === 1 ? [...input].filter((char) => !from.includes(char)).join("") : undefined;
  if (flag !== undefined || words.length !== 2 || to.length === 0) return undefined;
  const map = new Map<string, string>();
  from.forEach((char, i) => {
    map.set(char, to[Math.min(i, to.length - 1)] as string);
  });
  return [...input].map((char) => map.get(char) ?? char).join("");
}

/** awk that prints fields and constant strings. */
function awk(args: readonly string[], input: string): string | undefined {
  let separator: string | undefined;
  let program: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === "-F") separator = args[++i];
    else if (word.startsWith("-F")) separator = word.slice(2);
    else if (program !== undefined || word.startsWith("-")) return undefined;
    else program = word;
  }
  const body = /^\s*\{\s*print\s+([^{}]*?)\s*;?\s*\}\s*$/.exec(program ?? "")?.[1];
  if (
    body === undefined ||
    (separator !== undefined && !/^(?:\[[^\\\]^]\]|\\?[^\s\\a-zA-Z0-9*+?|(){}[\]^$])$/.test(separator))
  )
    return undefined;
  const items = body.match(/\$\d{1,4}|\$NF|"[^"\\]*"|,|\S/g) ?? [];
  if (items.some((item) => !/^(?:\$(?:\d+|NF)|".*"|,)$/s.test(item))) return undefined;
  const by = separator?.replace(/^\[(.)\]$/, "$1").replace(/^\\/, "");
  return eachLine(input, (line) => {
    const fields = by === undefined ? line.trim().split(/[ \t]+/) : line.split(by);
    return items
      .map((item) => {
        if (item === ",") return " ";
        if (item.startsWith('"')) return item.slice(1, -1);
        if (item === "$NF") return fields[fields.length - 1] ?? "";
        const index = Number(item.slice(1));
        return index === 0 ? line : (fields[index - 1] ?? "");
      })
      .join("");
  });
}

const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ["echo", (args) => echo(args)],
  ["printf", (args) => printf(args)],
  ["cut", cut],
  ["tr", tr],
  ["sed", substituteLines],
  ["awk", awk],
  ["gawk", awk],
  ["cat", (args, input) => (args.length === 0 ? input : undefined)],
  ["rev", (args, input) => (args.length === 0 ? eachLine(input, (line) => [...line].reverse().join("")) : undefined)],
]);
