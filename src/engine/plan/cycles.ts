import { compareText, formatPlace, WeirError } from "../../core/index.ts";
import type { EvaluatedSpec } from "../../formats/spec/index.ts";
import { type Closure, closureOf } from "./closure.ts";
import { makeBootstrapNode, type Node } from "./nodes.ts";
import { cyclicComponents, type Graph, makeGraph, shortestCycle } from "./scc.ts";
import type { BuildCycle, PlanInput } from "./types.ts";
import type { Universe } from "./universe.ts";

const manyMembers = 200;

const defaultConditions = ["bootstrap", "bootstrapping", "boot", "stage1", "build_bootstrap", "with_bootstrap"];

/**
 * Makes the graph of builds acyclic: where builds need each other, the one whose bootstrap build leaves the least of the cycle is built twice, first
 * without what it needs from the cycle. Adds nodes and gives the closure of each. Error: `PLAN_CYCLE` where nothing breaks a cycle.
 */
export function breakCycles(
  input: PlanInput,
  universe: Universe,
  nodes: Node[],
): { readonly closures: Closure[]; readonly cycles: BuildCycle[] } {
  const closures = nodes.map((_, index) => closureOf(universe, nodes, index));
  const cycles: BuildCycle[] = [];
  const names = new Set(input.bootstrapConditions ?? defaultConditions);
  const tried = new Map<number, Node | undefined>();
  for (;;) {
    const graph = graphOf(closures);
    const cyclic = cyclicComponents(graph);
    if (cyclic.length === 0) return { closures, cycles };
    for (const members of cyclic) cycles.push(cutOne(input, universe, nodes, closures, graph, members, names, tried));
  }
}

function graphOf(closures: readonly Closure[]): Graph {
  return makeGraph(closures.map((closure) => closure.reaches.map((reach) => reach.node)));
}

/** The spec's condition for a first build: one that is off and has such a name. */
function bootstrapCondition(spec: EvaluatedSpec, names: ReadonlySet<string>): string | undefined {
  return spec.conditions.find((one) => !one.value && names.has(one.name))?.name;
}

interface Candidate {
  readonly node: number;
  readonly condition: string;
  /** Builds that still need each other afterwards. */
  readonly left: number;
  /** Capabilities that the first build goes without. */
  readonly dropped: readonly string[];
}

function cutOne(
  input: PlanInput,
  universe: Universe,
  nodes: Node[],
  closures: Closure[],
  graph: Graph,
  members: readonly number[],
  names: ReadonlySet<string>,
  tried: Map<number, Node | undefined>,
): BuildCycle {
  const inside = new Set(members);
  const candidates: Candidate[] = [];
  for (const member of members) {
    const node = nodes[member] as Node;
    const condition = node.bootstrap ? undefined : bootstrapCondition(node.spec, names);
    if (condition === undefined || [...node.standIns.keys()].includes(member)) continue;
    let trial = tried.get(member);
    if (!tried.has(member)) {
      trial = evaluateTrial(input, universe, nodes, node, condition);
      tried.set(member, trial);
    }
    if (trial === undefined) continue;
    const kept = new Set(trial.spec.buildRequires.map((one) => `${one.name} ${one.op ?? ""} ${one.evr ?? ""}`));
    const dropped = node.spec.buildRequires.filter((one) => !kept.has(`${one.name} ${one.op ?? ""} ${one.evr ?? ""}`));
    if (dropped.length === 0) continue;
    const reach = closureOf(universe, [...nodes, trial], nodes.length).reaches.map((one) => one.node);
    const before = (closures[member] as Closure).reaches.filter((one) => inside.has(one.node)).length;
    if (reach.filter((one) => inside.has(one)).length >= before || reach.includes(member)) continue;
    const left = remaining(graph, members, member, reach, closures, universe, trial);
    if (left >= members.length) continue;
    candidates.push({ node: member, condition, left, dropped: dropped.map((one) => one.name) });
  }
  candidates.sort(
    (a, b) =>
      a.left - b.left ||
      a.dropped.length - b.dropped.length ||
      compareText((nodes[a.node] as Node).id, (nodes[b.node] as Node).id),
  );
  // One cut at a time finds the fewest; in a cycle of thousands each frees little but itself, and the fewest are not worth the time.
  const chosen = members.length > manyMembers ? candidates : candidates.slice(0, 1);
  if (chosen.length > 0) return applyBootstraps(input, universe, nodes, closures, graph, members, chosen);
  const left = leaveToBuildroot(universe, nodes, closures, graph, members);
  if (left !== undefined) return left;
  throw cycleError(nodes, closures, graph, members, names);
}

