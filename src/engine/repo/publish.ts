import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileIfChanged, writeFileSafely, writeFolderSafely } from "../../core/index.ts";
import type { RepodataFile } from "../../formats/rpmmd/index.ts";

const signatureName = "repomd.xml.asc";

/** Names that only metadata has: a checksum, then what it is of. */
const checksummed = /^[0-9a-f]{32,128}-[A-Za-z0-9._-]+$/;

/**
 * Puts a `repodata` folder in place below `root`. Whoever reads meanwhile, or after an interruption at any point, finds a repomd.xml whose
 * files are all there. `signature` is over that file. Names with checksums go beside the old ones, repomd.xml takes the place of the old one in one rename, and then
 * goes what the old one named; other names make a new folder of it, which takes the place of the old one. Files that no
 * repomd.xml named stay. Gives whether anything was written.
 */
export async function publishRepodata(
  root: string,
  files: readonly RepodataFile[],
  signature?: string,
): Promise<boolean> {
  const folder = join(root, "repodata");
  const repomd = files.find((file) => file.type === "repomd");
  const rest = files.filter((file) => file.type !== "repomd");
  if (repomd === undefined) throw new Error("repodata without repomd.xml");
  const info = await lstat(folder).catch(() => undefined);
  if (info?.isDirectory() !== true || !rest.every((file) => checksummed.test(file.name))) {
    await writeFolderSafely(folder, async (partial) => {
      await Promise.all(files.map((file) => writeFileSafely(join(partial, file.name), file.content)));
      if (signature !== undefined) await writeFileSafely(join(partial, signatureName), signature);
    });
    return true;
  }
  const old = await namedBy(join(folder, "repomd.xml"));
  const wrote = await Promise.all(rest.map((file) => writeFileIfChanged(join(folder, file.name), file.content)));
  const current = new Set(files.map((file) => file.name));
  if (signature === undefined) await rm(join(folder, signatureName), { force: true });
  else {
    current.add(signatureName);
    await writeFileIfChanged(join(folder, signatureName), signature);
  }
  const changed = await writeFileIfChanged(join(folder, "repomd.xml"), repomd.content);
  for (const name of await readdir(folder)) {
    if (!current.has(name) && (old.has(name) || checksummed.test(name))) await rm(join(folder, name), { force: true });
  }
  return changed || wrote.includes(true);
}

/** Names, relative to the folder, of what a repomd.xml lists; none where it cannot be read. */
async function namedBy(path: string): Promise<ReadonlySet<string>> {
  try {
    const { parseRepomd } = await import("../../formats/rpmmd/repomd.ts");
    const { entries } = parseRepomd(await readFile(path), "repomd.xml");
    return new Set(entries.flatMap(({ location }) => /^repodata\/([^/]+)$/.exec(location)?.[1] ?? []));
  } catch {
    return new Set();
  }
}
