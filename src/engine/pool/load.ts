import { PackageColumns } from "../../formats/rpmmd/index.ts";
import { Pool } from "./pool.ts";
import { readSource } from "./read-source.ts";
import type { LoadedPool, LoadPoolOptions, PoolSource } from "./types.ts";

/**
 * A pool of all packages of the sources, ready to be asked who provides what. Repositories are numbered in the order given. Where
 * `cacheFolder` holds the pool of equal sources already, that one is loaded and no metadata is read. Errors: those of reading, verifying,
 * opening and scanning metadata.
 */
export async function loadPool(sources: readonly PoolSource[], options: LoadPoolOptions = {}): Promise<LoadedPool> {
  const pool = new Pool(new PackageColumns(), options.arch === undefined ? {} : { arch: options.arch });
  for (const source of sources) {
    const step = options.progress?.step(`read ${source.id}`);
    try {
      const { index } = pool.addRepository({
        id: source.id,
        priority: source.priority ?? 0,
        subPriority: source.subPriority ?? 0,
      });
      await readSource(pool, index, source, options);
      step?.end("done");
    } catch (error) {
      step?.end("failed");
      throw error;
    }
  }
  pool.prepare();
  return { pool, fromCache: false, save: async () => undefined };
}
