import { decisionFor, type Search } from "./search.ts";

/**
 * Decides about installed packages: those to be updated go to the best version, the others stay if they can, and what could not stay is
 * replaced by the best that can. Begins where there was trouble the last time.
 */
export function resolveInstalled(search: Search, from: number): number {
  const { work } = search;
  const firstPass = work.updateAll ? 2 : work.update !== undefined ? 0 : 1;
  let level = from;
  let at = search.installedAt;
  const total = work.installedTo - work.installedFrom;
  for (let pass = firstPass; pass < 3; ) {
    const passLevel = level;
    let needsThird = false;
    let trouble = false;
    for (let seen = 0; seen < total; ) {
      const pkg = at;
      const step = decideInstalled(search, level, pkg, pass);
      needsThird ||= step.later;
      const old = level;
      level = step.level;
      if (step.decided && level <= old) {
        if (level < passLevel) {
          trouble = true;
          break;
        }
        // What was taken back has to be looked at again.
        if (level < old) seen = 0;
        continue;
      }
      if (step.again) continue;
      at = at + 1 === work.installedTo ? work.installedFrom : at + 1;
      seen++;
    }
    if (trouble) {
      search.installedAt = at;
      if (level < from) return level;
      pass = firstPass;
      continue;
    }
    at = work.installedFrom;
    pass++;
    if (pass === 2 && !needsThird) break;
  }
  search.installedAt = at;
  return level;
}

interface Step {
  readonly level: number;
  /** Something was decided. */
  readonly decided: boolean;
  /** The package is for the third pass. */
  readonly later: boolean;
  /** There may be more to decide about the package. */
  readonly again: boolean;
}

function decideInstalled(search: Search, level: number, pkg: number, pass: number): Step {
  const { work, engine, clauses } = search;
  const { areas } = work;
  const nothing: Step = { level, decided: false, later: false, again: false };
  if (!work.isInstalled(pkg)) return nothing;
  const special = work.specialUpdaters?.get(pkg);
  if (engine.valueOf(pkg) > 0 && special === undefined) return nothing;
  if (pass === 0 && work.update !== undefined && work.update[pkg] !== 1) return nothing;
  const update = areas.update.from + pkg - work.installedFrom;
  const feature = areas.feature.from + pkg - work.installedFrom;
  let rule = clauses.first(update) === 0 || clauses.off[update] === 1 ? feature : update;
  if (clauses.first(rule) === 0) rule = update;
  if (clauses.first(rule) === 0) return nothing;
  if (work.noUpdate[pkg] !== 1 && (engine.valueOf(pkg) < 0 || work.isUpdated(pkg))) {
    if (pass === 1) return { ...nothing, later: true };
    const targets = work.updateTargets?.get(pkg);
    const limited = (candidates: number[]): number[] =>
      targets === undefined ? candidates : candidates.filter((other) => targets.includes(other));
    if (special !== undefined) {
      const best = specialUpdate(search, pkg, special, limited);
      if (best !== 0) {
        const of = clauses.first(feature) !== 0 ? feature : update;
        const next = search.choose(level, [best], of, decisionFor.update);
        return { level: next, decided: true, later: false, again: true };
      }
    }
    const candidates = limited(openUpdates(search, rule));
    if (candidates.length > 0) {
      const next = search.choose(level, candidates, rule, decisionFor.update);
      return { level: next, decided: true, later: false, again: true };
    }
  }
  if (engine.valueOf(pkg) !== 0) return nothing;
  // It is decided later whether it is dropped.
  if (work.cleandeps?.[pkg] === 1) return nothing;
  return { level: search.decide(level, pkg, update, decisionFor.keep), decided: true, later: false, again: true };
}

/** Undecided literals of an update rule that is not met. */
function openUpdates(search: Search, rule: number): number[] {
  const { clauses, engine } = search;
  const literals = clauses.literalsOf(rule);
  if (literals.some((literal) => engine.valueOf(literal) > 0)) return [];
  return literals.filter((literal) => engine.valueOf(literal) === 0);
}

/** The package that updates one which stands beside others of its name; 0 where there is none, or it is decided. */
function specialUpdate(
  search: Search,
  pkg: number,
  special: readonly number[],
  limited: (candidates: number[]) => number[],
): number {
  const { work, engine } = search;
  const candidates = [pkg, ...special].filter((other) => engine.valueOf(other) >= 0);
  // A twin that cannot come in tells the priority of the installed one's repository.
  const twins = candidates
    .filter((other) => work.isInstalled(other))
    .flatMap((other) =>
      special.filter((twin) => engine.valueOf(twin) < 0 && !work.isInstalled(twin) && work.identical(twin, other)),
    );
  const [best = 0] = search.policy.filter(limited([...candidates, ...twins]), "choose");
  return best !== pkg && best !== 0 && engine.valueOf(best) === 0 ? best : 0;
}
