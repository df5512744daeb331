import { type Evr, parseEvr } from "../../core/index.ts";
import type { Dependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import { contains } from "../solve/index.ts";

/** Whether a package's own version lies in the range of an Obsoletes, a Conflicts or the like. */
export function inRange(evr: string, range: Dependency): boolean {
  return contains(range, parseEvr(evr));
}

export function evrOf(pkg: PackageMetadata): Evr {
  return { epoch: pkg.epoch, version: pkg.version, release: pkg.release };
}
