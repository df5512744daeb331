import { trimSpace, words } from "./text.ts";

export type SectionKind = "package" | "script" | "raw" | "files" | "changelog" | "list";

/** A section by its header. The preamble has an empty name and package. `name` keeps the case that the spec uses. */
export interface Section {
  readonly kind: SectionKind;
  readonly name: string;
  /** What the header says after `-n`, else its first bare word, else empty. */
  readonly package: string;
}

export const preamble: Section = { kind: "package", name: "", package: "" };

const scripts =
  "prep conf build install check clean generate_buildrequires pre post preun postun pretrans posttrans preuntrans postuntrans verify " +
  "triggerin triggerun triggerprein triggerpostun filetriggerin filetriggerun filetriggerpostun transfiletriggerin transfiletriggerun " +
  "transfiletriggerpostun";

const kinds = new Map<string, SectionKind>([
  ["%package", "package"],
  ["%description", "raw"],
  ["%files", "files"],
  ["%changelog", "changelog"],
  ["%patchlist", "list"],
  ["%sourcelist", "list"],
  ...scripts.split(" ").map((name): [string, SectionKind] => [`%${name}`, "script"]),
]);

/** The section that a line starts, or undefined. A `#` hides a line only in its first column. */
export function headerOf(line: string): Section | undefined {
  if (line.startsWith("#") || !line.includes("%")) return undefined;
  if (!trimSpace(line).startsWith("%")) return undefined;
  const tokens = words(line);
  const name = tokens[0] ?? "";
  const kind = kinds.get(name.toLowerCase());
  if (kind === undefined) return undefined;
  return { kind, name, package: kind === "list" || kind === "changelog" ? "" : packageOf(tokens) };
}

const takesArgument = new Set(["-f", "-p", "-l", "-P"]);

function packageOf(tokens: readonly string[]): string {
  let absolute = "";
  let bare = "";
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    if (token === "--") break;
    if (token === "-n") absolute = tokens[++i] ?? absolute;
    else if (takesArgument.has(token)) i++;
    else if (!token.startsWith("-") && bare === "") bare = token;
  }
  return absolute === "" ? bare : absolute;
}

export interface Tag {
  readonly name: string;
  readonly value: string;
}

const whitespace = /[\t\n\f\r ]/;

/** The tag that a line of the preamble or of a %package section defines, or undefined. */
export function tagOf(line: string): Tag | undefined {
  const colon = line.indexOf(":");
  if (colon < 1 || line.startsWith("#")) return undefined;
  const text = trimSpace(line);
  const end = text.indexOf(":");
  const name = text.slice(0, end);
  if (end < 1 || whitespace.test(name) || text.includes("\n")) return undefined;
  return { name, value: text.slice(end + 1).replace(/^[\t\n\f\r ]+/, "") };
}

/** What a pass over a spec does at each place; lines that it adds are not shown to it again. */
export interface SpecPass {
  /** A body line: what to put there, or undefined to remove it. The text that was put there may itself start a section. */
  readonly line?: (text: string, section: Section, index: number) => string | undefined;
  /** Lines to add behind a header. */
  readonly afterHeader?: (section: Section, index: number) => readonly string[] | undefined;
  /** Lines to add before the next header, or at the end. `index` is the line of that header. */
  readonly beforeEnd?: (section: Section, index: number) => readonly string[] | undefined;
}

/** One pass over a spec's lines, from the preamble on; gives the new lines. */
export function passOver(lines: readonly string[], pass: SpecPass): string[] {
  const result: string[] = [];
  let section = preamble;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const header = headerOf(line);
    if (header) {
      pushAll(result, pass.beforeEnd?.(section, i));
      section = header;
      result.push(line);
      pushAll(result, pass.afterHeader?.(header, i));
      continue;
    }
    const text = pass.line ? pass.line(line, section, i) : line;
    if (text === undefined) continue;
    result.push(text);
    if (text !== line) section = headerOf(text) ?? section;
  }
  pushAll(result, pass.beforeEnd?.(section, lines.length));
  return result;
}

function pushAll(result: string[], lines: readonly string[] | undefined): void {
  if (lines) for (const line of lines) result.push(line);
}

/** Shows each tag of the spec with its section and line. */
export function eachTag(lines: readonly string[], visit: (tag: Tag, section: Section, index: number) => void): void {
  passOver(lines, {
    line: (text, section, index) => {
      const tag = section.kind === "package" ? tagOf(text) : undefined;
      if (tag) visit(tag, section, index);
      return text;
    },
  });
}

/** `%files`, `%files devel`: for people. The preamble is called so. */
export function nameSection(name: string, packageName: string): string {
  if (name === "") return packageName === "" ? "the preamble" : `the preamble of ${packageName}`;
  return packageName === "" ? name : `${name} ${packageName}`;
}
