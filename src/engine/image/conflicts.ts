import { WeirError } from "../../core/index.ts";
import { fileFlag, type RpmFile } from "../../formats/rpm/index.ts";
import type { OpenedPackage } from "./open-packages.ts";

const TYPE = 0o170000;
const shownMost = 8;

/**
 * Refuses packages that cannot lie in one root since they bring different things at one path, as rpm's transaction check does: another
 * type, another content, another target. Folders are shared, ghosts count for nothing. Errors: `IMAGE_FILE_CONFLICT`.
 */
export function checkConflicts(packages: readonly OpenedPackage[]): void {
  const owners = new Map<string, { readonly file: RpmFile; readonly nevra: string }>();
  const conflicts: string[] = [];
  for (const { head, nevra } of packages) {
    for (const file of head.package.files) {
      if ((file.flags & fileFlag.ghost) !== 0) continue;
      const other = owners.get(file.path);
      if (other === undefined) owners.set(file.path, { file, nevra });
      else if (!isSame(file, other.file)) conflicts.push(`${file.path} of ${other.nevra} and of ${nevra}`);
    }
  }
  if (conflicts.length === 0) return;
  const more = conflicts.length > shownMost ? `, and ${conflicts.length - shownMost} more` : "";
  throw new WeirError(
    "IMAGE_FILE_CONFLICT",
    `packages of the image bring different files at the same place: ${conflicts.slice(0, shownMost).join("; ")}${more}`,
    {
      where: conflicts[0],
      kind: "refused",
      hints: ["leave one of the packages out, or let them conflict in their specs so that no solution holds both"],
    },
  );
}

function isSame(a: RpmFile, b: RpmFile): boolean {
  const type = a.mode & TYPE;
  if (type !== (b.mode & TYPE)) return false;
  if (type === 0o120000) return a.linkTarget === b.linkTarget;
  if (type === 0o100000) return a.digest === b.digest;
  return type === 0o040000 || a.rdev === b.rdev;
}
