import { addMetadata, Pool } from "../../src/engine/pool/index.ts";
import type { Repository } from "../../src/formats/rpmmd/index.ts";

/** A prepared pool over repository values; `installed` is the id of the one that holds what is installed. */
export function poolOf(
  repositories: readonly Repository[],
  options: { readonly arch?: string; readonly installed?: string; readonly withDisabled?: boolean } = {},
): Pool {
  const pool = new Pool(undefined, { arch: options.arch ?? "x86_64" });
  for (const repository of repositories) {
    const { index } = pool.addRepository({ id: repository.id, priority: 0, subPriority: 0 });
    addMetadata(pool, index, repository.packages);
    if (repository.id === options.installed) pool.installed = index;
  }
  pool.providersWithDisabled = options.withDisabled ?? true;
  pool.prepare();
  return pool;
}
