import { constants } from "node:fs";
import {
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOf, partialMark, systemCode, WeirError } from "../../core/index.ts";

/** What proot is told: `from` on the machine is seen at `to`; later ones lie above earlier ones. */
export type ProotBind = readonly [from: string, to: string];

/**
 * Collects binds and makes each one's mount point first. proot itself would make a missing mount point inside whatever is bound there,
 * the machine's /usr included, so a bind may only come to lie in a folder of ours or on something that exists.
 */
export class BindList {
  readonly binds: ProotBind[] = [];
  readonly #own: string;

  /** `own` is the private folder that may be written to; its `root` is what the command sees as `/`. */
  constructor(own: string) {
    this.#own = own;
  }

  async add(from: string, to: string): Promise<void> {
    if (/[:\n]/.test(from + to)) {
      throw new WeirError("SANDBOX_REQUEST", `proot cannot bind a path with a colon: ${from}`, { where: from });
    }
    const info = await lstat(from);
    const place = this.#hostPath(to);
    if ((await lstat(place).catch(() => undefined)) === undefined) {
      if (!place.startsWith(`${this.#own}/`)) {
        throw new WeirError("SANDBOX_REQUEST", `there is no ${to} to mount on`, { where: to });
      }
      if (info.isDirectory()) await mkdir(place, { recursive: true });
      else {
        await mkdir(dirname(place), { recursive: true });
        await writeFile(place, "");
      }
    }
    this.binds.push([from, to]);
  }

  #hostPath(inside: string): string {
    for (let index = this.binds.length - 1; index >= 0; index--) {
      const [from, to] = this.binds[index] ?? ["", ""];
      if (inside === to) return from;
      if (inside.startsWith(`${to}/`)) return from + inside.slice(to.length);
    }
    return join(this.#own, "root", inside);
  }
}

/**
 * Merges layers (lowest first) above a base folder of the machine into the new folder `into`, seen at `seenAt`: folders that a layer
 * touches are rebuilt from hard links, or copies where links are refused; those that none does are given back as binds to add.
 */
export async function mergeLayers(
  layers: readonly string[],
  base: string | undefined,
  into: string,
  seenAt: string,
  scratch: string,
): Promise<ProotBind[]> {
  const pending: ProotBind[] = [];
  await mkdir(into);
  await mergeFolder(layers, base, into, seenAt, scratch, pending);
  return pending;
}

async function mergeFolder(
  layers: readonly string[],
  base: string | undefined,
  into: string,
  seenAt: string,
  scratch: string,
  pending: ProotBind[],
): Promise<void> {
  /** Name → the folders that share it, lowest first, or the one entry that hides all below it. */
  const entries = new Map<string, { folders: string[]; leaf: string | undefined }>();
  for (const layer of layers) {
    for (const entry of await readdir(layer, { withFileTypes: true })) {
      const path = join(layer, entry.name);
      const known = entries.get(entry.name);
      if (!entry.isDirectory()) entries.set(entry.name, { folders: [], leaf: path });
      else if (known !== undefined && known.leaf === undefined) known.folders.push(path);
      else entries.set(entry.name, { folders: [path], leaf: known?.leaf });
    }
  }
  if (base !== undefined) {
    const files = await baseFiles(base, scratch);
    for (const entry of await readdir(base, { withFileTypes: true })) {
      const above = entries.get(entry.name);
      if (!entry.isDirectory()) {
        if (above === undefined) await place(join(files, entry.name), join(into, entry.name));
        continue;
      }
      if (above !== undefined) continue;
      await mkdir(join(into, entry.name));
      pending.push([join(base, entry.name), join(seenAt, entry.name)]);
    }
  }
  for (const [name, { folders, leaf }] of entries) {
    if (folders.length === 0) {
      if (leaf !== undefined) await place(leaf, join(into, name));
      continue;
    }
    const below = base === undefined || leaf !== undefined ? undefined : join(base, name);
    const hasBelow = below !== undefined && (await lstat(below).catch(() => undefined))?.isDirectory() === true;
    await mkdir(join(into, name));
    await mergeFolder(folders, hasBelow ? below : undefined, join(into, name), join(seenAt, name), scratch, pending);
  }
}

const running = new Map<string, Promise<string>>();

/**
 * The files (not folders) of one folder of the machine as links or copies that this user owns, kept from run to run: ordinary users
 * may not link to files of others. Whatever changes a folder through renames gives it a new time, hence a new copy.
 */
async function baseFiles(folder: string, scratch: string): Promise<string> {
  const info = await lstat(folder, { bigint: true });
  const state = `${folder}\n${info.ino}\n${info.mtimeNs}\n${info.ctimeNs}`;
  const kept = join(scratch, "machine", digestOf(state).slice(0, 32));
  const known = running.get(kept);
  if (known !== undefined) return known;
  const made = copyFiles(folder, kept).finally(() => running.delete(kept));
  running.set(kept, made);
  return made;
}

async function copyFiles(folder: string, kept: string): Promise<string> {
  if ((await lstat(kept).catch(() => undefined)) !== undefined) return kept;
  await mkdir(dirname(kept), { recursive: true });
  const partial = await mkdtemp(join(dirname(kept), partialMark));
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isFile() || entry.isSymbolicLink())
        await place(join(folder, entry.name), join(partial, entry.name), true);
    }
    await rename(partial, kept);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!["EEXIST", "ENOTEMPTY"].includes(systemCode(error) ?? "")) throw error;
  }
  return kept;
}

/** Puts a file or link at `to`. A file that this user may not read becomes an empty one, as unreadable inside as outside. */
async function place(from: string, to: string, lenient = false): Promise<void> {
  const info = await lstat(from);
  if (info.isSymbolicLink()) return symlink(await readlink(from), to);
  if (!info.isFile()) return;
  try {
    await link(from, to);
  } catch {
    try {
      await copyFile(from, to, constants.COPYFILE_FICLONE);
    } catch (error) {
      if (!lenient) throw error;
      await rm(to, { force: true });
      await writeFile(to, "", { mode: 0 });
    }
  }
}
