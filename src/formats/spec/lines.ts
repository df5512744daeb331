import { LineJoiner } from "../macro/index.ts";

/** Some lines that rpm reads as one, because a macro or a backslash holds them together. */
export interface LogicalLine {
  /** Index of its first line, and behind its last. */
  readonly start: number;
  readonly end: number;
}

/**
 * Splits lines (without their ends) into what rpm expands at a time. Where a bracket never closes the rest of the file would be one line: then
 * the line stands alone and `unclosed` is called once with its index.
 */
export function* logicalLines(lines: readonly string[], unclosed?: (index: number) => void): Generator<LogicalLine> {
  const joiner = new LineJoiner();
  let joining = true;
  let index = 0;
  while (index < lines.length) {
    joiner.reset();
    let end = index;
    let more = true;
    while (more && end < lines.length) {
      more = joiner.add(`${lines[end] as string}\n`);
      end++;
      if (!joining) more = (lines[end - 1] as string).endsWith("\\") && more;
    }
    if (more && end - index > 1 && joining) {
      joining = false;
      unclosed?.(index);
      end = index + 1;
    }
    yield { start: index, end };
    index = end;
  }
}

/** Lines of a text without their ends; a last line without an end counts, an empty one does not. */
export function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

const conditionalWords = new Map<string, ConditionalKind>([
  ["%if", "if"],
  ["%ifarch", "ifarch"],
  ["%ifnarch", "ifnarch"],
  ["%ifos", "ifos"],
  ["%ifnos", "ifnos"],
  ["%elif", "elif"],
  ["%elifarch", "elifarch"],
  ["%elifos", "elifos"],
  ["%else", "else"],
  ["%endif", "endif"],
  ["%include", "include"],
]);

export type ConditionalKind =
  | "if"
  | "ifarch"
  | "ifnarch"
  | "ifos"
  | "ifnos"
  | "elif"
  | "elifarch"
  | "elifos"
  | "else"
  | "endif"
  | "include";

/** The directive that a line is, with the text behind it; undefined for any other line. */
export function readDirective(line: string): { readonly kind: ConditionalKind; readonly argument: string } | undefined {
  let i = 0;
  while (line.charCodeAt(i) === 32 || line.charCodeAt(i) === 9) i++;
  if (line.charCodeAt(i) !== 37) return undefined;
  const third = line.charCodeAt(i + 1);
  if (third !== 105 && third !== 101) return undefined;
  const match = /^%[a-z]+(?=[ \t\r]|$)/.exec(line.slice(i, i + 16));
  const kind = match === null ? undefined : conditionalWords.get(match[0]);
  if (kind === undefined || match === null) return undefined;
  return { kind, argument: line.slice(i + match[0].length).trim() };
}

const sectionNames = new Set([
  "package",
  "prep",
  "generate_buildrequires",
  "conf",
  "build",
  "install",
  "check",
  "clean",
  "pre",
  "post",
  "preun",
  "postun",
  "pretrans",
  "posttrans",
  "preuntrans",
  "postuntrans",
  "verifyscript",
  "description",
  "changelog",
  "files",
  "sourcelist",
  "patchlist",
  "triggerpostun",
  "triggerprein",
  "triggerun",
  "triggerin",
  "trigger",
  "filetriggerin",
  "filetrigger",
  "filetriggerun",
  "filetriggerpostun",
  "transfiletriggerin",
  "transfiletrigger",
  "transfiletriggerun",
  "transfiletriggerpostun",
]); // prettier-ignore

/** Header of a section: `%files -n foo -f list` gives name `files`, words `["-n","foo","-f","list"]`. */
export interface SectionHeader {
  /** Lower case, without the percent sign. */
  readonly name: string;
  readonly words: readonly string[];
}

/** rpm knows a section by the first word of a line, from column 0, in any case. */
export function readSectionHeader(line: string): SectionHeader | undefined {
  if (line.charCodeAt(0) !== 37) return undefined;
  let end = 1;
  while (end < line.length && !/\s/.test(line[end] as string)) end++;
  if (end > 24) return undefined;
  const name = line.slice(1, end).toLowerCase();
  if (!sectionNames.has(name)) return undefined;
  return { name, words: splitWords(line.slice(end)) };
}

/** Words as a shell would see them, as far as section headers need: blanks separate, quotes hold together. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:"([^"]*)"|'([^']*)'|([^\s"']+)|["'])/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? m[0]);
}

/** Which package a section speaks of: the whole name, or the part behind the main package's name; both undefined for the main package. */
export interface PackageSelector {
  readonly full: string | undefined;
  readonly suffix: string | undefined;
}

const withArgument = new Set(["-n", "-f", "-p", "-l", "-P"]);

/** Reads the options of a section header. */
export function readSelector(header: SectionHeader): PackageSelector & { readonly program: string | undefined } {
  let full: string | undefined;
  let suffix: string | undefined;
  let program: string | undefined;
  for (let i = 0; i < header.words.length; i++) {
    const word = header.words[i] as string;
    if (word === "--") break;
    if (withArgument.has(word)) {
      const value = header.words[++i];
      if (word === "-n") full ??= value;
      if (word === "-p") program ??= value;
    } else if (word.startsWith("-")) {
      if (word.startsWith("-n") && word.length > 2) full ??= word.slice(2);
      if (word.startsWith("-p") && word.length > 2) program ??= word.slice(2);
    } else suffix ??= word;
  }
  return { full, suffix: full === undefined ? suffix : undefined, program };
}

/** `Tag(qualifier): value`. */
export interface TagLine {
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly value: string;
}

export function readTag(line: string): TagLine | undefined {
  const match = /^[ \t]*([A-Za-z][A-Za-z0-9]*)(?:\(([^)]*)\))?[ \t]*:(.*)$/s.exec(line);
  if (match === null) return undefined;
  return { name: match[1] as string, qualifier: match[2], value: (match[3] as string).trim() };
}
