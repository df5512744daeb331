import type { OverlayConfig } from "../types.ts";
import { conditionChange } from "./conditions.ts";
import { changesBetween } from "./line-diff.ts";
import { headerOf, tagOf } from "./sections.ts";

/** Types that add lines at a place which the engine chooses. */
const placing = new Set(["spec-add-tag", "spec-set-tag", "spec-insert-tag", "spec-append-lines", "patch-add"]);

/** Tags that a package has once, in lower case. */
export const single = new Set([
  "name",
  "epoch",
  "version",
  "release",
  "summary",
  "license",
  "sourcelicense",
  "url",
  "group",
  "vendor",
]);

/**
 * What an edit of a spec did that its author may not have meant: lines that land inside a conditional opened in the same section, a tag
 * that the package now has twice, an update of several occurrences. Continued lines do not count as conditionals.
 */
export function surprisesOf(overlay: OverlayConfig, before: readonly string[], after: readonly string[]): string[] {
  if (overlay.type === "spec-update-tag") {
    const changed = changesBetween(before, after).flatMap(({ newStart, newEnd }) => lineNumbers(newStart, newEnd));
    return changed.length > 1
      ? [`rewrites ${changed.length} occurrences, on lines ${changed.slice(0, 8).join(", ")}`]
      : [];
  }
  if (!placing.has(overlay.type) || (overlay.type === "spec-append-lines" && (overlay.section ?? "") === "")) return [];
  const notes: string[] = [];
  for (const change of changesBetween(before, after)) {
    if (change.oldStart !== change.oldEnd) continue;
    const open = openCondition(before, change.oldStart);
    if (open !== undefined)
      notes.push(`lands inside the conditional of line ${open + 1}: ${(before[open] ?? "").trim().slice(0, 100)}`);
    const double = overlay.type === "spec-add-tag" ? sameTag(before, change.oldStart, overlay.tag ?? "") : undefined;
    if (double !== undefined) notes.push(`the package has ${overlay.tag} already, on line ${double + 1}`);
  }
  return notes;
}

function lineNumbers(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index + 1);
}

/** The line of the innermost conditional that is open before line `at` and was opened in the section that holds it. */
function openCondition(lines: readonly string[], at: number): number | undefined {
  let open: number[] = [];
  let continued = false;
  for (let i = 0; i < at; i++) {
    const line = lines[i] ?? "";
    if (!continued) {
      if (headerOf(line)) open = [];
      const change = conditionChange(line);
      if (change === 1) open.push(i);
      if (change === -1) open.pop();
    }
    continued = line.endsWith("\\");
  }
  return open.at(-1);
}

/** The line before `at` in the same section that defines a tag which a package can have only once. */
function sameTag(lines: readonly string[], at: number, tag: string): number | undefined {
  const wanted = tag.toLowerCase();
  if (!single.has(wanted)) return undefined;
  for (let i = at - 1; i >= 0; i--) {
    const line = lines[i] ?? "";
    if (headerOf(line)) return undefined;
    if (tagOf(line)?.name.toLowerCase() === wanted) return i;
  }
  return undefined;
}
