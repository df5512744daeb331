import { posix } from "node:path";
import type { RenderedFile } from "../types.ts";
import { globMatcher } from "./doublestar.ts";
import { nearestHint, OverlayFailure, quoted } from "./failure.ts";
import { compileRegex, replaceAllLiteral } from "./regex.ts";
import { decodeText, encodeText } from "./text.ts";

export type Files = Map<string, RenderedFile>;

function isSpec(name: string): boolean {
  return name.endsWith(".spec");
}

/** The files that a file overlay may touch and whose path matches: never specs or what lies in a .git folder. Sorted as the map is. */
export function matchFiles(files: ReadonlyMap<string, RenderedFile>, pattern: string): string[] {
  // Without wildcards azldev's glob takes the pattern as a path: a backslash then stands for itself.
  const literal = posix.normalize(pattern);
  const matches = /[*?[{]/.test(pattern) ? globMatcher(pattern) : (name: string) => name === literal;
  const candidates = [...files.keys()].filter((name) => !isSpec(name) && !/(?:^|\/)\.git\//.test(name));
  const found = candidates.filter((name) => matches(name));
  if (found.length === 0) {
    throw new OverlayFailure("OVERLAY_NO_SUCH_FILE", `no file matches ${quoted(pattern)}`, [
      ...(isSpec(pattern) ? ["specs are edited by spec overlays"] : nearestHint("files", pattern, candidates)),
    ]);
  }
  return found;
}

/** A file name of an overlay, cleaned; refused where it is absolute or climbs out. Errors: `OVERLAY_BAD_FILE_NAME`. */
export function cleanName(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || name.endsWith("/") || name.includes("\0") || parts.length === 0 || parts.includes("..")) {
    throw new OverlayFailure("OVERLAY_BAD_FILE_NAME", `${quoted(name)} is no file name inside the component's folder`);
  }
  return parts.join("/");
}

export function addFile(files: Files, name: string, content: Uint8Array): string {
  const target = cleanName(name);
  for (const existing of files.keys()) {
    if (existing === target || existing.startsWith(`${target}/`) || target.startsWith(`${existing}/`)) {
      throw new OverlayFailure(
        "OVERLAY_DESTINATION_EXISTS",
        `${quoted(target)} cannot be added: ${quoted(existing)} exists`,
        ["change it with file-search-replace, or remove it first with file-remove"],
      );
    }
  }
  files.set(target, { content, executable: false });
  return target;
}

export function refuseSpec(name: string): void {
  if (isSpec(name)) {
    throw new OverlayFailure("OVERLAY_SPEC_AS_FILE", `file overlays do not take a spec: ${quoted(name)}`, [
      "use a spec overlay",
    ]);
  }
}

export function prependToFiles(files: Files, pattern: string, lines: readonly string[]): string[] {
  const names = matchFiles(files, pattern);
  for (const name of names) {
    const file = files.get(name);
    if (file)
      files.set(name, { ...file, content: Buffer.concat([Buffer.from(`${lines.join("\n")}\n`), file.content]) });
  }
  return names;
}

/** Replaces in whole files at once; gives the names of those that changed. */
export function replaceInFiles(files: Files, pattern: string, regex: string, replacement: string): string[] {
  const compiled = compileRegex(regex);
  const names = matchFiles(files, pattern);
  const changed: string[] = [];
  for (const name of names) {
    const file = files.get(name);
    if (!file) continue;
    const text = decodeText(file.content);
    const replaced = replaceAllLiteral(compiled, text, replacement);
    if (replaced === text) continue;
    files.set(name, { ...file, content: encodeText(replaced) });
    changed.push(name);
  }
  if (changed.length === 0) {
    throw new OverlayFailure(
      "OVERLAY_PATTERN_NOT_FOUND",
      `${quoted(regex)} changes none of ${names.slice(0, 5).map(quoted).join(", ")}`,
      ["`^` and `$` mean the whole file's start and end: put `(?m)` first for lines"],
    );
  }
  return changed;
}

export function removeFiles(files: Files, pattern: string): string[] {
  const names = matchFiles(files, pattern);
  for (const name of names) files.delete(name);
  return names;
}

/** Renames the one file that matches, within its folder. Gives the old and the new name. */
export function renameFile(files: Files, pattern: string, replacement: string): readonly [string, string] {
  if (replacement.includes("/")) {
    throw new OverlayFailure("OVERLAY_BAD_FILE_NAME", `${quoted(replacement)} must be a file name without a folder`);
  }
  const names = matchFiles(files, pattern);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new OverlayFailure(
      "OVERLAY_SEVERAL_FILES",
      `${quoted(pattern)} matches ${names.length} files; a rename takes one`,
      [`name one of ${names.slice(0, 3).map(quoted).join(", ")}`],
    );
  }
  const target = cleanName(name.slice(0, name.lastIndexOf("/") + 1) + replacement);
  const file = files.get(name);
  files.delete(name);
  if (file) files.set(target, file);
  return [name, target];
}
