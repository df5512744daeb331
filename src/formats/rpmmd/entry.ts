import { compareText, type DigestAlgorithm, digestOf, WeirError } from "../../core/index.ts";
import { decompress, decompressStream } from "../archive/index.ts";
import type { Repomd, RepomdChecksum, RepomdEntry } from "./repomd.ts";

/** Most bytes of one metadata file opened, unless the caller says otherwise. */
export const defaultOpenLimit = 1 << 30;

const packings = ["", "_gz", "_xz", "_zst", "_bz2"];

/**
 * The entry that repomd.xml has for a kind of metadata. Where it has only a packed one (`group_gz`), that; never zchunk (`primary_zck`),
 * which repeats in chunks what the plain entry holds.
 */
export function entryOf(repomd: Repomd, type: string): RepomdEntry | undefined {
  for (const packing of packings) {
    const entry = repomd.entries.find((candidate) => candidate.type === type + packing);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** As {@link entryOf}. Errors: `RPMMD_NO_DATA`, which names what there is instead. */
export function needEntry(repomd: Repomd, type: string, id: string): RepomdEntry {
  const entry = entryOf(repomd, type);
  if (entry !== undefined) return entry;
  const there = repomd.entries.map((candidate) => candidate.type).sort(compareText);
  const zchunk = there.includes(`${type}_zck`);
  throw new WeirError("RPMMD_NO_DATA", `repository ${id} has no ${type} metadata${zchunk ? " but as zchunk" : ""}`, {
    where: "repodata/repomd.xml",
    hints: [
      zchunk
        ? `create the repository with ${type} beside ${type}_zck, as createrepo_c does`
        : there.length === 0
          ? "it names no metadata at all"
          : `it names ${there.slice(0, 20).join(", ")}`,
    ],
  });
}

/** The algorithm a repomd checksum type names (`sha` is sha1), or undefined. */
export function digestAlgorithm(type: string): DigestAlgorithm | undefined {
  const name = type === "sha" ? "sha1" : type;
  return name === "sha256" || name === "sha512" || name === "sha384" || name === "sha1" || name === "md5"
    ? name
    : undefined;
}

/** An entry's checksum with its algorithm. Errors: `RPMMD_CHECKSUM_UNKNOWN`. */
export function needChecksum(entry: RepomdEntry): { readonly algorithm: DigestAlgorithm; readonly hex: string } {
  if (entry.checksum === undefined) {
    throw new WeirError("RPMMD_CHECKSUM_UNKNOWN", `repomd.xml has no checksum for ${entry.location}`, {
      where: entry.location,
      hints: ["create the metadata again with a tool that writes checksums"],
    });
  }
  return known(entry, entry.checksum);
}

function known(entry: RepomdEntry, checksum: RepomdChecksum): { algorithm: DigestAlgorithm; hex: string } {
  const algorithm = digestAlgorithm(checksum.type);
  if (algorithm === undefined) {
    throw new WeirError("RPMMD_CHECKSUM_UNKNOWN", `${entry.location} has a checksum of unknown kind ${checksum.type}`, {
      where: entry.location,
      hints: ["sha256, sha384, sha512, sha1 and md5 are known"],
    });
  }
  return { algorithm, hex: checksum.value.toLowerCase() };
}

/** Verifies size and checksum of a file as stored. Errors: `RPMMD_SIZE_MISMATCH`, `RPMMD_CHECKSUM_UNKNOWN`, `RPMMD_CHECKSUM_MISMATCH`. */
export function verifyStored(bytes: Uint8Array, entry: RepomdEntry): void {
  verifySize(bytes.length, entry);
  const { algorithm, hex } = needChecksum(entry);
  const found = digestOf(bytes, algorithm);
  if (found !== hex) throw checksumMismatch(entry, algorithm, found);
}

/** Errors: `RPMMD_SIZE_MISMATCH`. */
export function verifySize(size: number, entry: RepomdEntry): void {
  if (entry.size === undefined || entry.size === size) return;
  throw new WeirError("RPMMD_SIZE_MISMATCH", `${entry.location} has ${size} bytes, repomd.xml says ${entry.size}`, {
    where: entry.location,
    hints: ["the repository changed while it was copied: copy it again, repomd.xml last"],
  });
}

export function checksumMismatch(entry: RepomdEntry, algorithm: string, found: string): WeirError {
  return new WeirError(
    "RPMMD_CHECKSUM_MISMATCH",
    `${entry.location} has ${algorithm} ${found}, repomd.xml says ${entry.checksum?.value}`,
    {
      where: entry.location,
      hints: ["the file is damaged, or newer than repomd.xml: fetch both again"],
    },
  );
}

/**
 * Opens a verified file: decompresses it and compares its opened size with repomd.xml's, before memory is taken where the packing tells.
 * The opened checksum adds nothing to the stored one that was verified, so it is not computed. Errors: `RPMMD_SIZE_MISMATCH`,
 * `RPMMD_ZCHUNK`, and those of decompressing.
 */
export async function openStored(bytes: Uint8Array, entry: RepomdEntry, limit = defaultOpenLimit): Promise<Buffer> {
  refuseZchunk(bytes, entry);
  const room = Math.min(limit, entry.openSize ?? limit);
  const opened = await decompress(bytes, { where: entry.location, limit: room }).catch((error: unknown) => {
    throw explainOpening(error, entry, limit);
  });
  if (entry.openSize !== undefined && opened.length !== entry.openSize) {
    throw openSizeMismatch(entry, String(opened.length));
  }
  return opened;
}

/** As {@link openStored}, in pieces of `pieceSize` bytes where the packing allows. A piece is valid until the next one is asked for. */
export async function* openStoredPieces(
  bytes: Uint8Array,
  entry: RepomdEntry,
  options: { readonly limit?: number | undefined; readonly pieceSize: number },
): AsyncGenerator<Buffer> {
  refuseZchunk(bytes, entry);
  const limit = options.limit ?? defaultOpenLimit;
  const room = Math.min(limit, entry.openSize ?? limit);
  let length = 0;
  try {
    for await (const piece of decompressStream(only(bytes), {
      where: entry.location,
      limit: room,
      pieceSize: options.pieceSize,
    })) {
      length += piece.length;
      yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    }
  } catch (error) {
    throw explainOpening(error, entry, limit);
  }
  if (entry.openSize !== undefined && length !== entry.openSize) throw openSizeMismatch(entry, String(length));
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function refuseZchunk(bytes: Uint8Array, entry: RepomdEntry): void {
  if (!isZchunk(bytes)) return;
  throw new WeirError("RPMMD_ZCHUNK", `${entry.location} is zchunk, which is not read`, {
    where: entry.location,
    hints: [`create the repository with ${entry.type.replace(/_zck$/, "")} in gzip or zstd beside it`],
  });
}

function explainOpening(error: unknown, entry: RepomdEntry, limit: number): unknown {
  const tooLarge = error instanceof WeirError && error.code === "ARCHIVE_TOO_LARGE";
  return tooLarge && entry.openSize !== undefined && entry.openSize < limit ? openSizeMismatch(entry, "more") : error;
}

function openSizeMismatch(entry: RepomdEntry, found: string): WeirError {
  return new WeirError(
    "RPMMD_SIZE_MISMATCH",
    `${entry.location} opens to ${found} bytes${found === "more" ? " than" : ", but"} repomd.xml says: ${entry.openSize}`,
    { where: entry.location, hints: ["repomd.xml and the file do not belong together: create the metadata again"] },
  );
}

/** Whether data begins as a zchunk file does. */
export function isZchunk(bytes: Uint8Array): boolean {
  const mark = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(5, bytes.length)).toString("latin1");
  return mark === "\0ZCK1" || mark === "\0ZHR1";
}
