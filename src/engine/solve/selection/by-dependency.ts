import { type DependencyId, type ListKind, relationOp } from "../../../formats/rpmmd/index.ts";
import { type Pool, rangesMeet } from "../../pool/index.ts";
import { listed } from "./extra.ts";
import { flatten, selectedPackages } from "./filter.ts";
import { isGlob, matchesGlob } from "./glob.ts";
import { fits, isEligible, isNamed, packagesWhere } from "./packages.ts";
import { splitRelation } from "./select.ts";
import type { Selected, SelectionOptions } from "./types.ts";

/** Which list of a package is looked at; `name` is its own name and version. */
export type DependencySource = ListKind | "name";

/**
 * Packages that have a dependency: given as a pattern (a name, with a range under `relation`, or the whole text under `dependencyText`) or
 * as a dependency, which one in the list must meet, or be under `dependencyText`. `within` limits the packages that are looked at.
 */
export function selectByDependency(
  pool: Pool,
  wanted: string | DependencyId,
  source: DependencySource,
  given: SelectionOptions,
  within?: readonly Selected[],
): Selected[] {
  const options = given.dependencyText === true ? { ...given, relation: false } : given;
  const accepts =
    typeof wanted === "number" ? byId(pool, wanted, source, options) : byText(pool, wanted, source, options);
  return asSelected(pool, accepts, options, within);
}

/** Packages one of whose dependencies in a list that package meets, by itself alone. */
export function selectByProvider(
  pool: Pool,
  provider: number,
  source: ListKind,
  options: SelectionOptions,
  within?: readonly Selected[],
): Selected[] {
  const meets = new Map<DependencyId, boolean>();
  const accepts = (pkg: number): boolean => {
    if (pkg === provider) return false;
    for (const id of pool.dependencies(pkg, source)) {
      let met = meets.get(id);
      if (met === undefined) meets.set(id, (met = meetsAlone(pool, provider, id, 0)));
      if (met) return true;
    }
    return false;
  };
  return asSelected(pool, accepts, options, within);
}

function asSelected(
  pool: Pool,
  accepts: (pkg: number) => boolean,
  options: SelectionOptions,
  within: readonly Selected[] | undefined,
): Selected[] {
  const scope = within === undefined ? undefined : new Set(selectedPackages(pool, within));
  const found = packagesWhere(
    pool,
    (pkg) =>
      (scope === undefined || scope.has(pkg)) &&
      (options.installedOnly !== true || pool.isInstalled(pkg)) &&
      isEligible(pool, pkg, options) &&
      accepts(pkg),
  );
  const selected = found.map((pkg) => listed([pkg]));
  return options.flat === true ? flatten(pool, selected) : selected;
}

function byId(
  pool: Pool,
  wanted: DependencyId,
  source: DependencySource,
  options: SelectionOptions,
): (pkg: number) => boolean {
  const { columns } = pool;
  if (source === "name") {
    if (options.dependencyText !== true) return (pkg) => isNamed(pool, pkg, wanted);
    if (wanted >= 0 || columns.relationOp[~wanted] !== relationOp.equal) return () => false;
    const name = columns.relationName[~wanted];
    const evr = columns.relationEvr[~wanted];
    return (pkg) => columns.name[pkg] === name && columns.evr[pkg] === evr;
  }
  return (pkg) => {
    for (const id of pool.dependencies(pkg, source))
      if (options.dependencyText === true ? id === wanted : matchesDependency(pool, id, wanted, 0)) return true;
    return false;
  };
}

