import { closeSync, constants, fstatSync, openSync, readFile, readFileSync, realpathSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { joinBelow, systemCode, WeirError } from "../../core/index.ts";

/** Larger files are read without stopping all else. */
const mostAtOnce = 1 << 20;

/** Most bytes of one metadata file as stored. */
export const storedLimit = 1 << 30;

/**
 * The real path of a file below `root`, and how large it is. Errors: `RPMMD_NOT_FOUND`, `RPMMD_LINK_ESCAPE`, `RPMMD_TOO_LARGE`,
 * `PATH_ESCAPE`.
 */
export async function locateBelow(root: string, location: string, limit = storedLimit): Promise<string> {
  return await withFile(root, location, limit, (_file, _size, path) => path);
}

/** As {@link locateBelow}, and reads it. */
export async function readBelow(root: string, location: string, limit = storedLimit): Promise<Buffer> {
  return await withFile(root, location, limit, (file, size) =>
    size <= mostAtOnce
      ? readFileSync(file)
      : new Promise<Buffer>((done, fail) =>
          readFile(file, (error, bytes) => (error === null ? done(bytes) : fail(error))),
        ),
  );
}

async function withFile<T>(
  root: string,
  location: string,
  limit: number,
  use: (file: number, size: number, path: string) => T | Promise<T>,
): Promise<T> {
  const path = joinBelow(root, location);
  try {
    const real = realpathSync.native(path);
    const realRoot = realpathSync.native(root);
    if (real !== realRoot && !real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
      throw new WeirError("RPMMD_LINK_ESCAPE", `${location} is a link that leaves the repository`, {
        where: location,
        hints: ["replace the link by the file"],
      });
    }
    // Not to wait for whoever should write into a pipe.
    const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = fstatSync(file);
      if (!info.isFile()) throw notFound(root, location, undefined);
      if (info.size > limit) {
        throw new WeirError("RPMMD_TOO_LARGE", `${location} has more than ${limit} bytes`, {
          where: location,
          hints: ["no repository has metadata that large: the file is damaged, or made to exhaust memory"],
        });
      }
      return await use(file, info.size, real);
    } finally {
      closeSync(file);
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
