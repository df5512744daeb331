import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { copyFileSafely, digestFile, formatPlace, type Progress, WeirError } from "../../core/index.ts";
import {
  type Artifact,
  type BaseRuntime,
  buildAll,
  buildBaseRuntime,
  type BuildOutcome,
  type Buildroot,
  BuildStore,
  type BuiltNode,
  type ComponentSources,
  openHostBuildroot,
  openRepositoryBuildroot,
  type Sandbox,
} from "../build/index.ts";
import type { RenderedComponent } from "../define/index.ts";
import type { BuildPlan } from "../plan/index.ts";
import { logName } from "./report-stage.ts";
import type { Definition, LineOptions, LineTools } from "./types.ts";

/** Where builds happen: the store, the sandbox, the buildroot with the base runtime above it. */
export interface Workshop {
  readonly store: BuildStore;
  readonly sandbox: Sandbox;
  readonly buildroot: Buildroot;
  readonly base: BaseRuntime | undefined;
}

/** Opens the store and the buildroot, and packages the base runtime where the definition has one. */
export async function openWorkshop(
  definition: Definition,
  sandbox: Sandbox,
  out: string,
  options: LineOptions,
): Promise<Workshop> {
  const { weir } = definition;
  const { progress, signal, arch } = options;
  const store = await BuildStore.open(join(out, ".weir/store"));
  const macros = weir?.macros ?? [];
  const repositories = options.buildrootRepositories;
  const bare =
    repositories.length > 0
      ? await openRepositoryBuildroot({ store, arch, macros, repositories })
      : await openHostBuildroot({ store, arch, macros, provides: weir?.buildrootProvides ?? new Map() });
  const base = weir && (await buildBase(weir.base, { sandbox, store, signal, buildroot: bare }, progress));
  return { store, sandbox, base, buildroot: base === undefined ? bare : bare.withBase(base.packages) };
}

export interface BuildStage {
  /** In plan order, bootstrap builds included. */
  readonly built: readonly BuiltNode[];
  /** Nodes that ran this time, with the reason; the base runtime among them. */
  readonly ran: readonly BuiltNode[];
}

export interface BuildStageInput {
  readonly rendered: readonly RenderedComponent[];
  readonly plan: BuildPlan;
  readonly workshop: Workshop;
}

/**
 * Fetches sources and builds the plan; what is in the store with the same inputs is taken from there. Logs are put into `<out>/logs`. A failed
 * build is thrown after everything that does not need it has been built.
 */
export async function buildStage(
  input: BuildStageInput,
  out: string,
  tools: LineTools,
  options: LineOptions,
): Promise<BuildStage> {
  const { progress, signal } = options;
  const { base, ...workshop } = input.workshop;
  const components = await fetchSources(input.rendered, tools, progress, signal);
  const outcome = await buildAll(input.plan, components, { ...workshop, signal, progress, jobs: options.jobs });
  const built = [...(base ? [base.node] : []), ...outcome.built];
  await collectLogs(built, join(out, "logs"));
  if (outcome.failed.length > 0) throw failure(outcome, out);
  return { built: outcome.built, ran: built.filter((node) => !node.reused) };
}

async function buildBase(
  config: Parameters<typeof buildBaseRuntime>[0],
  context: Omit<Parameters<typeof buildBaseRuntime>[1], "progress">,
  progress: Progress,
): ReturnType<typeof buildBaseRuntime> {
  const step = progress.step("base runtime");
  try {
    const base = await buildBaseRuntime(config, { ...context, progress: step });
    step.end(base === undefined ? "skipped" : base.node.reused ? "unchanged" : "done", base?.node.reason);
    return base;
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

async function fetchSources(
  rendered: readonly RenderedComponent[],
  tools: LineTools,
  progress: Progress,
  signal: AbortSignal,
): Promise<Map<string, ComponentSources>> {
  const total = rendered.reduce((sum, item) => sum + item.remoteSources.length, 0);
  const step = progress.step("sources", total);
  const components = new Map<string, ComponentSources>();
  let done = 0;
  let fresh = 0;
  try {
    for (const item of rendered) {
      const sources = new Map<string, string>();
      for (const remote of item.remoteSources) {
        signal.throwIfAborted();
        const fetched = await tools.fetchSource(remote);
        sources.set(fetched.file, fetched.path);
        if (!fetched.cached) fresh++;
        step.update({ done: ++done, note: fetched.file });
      }
      components.set(item.name, { rendered: item, sources });
    }
  } catch (error) {
    step.end("failed");
    throw error;
  }
  step.end(fresh > 0 ? "done" : "unchanged", `${total} verified, ${fresh} fetched`);
  return components;
}

/** Brings `<out>/logs` to hold the log of each build that counts, and no other. */
async function collectLogs(built: readonly BuiltNode[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const wanted = new Map(built.map((node) => [logName(node.node), node.log]));
  for (const name of await readdir(folder))
    if (!wanted.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  for (const [name, log] of wanted) {
    const to = join(folder, name);
    const same = await digestFile(to).then(
      async (digest) => digest === (await digestFile(log)),
      () => false,
    );
    if (!same) await copyFileSafely(log, to);
  }
}

function failure(outcome: BuildOutcome, out: string): WeirError {
  const [first] = outcome.failed;
  if (!first) throw new Error("no failed build");
  const others = outcome.failed.slice(1).map((item) => item.node);
  const blocked = outcome.blocked.map((item) => item.node);
  const where = first.error.where === undefined ? first.node : formatPlace(first.error.where);
  return new WeirError(first.error.code, first.error.message, {
    where,
    kind: first.error.kind,
    hints: [
      ...first.error.hints,
      ...(others.length > 0 ? [`also failed: ${others.join(", ")}`] : []),
      ...(blocked.length > 0 ? [`not tried, since they need what failed: ${blocked.join(", ")}`] : []),
      `${outcome.built.length} builds are kept in ${join(out, ".weir/store")}; the next run goes on from there`,
    ],
    cause: first.error,
  });
}

/** The packages of the base runtime: binary ones and the source. */
export function baseArtifacts({ base }: Workshop): Artifact[] {
  return base === undefined ? [] : [...base.node.rpms, ...(base.node.srpm ? [base.node.srpm] : [])];
}
