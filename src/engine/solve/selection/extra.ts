import type { Pool } from "../../pool/index.ts";
import { isNamed, packagesOf, packagesWhere } from "./packages.ts";
import type { Selected, SelectionOptions } from "./types.ts";

/**
 * Widens selections by name or by provides to source packages, packages of another architecture and disabled ones where the settings ask
 * for them: a selection that gains any becomes a list.
 */
export function addExtra(pool: Pool, selected: readonly Selected[], given: SelectionOptions): Selected[] {
  const options = given.installedOnly === true ? { ...given, withSource: false } : given;
  if (options.withSource !== true && options.withDisabled !== true && options.withBadArch !== true)
    return [...selected];
  return selected.map((item) => {
    const { select } = item;
    if ((select.kind !== "name" && select.kind !== "provides") || item.flags.length > 0) return item;
    const dependency = select.dependency;
    const byProvides = select.kind === "provides";
    const allowed = (pkg: number): boolean => options.installedOnly !== true || pool.isInstalled(pkg);
    const extra = new Set(
      packagesWhere(
        pool,
        (pkg) =>
          allowed(pkg) &&
          isExtra(pool, pkg, options) &&
          (byProvides ? pool.provides(pkg, dependency) : isNamed(pool, pkg, dependency)),
      ),
    );
    if (extra.size === 0) return item;
    const usual = byProvides
      ? packagesOf(pool, select).filter(allowed)
      : packagesWhere(pool, (pkg) => allowed(pkg) && isUsual(pool, pkg, options) && isNamed(pool, pkg, dependency));
    return listed([...new Set([...usual, ...extra])].sort((a, b) => a - b));
  });
}

/** Packages as one selection: a single one is fixed as it is. */
export function listed(packages: readonly number[], flags: Selected["flags"] = []): Selected {
  return packages.length === 1
    ? { select: { kind: "package", package: packages[0] as number }, flags: [...flags, "noautoset"] }
    : { select: { kind: "oneof", packages }, flags };
}

function isUsual(pool: Pool, pkg: number, options: SelectionOptions): boolean {
  if (pool.isSource(pkg)) return options.sourceOnly === true && pool.isConsidered(pkg);
  if (options.sourceOnly === true) return false;
  return pool.isInstalled(pkg) || (pool.isConsidered(pkg) && pool.archScore(pkg) > 0);
}

function isExtra(pool: Pool, pkg: number, options: SelectionOptions): boolean {
  const disabled = !pool.isConsidered(pkg);
  if (pool.isSource(pkg)) {
    if (disabled && options.withDisabled !== true) return false;
    return options.sourceOnly === true ? disabled : options.withSource === true;
  }
  if (options.sourceOnly === true || pool.isInstalled(pkg)) return false;
  const badArch = pool.archScore(pkg) === 0;
  if ((disabled && options.withDisabled !== true) || (badArch && options.withBadArch !== true)) return false;
  return disabled || badArch;
}
