import type { Place } from "../../core/index.ts";
import type { Node } from "./nodes.ts";
import type { PlacedNeed, Universe, UniversePackage } from "./universe.ts";

/** The first reason why a node's buildroot needs another node. */
export interface Reach {
  readonly node: number;
  readonly package: number;
  readonly capability: string;
  readonly place: Place;
  readonly kind: "build" | "runtime";
  readonly rule: string | undefined;
}

export interface Closure {
  /** One for each node needed, in order of discovery: what the spec asks for itself comes first. */
  readonly reaches: readonly Reach[];
  /** Needs met by the machine (`package` undefined) or by a prebuilt package. */
  readonly external: readonly { readonly capability: string; readonly package: number | undefined }[];
  readonly missing: readonly {
    readonly capability: string;
    readonly place: Place;
    readonly of: string | undefined;
    readonly reason: string;
  }[];
}

/** Conditions that wait for each other longer than this are an attack, not a distribution. */
const maxRounds = 100;

/**
 * What the build of a node installs, followed through the runtime needs of what is installed. `detail` also tells what is external or missing,
 * which the search for cycles has no use for.
 */
export function closureOf(universe: Universe, nodes: readonly Node[], index: number, detail = false): Closure {
  const node = nodes[index] as Node;
  const reaches = new Map<number, Reach>();
  const external = new Map<string, number | undefined>();
  const missing = new Map<string, Closure["missing"][number]>();
  const installed = new Set<number>();
  const queue: number[] = [];
  const waiting: { readonly one: PlacedNeed; readonly of: number }[] = [];

  const take = (one: PlacedNeed, of: number): void => {
    const { capability, resolution } = universe.answer(one);
    if (resolution.kind === "missing") {
      if (!detail) return;
      const who = of < 0 ? undefined : (universe.packages[of] as UniversePackage).name;
      missing.set(`${who ?? ""}\0${capability}`, { capability, place: one.place, of: who, reason: resolution.reason });
      return;
    }
    if (resolution.kind === "assumed") {
      if (detail && !external.has(capability)) external.set(capability, undefined);
      return;
    }
    let chosen = resolution.package;
    const from = (universe.packages[chosen] as UniversePackage).node;
    if (from >= 0) {
      const standIn = node.standIns.get(from);
      if (node.leftToBuildroot.has(standIn ?? from) && universe.isAssumed(one.need.name)) {
        if (detail && !external.has(capability)) external.set(capability, undefined);
        return;
      }
      if (standIn !== undefined) {
        const name = (universe.packages[chosen] as UniversePackage).name;
        chosen = nodes[standIn]?.packages.get(name) ?? chosen;
      }
    }
    if (installed.has(chosen)) return;
    installed.add(chosen);
    queue.push(chosen);
    const found = (universe.packages[chosen] as UniversePackage).node;
    if (found < 0) {
      if (detail && !external.has(capability)) external.set(capability, chosen);
    } else if (!reaches.has(found)) {
      const kind = of < 0 ? "build" : "runtime";
      reaches.set(found, { node: found, package: chosen, capability, place: one.place, kind, rule: resolution.rule });
    }
  };

  const takeAll = (needs: readonly PlacedNeed[], of: number): void => {
    for (const one of needs) {
      if (one.when === undefined && one.unless === undefined) take(one, of);
      else waiting.push({ one, of });
    }
  };

  const drain = (): void => {
    for (let next = 0; next < queue.length; next++) {
      const of = queue[next] as number;
      takeAll((universe.packages[of] as UniversePackage).needs, of);
    }
    queue.length = 0;
  };

  takeAll(node.needs, -1);
  drain();
  // Conditions on what is installed: a need that comes in may make another condition true, so until nothing changes.
  const isThere = (name: string) => universe.isInstalled(name, (one) => installed.has(one));
  for (let round = 0; round < maxRounds; round++) {
    const now = waiting.splice(0);
    for (const pending of now) {
      const { one, of } = pending;
      const holds = (one.when === undefined || one.when.some(isThere)) && !one.unless?.some(isThere);
      if (holds) take(one, of);
      else waiting.push(pending);
    }
    const before = waiting.length;
    drain();
    if (before === now.length && waiting.length === before) break;
  }
  return {
    reaches: [...reaches.values()],
    external: [...external].map(([capability, one]) => ({ capability, package: one })),
    missing: [...missing.values()],
  };
}
