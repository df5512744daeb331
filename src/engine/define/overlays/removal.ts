import { balancedRange, conditionPairs, type LineRange } from "./conditions.ts";
import { nearestHint, OverlayFailure, quoted } from "./failure.ts";
import { sectionHints, sectionsOf } from "./lines.ts";
import { nameSection, passOver, type Section } from "./sections.ts";

/** Removes every section of that name and package with its body. */
export function removeSection(lines: readonly string[], name: string, packageName: string): string[] {
  if (name === "") throw new OverlayFailure("OVERLAY_PREAMBLE", "the preamble cannot be removed");
  const ranges = rangesOf(lines, (section) => section.name === name && section.package === packageName);
  if (ranges.length === 0) {
    throw new OverlayFailure(
      "OVERLAY_SECTION_NOT_FOUND",
      `no section ${quoted(nameSection(name, packageName))} in the spec`,
      sectionHints(lines, name, packageName),
    );
  }
  return without(lines, ranges);
}

/** Removes every section of a package. */
export function removeSubpackage(lines: readonly string[], packageName: string): string[] {
  if (packageName === "")
    throw new OverlayFailure("OVERLAY_PREAMBLE", "a sub-package without a name cannot be removed");
  const ranges = rangesOf(lines, (section) => section.package === packageName);
  if (ranges.length === 0) {
    throw new OverlayFailure(
      "OVERLAY_SECTION_NOT_FOUND",
      `no section of a package ${quoted(packageName)} in the spec`,
      nearestHint(
        "packages",
        packageName,
        sectionsOf(lines).map((section) => section.package),
      ),
    );
  }
  return without(lines, ranges);
}

function rangesOf(lines: readonly string[], matches: (section: Section) => boolean): LineRange[] {
  const ranges: LineRange[] = [];
  let start = -1;
  passOver(lines, {
    afterHeader: (section, index) => {
      if (matches(section)) start = index;
      return undefined;
    },
    beforeEnd: (_section, index) => {
      if (start >= 0) ranges.push({ start, end: index });
      start = -1;
      return undefined;
    },
  });
  return ranges;
}

function without(lines: readonly string[], ranges: readonly LineRange[]): string[] {
  const pairs = conditionPairs(lines);
  const result: string[] = [];
  let from = 0;
  for (const range of ranges) {
    const balanced = balancedRange(range, lines, pairs);
    for (let i = from; i < balanced.start; i++) result.push(lines[i] ?? "");
    from = balanced.end;
  }
  for (let i = from; i < lines.length; i++) result.push(lines[i] ?? "");
  return result;
}
