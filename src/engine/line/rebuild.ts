import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { allFindings, canonicalJson, digestOf, type Report, type Skip, writeFileSafely } from "../../core/index.ts";
import { readRepository, type Repository } from "../../formats/rpmmd/index.ts";
import type { BuiltNode, Sandbox } from "../build/index.ts";
import type { Project, RenderedComponent } from "../define/index.ts";
import type { BuildPlan } from "../plan/index.ts";
import { baseArtifacts, buildStage, openWorkshop } from "./build-stage.ts";
import { composeStage, type ComposeStage } from "./compose-stage.ts";
import { loadDefinition } from "./definition.ts";
import { expectedBuilds } from "./dry-run.ts";
import { auditFacts, auditFiles, auditStage, compatStage, curatedFates, digestFiles } from "./judge-stages.ts";
import { imageStage } from "./image-stage.ts";
import { lazySandbox } from "./lazy-sandbox.ts";
import { interpreterMacros, readMacroSet } from "./macro-set.ts";
import { claimOut, cleanOut, lockOut } from "./out-lock.ts";
import { planStage, waveCount } from "./plan-stage.ts";
import { renderStage } from "./render-stage.ts";
import { rebuildReport, runReport } from "./report-stage.ts";
import { StageBook, type StageInputs } from "./stage-book.ts";
import {
  type Definition,
  type LineLabels,
  type ProjectHistory,
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
    await cleanOut(options.out);
    await cleanOut(join(options.out, "legacy"));
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
  /** What this machine cannot do: part of what is said of the run, not of the distribution. */
  readonly #notices: Skip[] = [];
  readonly #sandbox: Sandbox;

  constructor(tools: LineTools, options: LineOptions) {
    this.#tools = tools;
    this.#options = options;
    this.#sandbox = lazySandbox(async () => {
      const chosen = await tools.chooseSandbox();
      this.#notices.push(...chosen.notices);
      return chosen;
    });
  }

  async walk(definition: Definition): Promise<RebuildOutcome> {
    const { out } = this.#options;
    const name = definition.project.defaultDistro.name;
    const main = await this.#distribution(definition, out, "", this.#options.labels);
    if (main.composed === undefined || main.plan === undefined) return this.#stop(name);
    const sections: Report[] = [];
    let sbom: string | undefined;
    if (this.#wants("image")) {
      const image = await this.#image(main);
      sections.push(...image.sections);
      sbom = image.sbom;
    }
    if (this.#wants("compat") && definition.weir?.legacy !== undefined) {
      const legacy = await this.#legacy(definition.project.root, definition.weir.legacy);
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
      count(allFindings(report).length, "finding"),
      worked ? "a stage gave something new" : "same inputs",
      `open ${join(this.#options.labels.out, "report.html")}`,
    );
    return { run: this.#run(name, worked, allFindings(report)), report, sbom };
  }

  #wants(stage: StageName): boolean {
    const { until } = this.#options;
    return until === undefined || stageNames.indexOf(stage) <= stageNames.indexOf(until);
  }

  #stop(name: string): RebuildOutcome {
    const worked = this.#stages.some((stage) => stage.outcome !== "unchanged");
    return { run: this.#run(name, worked, []), report: undefined, sbom: undefined };
  }

  #run(name: string, worked: boolean, findings: Report["findings"]): Report {
    const dry = this.#options.dryRun;
    return runReport({ name, stages: this.#stages, worked, findings, notices: this.#notices, dry });
  }

  #note(stage: string, ran: boolean, did: string, reason: string, look: string): void {
    const outcome = this.#options.dryRun ? "planned" : ran ? "done" : "unchanged";
    this.#stages.push({ stage, outcome: ran ? outcome : "unchanged", did, reason, look });
  }

  async #distribution(definition: Definition, out: string, prefix: string, labels: LineLabels): Promise<Walked> {
    const { progress, signal, arch, dryRun } = this.#options;
    const book = new StageBook(out, this.#tools.version);
    const at = (path: string) => join(labels.out, path);
    const repositories = await readRepositories(this.#options.buildrootRepositories);
    const known = interpreterMacros(repositories);
    const macros = readMacroSet(this.#tools.rpmFolder, definition.weir?.macros ?? [], arch, known);
    const history = await this.#history(definition.project);
    const render = await renderStage(definition, {
      history,
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
      `ls ${at("specs")}; weir component show NAME -C ${labels.definition}`,
    );
    const walked = { definition, rendered: render.rendered, plan: undefined, built: [], composed: undefined };
    if (!this.#wants("plan")) return walked;
    const workshop = dryRun ? undefined : await openWorkshop(definition, this.#sandbox, out, this.#options);
    const input = {
      definition,
      rendered: render.rendered,
      macros,
      arch,
      repositories,
      base: workshop?.base?.packages,
    };
    const planned = await planStage(input, out, book, progress, !dryRun);
    const { plan } = planned;
    this.#note(
      `${prefix}plan`,
      !planned.fresh,
      `${plan.nodes.length} builds in ${waveCount(plan)} waves, ${count(plan.cycles.length, "cycle")} cut`,
      planned.reason,
      `weir plan show -C ${labels.definition}`,
    );
    if (workshop === undefined) {
      for (const expected of await expectedBuilds(plan, render, out))
        this.#note(`${prefix}build`, true, expected.node, expected.reason, "");
      return { ...walked, plan };
    }
    if (!this.#wants("build")) return { ...walked, plan };
    const build = await buildStage({ rendered: render.rendered, plan, workshop }, out, this.#tools, this.#options);
    const reasons = build.ran.map((node) => `${node.node}: ${node.reason}`);
    this.#note(
      `${prefix}build`,
      build.ran.length > 0,
      `${build.ran.length} built, ${build.built.length + (workshop.base ? 1 : 0) - build.ran.length} reused`,
      build.ran.length > 0 ? some(reasons) : "same inputs",
      `less ${at("logs/NAME.log")}`,
    );
    if (!this.#wants("compose")) return { ...walked, plan, built: build.built };
    const components = new Map(plan.nodes.map((node) => [node.id, node.component]));
    const composed = await composeStage(
      {
        definition,
        built: build.built
          .filter((node) => !node.node.includes("#"))
          .map((node) => ({ ...node, component: components.get(node.node) ?? node.node })),
        base: baseArtifacts(workshop),
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
      `weir repo list ${at("repo")}`,
    );
    return { definition, rendered: render.rendered, plan, built: build.built, composed };
  }

  /** Without lock files no release counts the project's commits, and git is not asked. */
  async #history(project: Project): Promise<ProjectHistory | undefined> {
    if (!existsSync(join(project.root, project.lockDir))) return undefined;
    const history = await this.#tools.projectHistory(project);
    if (!history.complete) {
      this.#skips.push({
        subject: "releases",
        reason: "the project's git history is cut off: releases that count its commits may be too low",
      });
    }
    return history;
  }

  async #legacy(root: string, folder: string): Promise<Walked> {
    const { out, labels } = this.#options;
    const legacyLabels = {
      out: join(labels.out, "legacy"),
      definition: join(labels.definition, relative(root, folder)),
    };
    return this.#distribution(await loadDefinition(folder), join(out, "legacy"), "legacy ", legacyLabels);
  }

  async #image(main: Walked): Promise<{ sections: Report[]; sbom: string | undefined }> {
    const { out, arch, progress, signal, labels } = this.#options;
    const { weir, project } = main.definition;
    if (weir === undefined || weir.profiles.size === 0 || main.composed === undefined)
      return { sections: [], sbom: undefined };
    const { snapshot, repository } = main.composed;
    const { images, skipped } = await imageStage(
      {
        project,
        weir,
        repository,
        snapshotDigest: snapshot.digest,
        revision: snapshot.revision,
        arch,
        sandbox: this.#sandbox,
        book: new StageBook(out, this.#tools.version),
        progress,
        signal,
      },
      out,
    );
    for (const { profile, image, fresh, reason, folder } of images) {
      const did = `${image.packages.length} packages, ${Math.round(image.layerSize / 1e5) / 10} MB compressed`;
      this.#note(`image ${profile}`, !fresh, did, reason, `skopeo inspect oci:${join(labels.out, folder)}`);
    }
    const sections = images.map((item) => item.report);
    return { sections: skipped === undefined ? sections : [...sections, skipped], sbom: images[0]?.sbom };
  }

  async #judge(main: Walked, legacy: Walked): Promise<Report[]> {
    const { out, progress, signal, arch, labels } = this.#options;
    if (main.composed === undefined || legacy.composed === undefined) return [];
    const before = legacy.composed.repository;
    const after = main.composed.repository;
    const { weir, project } = main.definition;
    const book = new StageBook(out, this.#tools.version);
    const inputs = {
      "legacy snapshot": legacy.composed.snapshot.digest,
      "new snapshot": main.composed.snapshot.digest,
      "curated fates": digestOf(canonicalJson(curatedFates(weir))),
    };
    const compat = await rememberReport(book, out, "compat", inputs, () =>
      compatStage(before, after, weir, progress, signal),
    );
    const repositories = `${join(labels.out, "legacy/repo")} ${join(labels.out, "repo")}`;
    this.#note(
      "compat",
      !compat.fresh,
      compat.report.summary[0] ?? "",
      compat.reason,
      `weir compat compare ${repositories} -C ${labels.definition}`,
    );
    if (!this.#wants("audit")) return [compat.report];
    const files = await auditFiles(weir, project.root);
    if (files.length === 0) return [compat.report];
    const auditInputs = {
      ...inputs,
      "audited files": await digestFiles(files),
      "audit facts": digestOf(canonicalJson(auditFacts(weir))),
    };
    const legacyName = legacy.definition.project.defaultDistro.name;
    const audit = await rememberReport(book, out, "audit", auditInputs, () =>
      auditStage({ files, before, target: after, weir, legacyName, arch }),
    );
    const options = `--legacy ${join(labels.out, "legacy/repo")} --target ${join(labels.out, "repo")} -C ${labels.definition}`;
    const did = `${count(files.length, "file")}, ${count(allFindings(audit.report).length, "finding")}`;
    this.#note(
      "audit",
      !audit.fresh,
      did,
      audit.reason,
      `weir audit file ${join(labels.definition, relative(project.root, files[0]?.path ?? ""))} ${options}`,
    );
    return [compat.report, audit.report];
  }
}

/** Where the same repositories are given in the same order, they have the same names in every run. */
function readRepositories(folders: readonly string[]): Promise<Repository[]> {
  return Promise.all(
    folders.map((folder, index) => readRepository(folder, { id: `buildroot ${index + 1}`, filelists: true })),
  );
}

/** A report that is made again only when one of its inputs changed; kept under `.weir`. */
async function rememberReport(
  book: StageBook,
  out: string,
  stage: string,
  inputs: StageInputs,
  make: () => Promise<Report>,
): Promise<{ report: Report; fresh: boolean; reason: string }> {
  const file = join(".weir", `${stage}.json`);
  const state = await book.check(stage, inputs);
  if (state.fresh) return { report: JSON.parse(await readFile(join(out, file), "utf8")) as Report, ...state };
  const report = await make();
  await writeFileSafely(join(out, file), canonicalJson(report));
  await book.finish(stage, inputs, [file]);
  return { report, fresh: false, reason: state.reason };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function some(items: readonly string[]): string {
  const shown = items.slice(0, 3).join("; ");
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown;
}
