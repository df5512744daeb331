import { type Dirent, type Stats, statSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { compareText, partialMark, WeirError } from "../../core/index.ts";

/** A package file below a repository's root. */
export interface FoundPackage {
  /** Absolute. */
  readonly path: string;
  /** Relative to the root, with forward slashes. */
  readonly location: string;
}

const mostDepth = 64;

/**
 * Every file below `root` whose name ends in `.rpm`, sorted by location: in all folders but `repodata`, links to folders left out. What
 * `exclude` (globs) names by its location or its bare name is left out. A link to a package counts where it stays below the root. Errors:
 * `REPO_FOLDER_MISSING`, `REPO_LINK_ESCAPE`, `REPO_FOLDER_DEEP`.
 */
export async function findPackages(root: string, exclude: readonly string[] = []): Promise<FoundPackage[]> {
  const { matches } = await excluder(exclude);
  const found: FoundPackage[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    if (depth > mostDepth) {
      throw new WeirError("REPO_FOLDER_DEEP", `folders are nested more than ${mostDepth} deep`, {
        where: below,
        hints: ["a mount of the folder in itself looks like this: exclude it"],
      });
    }
    const folders: string[] = [];
    for (const entry of await listFolder(root, below)) {
      const location = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && !entry.name.endsWith(".rpm")) {
        if (entry.name !== "repodata" && !entry.name.startsWith(partialMark)) folders.push(location);
      } else if (entry.name.endsWith(".rpm") && !matches(location)) {
        found.push(await packageAt(root, location, entry));
      }
    }
    for (const folder of folders) await walk(folder, depth + 1);
  };
  await walk("", 0);
  return found.sort((a, b) => compareText(a.location, b.location));
}

async function listFolder(root: string, below: string): Promise<Dirent[]> {
  return await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
    throw new WeirError("REPO_FOLDER_MISSING", "the folder cannot be listed", {
      where: below === "" ? root : below,
      cause: error,
      hints: ["name a folder that holds packages, and may be read"],
    });
  });
}

async function packageAt(root: string, location: string, entry: Dirent): Promise<FoundPackage> {
  const path = join(root, location);
  if (!entry.isSymbolicLink()) return { path, location };
  const target = await realpath(path).catch(() => undefined);
  // A link to nowhere is told as what it is when it is opened.
  if (target === undefined) return { path, location };
  const realRoot = await realpath(root);
  if (!target.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
    throw new WeirError("REPO_LINK_ESCAPE", `${location} is a link that leaves the folder`, {
      where: location,
      hints: ["put the package itself or a hard link there, or exclude the link"],
    });
  }
  return { path: target, location };
}

async function excluder(globs: readonly string[]): Promise<{ matches: (location: string) => boolean }> {
  if (globs.length === 0) return { matches: () => false };
  const { Minimatch } = await import("minimatch");
  const patterns = globs.map((glob) => new Minimatch(glob, { dot: true, nocomment: true, nonegate: true }));
  return {
    matches: (location) => {
      const name = location.slice(location.lastIndexOf("/") + 1);
      return patterns.some((pattern) => pattern.match(location) || pattern.match(name));
    },
  };
}

/** What a path is, links followed; undefined where it cannot be told, whatever the reason: who opens it says that. */
export function statPackage(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
