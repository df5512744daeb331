import { compareEvr, compareText, editDistance, type Evr, formatEvr } from "../../core/index.ts";
import { formatDependency } from "../../formats/rpm/index.ts";
import type { Capabilities } from "./formula.ts";
import { evrOf } from "./match.ts";
import type { Pool } from "./pool.ts";
import type { Capability } from "./rich.ts";

/** What to do about a capability that nobody provides; `by` is the package that needs it. */
export function hintsForMissing(capability: Capability, by: number | undefined, context: Capabilities): string[] {
  const { pool } = context;
  const others = otherVersions(capability, by, pool);
  if (others.length > 0) return others;
  const elsewhere = otherArchitectures(capability.name, pool);
  if (elsewhere.length > 0) return [`${capability.name} is there only for ${elsewhere.join(", ")}`];
  if (capability.name.startsWith("/")) {
    const partial = pool.repositories.filter((repository) => !repository.filesComplete);
    if (partial.length === 0) return [];
    const ids = partial.map((repository) => repository.id).sort(compareText);
    return [`file lists of ${ids.join(", ")} are not loaded: ${capability.name} may be in them`];
  }
  const near = nearest(capability.name, pool);
  return near.length > 0
    ? [`did you mean ${near.join(" or ")}?`]
    : [`add a repository that has ${formatDependency(capability)}`];
}

function otherVersions(capability: Capability, by: number | undefined, pool: Pool): string[] {
  const [best] = pool.providers({ name: capability.name });
  if (best === undefined || capability.evr === undefined) return [];
  const has = providedVersion(pool, best, capability.name);
  const repository = pool.repository(best).id;
  const older = has !== undefined && compareEvr(has, evrOf(capability.evr)) < 0;
  const text = has === undefined ? pool.nevra(best) : `${capability.name} ${formatEvr(has)}`;
  const hints = [
    `${formatDependency(capability)} is needed, ${repository} has ${text}${older ? ", which is too old" : ""}`,
  ];
  const own = by === undefined ? undefined : pool.repository(by).id;
  if (own !== undefined && own !== repository) {
    hints.push(
      `${older ? repository : own} is older than ${older ? own : repository}: use repositories of the same date`,
    );
  }
  return hints;
}

function providedVersion(pool: Pool, index: number, name: string): Evr | undefined {
  const pkg = pool.package(index);
  const provide = pkg.provides.find((candidate) => candidate.name === name);
  if (provide?.evr !== undefined) return evrOf(provide.evr);
  return pkg.name === name ? { epoch: pkg.epoch, version: pkg.version, release: pkg.release } : undefined;
}

function otherArchitectures(name: string, pool: Pool): string[] {
  const found = new Set<string>();
  for (const repository of pool.repositories) {
    for (const pkg of repository.packages) if (pkg.name === name) found.add(pkg.arch);
  }
  return [...found].sort(compareText);
}

interface Names {
  readonly all: readonly string[];
  /** Which letters occur in each, one bit a letter class. */
  readonly letters: Int32Array;
}

const namesOf = new WeakMap<Pool, Names>();

function lettersOf(name: string): number {
  let bits = 0;
  for (let at = 0; at < name.length; at++) bits |= 1 << (name.charCodeAt(at) & 31);
  return bits;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function knownNames(pool: Pool): Names {
  let names = namesOf.get(pool);
  if (names === undefined) {
    const all = [...pool.providedNames()];
    names = { all, letters: Int32Array.from(all, lettersOf) };
    namesOf.set(pool, names);
  }
  return names;
}

/** Up to three provided names that differ by at most two letters, nearest first. */
function nearest(name: string, pool: Pool): string[] {
  const allowed = name.length < 5 ? 1 : 2;
  if (name.length > 200) return [];
  const { all, letters } = knownNames(pool);
  const own = lettersOf(name);
  const near: { name: string; distance: number }[] = [];
  for (const [index, candidate] of all.entries()) {
    if (Math.abs(candidate.length - name.length) > allowed) continue;
    // One change brings at most one letter and takes at most one away.
    if (bitCount(own ^ (letters[index] as number)) > 2 * allowed) continue;
    const distance = editDistance(name, candidate, allowed);
    if (distance <= allowed) near.push({ name: candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance || compareText(a.name, b.name));
  return near.slice(0, 3).map((candidate) => candidate.name);
}
