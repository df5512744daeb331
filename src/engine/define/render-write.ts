import { lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { joinBelow, partialMark, systemCode, WeirError, writeFolderSafely } from "../../core/index.ts";
import { isSafeFileName } from "./sources.ts";
import type { RenderedComponent, RenderedFile } from "./types.ts";

/** Where a component's rendered files lie below the folder of rendered specs: `<first letter in lower case>/<name>`. */
export function renderedFolder(name: string): string {
  if (!isSafeFileName(name))
    throw new WeirError("RENDER_BAD_NAME", `not a name for a component: ${JSON.stringify(name)}`);
  return `${name.charAt(0).toLowerCase()}/${name}`;
}

/**
 * Brings `<dir>/<letter>/<name>/` to hold exactly the rendered files, replaced as a whole and only where something differs; says whether
 * it did. For a name with `+` a link of the percent-encoded name beside it leads there. Errors: `RENDER_TARGET_OCCUPIED`.
 */
export async function writeRendered(rendered: RenderedComponent, dir: string): Promise<boolean> {
  return writeFiles(rendered.name, rendered.files, dir);
}

const failure: ReadonlyMap<string, RenderedFile> = new Map([
  ["RENDER_FAILED", { content: Buffer.from("Rendering failed. See azldev logs for details.\n"), executable: false }],
]);

/** Leaves azldev's mark of a failed rendering in place of a component's files. */
export async function writeRenderFailure(name: string, dir: string): Promise<boolean> {
  return writeFiles(name, failure, dir);
}

/** Whether a component's folder holds that mark and nothing else. */
export async function isRenderFailureCurrent(name: string, dir: string): Promise<boolean> {
  return holds(join(dir, renderedFolder(name)), failure);
}

/** Whether `<dir>/<letter>/<name>/` already holds exactly the rendered files. */
export async function isRenderedCurrent(rendered: RenderedComponent, dir: string): Promise<boolean> {
  return holds(join(dir, renderedFolder(rendered.name)), rendered.files);
}

async function writeFiles(name: string, files: ReadonlyMap<string, RenderedFile>, dir: string): Promise<boolean> {
  const target = join(dir, renderedFolder(name));
  await refuseOccupied(dir, name.charAt(0).toLowerCase());
  await refuseOccupied(dir, renderedFolder(name));
  const changed = !(await holds(target, files));
  if (changed) {
    await writeFolderSafely(target, async (folder) => {
      for (const [path, file] of files) {
        const to = joinBelow(folder, path);
        await mkdir(dirname(to), { recursive: true });
        await writeFile(to, file.content, { mode: file.executable ? 0o755 : 0o644, flag: "wx" });
      }
    });
  }
  const alias = encodeURIComponent(name);
  if (alias !== name) await linkAlias(join(dirname(target), alias), name);
  return changed;
}

async function refuseOccupied(dir: string, path: string): Promise<void> {
  const info = await lstat(join(dir, path)).catch(() => undefined);
  if (info === undefined || info.isDirectory()) return;
  throw new WeirError("RENDER_TARGET_OCCUPIED", `${path} is not a folder`, {
    where: path,
    hints: ["move it away; the folder of rendered specs is written by rendering only"],
  });
}

async function linkAlias(path: string, target: string): Promise<void> {
  const info = await lstat(path).catch(() => undefined);
  if (info && !info.isSymbolicLink()) {
    throw new WeirError(
      "RENDER_TARGET_OCCUPIED",
      `${basename(path)} should be a link to ${target}, but is something else`,
      {
        where: basename(path),
        hints: ["move it away; the folder of rendered specs is written by rendering only"],
      },
    );
  }
  if (info && (await readlink(path)) === target) return;
  const partial = join(dirname(path), `${partialMark}${encodeURIComponent(target)}`);
  await rm(partial, { force: true });
  await symlink(target, partial);
  await rename(partial, path).catch(async (error: unknown) => {
    await unlink(partial);
    throw error;
  });
}

async function holds(folder: string, files: ReadonlyMap<string, RenderedFile>): Promise<boolean> {
  let seen = 0;
  const open = [""];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (entries === undefined) return false;
    if (entries.length === 0 && below !== "") return false;
    for (const entry of entries) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        open.push(name);
        continue;
      }
      const file = files.get(name);
      if (!file || !entry.isFile()) return false;
      const path = join(folder, name);
      const info = await lstat(path);
      if (info.size !== file.content.length || ((info.mode & 0o100) !== 0) !== file.executable) return false;
      if (!(await readFile(path)).equals(file.content)) return false;
      seen++;
    }
  }
  return seen === files.size;
}