/** How many of the members would still be in a cycle if the others used the bootstrap build of `cut`. */
function remaining(
  graph: Graph,
  members: readonly number[],
  cut: number,
  reach: readonly number[],
  closures: readonly Closure[],
  universe: Universe,
  trial: Node,
): number {
  const position = new Map(members.map((member, i) => [member, i]));
  const rows = members.map((member) => {
    const row: number[] = [];
    for (const one of (closures[member] as Closure).reaches) {
      const target = position.get(one.node);
      if (target === undefined) continue;
      const name = universe.packages[one.package]?.name ?? "";
      row.push(one.node === cut && trial.packages.has(name) ? members.length : target);
    }
    return row;
  });
  rows.push(reach.flatMap((node) => position.get(node) ?? []));
  return cyclicComponents(makeGraph(rows)).reduce((sum, one) => sum + one.length, 0);
}

function evaluateTrial(
  input: PlanInput,
  universe: Universe,
  nodes: readonly Node[],
  node: Node,
  condition: string,
): Node | undefined {
  try {
    return makeBootstrapNode(input, universe, nodes.length, node, condition);
  } catch (error) {
    if (error instanceof WeirError) return undefined;
    throw error;
  }
}

function applyBootstraps(
  input: PlanInput,
  universe: Universe,
  nodes: Node[],
  closures: Closure[],
  graph: Graph,
  members: readonly number[],
  chosen: readonly Candidate[],
): BuildCycle {
  const best = chosen[0] as Candidate;
  const story = describeLoop(nodes, closures, shortestCycleThrough(graph, members, best.node));
  const added = new Map<number, number>();
  for (const one of chosen) {
    added.set(one.node, nodes.length);
    nodes.push(makeBootstrapNode(input, universe, nodes.length, nodes[one.node] as Node, one.condition));
  }
  for (const [full, first] of added) {
    for (const [from, to] of (nodes[full] as Node).standIns) (nodes[first] as Node).standIns.set(from, to);
  }
  for (const member of [...members, ...added.values()]) {
    for (const [from, to] of added) (nodes[member] as Node).standIns.set(from, to);
    closures[member] = closureOf(universe, nodes, member);
  }
  const dropped = best.dropped.slice(0, 4).join(", ") + (best.dropped.length > 4 ? ", …" : "");
  const full = (nodes[best.node] as Node).id;
  const more = chosen.length > 1 ? ` ${chosen.length - 1} more builds of this cycle are split the same way.` : "";
  return {
    components: members.map((member) => (nodes[member] as Node).id),
    cut: [...added.values()].map((index) => (nodes[index] as Node).id),
    explanation: `${story}. ${full} is built twice: first with --with ${best.condition}, which needs no ${dropped}, then whole.${more}`,
  };
}

/**
 * Where the machine itself has what closes the cycle: builds whose packages the others take from the machine, chosen one by one as those that most
 * members need and that need most members, until no cycle is left among the members.
 */
