import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { allFindings, type Report, type Skip } from "../../core/index.ts";
import type { BuiltNode, Sandbox } from "../build/index.ts";
import type { RenderedComponent } from "../define/index.ts";
import type { BuildPlan } from "../plan/index.ts";
import { baseArtifacts, buildStage } from "./build-stage.ts";
import { composeStage, type ComposeStage } from "./compose-stage.ts";
import { loadDefinition } from "./definition.ts";
import { expectedBuilds } from "./dry-run.ts";
import { auditFiles, auditStage, compatStage } from "./judge-stages.ts";
import { lazySandbox } from "./lazy-sandbox.ts";
import { readMacroSet } from "./macro-set.ts";
import { claimOut, lockOut } from "./out-lock.ts";
import { planStage, waveCount } from "./plan-stage.ts";
import { renderStage } from "./render-stage.ts";
import { rebuildReport, runReport } from "./report-stage.ts";
import { StageBook } from "./stage-book.ts";
import {
  type Definition,
  type LineOptions,
  type LineTools,
  type StageName,
  stageNames,
  type StageSummary,
} from "./types.ts";

export interface RebuildOutcome {
  /** The stages of this run. */
  readonly run: Report;
  /** The report of the distribution, the same whether something ran or not; undefined when the walk stopped before the end. */
  readonly report: Report | undefined;
  readonly sbom: string | undefined;
}

/** One distribution on its way through render, plan, build and compose. */
interface Walked {
  readonly definition: Definition;
  readonly rendered: readonly RenderedComponent[];
  readonly plan: BuildPlan | undefined;
  readonly built: readonly BuiltNode[];
  readonly composed: ComposeStage | undefined;
}

/**
 * Walks the line from a definition to its report and leaves the results below `options.out`. Errors: `OUT_IN_USE`, `OUT_FOREIGN`, and those
 * of the stages; the first stage that fails ends the walk, what was done before stays and is not done again.
 */
export async function rebuild(definition: Definition, tools: LineTools, options: LineOptions): Promise<RebuildOutcome> {
  if (options.dryRun) return new Line(tools, options).walk(definition);
  await claimOut(options.out, await readdir(options.out).catch(() => []));
  const release = await lockOut(options.out);
  try {
    return await new Line(tools, options).walk(definition);
  } finally {
    await release();
  }
}

class Line {
  readonly #tools: LineTools;
  readonly #options: LineOptions;
  readonly #stages: StageSummary[] = [];
  readonly #skips: Skip[] = [];
  readonly #sandbox: Sandbox;

  constructor(tools: LineTools, options: LineOptions) {
    this.#tools = tools;
    this.#options = options;
    this.#sandbox = lazySandbox(tools.chooseSandbox);
  }

