import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { compareText, messageOf, WeirError } from "../../core/index.ts";
import type { PackageEntry } from "../rpm/index.ts";

/** Folders that every system has and no package but `filesystem` owns. */
const shared: ReadonlySet<string> = new Set(
  (
    "/ /bin /boot /dev /etc /etc/opt /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin " +
    "/usr/include /usr/lib /usr/lib64 /usr/lib/systemd /usr/lib/systemd/system /usr/libexec /usr/local /usr/sbin /usr/share " +
    "/usr/share/doc /usr/share/info /usr/share/licenses /usr/share/locale /usr/share/man /usr/share/man/man1 " +
    "/usr/share/man/man5 /usr/share/man/man8 /usr/src /var /var/cache /var/lib /var/log /var/opt /var/run /var/spool /var/tmp"
  ).split(" "),
);

const mostEntries = 1_000_000;
const mostDepth = 256;

export interface TreeOptions {
  /** Seconds since the epoch: later modification times are set to this, so that the same tree gives the same package. */
  readonly newest: number;
}

/**
 * Everything below a folder as entries of a package, links not followed: modes, links, hard links (by inode), devices and pipes as data.
 * Owned by root whoever owns it here. Folders that all systems have are left out. Sockets are refused. Errors: `RPM_PACK_TREE`.
 */
export function entriesOfTree(root: string, options: TreeOptions): PackageEntry[] {
  const entries: PackageEntry[] = [];
  const firsts = new Map<string, string>();
  const visit = (folder: string, path: string, depth: number): void => {
    if (depth > mostDepth) throw treeError(path, `folders are nested more than ${mostDepth} deep`);
    for (const name of readdirSync(folder).sort(compareText)) {
      const file = join(folder, name);
      const at = `${path}/${name}`;
      if (name.includes("\ufffd")) throw treeError(at, "a name is not UTF-8");
      const info = lstatSync(file, { bigint: true });
      if (entries.length > mostEntries) throw treeError(path, `there are more than ${mostEntries} files`);
      const isFolder = info.isDirectory();
      if (!isFolder || !shared.has(at)) entries.push(entryOf(file, at, info, firsts, options));
      if (isFolder) visit(file, at, depth + 1);
    }
  };
  try {
    if (!lstatSync(root).isDirectory()) throw treeError(".", "this is no folder");
    visit(root, "", 0);
  } catch (error) {
    if (error instanceof WeirError) throw error;
    throw treeError(".", `the tree cannot be read: ${messageOf(error)}`, error);
  }
  return entries;
}

function entryOf(
  file: string,
  path: string,
  info: BigIntStats,
  firsts: Map<string, string>,
  { newest }: TreeOptions,
): PackageEntry {
  const mtime = Math.max(0, Math.min(Number(info.mtimeMs / 1000n), newest));
  const base = { path, mode: Number(info.mode & 0o7777n), mtime };
  if (info.isDirectory()) return { ...base, type: "dir" };
  if (info.isSymbolicLink()) return { ...base, type: "symlink", mode: 0o777, target: readlinkSync(file) };
  if (info.isCharacterDevice()) return { ...base, type: "char", rdev: rdevOf(info, path) };
  if (info.isBlockDevice()) return { ...base, type: "block", rdev: rdevOf(info, path) };
  if (info.isFIFO()) return { ...base, type: "fifo" };
  if (!info.isFile()) throw treeError(path, "a socket cannot be packed");
  if (info.nlink > 1n) {
    const inode = `${info.dev}:${info.ino}`;
    const first = firsts.get(inode);
    if (first !== undefined) return { ...base, hardLinkOf: first };
    firsts.set(inode, path);
  }
  return { ...base, content: { path: file } };
}

/** Major and minor number as the 16 bits that a package has for them. */
function rdevOf(info: BigIntStats, path: string): number {
  const major = Number((info.rdev >> 8n) & 0xfffn);
  const minor = Number((info.rdev & 0xffn) | ((info.rdev >> 12n) & 0xfff00n));
  if (major > 255 || minor > 255) throw treeError(path, `device ${major}:${minor} is beyond what a package can state`);
  return (major << 8) | minor;
}

function treeError(path: string, message: string, cause?: unknown): WeirError {
  return new WeirError("RPM_PACK_TREE", message, {
    where: path,
    hints: ["name the folder that holds what is to be installed, as below /"],
    cause,
  });
}
