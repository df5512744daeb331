import type { Workspace } from "./workspace.ts";

/** Adds rules that keep out what jobs blacklist, where it is not installed. */
export function addBlackRules(work: Workspace): void {
  const { clauses, areas, columns } = work;
  areas.black.from = clauses.count;
  const selected = work.jobs.filter((job) => job.action === "blacklist").map((job) => work.selected(job.select));
  const installedNames = new Set(
    selected.flat().flatMap((pkg) => (work.isInstalled(pkg) ? [columns.name[pkg] as number] : [])),
  );
  for (const pkg of selected.flat())
    if (!work.isInstalled(pkg) && !installedNames.has(columns.name[pkg] as number)) clauses.addPair(-pkg);
  areas.black.to = clauses.count;
}

/** Adds rules that keep out packages which a repository of higher priority has as well. */
export function addStrictPriorityRules(work: Workspace, added: Uint8Array): void {
  const { clauses, areas, columns, pool } = work;
  areas.strictrepopriority.from = clauses.count;
  if (work.settings.strictRepoPriority) {
    const open = added.slice();
    const priority = (pkg: number): number => pool.repositories[columns.repository[pkg] as number]?.priority ?? 0;
    for (const pkg of work.added) {
      if (open[pkg] !== 1) continue;
      const all = pool.providersOf(columns.name[pkg] as number).filter((other) => work.sameName(pkg, other));
      const best = Math.max(priority(pkg), ...all.map(priority));
      for (const other of all) {
        if (open[other] !== 1) continue;
        open[other] = 0;
        if (!work.isInstalled(other) && priority(other) < best) clauses.addPair(-other);
      }
    }
  }
  areas.strictrepopriority.to = clauses.count;
}

/** Recommends that name disfavoured packages count for the others they name. */
export function addRecommendsRules(work: Workspace): void {
  const { clauses, areas } = work;
  areas.recommends.from = clauses.count;
  if (work.hasDisfavored && work.settings.strongRecommends) {
    for (const rule of areas.recommended) {
      const literals = clauses.literalsOf(rule);
      const left = literals.filter((literal) => literal < 0 || (work.favor?.[literal] ?? 0) >= 0);
      if (left.length === literals.length) continue;
      clauses.off[rule] = 1;
      if (left.length < 2 || !left.some((literal) => literal > 0)) continue;
      clauses.add(left);
      areas.recommendsOf.push(rule);
    }
  }
  areas.recommends.to = clauses.count;
}

/** Turns off what orphans need, as far as jobs do not drop them. */
export function breakOrphans(work: Workspace): void {
  const { clauses, areas } = work;
  if (work.installed < 0 || work.dropOrphanedAll) return;
  const orphans = new Set(work.orphaned.filter((pkg) => work.isInstalled(pkg) && !work.isDroppedOrphan(pkg)));
  for (let rule = areas.package.from; rule < areas.package.to; rule++) {
    const literals = clauses.literalsOf(rule);
    const [first = 0, second = 0] = literals;
    if (first >= 0 || (literals.length === 2 && second < 0)) continue;
    if (!literals.some((literal, at) => literal < 0 && orphans.has(-literal) && (at === 0 || literals.length > 2)))
      continue;
    areas.brokenOrphans.push(rule);
    clauses.off[rule] = 1;
  }
}
