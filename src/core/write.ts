import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { systemCode, WeirError } from "./error.ts";

/** Marks what is being written; a leftover with it belongs to an interrupted run and may be removed. */
export const partialMark = ".weir-partial-";

/**
 * Makes a folder and its parents, like `mkdir -p`. Node's own recursive mkdir never ends where a file system answers that a parent does
 * not exist although it does, as /proc and automounters do; this tries each folder once.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST" || code === "EROFS" || code === "EISDIR") {
      if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
      throw error;
    }
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      if (systemCode(again) !== "EEXIST") throw again;
    });
  }
}

function partialName(path: string): string {
  return join(dirname(path), `${partialMark}${randomBytes(6).toString("hex")}`);
}

/** Writes a whole file so that it is either absent (or old) or complete: beside, fsync, rename, fsync of the folder. */
export async function writeFileSafely(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  await makeFolder(dirname(path));
  const partial = partialName(path);
  try {
    const handle = await open(partial, "wx", mode);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Writes a whole file beside its place and renames it, without waiting for the disk: for what can be made again and is checked when it is read,
 * since after a power cut it may be there in part.
 */
export async function writeCacheFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  await makeFolder(dirname(path));
  const partial = partialName(path);
  try {
    const handle = await open(partial, "wx", 0o644);
    try {
      for (const part of parts) await handle.writeFile(part);
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** As {@link writeFileSafely}, chunk by chunk; a chunk is used up before the next is asked for. */
export async function writeStreamSafely(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mode = 0o644,
): Promise<void> {
  await makeFolder(dirname(path));
  const partial = partialName(path);
  try {
    const handle = await open(partial, "wx", mode);
    try {
      for await (const chunk of chunks) {
        for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at, chunk.length - at)).bytesWritten;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** As {@link writeFileSafely}, only when the content differs. Says whether it wrote. */
export async function writeFileIfChanged(path: string, data: string | Uint8Array, mode = 0o644): Promise<boolean> {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() && info.size === bytes.length) {
    const handle = await open(path);
    try {
      if ((await handle.readFile()).equals(bytes)) return false;
    } finally {
      await handle.close();
    }
  }
  await writeFileSafely(path, bytes, mode);
  return true;
}

/** Copies a file to `to`, complete or not at all. */
export async function copyFileSafely(from: string, to: string, mode = 0o644): Promise<void> {
  await makeFolder(dirname(to));
  const partial = partialName(to);
  try {
    await pipeline(createReadStream(from), createWriteStream(partial, { flags: "wx", mode, flush: true }));
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(to));
}

/**
 * Fills a folder beside `path` through `fill`, then puts it in place of `path` in one rename. What was there before is gone
 * afterwards; after an interruption either the old or the new folder is there, or none, never a mixture.
 */
export async function writeFolderSafely(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  await makeFolder(dirname(path));
  const partial = partialName(path);
  await mkdir(partial);
  try {
    await fill(partial);
    await syncFolder(partial);
    const old = partialName(path);
    const had = await rename(path, old).then(
      () => true,
      (error: unknown) => {
        if (systemCode(error) === "ENOENT") return false;
        throw error;
      },
    );
    try {
      await rename(partial, path);
    } catch (error) {
      if (had) await rename(old, path);
      throw error;
    }
    if (had) await rm(old, { recursive: true, force: true });
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Removes leftovers of interrupted writes directly inside a folder. */
export async function removePartials(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const partials = names.filter((name) => name.startsWith(partialMark));
  for (const name of partials) await rm(join(folder, name), { recursive: true, force: true });
  return partials.length;
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path).catch(() => undefined);
  if (!handle) return;
  try {
    await handle.sync();
  } catch {
    // Some file systems refuse fsync on a folder; the rename itself is still atomic there.
  } finally {
    await handle.close();
  }
}

/**
 * Joins a path from untrusted data below a root. Refuses absolute parts that climb out, `..` segments and NUL; does not follow links
 * (the caller opens with O_NOFOLLOW or checks with lstat). A leading `/` means the root itself.
 */
export function joinBelow(root: string, untrusted: string): string {
  const parts = untrusted.split("/").filter((part) => part !== "" && part !== ".");
  if (untrusted.includes("\0") || parts.includes("..")) {
    throw new WeirError("PATH_ESCAPE", `path leaves its root: ${untrusted}`, { where: untrusted });
  }
  return parts.length === 0 ? root : root + sep + parts.join(sep);
}
