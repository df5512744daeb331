import { formatPlace } from "../../core/index.ts";
import type { BuildEdge, BuildNode, BuildPlan, PlanReason } from "./types.ts";

/** For each node, in the plan's order, one sentence: after what it comes and why. */
export function planReasons(plan: BuildPlan): PlanReason[] {
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const cutBy = new Map(plan.cycles.flatMap((cycle) => cycle.cut.map((id) => [id, cycle.explanation] as const)));
  return plan.nodes.map((node) => ({
    node: node.id,
    wave: node.wave,
    reason: reasonOf(node, byId, cutBy.get(node.id)),
  }));
}

function reasonOf(node: BuildNode, byId: ReadonlyMap<string, BuildNode>, cut: string | undefined): string {
  const last = node.edges.filter((edge) => (byId.get(edge.on)?.wave ?? -1) === node.wave - 1);
  const shown = last.slice(0, 3).map(describeEdge);
  const rest = node.edges.length - shown.length;
  const after =
    node.edges.length === 0
      ? "needs nothing that is built here"
      : `comes after ${joinWords(shown)}${rest > 0 ? ` and ${rest} more that ${rest === 1 ? "is" : "are"} there by then` : ""}`;
  const dynamic = node.dynamicBuildRequires ? "; it finds more needs while it is built" : "";
  return `${node.id} ${after}${dynamic}${cut === undefined ? "" : `; it breaks a cycle: ${cut.replace(/\.$/, "")}`}.`;
}

function describeEdge(edge: BuildEdge): string {
  const through = edge.kind === "runtime" ? ", needed at run time by what it installs" : "";
  const rule = edge.rule === undefined ? "" : `, by ${edge.rule}`;
  return `${edge.on} (${edge.capability}, ${formatPlace(edge.place)}${through}${rule})`;
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
