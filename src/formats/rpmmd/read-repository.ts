import { basename } from "node:path";
import { readBelow } from "./below.ts";
import { defaultOpenLimit, needEntry, openStored, verifyStored } from "./entry.ts";
import { parseFilelists, parseOther } from "./read-lists.ts";
import { parsePrimary } from "./read-primary.ts";
import { parseRepomd, type Repomd, type RepomdEntry } from "./repomd.ts";
import type { PackageMetadata, Repository } from "./types.ts";

export interface ReadRepositoryOptions {
  /** Name in messages and answers; default: the folder's own. */
  readonly id?: string;
  /** Also reads filelists, so that `files` are complete. Default false. */
  readonly filelists?: boolean;
  /** Also reads other, so that `changelog` is filled. Default false. */
  readonly other?: boolean;
  /** Bytes that one opened metadata file may have. Default 1 GiB. */
  readonly openLimit?: number;
}

/**
 * Reads the repository in folder `root` (it holds `repodata/`). Each file's checksum is verified before the file is opened.
 * Packages keep the order of primary.xml. Errors: `RPMMD_NOT_FOUND`, `RPMMD_NO_DATA`, `RPMMD_TOO_LARGE`, `RPMMD_CHECKSUM_MISMATCH`,
 * `RPMMD_CHECKSUM_UNKNOWN`, `RPMMD_SIZE_MISMATCH`, `RPMMD_LINK_ESCAPE`, `RPMMD_ZCHUNK`, and those of the parsers.
 */
export async function readRepository(root: string, options: ReadRepositoryOptions = {}): Promise<Repository> {
  const id = options.id ?? basename(root);
  const limit = options.openLimit ?? defaultOpenLimit;
  const repomd = await readRepomd(root);
  const read = async (type: string) => {
    const entry = needEntry(repomd, type, id);
    return await openStored(await readEntry(root, entry), entry, limit);
  };
  return await gatherRepository({ id, root, repomd, read }, options);
}

/** Where {@link gatherRepository} gets metadata from. */
export interface MetadataSource {
  readonly id: string;
  readonly root: string;
  readonly repomd: Repomd;
  /** Content of a kind of metadata, verified and opened. */
  read(type: string): Promise<Buffer>;
}

/** Reads a repository wherever its metadata comes from. Errors: `RPMMD_NO_DATA`, and those of reading and of the parsers. */
export async function gatherRepository(
  source: MetadataSource,
  options: Pick<ReadRepositoryOptions, "filelists" | "other"> = {},
): Promise<Repository> {
  const { id, root, repomd } = source;
  const label = (type: string) => needEntry(repomd, type, id).location;
  let packages = parsePrimary(await source.read("primary"), label("primary"));
  let filesComplete = false;
  if (options.filelists === true) {
    const lists = parseFilelists(await source.read("filelists"), label("filelists"));
    filesComplete = true;
    packages = packages.map((pkg) => {
      const files = lists.get(pkg.pkgid);
      if (files === undefined) filesComplete = false;
      return files === undefined ? pkg : { ...pkg, files };
    });
  }
  if (options.other === true) {
    const logs = parseOther(await source.read("other"), label("other"));
    packages = packages.map((pkg): PackageMetadata => ({ ...pkg, changelog: logs.get(pkg.pkgid) ?? [] }));
  }
  return { id, root, revision: repomd.revision, packages, filesComplete };
}

/** Reads `repodata/repomd.xml` below `root`. Errors: `RPMMD_NOT_FOUND`, `RPMMD_REPOMD_MALFORMED`. */
export async function readRepomd(root: string): Promise<Repomd> {
  const file = "repodata/repomd.xml";
  return parseRepomd(await readBelow(root, file), file);
}

/** Reads one file that repomd.xml names, as stored, and verifies its size and checksum. */
export async function readEntry(root: string, entry: RepomdEntry): Promise<Buffer> {
  const bytes = await readBelow(root, entry.location);
  verifyStored(bytes, entry);
  return bytes;
}
