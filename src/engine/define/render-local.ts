import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { compareText, type Place, systemCode, WeirError } from "../../core/index.ts";
import type { RenderedFile } from "./types.ts";

const mostFiles = 10_000;
const mostBytes = 512 << 20;

/** Reads a file of the definition, resolving links only where they stay below `root`. Undefined where there is none. */
export async function readBelow(
  root: string,
  path: string,
  where: Place | undefined,
): Promise<RenderedFile | undefined> {
  try {
    const real = await realpath(path);
    refuseOutside(await realpath(root), real, path, where);
    const info = await stat(real);
    if (!info.isFile()) return undefined;
    if (info.size > mostBytes) throw tooLarge(path, root, where);
    return { content: await readFile(real), executable: (info.mode & 0o100) !== 0 };
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
    if (["ELOOP", "EACCES", "EISDIR"].includes(systemCode(error) ?? "")) {
      throw new WeirError("RENDER_UNREADABLE", `cannot read ${relative(root, path)}`, { where, cause: error });
    }
    throw error;
  }
}

/**
 * All files of the folder that holds a local spec, by their path below it, without .git. Links to files below `root` give those files.
 * Errors: `RENDER_NO_SPEC`, `RENDER_LEAVES_ROOT`, `RENDER_UNREADABLE`, `RENDER_TOO_LARGE`.
 */
export async function readLocalFolder(
  root: string,
  specPath: string,
  where: Place | undefined,
): Promise<Map<string, RenderedFile>> {
  const folder = dirname(specPath);
  const files = new Map<string, RenderedFile>();
  if (!(await stat(specPath).catch(() => undefined))?.isFile()) {
    throw new WeirError("RENDER_NO_SPEC", `there is no spec ${relative(root, specPath)}`, {
      where,
      hints: ["spec.path counts from the folder of the file that declares the component"],
    });
  }
  refuseOutside(await realpath(root), await realpath(folder), folder, where);
  let total = 0;
  const open = [""];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const entries = await readdir(join(folder, below));
    for (const entry of entries.sort(compareText)) {
      if (entry === ".git") continue;
      const name = below === "" ? entry : `${below}/${entry}`;
      const path = join(folder, name);
      const info = await lstat(path);
      if (info.isDirectory()) {
        open.push(name);
        continue;
      }
      const file = await readBelow(root, path, where);
      if (!file) {
        throw new WeirError("RENDER_UNREADABLE", `${relative(root, path)} is neither a file nor a link to one`, {
          where,
        });
      }
      total += file.content.length;
      files.set(name, file);
      if (files.size > mostFiles || total > mostBytes) throw tooLarge(folder, root, where);
    }
  }
  return files;
}

function refuseOutside(root: string, real: string, path: string, where: Place | undefined): void {
  if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return;
  throw new WeirError("RENDER_LEAVES_ROOT", `${relative(root, path)} lies outside of the definition's tree`, {
    where,
    hints: ["copy what it names into the tree"],
  });
}

function tooLarge(path: string, root: string, where: Place | undefined): WeirError {
  return new WeirError(
    "RENDER_TOO_LARGE",
    `${relative(root, path)} holds more than ${mostFiles} files or ${mostBytes >> 20} MiB`,
    {
      where,
      hints: ["keep large archives in the lookaside cache and name them in source-files"],
    },
  );
}