function leaveToBuildroot(
  universe: Universe,
  nodes: readonly Node[],
  closures: Closure[],
  graph: Graph,
  members: readonly number[],
): BuildCycle | undefined {
  const position = new Map(members.map((member, i) => [member, i]));
  // A need can be left to the machine only if the machine has it under that very name.
  const usable = members.map(() => true);
  const rows = members.map((member) => {
    const row: number[] = [];
    for (const one of (closures[member] as Closure).reaches) {
      const target = position.get(one.node);
      if (target === undefined) continue;
      row.push(target);
      if (!universe.isAssumed(one.capability.split(" ")[0] ?? "")) usable[target] = false;
    }
    return row;
  });
  const left = new Set<number>();
  for (;;) {
    const open = rows.map((row, i) => (left.has(i) ? [] : row.filter((target) => !left.has(target))));
    const cyclic = cyclicComponents(makeGraph(open));
    if (cyclic.length === 0) break;
    for (const group of cyclic) {
      const inside = new Set(group);
      const incoming = new Map<number, number>();
      for (const one of group) {
        for (const target of open[one] as number[]) {
          if (inside.has(target)) incoming.set(target, (incoming.get(target) ?? 0) + 1);
        }
      }
      let best = -1;
      let weight = 0;
      for (const one of group) {
        if (!usable[one]) continue;
        const outgoing = (open[one] as number[]).filter((target) => inside.has(target)).length;
        const own = (incoming.get(one) ?? 0) * outgoing;
        if (own > weight) {
          best = one;
          weight = own;
        }
      }
      if (best < 0) return undefined;
      left.add(best);
    }
  }
  if (left.size === 0) return undefined;
  const cut = [...left].map((i) => members[i] as number).sort((a, b) => a - b);
  const story = describeLoop(nodes, closures, shortestCycle(graph, members));
  for (const member of members) for (const one of cut) (nodes[member] as Node).leftToBuildroot.add(one);
  for (const member of members) closures[member] = closureOf(universe, nodes, member);
  const names = cut.map((one) => (nodes[one] as Node).id);
  const shown = names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
  return {
    components: members.map((one) => (nodes[one] as Node).id),
    cut: [],
    explanation: `${story}. Within this cycle the packages of ${shown} come from the buildroot itself, not from this build.`,
  };
}

function shortestCycleThrough(graph: Graph, members: readonly number[], node: number): number[] {
  const rest = members.filter((one) => one !== node);
  const cycle = shortestCycle(graph, [node, ...rest]);
  if (cycle.includes(node)) return cycle;
  // The shortest of all does not pass the cut: look from the cut alone.
  const inside = new Set(members);
  const from = new Map<number, number>();
  let layer = [node];
  while (layer.length > 0) {
    const next: number[] = [];
    for (const one of layer) {
      for (let i = graph.offsets[one] as number; i < (graph.offsets[one + 1] as number); i++) {
        const target = graph.targets[i] as number;
        if (target === node) {
          const path = [one];
          while (path[0] !== node) path.unshift(from.get(path[0] as number) as number);
          return path;
        }
        if (!inside.has(target) || from.has(target)) continue;
        from.set(target, one);
        next.push(target);
      }
    }
    layer = next;
  }
  return cycle;
}

function describeLoop(nodes: readonly Node[], closures: readonly Closure[], loop: readonly number[]): string {
  const steps = loop.map((from, i) => {
    const to = loop[(i + 1) % loop.length] as number;
    const reach = (closures[from] as Closure).reaches.find((one) => one.node === to);
    const place = reach === undefined ? "" : ` (${reach.capability}, ${formatPlace(reach.place)})`;
    return `${(nodes[from] as Node).id} needs ${(nodes[to] as Node).id}${place}`;
  });
  const shown = steps.length > 12 ? [...steps.slice(0, 12), `… ${steps.length - 12} more`] : steps;
  return shown.join(", ");
}

function cycleError(
  nodes: readonly Node[],
  closures: readonly Closure[],
  graph: Graph,
  members: readonly number[],
  names: ReadonlySet<string>,
): WeirError {
  const loop = shortestCycle(graph, members);
  const first = loop[0] as number;
  const second = loop[1 % loop.length] as number;
  const reach = (closures[first] as Closure).reaches.find((one) => one.node === second);
  const condition = [...names][0] ?? "bootstrap";
  const hints = [
    `give ${(nodes[first] as Node).id} a \`%bcond ${condition} 0\` that leaves out ${reach?.capability ?? "the need"}`,
    `or let the buildroot provide ${reach?.capability ?? "it"} (assume), from an earlier build`,
  ];
  const size = members.length > loop.length ? ` (the shortest of the cycles among ${members.length} builds)` : "";
  return new WeirError("PLAN_CYCLE", `builds need each other${size}: ${describeLoop(nodes, closures, loop)}`, {
    where: reach?.place,
    hints,
  });
}
