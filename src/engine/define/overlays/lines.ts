import { nearestHint, OverlayFailure, quoted } from "./failure.ts";
import { compileRegex, replaceAllLiteral } from "./regex.ts";
import { headerOf, nameSection, passOver, preamble, type Section } from "./sections.ts";

/** The sections of a spec in order, the preamble first. */
export function sectionsOf(lines: readonly string[]): Section[] {
  const sections = [preamble];
  for (const line of lines) {
    const header = headerOf(line);
    if (header) sections.push(header);
  }
  return sections;
}

export function sectionHints(lines: readonly string[], name: string, packageName: string): string[] {
  const names = sectionsOf(lines).map((section) => nameSection(section.name, section.package));
  return nearestHint("sections", nameSection(name, packageName), names.slice(1));
}

function sectionNotFound(lines: readonly string[], name: string, packageName: string): OverlayFailure {
  return new OverlayFailure(
    "OVERLAY_SECTION_NOT_FOUND",
    `no section ${quoted(nameSection(name, packageName))} in the spec`,
    sectionHints(lines, name, packageName),
  );
}

/** Adds lines before the next header, in every section of that name and package. */
export function appendToSection(
  lines: readonly string[],
  name: string,
  packageName: string,
  added: readonly string[],
): string[] {
  let found = false;
  const result = passOver(lines, {
    beforeEnd: (section) => {
      if (section.name !== name || section.package !== packageName) return undefined;
      found = true;
      return added;
    },
  });
  if (!found) throw sectionNotFound(lines, name, packageName);
  return result;
}

/** Adds lines behind the header, in every section of that name and package. */
export function prependToSection(
  lines: readonly string[],
  name: string,
  packageName: string,
  added: readonly string[],
): string[] {
  const last = headerOf(added.at(-1) ?? "");
  if (last?.name === name && last.package === packageName) {
    throw new OverlayFailure(
      "OVERLAY_REPEATS_HEADER",
      `the last line to add starts the section ${quoted(name)} again`,
      ["leave the section's header out of `lines`"],
    );
  }
  let found = false;
  const result = passOver(lines, {
    afterHeader: (section) => {
      if (section.name !== name || section.package !== packageName) return undefined;
      found = true;
      return added;
    },
  });
  if (!found) throw sectionNotFound(lines, name, packageName);
  return result;
}

/**
 * Replaces what the expression matches, line by line, in body lines only (never in headers). An empty name means all sections, an empty
 * package all packages.
 */
export function searchReplace(
  lines: readonly string[],
  name: string,
  packageName: string,
  regex: string,
  replacement: string,
): string[] {
  const pattern = compileRegex(regex);
  const searched: string[] = [];
  let changed = false;
  const result = passOver(lines, {
    line: (text, section) => {
      if ((name !== "" && section.name !== name) || (packageName !== "" && section.package !== packageName))
        return text;
      searched.push(text);
      const replaced = replaceAllLiteral(pattern, text, replacement);
      if (replaced !== text) changed = true;
      return replaced;
    },
  });
  if (!changed) {
    const inSection = name === "" ? "the spec" : quoted(nameSection(name, packageName));
    throw new OverlayFailure(
      "OVERLAY_PATTERN_NOT_FOUND",
      `${quoted(regex)} changes no line of ${inSection}`,
      searched.length === 0 && name !== ""
        ? sectionHints(lines, name, packageName)
        : nearestHint("lines", plain(regex), searched),
    );
  }
  return result;
}

function plain(regex: string): string {
  return regex.replace(/^\(\?[a-z]+\)|^\^|\$$|\\(?=[^a-zA-Z0-9])/g, "");
}
