import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { joinBelow, systemCode, WeirError } from "../../core/index.ts";

/** Most bytes of one metadata file as stored. */
export const storedLimit = 1 << 30;

/**
 * The real path of a file below `root`, and how large it is. Errors: `RPMMD_NOT_FOUND`, `RPMMD_LINK_ESCAPE`, `RPMMD_TOO_LARGE`,
 * `PATH_ESCAPE`.
 */
export async function locateBelow(root: string, location: string, limit = storedLimit): Promise<string> {
  return await withFile(root, location, limit, (_handle, path) => Promise.resolve(path));
}

/** As {@link locateBelow}, and reads it. */
export async function readBelow(root: string, location: string, limit = storedLimit): Promise<Buffer> {
  return await withFile(root, location, limit, (handle) => handle.readFile());
}

async function withFile<T>(
  root: string,
  location: string,
  limit: number,
  use: (handle: FileHandle, path: string) => Promise<T>,
): Promise<T> {
  const path = joinBelow(root, location);
  try {
    const real = await realpath(path);
    const realRoot = await realpath(root);
    if (real !== realRoot && !real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
      throw new WeirError("RPMMD_LINK_ESCAPE", `${location} is a link that leaves the repository`, {
        where: location,
        hints: ["replace the link by the file"],
      });
    }
    // Not to wait for whoever should write into a pipe.
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await handle.stat();
      if (!info.isFile()) throw notFound(root, location, undefined);
      if (info.size > limit) {
        throw new WeirError("RPMMD_TOO_LARGE", `${location} has more than ${limit} bytes`, {
          where: location,
          hints: ["no repository has metadata that large: the file is damaged, or made to exhaust memory"],
        });
      }
      return await use(handle, real);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR" && code !== "EISDIR" && code !== "ENAMETOOLONG" && code !== "ELOOP")
      throw error;
    throw notFound(root, location, error);
  }
}

function notFound(root: string, location: string, cause: unknown): WeirError {
  return new WeirError("RPMMD_NOT_FOUND", `there is no file ${location} in ${basename(root)}`, {
    where: join(basename(root), location),
    hints: [
      location === "repodata/repomd.xml"
        ? "name the folder that holds repodata/"
        : "repomd.xml names it: copy the whole repodata folder",
    ],
    cause,
  });
}
