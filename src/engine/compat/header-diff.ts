import type { RpmFile, RpmPackage } from "../../formats/rpm/index.ts";
import { fileFlag } from "../../formats/rpm/index.ts";
import { plainPath } from "./package-index.ts";
import type { Change } from "./types.ts";

const kindMask = 0o170000;
export const isRegular = (file: RpmFile): boolean =>
  (file.mode & kindMask) === 0o100000 && (file.flags & fileFlag.ghost) === 0;
const isLink = (file: RpmFile): boolean => (file.mode & kindMask) === 0o120000;

/** Files of a package by merged path. */
export function filesByPath(packages: readonly RpmPackage[]): Map<string, RpmFile> {
  const files = new Map<string, RpmFile>();
  for (const pkg of packages)
    for (const file of pkg.files) if (!files.has(plainPath(file.path))) files.set(plainPath(file.path), file);
  return files;
}

export interface HeaderDifference {
  readonly changes: readonly Change[];
  /** Regular files and links whose content is proved equal by digest or target. */
  readonly equal: number;
  /** Regular files present on both sides with different content: path before → file after. */
  readonly differing: ReadonlyMap<string, RpmFile>;
}

/** Compares what headers say of files that kept their paths: owner, mode, capabilities, configuration flags, digests; and scriptlets. */
export function compareHeaders(before: RpmPackage, after: readonly RpmPackage[]): HeaderDifference {
  const changes: Change[] = [];
  const differing = new Map<string, RpmFile>();
  let equal = 0;
  const files = filesByPath(after);
  for (const old of before.files) {
    const now = files.get(plainPath(old.path));
    if (!now) continue;
    if ((old.mode & kindMask) === (now.mode & kindMask) && !isLink(old))
      for (const item of compareAttributes(old, now)) changes.push(item);
    if (isLink(old) && isLink(now)) {
      if (old.linkTarget === now.linkTarget) equal++;
    } else if (isRegular(old) && isRegular(now)) {
      if (old.digest !== "" && old.digest === now.digest) equal++;
      else differing.set(old.path, now);
      if ((old.flags & fileFlag.config) !== 0) for (const item of compareConfig(old, now)) changes.push(item);
    }
  }
  for (const scriptlet of before.scriptlets) {
    const successor = after.flatMap((pkg) => pkg.scriptlets).find((candidate) => candidate.kind === scriptlet.kind);
    if (successor && successor.interpreter[0] !== scriptlet.interpreter[0]) {
      changes.push({
        rule: "COMPAT015",
        breaks: false,
        subject: `%${scriptlet.kind}`,
        what: `${scriptlet.interpreter.join(" ")} → ${successor.interpreter.join(" ")}`,
        consumers: [],
      });
    }
  }
  return { changes, equal, differing };
}

function compareAttributes(old: RpmFile, now: RpmFile): Change[] {
  const changes: Change[] = [];
  const add = (what: string, breaks: boolean) =>
    changes.push({ rule: "COMPAT016", breaks, subject: old.path, what, path: old.path, consumers: [] });
  const [oldMode, newMode] = [old.mode & 0o7777, now.mode & 0o7777];
  if (oldMode !== newMode) {
    // What was allowed and no longer is, and set-id bits that come or go.
    const breaks = (oldMode & ~newMode & 0o777) !== 0 || ((oldMode ^ newMode) & 0o6000) !== 0;
    add(`mode ${octal(oldMode)} → ${octal(newMode)}`, breaks);
  }
  if (old.user !== now.user || old.group !== now.group)
    add(`owner ${old.user}:${old.group} → ${now.user}:${now.group}`, true);
  if (old.capabilities !== now.capabilities) {
    add(`capabilities ${old.capabilities || "none"} → ${now.capabilities || "none"}`, old.capabilities !== "");
  }
  return changes;
}

function compareConfig(old: RpmFile, now: RpmFile): Change[] {
  const add = (what: string, breaks: boolean): Change => ({
    rule: "COMPAT011",
    breaks,
    subject: old.path,
    what,
    path: old.path,
    consumers: [],
  });
  const changes: Change[] = [];
  if ((old.flags & fileFlag.noReplace) !== 0 && (now.flags & fileFlag.noReplace) === 0) {
    changes.push(add("no longer kept when changed (noreplace dropped)", true));
  } else if ((now.flags & fileFlag.config) === 0) changes.push(add("no longer marked as configuration", true));
  if (old.digest !== now.digest) changes.push(add("other defaults", false));
  return changes;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
