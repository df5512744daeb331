import { open, realpath } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { compareText, type DigestAlgorithm, digestOf, joinBelow, systemCode, WeirError } from "../../core/index.ts";
import { decompress } from "../archive/index.ts";
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

const storedLimit = 1 << 30;
const defaultOpenLimit = 1 << 30;

/**
 * Reads the repository in folder `root` (it holds `repodata/`). Each file's checksum is verified before the file is opened.
 * Packages keep the order of primary.xml. Errors: `RPMMD_NOT_FOUND`, `RPMMD_NO_DATA`, `RPMMD_TOO_LARGE`, `RPMMD_CHECKSUM_MISMATCH`,
 * `RPMMD_CHECKSUM_UNKNOWN`, `RPMMD_SIZE_MISMATCH`, `RPMMD_LINK_ESCAPE`, and those of the parsers.
 */
export async function readRepository(root: string, options: ReadRepositoryOptions = {}): Promise<Repository> {
  const id = options.id ?? basename(root);
  const limit = options.openLimit ?? defaultOpenLimit;
  const repomd = await readRepomd(root);
  const read = async (type: string) => {
    const entry = findEntry(repomd, type, id);
    return await decompress(await readEntry(root, entry), { where: entry.location, limit });
  };
  const label = (type: string) => findEntry(repomd, type, id).location;
  let packages = parsePrimary(await read("primary"), label("primary"));
  let filesComplete = false;
  if (options.filelists === true) {
    const lists = parseFilelists(await read("filelists"), label("filelists"));
    filesComplete = true;
    packages = packages.map((pkg) => {
      const files = lists.get(pkg.pkgid);
      if (files === undefined) filesComplete = false;
      return files === undefined ? pkg : { ...pkg, files };
    });
  }
  if (options.other === true) {
    const logs = parseOther(await read("other"), label("other"));
    packages = packages.map((pkg): PackageMetadata => ({ ...pkg, changelog: logs.get(pkg.pkgid) ?? [] }));
  }
  return { id, root, revision: repomd.revision, packages, filesComplete };
}

/** Reads `repodata/repomd.xml` below `root`. Errors: `RPMMD_NOT_FOUND`, `RPMMD_REPOMD_MALFORMED`. */
export async function readRepomd(root: string): Promise<Repomd> {
  const file = "repodata/repomd.xml";
  return parseRepomd(await readBelow(root, file, storedLimit), file);
}

/** Reads one file that repomd.xml names, as stored, and verifies its size and checksum. */
export async function readEntry(root: string, entry: RepomdEntry): Promise<Buffer> {
  const bytes = await readBelow(root, entry.location, storedLimit);
  if (entry.size !== undefined && entry.size !== bytes.length) {
    throw new WeirError(
      "RPMMD_SIZE_MISMATCH",
      `${entry.location} has ${bytes.length} bytes, repomd.xml says ${entry.size}`,
      { where: entry.location, hints: ["the repository changed while it was copied: copy it again, repomd.xml last"] },
    );
  }
  if (entry.checksum === undefined) {
    throw new WeirError("RPMMD_CHECKSUM_UNKNOWN", `repomd.xml has no checksum for ${entry.location}`, {
      where: entry.location,
      hints: ["create the metadata again with a tool that writes checksums"],
    });
  }
  const algorithm = digestAlgorithm(entry.checksum.type);
  if (algorithm === undefined) {
    throw new WeirError(
      "RPMMD_CHECKSUM_UNKNOWN",
      `${entry.location} has a checksum of unknown kind ${entry.checksum.type}`,
      { where: entry.location, hints: ["sha256, sha384, sha512, sha1 and md5 are known"] },
    );
  }
  const found = digestOf(bytes, algorithm);
  if (found !== entry.checksum.value.toLowerCase()) {
    throw new WeirError(
      "RPMMD_CHECKSUM_MISMATCH",
      `${entry.location} has ${algorithm} ${found}, repomd.xml says ${entry.checksum.value}`,
      { where: entry.location, hints: ["the file is damaged, or newer than repomd.xml: fetch both again"] },
    );
  }
  return bytes;
}

/** The algorithm a repomd checksum type names (`sha` is sha1), or undefined. */
export function digestAlgorithm(type: string): DigestAlgorithm | undefined {
  const name = type === "sha" ? "sha1" : type;
  return name === "sha256" || name === "sha512" || name === "sha384" || name === "sha1" || name === "md5"
    ? name
    : undefined;
}

function findEntry(repomd: Repomd, type: string, id: string): RepomdEntry {
  const entry = repomd.entries.find((candidate) => candidate.type === type);
  if (entry !== undefined) return entry;
  const there = repomd.entries.map((candidate) => candidate.type).sort(compareText);
  throw new WeirError("RPMMD_NO_DATA", `repository ${id} has no ${type} metadata`, {
    where: "repodata/repomd.xml",
    hints: [there.length === 0 ? "it names no metadata at all" : `it names ${there.slice(0, 20).join(", ")}`],
  });
}

async function readBelow(root: string, location: string, limit: number): Promise<Buffer> {
  const path = joinBelow(root, location);
  try {
    const real = await realpath(path);
    const realRoot = await realpath(root);
    if (!real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
      throw new WeirError("RPMMD_LINK_ESCAPE", `${location} is a link that leaves the repository`, {
        where: location,
        hints: ["replace the link by the file"],
      });
    }
    const handle = await open(real);
    try {
      const info = await handle.stat();
      if (!info.isFile()) throw notFound(root, location, undefined);
      if (info.size > limit) {
        throw new WeirError("RPMMD_TOO_LARGE", `${location} has more than ${limit} bytes`, {
          where: location,
          hints: ["no repository has metadata that large: the file is damaged, or made to exhaust memory"],
        });
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR" && code !== "EISDIR") throw error;
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
