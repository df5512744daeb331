import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import type { Pool } from "../../pool/index.ts";
import { addExtra, listed } from "./extra.ts";
import { filterEvr, filterRelation, filterRepository, flatten, prune, withoutFlags } from "./filter.ts";
import { isGlob, matchesGlob } from "./glob.ts";
import { isEligible, packagesWhere } from "./packages.ts";
import type { Selected, SelectionOptions } from "./types.ts";

/**
 * The packages a pattern stands for, as selections of jobs: one for each name, provided name or path that matches. Empty where nothing does.
 * Follows libsolv's `selection_make`, so that what people write to package managers of that family means the same.
 */
export function selectPackages(pool: Pool, pattern: string, options: SelectionOptions): Selected[] {
  if (options.installedOnly === true && pool.installed < 0) return [];
  let found: Selected[] = [];
  if (options.filelist === true) found = byFile(pool, pattern, options);
  if (found.length === 0 && options.name === true) found = byRelation(pool, pattern, options, false);
  if (found.length === 0 && options.provides === true) found = byRelation(pool, pattern, options, true);
  if (found.length === 0 && options.canon === true) found = byCanon(pool, pattern, options);
  if (options.installedOnly === true) found = filterRepository(pool, found, pool.installed, ["setrepo"]);
  return options.flat === true ? flatten(pool, found) : found;
}

/** `name >= 1` cut in two, undefined where there is no comparison, or nothing before or after it. */
export function splitRelation(text: string): { name: string; op: number; evr: string } | undefined {
  const found = /^(.+?)[ \t]*(!?)([<=>]+)[ \t]*(.+)$/s.exec(text);
  if (found === null) return undefined;
  const [, name, not, comparison, evr] = found as unknown as [string, string, string, string, string];
  let op = 0;
  if (not === "!" && comparison.startsWith("=")) op = relationOp.less | relationOp.greater;
  for (const sign of not === "!" ? comparison.slice(1) : comparison)
    op |= sign === "<" ? relationOp.less : sign === ">" ? relationOp.greater : relationOp.equal;
  return { name, op, evr };
}

function byRelation(pool: Pool, pattern: string, options: SelectionOptions, provides: boolean): Selected[] {
  // Widening must come after the range is put on, and throwing out what is empty after that.
  const late = provides && (options.withDisabled === true || options.withBadArch === true);
  const split = options.relation === true ? splitRelation(pattern) : undefined;
  let found = byArch(pool, split?.name ?? pattern, options, provides, late);
  if (split !== undefined) found = filterRelation(pool, found, split.op, pool.columns.strings.internText(split.evr));
  if (late) found = addExtra(pool, found, options);
  return split !== undefined || late ? prune(pool, found) : found;
}

function byArch(pool: Pool, pattern: string, options: SelectionOptions, provides: boolean, late: boolean): Selected[] {
  const find = provides ? byProvides : byName;
  const found = find(pool, pattern, options);
  if (found.length > 0 || options.dotArch !== true) return found;
  const dot = pattern.lastIndexOf(".");
  const arch = dot < 0 ? undefined : archId(pool, pattern.slice(dot + 1));
  if (arch === undefined) return [];
  const bare = find(pool, pattern.slice(0, dot), isSourceArch(pool, arch) ? { ...options, sourceOnly: true } : options);
  const filtered = filterRelation(pool, bare, relationOp.arch, arch);
  return late ? filtered : prune(pool, filtered);
}

function byName(pool: Pool, pattern: string, given: SelectionOptions): Selected[] {
  const options = given.sourceOnly === true ? { ...given, withSource: false } : given;
  const { columns } = pool;
  const { strings } = columns;
  const found: Selected[] = [];
  if (options.noCase !== true && options.skipKind !== true) {
    const id = strings.find(pattern);
    if (id > 0) found.push(...byNameId(pool, id, options));
    if (found.length > 0) return found;
  }
  const glob = options.glob === true && isGlob(pattern);
  if (options.noCase !== true && options.skipKind !== true && !glob) return [];
  const matches = matcher(pattern, options);
  const seen = new Set<number>();
  packagesWhere(pool, (pkg) => {
    if (options.installedOnly === true && !pool.isInstalled(pkg)) return false;
    const name = columns.name[pkg] as number;
    if (seen.has(name) || !isEligible(pool, pkg, options)) return false;
    const text = strings.text(name);
    if (!matches(options.skipKind === true ? text.replace(/^[a-z]+:/, "") : text)) return false;
    seen.add(name);
    found.push(named(options.sourceOnly === true ? sourceOf(pool, name) : name));
    return true;
  });
  return addExtra(pool, found, options);
}

function byNameId(pool: Pool, id: number, given: SelectionOptions): Selected[] {
  const { columns } = pool;
  if (given.sourceOnly === true && given.installedOnly === true) return [];
  const matchId = given.sourceOnly === true ? sourceOf(pool, id) : id;
  const isUsual = (pkg: number): boolean =>
    columns.name[pkg] === id &&
    (given.installedOnly !== true || pool.isInstalled(pkg)) &&
    (given.sourceOnly === true
      ? pool.isSource(pkg) && pool.isConsidered(pkg)
      : pool.isInstalled(pkg) || pool.isInstallable(pkg));
  const widened = addExtra(pool, [named(matchId)], given);
  if (packagesWhere(pool, isUsual).length > 0) return widened;
  if (given.withBadArch === true || given.withDisabled === true)
    return widened[0]?.select.kind === "name" ? [] : widened;
  if (given.withSource === true && given.installedOnly !== true) {
    const isSource = (pkg: number): boolean => columns.name[pkg] === id && pool.isSource(pkg) && pool.isConsidered(pkg);
    if (packagesWhere(pool, isSource).length > 0) return [named(sourceOf(pool, id))];
  }
  return [];
}

