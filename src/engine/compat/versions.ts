import { compareEvr, type Evr, parseEvr } from "../../core/index.ts";
import type { Dependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";

/** Whether two versioned capabilities of one name share a version, by rpm's rules. One without version shares all. */
export function overlaps(a: Dependency, b: Dependency): boolean {
  if (a.op === undefined || b.op === undefined || a.evr === undefined || b.evr === undefined) return true;
  const order = compareEvr(parseEvr(a.evr), parseEvr(b.evr));
  const less = (dependency: Dependency) => dependency.op === "<" || dependency.op === "<=";
  const greater = (dependency: Dependency) => dependency.op === ">" || dependency.op === ">=";
  const equal = (dependency: Dependency) => dependency.op?.includes("=") === true;
  if (order < 0) return greater(a) || less(b);
  if (order > 0) return less(a) || greater(b);
  return (equal(a) && equal(b)) || (less(a) && less(b)) || (greater(a) && greater(b));
}

/** Whether a package's own version lies in the range of an Obsoletes, a Conflicts or the like. */
export function inRange(evr: string, range: Dependency): boolean {
  return overlaps({ name: range.name, op: "=", evr, flags: 0 }, range);
}

export function evrOf(pkg: PackageMetadata): Evr {
  return { epoch: pkg.epoch, version: pkg.version, release: pkg.release };
}

/** `name op evr`, as rpm prints it. */
export function formatDependency(dependency: Dependency): string {
  return dependency.op === undefined ? dependency.name : `${dependency.name} ${dependency.op} ${dependency.evr}`;
}
