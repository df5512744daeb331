import { nearestHint, OverlayFailure, quoted } from "./failure.ts";
import { conditionChange } from "./conditions.ts";
import { appendToSection, sectionHints } from "./lines.ts";
import { eachTag, nameSection, passOver, tagOf } from "./sections.ts";
import { decodeText, equalFold } from "./text.ts";

function noSuchTag(lines: readonly string[], packageName: string, tag: string, value?: string): OverlayFailure {
  const names: string[] = [];
  const values: string[] = [];
  eachTag(lines, (found, section) => {
    if (section.package === packageName) names.push(found.name);
    if (equalFold(found.name, tag)) {
      values.push(
        section.package === packageName ? found.value : `${found.value} (package ${section.package || "main"})`,
      );
    }
  });
  const hints =
    values.length > 0
      ? [`${tag} has here: ${values.slice(0, 3).map(quoted).join(", ")}`]
      : nearestHint("tags", tag, names);
  const what = value === undefined ? quoted(tag) : `${quoted(tag)} with the value ${quoted(value)}`;
  const where = packageName === "" ? "the main package" : `package ${quoted(packageName)}`;
  return new OverlayFailure("OVERLAY_NO_SUCH_TAG", `no tag ${what} in ${where}`, hints);
}

/** Appends `Tag: value` to the end of the preamble, or of the package's %package section. */
export function addTag(lines: readonly string[], packageName: string, tag: string, value: string): string[] {
  return appendToSection(lines, packageName === "" ? "" : "%package", packageName, [`${tag}: ${value}`]);
}

/** Rewrites every occurrence of the tag in the package. */
export function updateTag(lines: readonly string[], packageName: string, tag: string, value: string): string[] {
  const wanted = tag.toLowerCase();
  let found = false;
  const result = passOver(lines, {
    line: (text, section) => {
      if (section.kind !== "package" || section.package !== packageName) return text;
      if (tagOf(text)?.name.toLowerCase() !== wanted) return text;
      found = true;
      return `${tag}: ${value}`;
    },
  });
  if (!found) throw noSuchTag(lines, packageName, tag);
  return result;
}

/** Updates the tag where there is one, else adds it. */
export function setTag(lines: readonly string[], packageName: string, tag: string, value: string): string[] {
  try {
    return updateTag(lines, packageName, tag, value);
  } catch (error) {
    if (error instanceof OverlayFailure && error.code === "OVERLAY_NO_SUCH_TAG") {
      return addTag(lines, packageName, tag, value);
    }
    throw error;
  }
}

/** Removes all tags of that name in the package, and of that value if one is given; case counts in neither. */
export function removeTag(lines: readonly string[], packageName: string, tag: string, value: string): string[] {
  const wanted = tag.toLowerCase();
  let found = false;
  const result = passOver(lines, {
    line: (text, section) => {
      if (section.kind !== "package" || section.package !== packageName) return text;
      const here = tagOf(text);
      if (here?.name.toLowerCase() !== wanted || (value !== "" && !equalFold(here.value, value))) return text;
      found = true;
      return undefined;
    },
  });
  if (!found) throw noSuchTag(lines, packageName, tag, value === "" ? undefined : value);
  return result;
}

/**
 * Puts `Tag: value` behind the last tag of its family (the name without trailing digits), else behind the last tag, else at the
 * section's end. Inside a conditional it moves behind the %endif that closes it, where that lies in the section.
 */
export function insertTag(lines: readonly string[], packageName: string, tag: string, value: string): string[] {
  const name = packageName === "" ? "" : "%package";
  const family = familyOf(tag);
  let found = packageName === "";
  let end = lines.length;
  let last = -1;
  let lastOfFamily = -1;
  passOver(lines, {
    afterHeader: (section) => {
      if (section.name === name && section.package === packageName) found = true;
      return undefined;
    },
    beforeEnd: (section, index) => {
      if (section.name === name && section.package === packageName) end = index;
      return undefined;
    },
    line: (text, section, index) => {
      if (section.kind !== "package" || section.name !== name || section.package !== packageName) return text;
      const here = tagOf(text);
      if (here) {
        last = index;
        if (familyOf(here.name) === family) lastOfFamily = index;
      }
      return text;
    },
  });
  if (!found) {
    throw new OverlayFailure(
      "OVERLAY_SECTION_NOT_FOUND",
      `no section ${quoted(nameSection(name, packageName))} in the spec`,
      sectionHints(lines, name, packageName),
    );
  }
  const behind = lastOfFamily >= 0 ? lastOfFamily : last;
  if (behind < 0) return addTag(lines, packageName, tag, value);
  return lines.toSpliced(behindCondition(lines, behind, end) + 1, 0, `${tag}: ${value}`);
}

/** The name without trailing digits, in lower case. */
export function familyOf(tag: string): string {
  const lower = tag.toLowerCase();
  let end = lower.length;
  while (end > 0 && /[0-9]/.test(lower.charAt(end - 1))) end--;
  return end === 0 ? lower : lower.slice(0, end);
}

function behindCondition(lines: readonly string[], index: number, sectionEnd: number): number {
  let depth = 0;
  for (let i = 0; i <= index; i++) depth += conditionChange(lines[i] ?? "");
  if (depth <= 0) return index;
  for (let i = index + 1; i < sectionEnd; i++) {
    depth += conditionChange(lines[i] ?? "");
    if (depth <= 0) return i;
  }
  return index;
}

/** The value of the main package's last tag of that name in a spec, or undefined. */
export function lastTagValue(spec: Uint8Array, tag: string): string | undefined {
  let value: string | undefined;
  eachTag(decodeText(spec).split("\n"), (found, section) => {
    if (section.package === "" && equalFold(found.name, tag)) value = found.value;
  });
  return value;
}