function byProvides(pool: Pool, pattern: string, options: SelectionOptions): Selected[] {
  if (options.sourceOnly === true) return [];
  const { strings } = pool.columns;
  const usable = (id: number): boolean =>
    pool.providersOf(id).some((pkg) => options.installedOnly !== true || pool.isInstalled(pkg));
  const widens = options.withBadArch === true || options.withDisabled === true;
  if (options.noCase !== true) {
    const id = strings.find(pattern);
    if (id > 0) {
      if (usable(id)) return [provided(id)];
      if (widens && addExtra(pool, [provided(id)], options)[0]?.select.kind !== "provides") return [provided(id)];
    }
  }
  if (options.noCase !== true && !(options.glob === true && isGlob(pattern))) return [];
  const matches = matcher(pattern, options);
  const found: Selected[] = [];
  for (let id = 1; id < strings.count; id++) if (matches(strings.text(id)) && usable(id)) found.push(provided(id));
  if (widens && options.installedOnly !== true) {
    const { columns } = pool;
    const seen = new Set<number>();
    packagesWhere(pool, (pkg) => {
      if (pool.isSource(pkg) || pool.isInstalled(pkg) || !isEligible(pool, pkg, options)) return false;
      if (pool.isConsidered(pkg) && pool.archScore(pkg) > 0) return false;
      for (let id of pool.dependencies(pkg, "provides")) {
        while (id < 0) id = columns.relationName[~id] as number;
        if (seen.has(id) || pool.providersOf(id).length > 0) continue;
        seen.add(id);
        if (matches(strings.text(id))) found.push(provided(id));
      }
      return true;
    });
  }
  return found;
}

function byFile(pool: Pool, pattern: string, options: SelectionOptions): Selected[] {
  const glob = options.glob === true && isGlob(pattern);
  if (!pattern.startsWith("/") && !(glob && /^[*[?]/.test(pattern))) return [];
  const { columns } = pool;
  const matches = matcher(pattern, options);
  const byPath = new Map<number, number[]>();
  const known = new Map<number, boolean>();
  packagesWhere(pool, (pkg) => {
    if (options.installedOnly === true && !pool.isInstalled(pkg)) return false;
    if (!isEligible(pool, pkg, options)) return false;
    for (const path of pool.dependencies(pkg, "files")) {
      let fitting = known.get(path);
      if (fitting === undefined) known.set(path, (fitting = matches(columns.strings.text(path))));
      if (!fitting) continue;
      const packages = byPath.get(path);
      if (packages === undefined) byPath.set(path, [pkg]);
      else if (packages[packages.length - 1] !== pkg) packages.push(pkg);
    }
    return true;
  });
  const sets = new Map<string, Selected>();
  for (const packages of byPath.values()) sets.set(packages.join(), listed(packages));
  return [...sets.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, selected]) => selected);
}

/** name-version and name-version-release, each with .arch or without. */
function byCanon(pool: Pool, pattern: string, given: SelectionOptions): Selected[] {
  const last = pattern.lastIndexOf("-");
  if (last < 0) return [];
  const dot = pattern.lastIndexOf(".");
  const arch = dot > last ? archId(pool, pattern.slice(dot + 1)) : undefined;
  const body = arch === undefined ? pattern : pattern.slice(0, dot);
  const options = arch !== undefined && isSourceArch(pool, arch) ? { ...given, sourceOnly: true } : given;
  let cut = last;
  let found = byName(pool, body.slice(0, cut), options);
  if (found.length === 0) {
    cut = pattern.lastIndexOf("-", last - 1);
    if (cut < 0 || last === 0) return [];
    found = byName(pool, body.slice(0, cut), options);
  }
  if (arch !== undefined) found = prune(pool, filterRelation(pool, found, relationOp.arch, arch));
  return filterEvr(pool, found, body.slice(cut + 1));
}

function matcher(pattern: string, options: SelectionOptions): (text: string) => boolean {
  if (options.glob === true && isGlob(pattern)) return (text) => matchesGlob(pattern, text, options.noCase);
  if (options.noCase !== true) return (text) => text === pattern;
  const lower = pattern.toLowerCase();
  return (text) => text.toLowerCase() === lower;
}

/** An architecture that some package has and that runs here. */
function archId(pool: Pool, arch: string): number | undefined {
  const id = arch === "" ? -1 : pool.columns.strings.find(arch);
  if (id <= 0) return undefined;
  if (arch === "src" || arch === "nosrc" || arch === "noarch" || pool.archs === undefined) return id;
  return pool.archs.includes(arch) ? id : undefined;
}

function isSourceArch(pool: Pool, arch: number): boolean {
  return /^(no)?src$/.test(pool.columns.strings.text(arch));
}

function sourceOf(pool: Pool, name: number): DependencyId {
  return pool.columns.relation(name, relationOp.arch, pool.columns.strings.internText("src"));
}

function named(dependency: DependencyId): Selected {
  return withoutFlags({ kind: "name", dependency });
}

function provided(dependency: DependencyId): Selected {
  return withoutFlags({ kind: "provides", dependency });
}
