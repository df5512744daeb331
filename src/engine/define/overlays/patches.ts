import { nearestHint, OverlayFailure, quoted } from "./failure.ts";
import { globMatcher } from "./doublestar.ts";
import { appendToSection } from "./lines.ts";
import { eachTag, passOver, tagOf } from "./sections.ts";
import { addTag } from "./tags.ts";
import { equalFold, trimSpace } from "./text.ts";

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** The number of a `PatchN` tag, or undefined. */
function patchNumber(tag: string): bigint | undefined {
  const digits = /^patch([+-]?)([0-9]{1,40})$/i.exec(tag);
  if (!digits) return undefined;
  const number = BigInt(digits[2] ?? "0") * (digits[1] === "-" ? -1n : 1n);
  return number < smallest || number > largest ? undefined : number;
}

function hasPatchList(lines: readonly string[]): boolean {
  let found = false;
  passOver(lines, {
    afterHeader: (section) => {
      found ||= section.name === "%patchlist";
      return undefined;
    },
  });
  return found;
}

/** Registers a patch: at the end of %patchlist where there is one, else as the next `PatchN` tag. Unnumbered tags count from 0. */
export function addPatch(lines: readonly string[], packageName: string, file: string): string[] {
  if (hasPatchList(lines)) return appendToSection(lines, "%patchlist", "", [file]);
  let highest = -1n;
  let unnumbered = 0n;
  eachTag(lines, (tag) => {
    const number = patchNumber(tag.name);
    if (number !== undefined && number > highest) highest = number;
    else if (equalFold(tag.name, "patch")) unnumbered++;
  });
  if (unnumbered - 1n > highest) highest = unnumbered - 1n;
  return addTag(lines, packageName, `Patch${highest + 1n}`, file);
}

/** Removes the `PatchN` tags of all packages and the %patchlist lines whose value matches the glob. */
export function removePatch(lines: readonly string[], pattern: string): string[] {
  const matches = globMatcher(pattern);
  const values: string[] = [];
  let found = false;
  const result = passOver(lines, {
    line: (text, section) => {
      const tag = section.kind === "package" ? tagOf(text) : undefined;
      const value =
        section.name === "%patchlist" ? trimSpace(text) : tag && patchNumber(tag.name) !== undefined ? tag.value : "";
      if (section.name !== "%patchlist" && !tag) return text;
      if (section.name === "%patchlist" && value === "") return text;
      if (section.name !== "%patchlist" && tag && patchNumber(tag.name) === undefined) return text;
      values.push(value);
      if (!matches(value)) return text;
      found = true;
      return undefined;
    },
  });
  if (!found) {
    throw new OverlayFailure("OVERLAY_NO_PATCHES", `no patch of the spec matches ${quoted(pattern)}`, [
      ...nearestHint("patches", pattern, values),
    ]);
  }
  return result;
}
