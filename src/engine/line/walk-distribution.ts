import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRepository, type Repository } from "../../formats/rpmmd/index.ts";
import type { Project } from "../define/index.ts";
import { baseArtifacts, type BuildStage, buildStage, openWorkshop, type Workshop } from "./build-stage.ts";
import { composeStage } from "./compose-stage.ts";
import { expectedBuilds } from "./dry-run.ts";
import { interpreterMacros, readMacroSet } from "./macro-set.ts";
import { type PlanStage, planStage, waveCount } from "./plan-stage.ts";
import { type RenderStage, renderStage } from "./render-stage.ts";
import type { Definition, LineLabels, ProjectHistory } from "./types.ts";
import { count, type Walk, type Walked } from "./walk.ts";

/** Where one distribution goes: its out folder, how stages are called, how the user names its folders. */
export interface Place {
  readonly out: string;
  readonly prefix: string;
  readonly labels: LineLabels;
}

/** Takes a definition through render, plan, build and compose, as far as the walk wants. */
export async function walkDistribution(walk: Walk, definition: Definition, place: Place): Promise<Walked> {
  const { progress, signal, arch, dryRun } = walk.options;
  const { out } = place;
  const repositories = await readRepositories(walk.options.buildrootRepositories);
  const known = interpreterMacros(repositories);
  const macros = readMacroSet(walk.tools.rpmFolder, definition.weir?.macros ?? [], arch, known);
  const render = await renderStage(definition, {
    history: await projectHistory(walk, definition.project),
    specs: join(out, "specs"),
    distGit: walk.tools.distGit,
    macros,
    progress,
    signal,
    write: !dryRun,
  });
  const { rendered } = render;
  noteRender(walk, place, render);
  const walked = { definition, rendered, plan: undefined, built: [], composed: undefined };
  if (!walk.wants("plan")) return walked;

  const workshop = dryRun ? undefined : await openWorkshop(definition, walk.sandbox, out, walk.options);
  const input = { definition, rendered, macros, arch, repositories, base: workshop?.base?.packages };
  const planned = await planStage(input, out, walk.book(out), progress, !dryRun);
  const { plan } = planned;
  notePlan(walk, place, planned);
  if (workshop === undefined) {
    const expected = await expectedBuilds(plan, render, out);
    for (const { node, reason } of expected) walk.note(`${place.prefix}build`, true, node, reason, "");
    return { ...walked, plan };
  }
  if (!walk.wants("build")) return { ...walked, plan };

  const build = await buildStage({ rendered, plan, workshop }, out, walk.tools, walk.options);
  noteBuild(walk, place, build, workshop);
  if (!walk.wants("compose")) return { ...walked, plan, built: build.built };

  const components = new Map(plan.nodes.map((node) => [node.id, node.component]));
  const complete = build.built.filter((node) => !node.node.includes("#"));
  const composed = await composeStage(
    {
      definition,
      built: complete.map((node) => ({ ...node, component: components.get(node.node) ?? node.node })),
      base: baseArtifacts(workshop),
      revision: Math.max(1, ...rendered.map((item) => item.sourceDateEpoch)),
    },
    out,
    progress,
  );
  walk.note(
    `${place.prefix}compose`,
    composed.changed,
    `${composed.repository.packages.length} packages in ${composed.snapshot.repositories.length} repositories`,
    composed.changed ? "the set of packages is new" : "same packages",
    `${place.labels.tool} repo list ${join(place.labels.out, "repo")}`,
  );
  return { definition, rendered, plan, built: build.built, composed };
}

function noteRender(walk: Walk, { prefix, labels }: Place, render: RenderStage): void {
  const changes = [...render.changed, ...render.removed];
  const reason = changes.length > 0 ? `changed: ${some(changes)}` : "same inputs";
  const look = `ls ${join(labels.out, "specs")}; ${labels.tool} component show NAME -C ${labels.definition}`;
  walk.note(`${prefix}render`, changes.length > 0, count(render.rendered.length, "component"), reason, look);
}

function notePlan(walk: Walk, { prefix, labels }: Place, { plan, fresh, reason }: PlanStage): void {
  const did = `${count(plan.nodes.length, "build")} in ${count(waveCount(plan), "wave")}, ${count(plan.cycles.length, "cycle")} cut`;
  walk.note(`${prefix}plan`, !fresh, did, reason, `${labels.tool} plan show -C ${labels.definition}`);
}

function noteBuild(walk: Walk, { prefix, labels }: Place, build: BuildStage, workshop: Workshop): void {
  const ran = build.ran.length;
  const all = build.built.length + (workshop.base === undefined ? 0 : 1);
  const reason = ran > 0 ? some(build.ran.map((node) => `${node.node}: ${node.reason}`)) : "same inputs";
  walk.note(
    `${prefix}build`,
    ran > 0,
    `${ran} built, ${all - ran} reused`,
    reason,
    `less ${join(labels.out, "logs/NAME.log")}`,
  );
}

/** Without lock files no release counts the project's commits, and git is not asked. */
async function projectHistory(walk: Walk, project: Project): Promise<ProjectHistory | undefined> {
  if (!existsSync(join(project.root, project.lockDir))) return undefined;
  const history = await walk.tools.projectHistory(project);
  if (!history.complete) {
    walk.skips.push({
      subject: "releases",
      reason: "the project's git history is cut off: releases that count its commits may be too low",
    });
  }
  return history;
}

/** Where the same repositories are given in the same order, they have the same names in every run. */
function readRepositories(folders: readonly string[]): Promise<Repository[]> {
  return Promise.all(
    folders.map((folder, index) => readRepository(folder, { id: `buildroot ${index + 1}`, filelists: true })),
  );
}

function some(items: readonly string[]): string {
  const shown = items.slice(0, 3).join("; ");
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown;
}
