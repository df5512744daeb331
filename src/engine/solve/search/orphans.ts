import { decisionFor, type Search } from "./search.ts";

/** Decides about installed packages that no repository has: they stay where they can and no job drops them. */
export function resolveOrphaned(search: Search, from: number): { level: number; again: boolean } {
  const { work, engine } = search;
  let level = from;
  let any = false;
  for (const pkg of work.orphaned) {
    if (engine.valueOf(pkg) !== 0 || work.isDroppedOrphan(pkg)) continue;
    const old = level;
    level = search.decide(level, pkg, 0, decisionFor.orphan, false);
    any = true;
    if (level < old) break;
  }
  if (any) return { level, again: true };
  for (const pkg of work.orphaned) {
    if (engine.valueOf(pkg) !== 0) continue;
    const old = level;
    level = search.decide(level, -pkg, 0, decisionFor.orphan, false);
    if (level < old) return { level, again: true };
  }
  const needed = neededByOrphans(search);
  if (needed.length === 0) return { level, again: false };
  for (const pkg of search.policy.filter(needed, "choose")) {
    const old = level;
    level = search.decide(level, pkg, 0, decisionFor.orphan, false);
    if (level < old) break;
  }
  return { level, again: true };
}

/** What would meet the requirements of orphans that were turned off, where nothing does. */
function neededByOrphans(search: Search): number[] {
  const { work, engine, clauses } = search;
  const found = new Set<number>();
  for (const rule of work.areas.brokenOrphans) {
    const literals = clauses.literalsOf(rule);
    const isMet = literals.some((literal) =>
      literal < 0 ? engine.valueOf(-literal) <= 0 : engine.valueOf(literal) > 0 && !work.isInstalled(literal),
    );
    if (isMet) continue;
    for (const literal of literals)
      if (literal > 0 && engine.valueOf(literal) === 0 && !work.isInstalled(literal)) found.add(literal);
  }
  return [...found];
}
