import { compareText, WeirError } from "../../core/index.ts";
import type { ContentFacts, LaidEntry, PackageEntry } from "./build-types.ts";
import { tag } from "./tags.ts";
import { fileFlag } from "./types.ts";
import type { HeaderValue } from "./write-header.ts";

const typeBits = {
  file: 0o100000,
  dir: 0o040000,
  symlink: 0o120000,
  char: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
} as const;

const defaultMode = { file: 0o644, dir: 0o755, symlink: 0o777, char: 0o644, block: 0o644, fifo: 0o644 } as const;

const FOUR_GIB = 2 ** 32;

/**
 * Puts entries in the header's order (by path) and checks that they make sense together. `factsOf` is asked once for each regular
 * file that has content. Errors: `RPM_PACK_INVALID`.
 */
export function layEntries(
  entries: readonly PackageEntry[],
  where: string,
  source: boolean,
  factsOf: (entry: PackageEntry) => ContentFacts,
): LaidEntry[] {
  const byPath = new Map<string, PackageEntry>();
  for (const entry of entries) {
    checkEntry(entry, where, source);
    if (byPath.has(entry.path)) throw invalid(where, `${entry.path} is listed twice`);
    byPath.set(entry.path, entry);
  }
  const names = new Map<PackageEntry, number>();
  const originOf = (entry: PackageEntry): PackageEntry => {
    if (entry.hardLinkOf === undefined) return entry;
    const origin = byPath.get(entry.hardLinkOf);
    if (!origin || origin.hardLinkOf !== undefined || (origin.type ?? "file") !== "file" || isGhost(origin)) {
      throw invalid(
        where,
        `${entry.path} is a hard link of ${entry.hardLinkOf}, which is no regular file of the package`,
      );
    }
    return origin;
  };
  for (const entry of entries) names.set(originOf(entry), (names.get(originOf(entry)) ?? 0) + 1);
  const inodes = new Map<PackageEntry, number>();
  const facts = new Map<PackageEntry, ContentFacts>();
  return [...entries]
    .sort((a, b) => compareText(a.path, b.path))
    .map((entry) => {
      const origin = originOf(entry);
      const type = origin.type ?? "file";
      if (!inodes.has(origin)) inodes.set(origin, inodes.size + 1);
      if (type === "file" && !isGhost(origin) && !facts.has(origin)) facts.set(origin, factsOf(origin));
      const content = facts.get(origin);
      const size = type === "symlink" ? Buffer.byteLength(origin.target ?? "") : type === "dir" ? 4096 : 0;
      return {
        entry: origin === entry ? entry : { ...entry, ...ofInode(origin) },
        mode: typeBits[type] | (origin.mode ?? defaultMode[type]),
        size: content?.size ?? size,
        digest: content?.digest ?? "",
        inode: inodes.get(origin) ?? 0,
        links: names.get(origin) ?? 1,
        isGhost: isGhost(entry),
      };
    });
}

/** What all names of an inode share. */
function ofInode({ user, group, mtime, capabilities }: PackageEntry): Partial<PackageEntry> {
  return {
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    ...(mtime === undefined ? {} : { mtime }),
    ...(capabilities === undefined ? {} : { capabilities }),
  };
}

function isGhost(entry: PackageEntry): boolean {
  return ((entry.flags ?? 0) & fileFlag.ghost) !== 0;
}

function checkEntry(entry: PackageEntry, where: string, source: boolean): void {
  const { path } = entry;
  const parts = path.split("/");
  const named = source ? parts : parts.slice(1);
  if (
    path.startsWith("/") === source ||
    path.includes("\0") ||
    (path !== "/" && named.some((part) => part === "" || part === "." || part === "..")) ||
    (source && parts.length > 1)
  ) {
    throw invalid(where, `${JSON.stringify(path)} is no ${source ? "bare file name" : "absolute, plain path"}`);
  }
  const type = entry.type ?? "file";
  const number = (value: number | undefined, most: number, what: string) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= most)) {
      throw invalid(where, `${what} of ${path} is not a whole number from 0 to ${most}`);
    }
  };
  number(entry.mode, 0o7777, "the mode");
  number(entry.mtime, FOUR_GIB - 1, "the time");
  number(entry.rdev, 0xffff, "the device number");
  number(entry.flags, FOUR_GIB - 1, "the flags");
  number(entry.verifyFlags, FOUR_GIB - 1, "the verify flags");
  for (const text of [entry.user, entry.group, entry.capabilities, entry.language, entry.target]) {
    if (text?.includes("\0")) throw invalid(where, `a text of ${path} holds a NUL`);
  }
  if (type === "symlink" && (entry.target ?? "") === "") throw invalid(where, `the link ${path} leads nowhere`);
  if (type !== "file" && (entry.content !== undefined || entry.hardLinkOf !== undefined)) {
    throw invalid(where, `${path} is no regular file and can have neither content nor be a hard link`);
  }
}

