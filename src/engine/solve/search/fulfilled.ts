import { type DependencyId, type ListKind, relationOp } from "../../../formats/rpmmd/index.ts";
import { featureLiterals } from "../rules/updates.ts";
import type { Workspace } from "../rules/workspace.ts";

/** How a dependency is met: not, by what was there, by something new (or by a namespace, where that is asked). */
type Met = 0 | 1 | 2;
type Ask = (work: Workspace, dependency: DependencyId) => Met;

function valueOf(work: Workspace, pkg: number): number {
  return work.engine?.valueOf(pkg) ?? 0;
}

function anyDecided(work: Workspace, dependency: DependencyId): boolean {
  const from = work.pool.whatProvides(dependency);
  const lists = work.pool.providerLists;
  for (let at = from; lists[at] !== 0; at++) if (valueOf(work, lists[at] as number) > 0) return true;
  return false;
}

/** The parts of a chain of `and` or of `or`, which leans to the right and may be long. */
export function chainOf(work: Workspace, dependency: DependencyId): DependencyId[] {
  const { relationOp: ops, relationName, relationEvr } = work.columns;
  const op = ops[~dependency];
  const parts: DependencyId[] = [];
  let rest = dependency;
  for (; rest < 0 && ops[~rest] === op; rest = relationEvr[~rest] as number) parts.push(relationName[~rest] as number);
  parts.push(rest);
  return parts;
}

/** Combines the answers to the parts of a boolean dependency; undefined for another kind. */
function combined(work: Workspace, dependency: DependencyId, ask: Ask): Met | undefined {
  const { relationOp: ops, relationName, relationEvr } = work.columns;
  const op = ops[~dependency] as number;
  const left = relationName[~dependency] as number;
  const right = relationEvr[~dependency] as number;
  const isElse = right < 0 && ops[~right] === relationOp.else;
  const best = (...parts: readonly Met[]): Met => (parts.includes(2) ? 2 : 1);
  switch (op) {
    case relationOp.and:
    case relationOp.or: {
      const met = chainOf(work, dependency).map((part) => ask(work, part));
      const enough = op === relationOp.and ? !met.includes(0) : met.some((part) => part !== 0);
      return enough ? best(...met.filter((part) => part === 2)) : 0;
    }
    case relationOp.if:
    case relationOp.unless: {
      if (isElse) {
        const condition = ask(work, relationName[~right] as number);
        const otherwise = relationEvr[~right] as number;
        const [whenMet, whenNot] = op === relationOp.if ? [left, otherwise] : [otherwise, left];
        if (condition === 0) return ask(work, whenNot);
        const answer = ask(work, whenMet);
        return answer !== 0 && condition === 2 ? 2 : answer;
      }
      const what = ask(work, left);
      const condition = ask(work, right);
      if (op === relationOp.if) return what === 0 && condition !== 0 ? 0 : best(what);
      return what === 0 || condition !== 0 ? 0 : best(what);
    }
    default:
      return undefined;
  }
}

function namespaceOf(work: Workspace, dependency: DependencyId): string | undefined {
  const { columns } = work;
  if (dependency >= 0 || columns.relationOp[~dependency] !== relationOp.namespace) return undefined;
  return columns.dependencyText(columns.relationName[~dependency] as number);
}

/** Whether what is decided to be installed meets a dependency. */
export function isFulfilled(work: Workspace, dependency: DependencyId): boolean {
  return fulfilled(work, dependency) !== 0;
}

function fulfilled(work: Workspace, dependency: DependencyId): Met {
  if (dependency < 0) {
    const parts = combined(work, dependency, fulfilled);
    if (parts !== undefined) return parts;
    if (namespaceOf(work, dependency) === "namespace:splitprovides")
      return isSplit(work, work.columns.relationEvr[~dependency] as number, false) ? 1 : 0;
  }
  return anyDecided(work, dependency) ? 1 : 0;
}

/** As {@link isFulfilled}; 2 where a package is part of it that was not installed before. */
function fulfilledByNew(work: Workspace, dependency: DependencyId): Met {
  if (dependency < 0) {
    const parts = combined(work, dependency, fulfilledByNew);
    if (parts !== undefined) return parts;
    const namespace = namespaceOf(work, dependency);
    if (namespace === "namespace:splitprovides")
      return isSplit(work, work.columns.relationEvr[~dependency] as number, false) ? 2 : 0;
    const name = work.columns.relationName[~dependency] as number;
    if (namespace !== undefined && work.namespaceJobs?.some((job) => job === dependency || job === name)) return 2;
  }
  let met: Met = 0;
  for (const pkg of work.pool.providersOf(dependency)) {
    if (valueOf(work, pkg) <= 0) continue;
    if (pkg > 1 && !work.isInstalled(pkg)) return 2;
    met = 1;
  }
  return met;
}

