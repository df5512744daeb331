import { join } from "node:path";
import { systemCode } from "../../core/index.ts";
import { PackageColumns } from "../../formats/rpmmd/index.ts";
import { keepPool, readKeptPool } from "./cache.ts";
import { addMissingFiles } from "./complete-files.ts";
import { Pool } from "./pool.ts";
import { readSource, reserveFor } from "./read-source.ts";
import type { LoadedPool, LoadPoolOptions, PoolSource, StoredMetadata } from "./types.ts";

/**
 * A pool of all packages of the sources, ready to be asked who provides what. Repositories are numbered in the order given. Where
 * `cacheFolder` holds the pool of equal sources already, that one is loaded and no metadata is read. Errors: those of reading, verifying,
 * opening and scanning metadata.
 */
export async function loadPool(sources: readonly PoolSource[], options: LoadPoolOptions = {}): Promise<LoadedPool> {
  const { arch, cacheFolder } = options;
  const folder = cacheFolder === undefined ? undefined : join(cacheFolder, "pool");
  const key = keyOf(sources, arch);
  const kept = folder === undefined || key === undefined ? undefined : readKeptPool(folder, key);
  const pool = kept?.pool ?? new Pool(new PackageColumns());
  if (arch !== undefined) pool.setArch(arch);
  for (const { id, priority = 0, subPriority = 0 } of sources) pool.addRepository({ id, priority, subPriority });
  if (kept === undefined) await readAll(pool, sources, options);
  let filesComplete = kept?.filesComplete ?? false;
  let changed = kept === undefined;
  return {
    pool,
    fromCache: kept !== undefined,
    completeFiles: async () => {
      if (filesComplete) return false;
      const added = await addMissingFiles(pool, sources, options);
      filesComplete = true;
      changed = true;
      if (added) pool.prepare();
      return added;
    },
    save: async () => {
      if (folder === undefined || key === undefined || !changed) return;
      changed = false;
      await keepPool(folder, key, { pool, filesComplete }).catch((error: unknown) => {
        if (systemCode(error) === undefined) throw error;
      });
    },
  };
}

async function readAll(pool: Pool, sources: readonly PoolSource[], options: LoadPoolOptions): Promise<void> {
  options.beforeReading?.();
  try {
    reserveFor(pool, sources);
    for (const [repository, source] of sources.entries()) await readOne(pool, repository, source, options);
    pool.prepare();
  } finally {
    options.afterReading?.();
  }
}

async function readOne(pool: Pool, repository: number, source: PoolSource, options: LoadPoolOptions): Promise<void> {
  const step = options.progress?.step(`read ${source.id}`);
  try {
    await readSource(pool, repository, source, options);
    step?.end("done");
  } catch (error) {
    step?.end("failed");
    throw error;
  }
}

/** Everything that the pool is made from; undefined where a checksum is missing. */
function keyOf(sources: readonly PoolSource[], arch: string | undefined): string | undefined {
  const parts: unknown[] = [arch ?? null];
  for (const { id, priority = 0, subPriority = 0, primary, filelists } of sources) {
    const checksum = checksumOf(primary);
    if (checksum === undefined) return undefined;
    parts.push([id, priority, subPriority, checksum, (filelists && checksumOf(filelists)) ?? null]);
  }
  return JSON.stringify(parts);
}

function checksumOf({ entry }: StoredMetadata): string | undefined {
  return entry.checksum && `${entry.checksum.type}:${entry.checksum.value.toLowerCase()}`;
}