  async walk(definition: Definition): Promise<RebuildOutcome> {
    const { out } = this.#options;
    const name = definition.project.defaultDistro.name;
    const main = await this.#distribution(definition, out, "");
    if (main.composed === undefined || main.plan === undefined) return this.#stop(name);
    const sections: Report[] = [];
    let sbom: string | undefined;
    if (this.#wants("image")) {
      const image = await this.#image(main);
      sections.push(...image.sections);
      sbom = image.sbom;
    }
    if (this.#wants("compat") && definition.weir?.legacy !== undefined) {
      const legacy = await this.#legacy(definition.weir.legacy);
      sections.push(...(await this.#judge(main, legacy)));
    }
    if (!this.#wants("report")) return this.#stop(name);
    const report = rebuildReport({
      name,
      description: definition.project.description,
      rendered: main.rendered,
      plan: main.plan,
      built: main.built,
      snapshot: main.composed.snapshot,
      sections,
      skips: this.#skips,
    });
    const worked = this.#stages.some((stage) => stage.outcome !== "unchanged");
    this.#note(
      "report",
      worked,
      `${allFindings(report).length} findings`,
      worked ? "a stage gave something new" : "same inputs",
      "open report.html",
    );
    return { run: runReport(name, this.#stages, worked, allFindings(report), false), report, sbom };
  }

  #wants(stage: StageName): boolean {
    const { until } = this.#options;
    return until === undefined || stageNames.indexOf(stage) <= stageNames.indexOf(until);
  }

  #stop(name: string): RebuildOutcome {
    const worked = this.#stages.some((stage) => stage.outcome !== "unchanged");
    return { run: runReport(name, this.#stages, worked, [], this.#options.dryRun), report: undefined, sbom: undefined };
  }

  #note(stage: string, ran: boolean, did: string, reason: string, look: string): void {
    const outcome = this.#options.dryRun ? "planned" : ran ? "done" : "unchanged";
    this.#stages.push({ stage, outcome: ran ? outcome : "unchanged", did, reason, look });
  }

  async #distribution(definition: Definition, out: string, prefix: string): Promise<Walked> {
    const { progress, signal, arch, dryRun } = this.#options;
    const book = new StageBook(out);
    const macros = readMacroSet(this.#tools.rpmFolder, definition.weir?.macros ?? [], arch);
    const render = await renderStage(definition, {
      specs: join(out, "specs"),
      distGit: this.#tools.distGit,
      macros,
      progress,
      signal,
      write: !dryRun,
    });
    const changed = render.changed.length + render.removed.length > 0;
    this.#note(
      `${prefix}render`,
      changed,
      `${render.rendered.length} components`,
      changed ? `changed: ${some([...render.changed, ...render.removed])}` : "same inputs",
      `weir component show NAME -C DIR; ls ${prefixPath(prefix)}specs`,
    );
    const walked = { definition, rendered: render.rendered, plan: undefined, built: [], composed: undefined };
    if (!this.#wants("plan")) return walked;
    const planned = await planStage(
      { definition, rendered: render.rendered, macros, arch, repositories: [] },
      out,
      book,
      progress,
      !dryRun,
    );
    const { plan } = planned;
    this.#note(
      `${prefix}plan`,
      !planned.fresh,
      `${plan.nodes.length} builds in ${waveCount(plan)} waves, ${plan.cycles.length} cycles cut`,
      planned.reason,
      "weir plan show -C DIR",
    );
    if (dryRun) {
      for (const expected of await expectedBuilds(plan, render, out))
        this.#note(`${prefix}build`, true, expected.node, expected.reason, "");
      return { ...walked, plan };
    }
    if (!this.#wants("build")) return { ...walked, plan };
    const build = await buildStage(
      { definition, rendered: render.rendered, plan, sandbox: this.#sandbox },
      out,
      this.#tools,
      this.#options,
    );
    const reasons = build.ran.map((node) => `${node.node}: ${node.reason}`);
    this.#note(
      `${prefix}build`,
      build.ran.length > 0,
      `${build.ran.length} built, ${build.built.length + (build.base ? 1 : 0) - build.ran.length} reused`,
      build.ran.length > 0 ? some(reasons) : "same inputs",
      `less ${prefixPath(prefix)}logs/NAME.log`,
    );
    if (!this.#wants("compose")) return { ...walked, plan, built: build.built };
    const components = new Map(plan.nodes.map((node) => [node.id, node.component]));
    const composed = await composeStage(
      {
        definition,
        built: build.built
          .filter((node) => !node.node.includes("#"))
          .map((node) => ({ ...node, component: components.get(node.node) ?? node.node })),
        base: baseArtifacts(build.base),
        revision: Math.max(1, ...render.rendered.map((item) => item.sourceDateEpoch)),
      },
      out,
      progress,
    );
    this.#note(
      `${prefix}compose`,
      composed.changed,
      `${composed.repository.packages.length} packages in ${composed.snapshot.repositories.length} repositories`,
      composed.changed ? "the set of packages is new" : "same packages",
      `weir repo list ${prefixPath(prefix)}repo`,
    );
    return { definition, rendered: render.rendered, plan, built: build.built, composed };
  }

  async #legacy(folder: string): Promise<Walked> {
    return this.#distribution(await loadDefinition(folder), join(this.#options.out, "legacy"), "legacy ");
  }

  async #image(_main: Walked): Promise<{ sections: Report[]; sbom: string | undefined }> {
    return { sections: [], sbom: undefined };
  }

  async #judge(main: Walked, legacy: Walked): Promise<Report[]> {
    const { progress, signal, arch } = this.#options;
    if (main.composed === undefined || legacy.composed === undefined) return [];
    const before = legacy.composed.repository;
    const after = main.composed.repository;
    const { weir, project } = main.definition;
    const changed = main.composed.changed || legacy.composed.changed;
    const reports = [await compatStage(before, after, weir, progress, signal)];
    this.#note(
      "compat",
      changed,
      reports[0]?.summary[0] ?? "",
      changed ? "a snapshot is new" : "same snapshots",
      "weir compat compare legacy/repo repo",
    );
    if (!this.#wants("audit")) return reports;
    const files = await auditFiles(weir, project.root);
    if (files.length > 0) {
      const audit = await auditStage({
        files,
        before,
        target: after,
        weir,
        legacyName: legacy.definition.project.defaultDistro.name,
        arch,
      });
      reports.push(audit);
      this.#note(
        "audit",
        changed,
        `${files.length} files, ${allFindings(audit).length} findings`,
        changed ? "a snapshot is new" : "same inputs",
        "weir audit file FILE --legacy legacy/repo --target repo",
      );
    }
    return reports;
  }
}

function some(items: readonly string[]): string {
  const shown = items.slice(0, 3).join("; ");
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown;
}

function prefixPath(prefix: string): string {
  return prefix === "" ? "" : `${prefix.trim()}/`;
}