/** The header's values of the files. `long`: sizes of 64 bits, as version 6 has them always. */
export function entryValues(laid: readonly LaidEntry[], long: boolean): HeaderValue[] {
  if (laid.length === 0) return [];
  const directoryOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  const directories = new Map<string, number>();
  for (const { entry } of laid) {
    const directory = directoryOf(entry.path);
    if (!directories.has(directory)) directories.set(directory, directories.size);
  }
  const texts = (number: number, of: (item: LaidEntry) => string): HeaderValue => ({
    tag: number,
    type: "stringArray",
    value: laid.map(of),
  });
  const numbers = (
    number: number,
    of: (item: LaidEntry) => number,
    type: "int16" | "int32" = "int32",
  ): HeaderValue => ({
    tag: number,
    type,
    value: laid.map(of),
  });
  const values: HeaderValue[] = [
    long
      ? { tag: tag.longFileSizes, type: "int64", value: laid.map((item) => BigInt(item.size)) }
      : numbers(tag.fileSizes, (item) => item.size),
    numbers(tag.fileModes, (item) => item.mode, "int16"),
    numbers(tag.fileRdevs, (item) => item.entry.rdev ?? 0, "int16"),
    numbers(tag.fileMtimes, (item) => item.entry.mtime ?? 0),
    texts(tag.fileDigests, (item) => item.digest),
    texts(tag.fileLinkTos, (item) => item.entry.target ?? ""),
    numbers(tag.fileFlags, (item) => item.entry.flags ?? 0),
    texts(tag.fileUserName, (item) => item.entry.user ?? "root"),
    texts(tag.fileGroupName, (item) => item.entry.group ?? "root"),
    numbers(tag.fileVerifyFlags, (item) => item.entry.verifyFlags ?? FOUR_GIB - 1),
    numbers(tag.fileDevices, () => 1),
    numbers(tag.fileInodes, (item) => item.inode),
    texts(tag.fileLangs, (item) => item.entry.language ?? ""),
    numbers(tag.dirIndexes, (item) => directories.get(directoryOf(item.entry.path)) ?? 0),
    texts(tag.baseNames, (item) => item.entry.path.slice(directoryOf(item.entry.path).length)),
    { tag: tag.dirNames, type: "stringArray", value: [...directories.keys()] },
    { tag: tag.fileDigestAlgo, type: "int32", value: [8] },
  ];
  if (laid.some((item) => item.entry.capabilities)) {
    values.push(texts(tag.fileCaps, (item) => item.entry.capabilities ?? ""));
  }
  return values;
}

/** Bytes when installed: hard links count once, symbolic links with the length of their target, folders and ghosts not. */
export function installedSize(laid: readonly LaidEntry[]): number {
  const seen = new Set<number>();
  let size = 0;
  for (const item of laid) {
    if (item.entry.type === "dir" || item.isGhost || seen.has(item.inode)) continue;
    seen.add(item.inode);
    size += item.size;
  }
  return size;
}

/** Whether sizes need 64 bits, and the payload the form that has no sizes of its own. */
export function needsLong(laid: readonly LaidEntry[]): boolean {
  return laid.some((item) => item.size >= FOUR_GIB) || installedSize(laid) >= FOUR_GIB;
}

export function invalid(where: string, message: string): WeirError {
  return new WeirError("RPM_PACK_INVALID", message, { where, hints: ["change the description of the package"] });
}
