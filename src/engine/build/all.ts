import { compareText, messageOf, type Progress, WeirError } from "../../core/index.ts";
import type { RenderedComponent } from "../define/index.ts";
import type { BuildNode, BuildPlan } from "../plan/index.ts";
import { buildComponent, type ComponentBuildOptions } from "./component.ts";
import { type CandidatePackage, candidateOf } from "./packages.ts";
import type { BuiltNode } from "./types.ts";

/** The files of one component and its remote sources, by name, on disk. */
export interface ComponentSources {
  readonly rendered: RenderedComponent;
  readonly sources: ReadonlyMap<string, string>;
}

export interface BuildAllOptions extends Omit<ComponentBuildOptions, "built"> {
  /** Builds at the same time (default 2). */
  readonly jobs?: number;
}

export interface FailedNode {
  readonly node: string;
  readonly error: WeirError;
}

/** A node that could not be tried, and the failed node that it waits for. */
export interface BlockedNode {
  readonly node: string;
  readonly because: string;
}

/** What became of every node of a plan, each list in plan order. */
export interface BuildOutcome {
  readonly built: readonly BuiltNode[];
  readonly failed: readonly FailedNode[];
  readonly blocked: readonly BlockedNode[];
  /** The packages that go into a compose: those of complete nodes, none of a bootstrap build. */
  readonly packages: readonly CandidatePackage[];
}

const bootstrapMark = "#bootstrap";
/** Weight of a node that was never built, milliseconds. */
const unknownDuration = 30_000;

/**
 * Builds a plan, several nodes at once, those first that the longest rest of the plan waits for. A node starts when its own edges are done,
 * and may install what the nodes below it gave and nothing else, so the order of ends decides nothing. A failing node stops only those
 * that need it. Errors: `BUILD_COMPONENT_UNKNOWN`, `INTERRUPTED`; bugs are thrown, failed builds are in the result.
 */
export async function buildAll(
  plan: BuildPlan,
  components: ReadonlyMap<string, ComponentSources>,
  options: BuildAllOptions,
): Promise<BuildOutcome> {
  const run = new PlanRun(plan, components, options, await pathLengths(plan, options));
  return run.finish();
}

/** For each node the milliseconds from its start to the end of all that waits for it. */
async function pathLengths(plan: BuildPlan, options: BuildAllOptions): Promise<Map<string, number>> {
  const lengths = new Map<string, number>();
  const longest = new Map<string, number>();
  for (const node of [...plan.nodes].reverse()) {
    const past = (await options.store.history(node.id))?.milliseconds;
    const length = (past || unknownDuration) + (longest.get(node.id) ?? 0);
    lengths.set(node.id, length);
    for (const { on } of node.edges) longest.set(on, Math.max(longest.get(on) ?? 0, length));
  }
  return lengths;
}

/** An order in which each node follows what it needs, nodes with generated requirements as late as possible; then by id. */
function lateOrder(nodes: readonly BuildNode[]): string[] {
  const known = new Set(nodes.map((node) => node.id));
  const left = new Map(nodes.map((node) => [node.id, node]));
  const done = new Set<string>();
  const order: string[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter((node) =>
      node.edges.every(({ on }) => on === node.id || done.has(on) || !known.has(on)),
    );
    ready.sort((a, b) => Number(a.dynamicBuildRequires) - Number(b.dynamicBuildRequires) || compareText(a.id, b.id));
    const early = ready.filter((node) => !node.dynamicBuildRequires);
    const taken = early.length > 0 ? early : ready.slice(0, 1);
    if (taken.length === 0) break;
    for (const { id } of taken) {
      order.push(id);
      done.add(id);
      left.delete(id);
    }
  }
  return order;
}

