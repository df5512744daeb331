import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import { isComplex, weakForm } from "../rules/normal-form.ts";
import { isEnhancing, isSupplementing } from "./fulfilled.ts";
import { decisionFor, type Search } from "./search.ts";

/** Packages that an answer recommends, those it installs for that among them; jobs that keep packages out do not count here. */
export function recommendations(search: Search): number[] {
  return withoutErasures(search, () => {
    const { engine, work } = search;
    const map = new Uint8Array(work.count);
    for (let at = 1; at < engine.decided; at++) {
      const pkg = engine.trail[at] as number;
      if (pkg > 0 && engine.why[at] === 0 && engine.reasons[engine.valueOf(pkg)] === decisionFor.weak) map[pkg] = 1;
    }
    return collect(search, "recommends", map, (pkg) => isSupplementing(work, pkg));
  });
}

/** Packages that an answer suggests. */
export function suggestions(search: Search): number[] {
  return withoutErasures(search, () =>
    collect(search, "suggests", new Uint8Array(search.work.count), (pkg) => isEnhancing(search.work, pkg)),
  );
}

function collect(
  search: Search,
  kind: "recommends" | "suggests",
  map: Uint8Array,
  asksItself: (pkg: number) => boolean,
): number[] {
  const { engine, work, policy } = search;
  const { lists, list } = work.columns;
  for (let at = 0; at < engine.decided; at++) {
    const pkg = engine.trail[at] as number;
    if (pkg < 0 || pkg >= work.count) continue;
    for (let place = list[kind][pkg] as number; lists[place] !== 0; place++) mark(search, lists[place] as number, map);
  }
  const obsolete = obsoletedByKept(search);
  const own = kind === "recommends" ? "supplements" : "enhances";
  const found: number[] = [];
  for (let pkg = 1; pkg < work.count; pkg++) {
    if (engine.valueOf(pkg) < 0 || obsolete.has(pkg)) continue;
    if (map[pkg] !== 1) {
      if (lists[list[own][pkg] as number] === 0 || !work.isInstallable(pkg) || !asksItself(pkg)) continue;
    }
    found.push(pkg);
  }
  return policy.filter(found, "suggest").sort((a, b) => a - b);
}

/** Marks what meets a dependency: what is decided for where there is such, else all that would. */
function mark(search: Search, dependency: DependencyId, map: Uint8Array): void {
  const { work, engine } = search;
  if (!isComplex(work.pool, dependency)) {
    markBlock(search, work.pool.providersOf(dependency), map);
    return;
  }
  const form = weakForm(work.pool, dependency);
  if (typeof form === "boolean") return;
  for (const block of form) {
    if (!block.some((literal) => literal < 0 && engine.valueOf(-literal) <= 0))
      markBlock(
        search,
        block.filter((literal) => literal > 0),
        map,
      );
  }
}

function markBlock({ engine }: Search, packages: readonly number[], map: Uint8Array): void {
  const chosen = packages.filter((pkg) => engine.valueOf(pkg) > 0);
  for (const pkg of chosen.length > 0 ? chosen : packages) map[pkg] = 1;
}

function obsoletedByKept({ work, engine }: Search): Set<number> {
  const found = new Set<number>();
  for (const pkg of work.installedPackages()) {
    if (engine.valueOf(pkg) <= 0 || work.isMultiversion(pkg)) continue;
    for (const dependency of work.pool.dependencies(pkg, "obsoletes"))
      for (const other of work.pool.providersOf(dependency)) found.add(other);
  }
  return found;
}

/** Runs with jobs that keep packages out turned off, and what was out for them alone undecided. */
function withoutErasures(search: Search, run: () => number[]): number[] {
  const { work, engine, clauses } = search;
  const { areas } = work;
  const off: number[] = [];
  for (let rule = areas.job.from; rule < areas.job.to; rule++)
    if (clauses.off[rule] === 0 && clauses.first(rule) < 0) off.push(rule);
  const values = off.length > 0 ? engine.value.slice() : undefined;
  for (const rule of off) clauses.off[rule] = 1;
  if (values !== undefined) {
    engine.refreshLearnt();
    undecideErasures(search);
  }
  search.weak.restart();
  const found = run();
  search.weak.restart();
  if (values !== undefined) engine.value.set(values);
  for (const rule of off) clauses.off[rule] = 0;
  if (values !== undefined) engine.refreshLearnt();
  return found;
}

function undecideErasures({ engine, clauses }: Search): void {
  const { value, variables } = engine;
  let any = false;
  for (let at = 0; at < engine.decided; at++) {
    const literal = engine.trail[at] as number;
    const rule = engine.why[at] as number;
    if (literal > 0 || rule <= 0 || clauses.off[rule] === 0) continue;
    value[variables + literal] = 0;
    value[variables - literal] = 0;
    any = true;
  }
  // What other rules keep out as well stays out.
  while (any) {
    any = false;
    for (let rule = 1; rule < clauses.count; rule++) {
      if (clauses.off[rule] === 1) continue;
      const open = clauses.literalsOf(rule).filter((literal) => engine.valueOf(literal) >= 0);
      const [literal = 0] = open;
      if (open.length !== 1 || literal >= 0 || engine.valueOf(literal) !== 0) continue;
      value[variables + literal] = 1;
      value[variables - literal] = -1;
      any = true;
    }
  }
}
