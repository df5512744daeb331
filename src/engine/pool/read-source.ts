import { readFile } from "node:fs/promises";
import { openStoredPieces, PrimaryScan, verifyStored } from "../../formats/rpmmd/index.ts";
import type { Pool } from "./pool.ts";
import type { LoadPoolOptions, PoolSource, StoredMetadata } from "./types.ts";

/**
 * Reads a source's primary metadata into the pool as repository `repository`. The stored bytes are verified before any of them is opened.
 * Errors: those of reading, verifying, opening and scanning.
 */
export async function readSource(
  pool: Pool,
  repository: number,
  source: PoolSource,
  options: LoadPoolOptions,
): Promise<void> {
  const { primary } = source;
  const scan = new PrimaryScan(pool.columns, repository, `${source.id}: ${primary.entry.location}`);
  for await (const piece of openMetadata(primary, options)) scan.push(piece);
  scan.finish();
}

/** Room at once for what the sources' metadata usually holds at its size, so that arrays seldom grow; it costs no memory until it is used. */
export function reserveFor({ columns }: Pool, sources: readonly PoolSource[]): void {
  const size = sources.reduce((sum, { primary }) => sum + (primary.entry.openSize ?? 0), 0);
  const room = Math.min(size, mostReserved);
  columns.strings.reserve(Math.floor(room / 700), Math.floor(room / 30));
  columns.addresses.reserve(0, Math.floor(room / 40));
  columns.reserve(Math.floor(room / 3000), Math.floor(room / 500), Math.floor(room / 110));
}

/** A repomd.xml may say anything. */
const mostReserved = 256 << 20;

/** The content of a metadata file piece by piece, verified. */
export async function* openMetadata(file: StoredMetadata, options: LoadPoolOptions): AsyncGenerator<Buffer> {
  const bytes = await readFile(typeof file.path === "string" ? file.path : await file.path());
  verifyStored(bytes, file.entry);
  const pieceSize = options.lowMemory === true ? 128 << 10 : 1 << 20;
  for await (const piece of openStoredPieces(bytes, file.entry, { limit: options.openLimit, pieceSize })) {
    options.signal?.throwIfAborted();
    yield piece;
  }
}
