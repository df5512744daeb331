import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { BuildPlan } from "../plan/index.ts";
import type { RenderStage } from "./render-stage.ts";

/**
 * Builds that a run would start or may start, in plan order: those of components whose rendered files differ, those never built, and those
 * that need one of them (which do not run when what they need comes out the same).
 */
export async function expectedBuilds(
  plan: BuildPlan,
  render: RenderStage,
  out: string,
): Promise<{ node: string; reason: string }[]> {
  const known = new Set(await readdir(join(out, ".weir/store/history")).catch(() => []));
  const changed = new Set(render.changed);
  const stale = new Map<string, string>();
  for (const node of plan.nodes) {
    const cause = node.edges.map((edge) => edge.on).find((on) => stale.has(on));
    if (known.size === 0) stale.set(node.id, "never built");
    else if (changed.has(node.component)) stale.set(node.id, "its rendered files changed");
    else if (cause !== undefined) stale.set(node.id, `${cause} may give other packages`);
  }
  return [...stale].map(([node, reason]) => ({ node, reason }));
}