class PlanRun {
  readonly #plan: BuildPlan;
  readonly #components: ReadonlyMap<string, ComponentSources>;
  readonly #options: BuildAllOptions;
  readonly #lengths: ReadonlyMap<string, number>;
  readonly #nodes: ReadonlyMap<string, BuildNode>;
  readonly #waiting = new Map<string, Set<string>>();
  readonly #built = new Map<string, { readonly node: BuiltNode; readonly packages: readonly CandidatePackage[] }>();
  readonly #failed = new Map<string, WeirError>();
  readonly #blocked = new Map<string, string>();
  readonly #below = new Map<string, ReadonlySet<string>>();
  /** Nodes with generated requirements that those below cannot meet → the nodes that may be tried besides. */
  readonly #extended = new Map<string, ReadonlySet<string>>();
  /** The step that each node's own step lies below. */
  #step: Progress;
  /** Stops running builds when one of them meets a bug. */
  readonly #stop = new AbortController();

  constructor(
    plan: BuildPlan,
    components: ReadonlyMap<string, ComponentSources>,
    options: BuildAllOptions,
    lengths: ReadonlyMap<string, number>,
  ) {
    this.#plan = plan;
    this.#step = options.progress;
    this.#components = components;
    this.#options = options;
    this.#lengths = lengths;
    this.#nodes = new Map(plan.nodes.map((node) => [node.id, node]));
    for (const node of plan.nodes) {
      this.#waiting.set(
        node.id,
        new Set(node.edges.map((edge) => edge.on).filter((on) => on !== node.id && this.#nodes.has(on))),
      );
    }
  }

  async finish(): Promise<BuildOutcome> {
    const { signal } = this.#options;
    const step = this.#options.progress.step("build", this.#plan.nodes.length);
    this.#step = step;
    const onAbort = () => this.#stop.abort();
    signal?.addEventListener("abort", onAbort, { once: true });
    const running = new Map<string, Promise<void>>();
    try {
      for (;;) {
        if (signal?.aborted) throw new WeirError("INTERRUPTED", "the build was interrupted", { kind: "refused" });
        for (const id of this.#ready(running)) {
          if (running.size >= (this.#options.jobs ?? 2)) break;
          running.set(
            id,
            this.#one(id).finally(() => running.delete(id)),
          );
        }
        if (running.size === 0) break;
        await Promise.race(running.values());
        step.update({ done: this.#built.size + this.#failed.size + this.#blocked.size });
      }
    } catch (error) {
      this.#stop.abort();
      await Promise.allSettled(running.values());
      step.end("failed");
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    const ran = [...this.#built.values()].filter(({ node }) => !node.reused).length;
    const outcome = this.#failed.size > 0 ? "failed" : ran === 0 ? "unchanged" : "done";
    step.end(outcome, `${ran} built, ${this.#built.size - ran} reused, ${this.#failed.size} failed`);
    return this.#outcome();
  }

  #ready(running: ReadonlyMap<string, unknown>): string[] {
    const ids = [...this.#waiting].filter(([id, on]) => on.size === 0 && !running.has(id)).map(([id]) => id);
    const length = (id: string) => this.#lengths.get(id) ?? 0;
    return ids.sort((a, b) => length(b) - length(a) || compareText(a, b));
  }

  async #one(id: string): Promise<void> {
    const node = this.#nodes.get(id);
    const component = this.#components.get(node?.component ?? "");
    if (node === undefined || component === undefined) {
      throw new WeirError(
        "BUILD_COMPONENT_UNKNOWN",
        `the plan names a component that was not handed in: ${node?.component}`,
        { where: id },
      );
    }
    const step = this.#step.step(id);
    try {
      const bootstrap = id.endsWith(bootstrapMark) && !node.with.includes("bootstrap");
      const build = { ...component, node: bootstrap ? { ...node, with: [...node.with, "bootstrap"] } : node };
      const built = await buildComponent(build, {
        ...this.#options,
        progress: step,
        signal: this.#stop.signal,
        built: this.#candidates(node),
      });
      this.#built.set(id, { node: built, packages: await Promise.all(built.rpms.map(candidateOf)) });
      this.#release(id);
      step.end(built.reused ? "unchanged" : "done", built.reason);
    } catch (error) {
      if (this.#extend(node, error)) {
        step.end("skipped", "waits for what it may need");
        return;
      }
      step.end("failed", messageOf(error).split("\n", 1)[0] ?? "");
      if (!(error instanceof WeirError) || error.code === "INTERRUPTED" || this.#stop.signal.aborted) throw error;
      this.#failed.set(id, error);
      this.#block(id, id);
      this.#giveUpOptional(id);
    }
  }

  #release(id: string): void {
    this.#waiting.delete(id);
    for (const on of this.#waiting.values()) on.delete(id);
  }

  /**
   * Where generated requirements ask for more than the plan knew of, the node is tried once more after everything that comes before it
   * when such nodes are put as late as they can be: a set that does not depend on which build ends first.
   */
  #extend(node: BuildNode, error: unknown): boolean {
    if (!(error instanceof WeirError) || error.code !== "BUILDROOT_UNSOLVABLE") return false;
    if (!node.dynamicBuildRequires || this.#extended.has(node.id)) return false;
    const order = lateOrder(this.#plan.nodes);
    const before = new Set(order.slice(0, order.indexOf(node.id)));
    this.#extended.set(node.id, before);
    this.#waiting.set(node.id, new Set([...before].filter((id) => this.#waiting.has(id))));
    return true;
  }

  #giveUpOptional(id: string): void {
    for (const other of this.#extended.keys()) {
      const on = this.#waiting.get(other);
      on?.delete(id);
      for (const blocked of this.#blocked.keys()) on?.delete(blocked);
    }
  }

  #block(id: string, because: string): void {
    this.#waiting.delete(id);
    for (const [other, on] of this.#waiting) {
      if (!on.has(id) || !this.#waiting.has(other) || this.#isOptional(other, id)) continue;
      this.#blocked.set(other, because);
      this.#step.step(other).end("skipped", `needs ${because}`);
      this.#block(other, because);
    }
  }

  #isOptional(waiting: string, on: string): boolean {
    const node = this.#nodes.get(waiting);
    return node !== undefined && this.#extended.has(waiting) && !this.#nodesBelow(node).has(on);
  }

  /** What the nodes below gave; a bootstrap build only where the complete one is not among them. */
  #candidates(node: BuildNode): CandidatePackage[] {
    const below = new Set([...this.#nodesBelow(node), ...(this.#extended.get(node.id) ?? [])]);
    const packages: CandidatePackage[] = [];
    for (const id of [...below].sort(compareText)) {
      if (id.endsWith(bootstrapMark) && below.has(id.slice(0, -bootstrapMark.length))) continue;
      packages.push(...(this.#built.get(id)?.packages ?? []));
    }
    return packages;
  }

  #nodesBelow(node: BuildNode): ReadonlySet<string> {
    const known = this.#below.get(node.id);
    if (known !== undefined) return known;
    const below = new Set<string>();
    const open = [node];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const { on } of next.edges) {
        const other = this.#nodes.get(on);
        if (other === undefined || on === node.id || below.has(on)) continue;
        below.add(on);
        open.push(other);
      }
    }
    this.#below.set(node.id, below);
    return below;
  }

  #outcome(): BuildOutcome {
    const order = this.#plan.nodes.map((node) => node.id);
    const built = order.flatMap((id) => this.#built.get(id) ?? []);
    return {
      built: built.map(({ node }) => node),
      failed: order.flatMap((node) => {
        const error = this.#failed.get(node);
        return error === undefined ? [] : [{ node, error }];
      }),
      blocked: order.flatMap((node) => {
        const because = this.#blocked.get(node);
        return because === undefined ? [] : [{ node, because }];
      }),
      packages: built.filter(({ node }) => !node.node.endsWith(bootstrapMark)).flatMap(({ packages }) => packages),
    };
  }
}
