import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import { newestByName } from "../search/newest.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Adds rules for several packages that obsolete the same installed one by the same dependency: whichever comes, the others come as well, so
 * that nothing is lost when a package was split.
 */
export function addYumObsoletesRules(work: Workspace): void {
  const { clauses, areas } = work;
  areas.yumobs.from = clauses.count;
  if (work.settings.yumObsoletes && work.obsoletedBy !== undefined) {
    for (const dependency of sharedObsoletes(work)) {
      const groups = obsoletingGroups(work, dependency);
      for (const group of groups) {
        for (const pkg of group) {
          if (work.isInstalled(pkg)) continue;
          for (const other of groups) {
            if (other === group) continue;
            clauses.add([-pkg, ...other]);
            areas.yumobsFor.push(dependency);
          }
        }
      }
    }
  }
  areas.yumobs.to = clauses.count;
}

/** Colours count here whenever they count anywhere. */
function coloursMeet(work: Workspace, a: number, b: number): boolean {
  const { obsoleteUsesColours, implicitObsoleteUsesColours } = work.settings;
  return !(obsoleteUsesColours || implicitObsoleteUsesColours) || work.coloursMeet(a, b);
}

function isObsolete(work: Workspace, installed: number, dependency: DependencyId): boolean {
  return work.settings.obsoleteUsesProvides || work.pool.isNamed(installed, dependency);
}

function sharedObsoletes(work: Workspace): DependencyId[] {
  const found = new Set<DependencyId>();
  for (const [pkg, obsoleters] of [...(work.obsoletedBy ?? [])].sort(([a], [b]) => a - b)) {
    for (const obsoleter of obsoleters) {
      for (const dependency of work.pool.dependencies(obsoleter, "obsoletes")) {
        const hits = work.pool
          .providersOf(dependency)
          .some(
            (other) => work.isInstalled(other) && isObsolete(work, other, dependency) && coloursMeet(work, pkg, other),
          );
        if (hits) found.add(dependency);
      }
    }
  }
  return [...found];
}

/** Packages that obsolete something installed by a dependency, by name; of names that are best. */
function obsoletingGroups(work: Workspace, dependency: DependencyId): number[][] {
  const { pool, columns } = work;
  const found = new Set<number>();
  for (const installed of pool.providersOf(dependency)) {
    if (!work.isInstalled(installed) || !isObsolete(work, installed, dependency)) continue;
    const candidates = [
      ...(work.obsoletedBy?.get(installed) ?? []),
      ...pool.providersOf(columns.name[installed] as number).filter((other) => work.sameName(installed, other)),
    ];
    for (const other of candidates) {
      if (!coloursMeet(work, installed, other)) continue;
      if (columns.listOf("obsoletes", other).includes(dependency)) found.add(other);
    }
  }
  const best = newestByName(work, [...found]);
  if (best.length < 2) return [];
  const groups = best.map((pkg) => [...found].filter((other) => work.sameName(pkg, other)));
  return groups.length > 1 ? groups : [];
}
