import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LaidRepository } from "./layout.ts";
import { snapshotFile } from "./snapshot.ts";

/** Whether a folder holds exactly this snapshot: the description and all metadata byte by byte, each package by its size. */
export async function isPublished(
  root: string,
  description: string,
  laid: readonly LaidRepository[],
): Promise<boolean> {
  if (!(await holds(join(root, snapshotFile), Buffer.from(description)))) return false;
  for (const { about, files, packages } of laid) {
    const folder = join(root, about.path);
    for (const file of files) if (!(await holds(join(folder, "repodata", file.name), file.content))) return false;
    for (const { metadata } of packages) {
      const info = await stat(join(folder, metadata.location)).catch(() => undefined);
      if (info?.isFile() !== true || info.size !== metadata.size.package) return false;
    }
  }
  return true;
}

async function holds(path: string, content: Uint8Array): Promise<boolean> {
  const found = await readFile(path).catch(() => undefined);
  return found?.equals(content) ?? false;
}
