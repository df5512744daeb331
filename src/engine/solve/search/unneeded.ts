import { isComplex, weakForm } from "../rules/normal-form.ts";
import type { Workspace } from "../rules/workspace.ts";
import { isPossible } from "./fulfilled.ts";
import { components } from "./newest.ts";
import { lookedAt } from "./supplements.ts";

/**
 * Leaves out of installed packages those that others of them brought along, by requirement, recommendation or supplement. Of circles all
 * stay. `onlySingle`: a dependency counts only where one installed package meets it.
 */
export function withoutNeeded(
  work: Workspace,
  packages: readonly number[],
  options: { readonly onlySingle: boolean },
): number[] {
  if (packages.length < 2) return [...packages];
  const places = new Map(packages.map((pkg, place) => [pkg, place]));
  const installed = new Uint8Array(work.count);
  for (const pkg of work.installedPackages()) installed[pkg] = 1;
  const required = packages.map((pkg) => needs(work, pkg, "requires", places, options.onlySingle));
  const weak = packages.map((pkg) => needs(work, pkg, "recommends", places, options.onlySingle));
  for (const [place, pkg] of packages.entries()) {
    for (const dependency of work.columns.listOf("supplements", pkg)) {
      if (!isPossible(work, dependency, installed)) continue;
      const asked = lookedAt(work, dependency);
      if (options.onlySingle && asked.length !== 1) continue;
      for (const other of asked) {
        const from = places.get(other);
        if (other !== pkg && from !== undefined) weak[from]?.push(place);
      }
    }
  }
  // First along all edges, then along weak ones among what is left: circles of both kinds are broken at the weak ones.
  const first = roots(
    required.map((edges, place) => [...edges, ...(weak[place] ?? [])]),
    () => true,
  );
  const second = roots(weak, (place) => first.has(place));
  return packages.filter((_, place) => first.has(place) && second.has(place));
}

/** Nodes of components that no other component leads into, among the nodes asked about. */
function roots(edges: readonly (readonly number[])[], isAsked: (place: number) => boolean): Set<number> {
  const kept = edges.map((targets, place) => (isAsked(place) ? targets.filter(isAsked) : []));
  const component = components(kept);
  const led = new Set<number>();
  for (const [place, targets] of kept.entries())
    for (const target of targets) if (component[target] !== component[place]) led.add(component[target] as number);
  return new Set([...kept.keys()].filter((place) => isAsked(place) && !led.has(component[place] as number)));
}

function needs(
  work: Workspace,
  pkg: number,
  kind: "requires" | "recommends",
  places: ReadonlyMap<number, number>,
  onlySingle: boolean,
): number[] {
  const { pool, columns } = work;
  const found = new Set<number>();
  const add = (other: number): void => {
    const place = places.get(other);
    if (other !== pkg && place !== undefined) found.add(place);
  };
  for (const dependency of columns.listOf(kind, pkg)) {
    if (isComplex(pool, dependency)) {
      const form = weakForm(pool, dependency);
      if (typeof form === "boolean") continue;
      for (const block of form) {
        if (block.some((literal) => literal < 0 && !work.isInstalled(-literal))) continue;
        for (const literal of block) if (literal > 0) add(literal);
      }
      continue;
    }
    const meeting = pool.providersOf(dependency).filter((other) => other !== pkg && work.isInstalled(other));
    if (!onlySingle || meeting.length === 1) for (const other of meeting) add(other);
  }
  return [...found];
}
