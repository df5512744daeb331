import { parseSpec, type SpecDocument, type SpecSection, type SpecTag } from "../../../formats/spec/index.ts";
import { joinSpec } from "./text.ts";

/** A spec's lines with the structure that rpm sees in them: no headers in macro bodies or behind continuations. */
export interface Structure {
  readonly lines: readonly string[];
  readonly document: SpecDocument;
  /** Line → what its directive does to the open conditionals. */
  readonly directives: ReadonlyMap<number, "open" | "branch" | "close">;
}

export function structureOf(lines: readonly string[]): Structure {
  const document = parseSpec(joinSpec(lines));
  const directives = new Map<number, "open" | "branch" | "close">();
  for (const { branches, endif } of document.conditionals) {
    for (const [index, { line }] of branches.entries()) directives.set(line, index === 0 ? "open" : "branch");
    if (endif !== undefined) directives.set(endif, "close");
  }
  return { lines, document, directives };
}

/** Sections of that name and package. Names have no case; `devel` is `-n foo-devel` too where the spec's main package is foo. */
export function sectionsNamed({ document }: Structure, name: string, packageName: string): SpecSection[] {
  const wanted = name === "" ? "preamble" : name.replace(/^%/, "").toLowerCase();
  return document.sections.filter((section) => section.name === wanted && isOfPackage(document, section, packageName));
}

/** Whether a section is the package's; the empty name is the main package. */
export function isOfPackage(document: SpecDocument, section: SpecSection, packageName: string): boolean {
  const main = document.tags.find((tag) => tag.section === 0 && tag.name.toLowerCase() === "name")?.value.trim();
  const { full, suffix } = section;
  if (packageName === "")
    return (
      section.name !== "package" && suffix === undefined && (full === undefined || full === main || full === "%{name}")
    );
  if (suffix === packageName || full === packageName || full === `%{name}-${packageName}`) return true;
  if (main === undefined || main === "") return false;
  return full === `${main}-${packageName}` || (suffix !== undefined && packageName === `${main}-${suffix}`);
}

/**
 * Where the section's own text ends: the last place before the next header at which exactly those conditionals are open that are open at
 * its header. An %if that opens there for what follows, or the %endif that closes what the header lies in, come behind it.
 */
export function bodyEnd({ directives }: Structure, section: SpecSection): number {
  const from = section.name === "preamble" ? section.start : section.start + 1;
  let depth = 0;
  let end = from;
  for (let line = from; line < section.end; line++) {
    const directive = directives.get(line);
    if (directive === "open") depth++;
    else if (directive === "close") depth--;
    else if (directive === "branch" && depth === 0) return end;
    if (depth < 0) return end;
    if (depth === 0) end = line + 1;
  }
  return end;
}

/** Index behind a tag's last line: a backslash at a line's end continues it. */
export function tagEnd({ lines }: Structure, tag: SpecTag): number {
  let end = tag.line + 1;
  while (end < lines.length && (lines[end - 1] ?? "").endsWith("\\")) end++;
  return end;
}

/** The outermost conditional around a line that was opened inside the section, as the lines of its %if and %endif. */
export function conditionalAround(
  { document, lines }: Structure,
  index: number,
  section: SpecSection,
): { readonly open: number; readonly close: number } | undefined {
  let found: { readonly open: number; readonly close: number } | undefined;
  for (let at = index; at >= 0; ) {
    const conditional = document.conditionals[at];
    if (conditional === undefined) break;
    const open = conditional.branches[0]?.line ?? 0;
    if (open < section.start) break;
    found = { open, close: conditional.endif ?? lines.length };
    at = conditional.parent;
  }
  return found;
}

const generators =
  /^\s*%(?:\{\??)?(pyproject_extras_subpkg|fontpkg|fontmetapkg|ghc_lib_subpackage|gopkg|rust_feature_subpackages|python_extras_subpkg)\b/;

/** Lines that call a macro which makes packages or sections of its own, with the macro's name: what they make is not in the text. */
export function generatedAt(lines: readonly string[]): { readonly line: number; readonly macro: string }[] {
  return lines.flatMap((text, line) => {
    const macro = generators.exec(text)?.[1];
    return macro === undefined ? [] : [{ line, macro }];
  });
}