function byText(
  pool: Pool,
  pattern: string,
  source: DependencySource,
  options: SelectionOptions,
): (pkg: number) => boolean {
  const { columns } = pool;
  const { strings } = columns;
  const split = options.relation === true ? splitRelation(pattern) : undefined;
  const name = split?.name ?? pattern;
  const evr = split === undefined ? 0 : strings.internText(split.evr);
  const op = split?.op ?? 0;
  const glob = options.glob === true && isGlob(name);
  if (!glob && options.noCase !== true && options.dependencyText !== true) {
    const id = strings.internText(name);
    return byId(pool, op === 0 ? id : columns.relation(id, op, evr), source, options);
  }
  const lower = name.toLowerCase();
  const matches = (text: string): boolean => {
    if (glob) return matchesGlob(name, text, options.noCase);
    return options.noCase === true ? text.toLowerCase() === lower : text === name;
  };
  if (source === "name") {
    return (pkg) => {
      const own = strings.text(columns.name[pkg] as number);
      if (options.dependencyText === true) return matches(`${own} = ${strings.text(columns.evr[pkg] as number)}`);
      return matches(own) && (op === 0 || fits(pool, pkg, op, evr));
    };
  }
  return (pkg) => {
    for (const id of pool.dependencies(pkg, source)) {
      if (
        options.dependencyText === true ? matches(columns.dependencyText(id)) : hasLeaf(pool, id, matches, op, evr, 0)
      )
        return true;
    }
    return false;
  };
}

/** Whether a dependency asks for a name that matches, in a range that meets the one given. What is excluded or a condition does not count. */
function hasLeaf(
  pool: Pool,
  id: DependencyId,
  matches: (text: string) => boolean,
  op: number,
  evr: number,
  depth: number,
): boolean {
  const { columns } = pool;
  if (depth > 200) return false;
  if (id >= 0) return matches(columns.strings.text(id));
  const own = columns.relationOp[~id] as number;
  const left = columns.relationName[~id] as number;
  const right = columns.relationEvr[~id] as number;
  const inside = (part: DependencyId): boolean => hasLeaf(pool, part, matches, op, evr, depth + 1);
  if (own > 7) {
    if (inside(left)) return true;
    if (own === relationOp.and || own === relationOp.or || own === relationOp.with) return inside(right);
    const hasElse = right < 0 && columns.relationOp[~right] === relationOp.else;
    return (
      (own === relationOp.if || own === relationOp.unless) && hasElse && inside(columns.relationEvr[~right] as number)
    );
  }
  return inside(left) && (op === 0 || rangesMeet(columns.strings, own, right, op, evr));
}

/** Whether a dependency of any shape has a part that meets the wanted one. */
function matchesDependency(pool: Pool, id: DependencyId, wanted: DependencyId, depth: number): boolean {
  const { columns } = pool;
  if (depth > 200) return false;
  const op = id < 0 ? (columns.relationOp[~id] as number) : 0;
  if (op <= 7) {
    const wantedOp = wanted < 0 ? (columns.relationOp[~wanted] as number) : 0;
    if (wantedOp > 7) return wanted === id;
    return pool.matches(id, wanted);
  }
  const left = columns.relationName[~id] as number;
  const right = columns.relationEvr[~id] as number;
  if (matchesDependency(pool, left, wanted, depth + 1)) return true;
  if (op === relationOp.and || op === relationOp.or || op === relationOp.with)
    return matchesDependency(pool, right, wanted, depth + 1);
  const hasElse = right < 0 && columns.relationOp[~right] === relationOp.else;
  return (
    (op === relationOp.if || op === relationOp.unless) &&
    hasElse &&
    matchesDependency(pool, columns.relationEvr[~right] as number, wanted, depth + 1)
  );
}

/** Whether one package alone meets a dependency, or a part of it that asks for something. */
function meetsAlone(pool: Pool, provider: number, id: DependencyId, depth: number): boolean {
  const { columns } = pool;
  if (depth > 200) return false;
  const op = id < 0 ? (columns.relationOp[~id] as number) : 0;
  if (op <= 7) return pool.providersOf(id).includes(provider);
  const left = columns.relationName[~id] as number;
  const right = columns.relationEvr[~id] as number;
  const meets = (part: DependencyId): boolean => meetsAlone(pool, provider, part, depth + 1);
  switch (op) {
    case relationOp.and:
    case relationOp.or:
      return meets(left) || meets(right);
    case relationOp.if:
    case relationOp.unless:
      return (
        meets(left) ||
        (right < 0 && columns.relationOp[~right] === relationOp.else && meets(columns.relationEvr[~right] as number))
      );
    default:
      return pool.providersOf(id).includes(provider);
  }
}
