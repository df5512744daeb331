import { compareText, formatPlace, type Skip } from "../../core/index.ts";
import { formatDependency } from "../../formats/rpm/index.ts";
import { type Closure, closureOf, type Reach } from "./closure.ts";
import { breakCycles } from "./cycles.ts";
import { makeNodes, type Node, nevrOf } from "./nodes.ts";
import { orderNodes } from "./order.ts";
import { Suggestions } from "./suggest.ts";
import type { BuildNode, BuildPlan, PlanInput } from "./types.ts";
import { Universe } from "./universe.ts";

/** Unresolved capabilities that get a suggestion; looking for more would only slow a hopeless plan. */
const maxSuggestions = 500;

/**
 * Plans the builds of a set of components: evaluates their specs, finds who provides what each buildroot installs (BuildRequires, and the Requires
 * of what comes in through them), breaks cycles with bootstrap builds, and orders all. A need that nothing is known to meet is a Skip, never a
 * guess. Equal input gives an equal plan. Errors: `PLAN_CYCLE`, `PLAN_COMPONENT_TWICE`.
 */
export function planBuild(input: PlanInput): BuildPlan {
  const skips: Skip[] = [];
  const universe = new Universe(input.assume ?? []);
  const nodes = makeNodes(input, universe, skips);
  const { cycles } = breakCycles(input, universe, nodes);
  const closures = nodes.map((_, index) => closureOf(universe, nodes, index, true));
  const needs = closures.map((closure) => closure.reaches.map((one) => one.node));
  const { sequence, waves } = orderNodes(
    needs,
    nodes.map((node) => node.id),
  );
  skips.push(...missingSkips(universe, nodes, closures));
  for (const node of nodes) {
    if (!node.spec.dynamicBuildRequires || node.bootstrap) continue;
    skips.push({
      subject: node.id,
      reason: "%generate_buildrequires finds more needs when it runs; they are not part of the order",
    });
  }
  return {
    schema: "weir/plan/1",
    arch: input.arch,
    nodes: sequence.map((index) => buildNode(universe, nodes, closures, index, waves[index] as number)),
    cycles,
    external: externals(universe, nodes, closures),
    skips: skips.sort((a, b) => compareText(a.subject, b.subject) || compareText(a.reason, b.reason)),
  };
}

function buildNode(
  universe: Universe,
  nodes: readonly Node[],
  closures: readonly Closure[],
  index: number,
  wave: number,
): BuildNode {
  const node = nodes[index] as Node;
  const edge = (reach: Reach) => ({
    on: (nodes[reach.node] as Node).id,
    capability: reach.capability,
    place: reach.place,
    kind: reach.kind,
    package: universe.packages[reach.package]?.name ?? "",
    ...(reach.rule === undefined ? {} : { rule: reach.rule }),
  });
  return {
    id: node.id,
    component: node.component.component,
    nevr: nevrOf(node.spec),
    with: node.with,
    without: node.component.without ?? [],
    buildRequires: node.spec.buildRequires.map(formatDependency),
    dynamicBuildRequires: node.spec.dynamicBuildRequires,
    edges: (closures[index] as Closure).reaches
      .map(edge)
      .sort((a, b) => compareText(a.kind, b.kind) || compareText(a.on, b.on)),
    packages: [...node.packages.keys()].sort(compareText),
    wave,
  };
}

function externals(universe: Universe, nodes: readonly Node[], closures: readonly Closure[]): BuildPlan["external"] {
  const found = new Map<string, { neededBy: Set<string>; providedBy: string }>();
  closures.forEach((closure, index) => {
    for (const { capability, package: one } of closure.external) {
      const providedBy = one === undefined ? "the buildroot" : (universe.packages[one]?.nevra ?? "");
      const entry = found.get(capability);
      if (entry === undefined) found.set(capability, { neededBy: new Set([(nodes[index] as Node).id]), providedBy });
      else entry.neededBy.add((nodes[index] as Node).id);
    }
  });
  return [...found]
    .map(([capability, { neededBy, providedBy }]) => ({
      capability,
      neededBy: [...neededBy].sort(compareText),
      providedBy,
    }))
    .sort((a, b) => compareText(a.capability, b.capability));
}

function missingSkips(universe: Universe, nodes: readonly Node[], closures: readonly Closure[]): Skip[] {
  const skips = new Map<string, Skip>();
  let suggestions: Suggestions | undefined;
  let suggested = 0;
  closures.forEach((closure, index) => {
    const node = nodes[index] as Node;
    for (const { capability, place, of, reason } of closure.missing) {
      const subject = of ?? node.component.component;
      const key = `${subject}\0${capability}\0${formatPlace(place)}`;
      if (skips.has(key)) continue;
      const what = of === undefined ? "needs" : "needs at run time";
      let text = `${formatPlace(place)}: ${what} ${capability}: ${reason}`;
      if (reason.startsWith("nothing") && suggested++ < maxSuggestions) {
        suggestions ??= new Suggestions(universe.names());
        const near = suggestions.near(capability.split(" ")[0] ?? "");
        if (near.length > 0) text += `; did you mean ${near.join(" or ")}?`;
      }
      skips.set(key, { subject, reason: text });
    }
  });
  return [...skips.values()];
}
