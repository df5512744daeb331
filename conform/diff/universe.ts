import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { WeirError } from "../../src/core/index.ts";
import { loadPool, type Pool, type PoolSource } from "../../src/engine/pool/index.ts";
import { needEntry, parseRepomd } from "../../src/formats/rpmmd/index.ts";

/** A repository on disk that both sides read. */
export interface DiffRepository {
  readonly id: string;
  readonly directory: string;
  /** Path of its primary metadata, packed. */
  readonly primary: string;
}

export interface Universe {
  readonly repositories: readonly DiffRepository[];
  readonly arch: string;
  /** All packages, and the empty repository `@System` for what is installed. */
  readonly pool: Pool;
}

export const installedName = "@System";

/** Repositories in folders that hold `repodata/`. Errors: `CONFORM_REPOSITORY`, and those of reading metadata. */
export async function loadUniverse(directories: readonly string[], arch: string): Promise<Universe> {
  const sources: PoolSource[] = [];
  const repositories = directories.map((directory, index): DiffRepository => {
    const file = join(directory, "repodata/repomd.xml");
    if (!existsSync(file))
      throw new WeirError("CONFORM_REPOSITORY", "there is no repodata/repomd.xml", { where: directory });
    const entry = needEntry(parseRepomd(readFileSync(file), file), "primary", file);
    const primary = join(directory, entry.location);
    const bare = basename(directory).replace(/[^\w.-]/g, "_");
    const id = directories.length > 1 ? `${bare.slice(0, 40)}-${index + 1}` : bare;
    sources.push({ id, primary: { entry, path: primary } });
    return { id, directory, primary };
  });
  const { pool } = await loadPool(sources, { arch });
  pool.installed = pool.addRepository({ id: installedName, priority: 0, subPriority: 0 }).index;
  return { repositories, arch, pool };
}
