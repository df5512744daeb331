import { formatNevra, messageOf, type Skip, WeirError } from "../../core/index.ts";
import { type ElfFile, isElf, readElf } from "../../formats/elf/index.ts";
import type { RpmFile, RpmPackage } from "../../formats/rpm/index.ts";
import { type Consumers, keyOf, mayBeElf } from "./consumers.ts";
import { compareElf, type ElfChange, isLinkable } from "./elf-diff.ts";
import { compareHeaders } from "./header-diff.ts";
import { plainPath } from "./package-index.ts";
import type { Change, OpenedPackage } from "./types.ts";

export interface ContentsDifference {
  readonly changes: readonly Change[];
  readonly comparedFiles: number;
  /** Every file is there again with equal content, and no other file. */
  readonly identical: boolean;
}

interface Library {
  readonly path: string;
  readonly elf: ElfFile;
}

/**
 * Compares the files of a package with those of its successors: what headers tell, then ELF files that differ, matched by soname and word
 * size, else by path. `elsewhere`: further packages after that hold libraries which moved.
 */
export async function compareContents(
  before: OpenedPackage,
  after: readonly OpenedPackage[],
  elsewhere: readonly OpenedPackage[],
  consumers: Consumers,
  skips: Skip[],
): Promise<ContentsDifference> {
  const successors = after.map((opened) => opened.package);
  const headers = compareHeaders(before.package, successors);
  const changes: Change[] = [...headers.changes];
  const digests = (packages: readonly OpenedPackage[]) =>
    new Set(packages.flatMap((opened) => opened.package.files.map((file) => file.digest)));
  const oldDigests = digests([before]);
  const newDigests = digests([...after, ...elsewhere]);
  const oldLibraries = await readLibraries(before, (file) => !newDigests.has(file.digest), skips);
  let compared = headers.equal;
  const isCandidate = new Set(before.package.files.filter((file) => mayBeElf(file)).map((file) => file.path));
  for (const path of headers.differing.keys()) if (!isCandidate.has(path)) compared++;
  if (oldLibraries.size > 0) {
    const bySoname = new Map<string, Library>();
    const byPath = new Map<string, Library>();
    for (const opened of [...after, ...elsewhere]) {
      for (const library of (await readLibraries(opened, (file) => !oldDigests.has(file.digest), skips)).values()) {
        if (!library.elf) continue;
        const found = { path: library.path, elf: library.elf };
        byPath.set(plainPath(library.path), found);
        if (library.elf.soname !== undefined) bySoname.set(`${library.elf.class} ${library.elf.soname}`, found);
      }
    }
    for (const { path, elf } of oldLibraries.values()) {
      if (elf === undefined) {
        if (isCandidate.has(path) && headers.differing.has(path)) compared++;
        continue;
      }
      const successor = (isLinkable(elf) && bySoname.get(`${elf.class} ${elf.soname}`)) || byPath.get(plainPath(path));
      if (!successor) continue;
      compared++;
      for (const item of await withConsumers(path, elf, compareElf(elf, successor.elf), consumers, before.package.name))
        changes.push(item);
    }
  }
  const identical = headers.differing.size === 0 && changes.length === 0 && sameFiles(before.package, successors);
  return { changes, comparedFiles: compared, identical };
}

function sameFiles(before: RpmPackage, after: readonly RpmPackage[]): boolean {
  const contentOf = (file: RpmFile) => `${file.mode} ${file.digest} ${file.linkTarget}`;
  const contents = new Map(after.flatMap((pkg) => pkg.files.map((file) => [file.path, contentOf(file)] as const)));
  return (
    contents.size === before.files.length && before.files.every((file) => contents.get(file.path) === contentOf(file))
  );
}

/** ELF files of a package by path; `elf` undefined for files that turned out to be something else. Damaged ones are skips. */
async function readLibraries(
  opened: OpenedPackage,
  wanted: (file: RpmFile) => boolean,
  skips: Skip[],
): Promise<Map<string, { path: string; elf: ElfFile | undefined }>> {
  const found = new Map<string, { path: string; elf: ElfFile | undefined }>();
  const nevra = formatNevra(opened.package);
  if (!opened.package.files.some((file) => mayBeElf(file) && wanted(file))) return found;
  for await (const { path, bytes } of opened.contents((file) => mayBeElf(file) && wanted(file))) {
    if (!isElf(bytes)) {
      found.set(path, { path, elf: undefined });
      continue;
    }
    try {
      found.set(path, { path, elf: readElf(bytes, `${nevra}${path}`) });
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      skips.push({ subject: `${nevra}${path}`, reason: `not compared: ${messageOf(error)}` });
    }
  }
  return found;
}

async function withConsumers(
  path: string,
  elf: ElfFile,
  differences: readonly ElfChange[],
  consumers: Consumers,
  name: string,
): Promise<Change[]> {
  if (differences.length === 0) return [];
  const soname = elf.soname ?? "";
  const symbols = differences.flatMap((difference) => (difference.symbol ? [difference.symbol] : []));
  const using = symbols.length > 0 ? await consumers.using(soname, symbols, name) : new Map<string, string[]>();
  return differences.map((difference) => {
    const users = difference.symbol
      ? (using.get(keyOf(difference.symbol)) ?? [])
      : difference.rule === "COMPAT005"
        ? consumers.needing(soname, name)
        : [];
    return {
      rule: difference.rule,
      // Weak code and vague linkage is carried by each user as a rule: only a real user proves a break.
      breaks: difference.breaks && (!difference.weak || users.length > 0),
      subject: difference.subject,
      what: difference.what,
      path,
      consumers: users,
    };
  });
}