/** As {@link isFulfilled}; 2 where a namespace is part of it. */
function fulfilledByNamespace(work: Workspace, dependency: DependencyId): Met {
  let met: Met = 1;
  if (dependency < 0) {
    const parts = combined(work, dependency, fulfilledByNamespace);
    if (parts !== undefined) return parts;
    const namespace = namespaceOf(work, dependency);
    if (namespace === "namespace:splitprovides")
      return isSplit(work, work.columns.relationEvr[~dependency] as number, false) ? 2 : 0;
    if (namespace !== undefined) met = 2;
  }
  return anyDecided(work, dependency) ? met : 0;
}

/** Whether a namespace is anywhere in a dependency. */
export function isNamespaceDependency(work: Workspace, dependency: DependencyId): boolean {
  const { relationOp: ops, relationName, relationEvr } = work.columns;
  let id = dependency;
  while (id < 0) {
    if (ops[~id] === relationOp.namespace) return true;
    if (isNamespaceDependency(work, relationName[~id] as number)) return true;
    id = relationEvr[~id] as number;
  }
  return false;
}

/** Whether one of a set of packages may meet a dependency. */
export function isPossible(work: Workspace, dependency: DependencyId, among: Uint8Array): boolean {
  const { columns, pool } = work;
  if (dependency < 0) {
    const right = columns.relationEvr[~dependency] as number;
    switch (columns.relationOp[~dependency]) {
      case relationOp.if:
      case relationOp.unless:
        return true;
      case relationOp.and:
        return chainOf(work, dependency).every((part) => isPossible(work, part, among));
      case relationOp.or:
        return chainOf(work, dependency).some((part) => isPossible(work, part, among));
      case relationOp.namespace:
        if (namespaceOf(work, dependency) === "namespace:splitprovides") return isSplit(work, right, true);
        break;
      default:
    }
  }
  const from = pool.whatProvides(dependency);
  const lists = pool.providerLists;
  for (let at = from; lists[at] !== 0; at++) if (among[lists[at] as number] === 1) return true;
  return false;
}

/** A package was split: `name with path`, where the package of that name holds the path and is about to be updated. */
function isSplit(work: Workspace, dependency: DependencyId, possible: boolean): boolean {
  const { columns } = work;
  if (!work.settings.splitProvides || work.installed < 0 || dependency >= 0) return false;
  if (columns.relationOp[~dependency] !== relationOp.with) return false;
  const name = columns.relationName[~dependency] as number;
  const path = columns.relationEvr[~dependency] as number;
  // Only packages of that name count, so these are asked for the path, whoever else holds it.
  return work.pool.providersOf(name).some((pkg) => {
    if (!work.isInstalled(pkg) || columns.name[pkg] !== name) return false;
    if (!columns.listOf("files", pkg).includes(path) && !work.pool.provides(pkg, path)) return false;
    return possible || isUpdating(work, pkg);
  });
}

function isUpdating(work: Workspace, pkg: number): boolean {
  if (valueOf(work, pkg) >= 0) return false;
  return featureLiterals(work, pkg).some(
    (other) =>
      other > 0 &&
      other !== pkg &&
      valueOf(work, other) > 0 &&
      (!work.sameName(pkg, other) || work.compareEvr(other, pkg) > 0),
  );
}

function anyOf(work: Workspace, pkg: number, kind: ListKind): boolean {
  const { lists, list } = work.columns;
  for (let at = list[kind][pkg] as number; lists[at] !== 0; at++)
    if (isFulfilled(work, lists[at] as number)) return true;
  return false;
}

/** Whether a package supplements what is decided. */
export function isSupplementing(work: Workspace, pkg: number): boolean {
  return anyOf(work, pkg, "supplements");
}

export function isEnhancing(work: Workspace, pkg: number): boolean {
  return anyOf(work, pkg, "enhances");
}

/** Whether a package supplements something that is new, or a namespace where only these count. */
export function isNewlySupplementing(work: Workspace, pkg: number): boolean {
  const { settings, columns } = work;
  return columns.listOf("supplements", pkg).some((dependency) => {
    if (!settings.addAlreadyRecommended && fulfilledByNew(work, dependency) !== 2) return false;
    return !settings.onlyNamespaceRecommended || fulfilledByNamespace(work, dependency) === 2;
  });
}
