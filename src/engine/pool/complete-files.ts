import { FilelistScan } from "../../formats/rpmmd/index.ts";
import type { Pool } from "./pool.ts";
import { openMetadata } from "./read-source.ts";
import type { LoadPoolOptions, PoolSource } from "./types.ts";

/**
 * Looks in the sources' file lists for paths that some dependency names and nobody in the pool provides, and adds them to the packages that
 * hold them. Says whether there were any; the pool is to be prepared then.
 */
export async function addMissingFiles(
  pool: Pool,
  sources: readonly PoolSource[],
  options: LoadPoolOptions,
): Promise<boolean> {
  const paths = pool.missingPaths();
  if (paths.length === 0) return false;
  let added = false;
  for (const [repository, source] of sources.entries()) {
    if (source.filelists === undefined) continue;
    const scan = new FilelistScan(paths, `${source.id}: ${source.filelists.entry.location}`);
    for await (const piece of openMetadata(source.filelists, options)) scan.push(piece);
    scan.finish();
    if (addFiles(pool, repository, scan.found)) added = true;
  }
  return added;
}

function addFiles({ columns }: Pool, repository: number, found: ReadonlyMap<string, readonly string[]>): boolean {
  if (found.size === 0) return false;
  let added = false;
  for (let pkg = 2; pkg < columns.count; pkg++) {
    if (columns.repository[pkg] !== repository) continue;
    const paths = found.get(columns.checksumOf(pkg).replace(/^[^:]*:/, ""));
    if (paths === undefined) continue;
    const ids = paths.map((path) => columns.strings.internText(path));
    columns.setList("files", pkg, [...columns.listOf("files", pkg), ...ids]);
    added = true;
  }
  return added;
}
