import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import { systemPackage } from "../../pool/index.ts";
import type { Workspace } from "../rules/workspace.ts";
import { chainOf } from "./fulfilled.ts";

/** All packages that a look at a dependency may find, conditions apart. */
export function lookedAt(work: Workspace, dependency: DependencyId): number[] {
  const { columns } = work;
  const op = dependency < 0 ? (columns.relationOp[~dependency] as number) : 0;
  const left = dependency < 0 ? (columns.relationName[~dependency] as number) : 0;
  const right = dependency < 0 ? (columns.relationEvr[~dependency] as number) : 0;
  if (op === relationOp.and) return chainOf(work, dependency).flatMap((part) => lookedAt(work, part));
  if (op === relationOp.if || op === relationOp.unless) {
    const isElse = right < 0 && columns.relationOp[~right] === relationOp.else;
    return [...lookedAt(work, left), ...(isElse ? lookedAt(work, columns.relationEvr[~right] as number) : [])];
  }
  if (op === relationOp.namespace && columns.strings.text(Math.max(0, left)) === "namespace:splitprovides") return [];
  return work.pool.providersOf(dependency);
}

/** Namespaces that erase jobs take away: a whole one as its name. */
export function namespaceErases(work: Workspace): DependencyId[] {
  const { columns, pool } = work;
  return work.jobs.flatMap(({ action, select }) => {
    if (action !== "erase" || select.kind !== "provides") return [];
    const id = select.dependency;
    if (id >= 0 || columns.relationOp[~id] !== relationOp.namespace) return [];
    if (columns.relationEvr[~id] === 0) return [columns.relationName[~id] as number];
    return pool.providersOf(id).length > 0 ? [] : [id];
  });
}

/** Supplements of installed packages that an erased namespace met and nothing else does. */
export function isNamespaceSupplement(work: Workspace, all: readonly number[], erased: DependencyId): DependencyId[] {
  const found = new Set<DependencyId>();
  for (const pkg of all) {
    for (const dependency of work.columns.listOf("supplements", pkg))
      if (dependency < 0 && isMet(work, dependency, erased) && !isMet(work, dependency, 0)) found.add(dependency);
  }
  return [...found];
}

function isMet(work: Workspace, dependency: DependencyId, namespace: DependencyId): boolean {
  const { columns } = work;
  if (dependency < 0) {
    const left = columns.relationName[~dependency] as number;
    switch (columns.relationOp[~dependency]) {
      case relationOp.and:
        return chainOf(work, dependency).every((part) => isMet(work, part, namespace));
      case relationOp.or:
        return chainOf(work, dependency).some((part) => isMet(work, part, namespace));
      case relationOp.namespace:
        if (columns.strings.text(Math.max(0, left)) === "namespace:splitprovides") return false;
        if (namespace !== 0 && (namespace === dependency || namespace === left)) return true;
        break;
      default:
    }
  }
  return work.pool.providersOf(dependency).some((pkg) => pkg === systemPackage || work.isInstalled(pkg));
}
