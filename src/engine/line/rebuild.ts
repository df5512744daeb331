import { join, relative } from "node:path";
import { allFindings, type Report } from "../../core/index.ts";
import { loadDefinition } from "./definition.ts";
import { claimOut, cleanOut, lockOut } from "./out-lock.ts";
import { rebuildReport, runReport } from "./report-stage.ts";
import type { Definition, LineOptions, LineTools } from "./types.ts";
import { count, Walk, type Walked } from "./walk.ts";
import { walkDistribution } from "./walk-distribution.ts";
import { walkImages, walkJudgement } from "./walk-results.ts";

export interface RebuildOutcome {
  /** The stages of this run. */
  readonly run: Report;
  /** The report of the distribution, the same whether something ran or not; undefined when the walk stopped before the end. */
  readonly report: Report | undefined;
  readonly sbom: string | undefined;
}

/**
 * Walks the line from a definition to its report and leaves the results below `options.out`. Errors: `OUT_IN_USE`, `OUT_FOREIGN`, and those
 * of the stages; the first stage that fails ends the walk, what was done before stays and is not done again.
 */
export async function rebuild(definition: Definition, tools: LineTools, options: LineOptions): Promise<RebuildOutcome> {
  const walk = new Walk(tools, options);
  if (options.dryRun) return walkLine(walk, definition);
  await claimOut(options.out);
  const release = await lockOut(options.out);
  try {
    await cleanOut(options.out);
    await cleanOut(join(options.out, "legacy"));
    return await walkLine(walk, definition);
  } finally {
    await release();
  }
}

async function walkLine(walk: Walk, definition: Definition): Promise<RebuildOutcome> {
  const { out, labels } = walk.options;
  const name = definition.project.defaultDistro.name;
  const main = await walkDistribution(walk, definition, { out, prefix: "", labels });
  const stop = () => ({ run: runOf(walk, name, []), report: undefined, sbom: undefined });
  if (main.composed === undefined || main.plan === undefined) return stop();
  const sections: Report[] = [];
  let sbom: string | undefined;
  if (walk.wants("image")) {
    const images = await walkImages(walk, main);
    sections.push(...images.sections);
    sbom = images.sbom;
  }
  if (walk.wants("compat") && definition.weir?.legacy !== undefined) {
    const legacy = await walkLegacy(walk, definition.project.root, definition.weir.legacy);
    sections.push(...(await walkJudgement(walk, main, legacy)));
  }
  if (!walk.wants("report")) return stop();
  const report = rebuildReport({
    name,
    description: definition.project.description,
    rendered: main.rendered,
    plan: main.plan,
    built: main.built,
    snapshot: main.composed.snapshot,
    sections,
    skips: walk.skips,
  });
  const findings = allFindings(report);
  const reason = walk.worked ? "a stage gave something new" : "same inputs";
  walk.note(
    "report",
    walk.worked,
    count(findings.length, "finding"),
    reason,
    `open ${join(labels.out, "report.html")}`,
  );
  return { run: runOf(walk, name, findings), report, sbom };
}

function runOf(walk: Walk, name: string, findings: Report["findings"]): Report {
  const { stages, worked, notices, options } = walk;
  return runReport({ name, stages, worked, findings, notices, dry: options.dryRun });
}

async function walkLegacy(walk: Walk, root: string, folder: string): Promise<Walked> {
  const { out, labels } = walk.options;
  return walkDistribution(walk, await loadDefinition(folder), {
    out: join(out, "legacy"),
    prefix: "legacy ",
    labels: { ...labels, out: join(labels.out, "legacy"), definition: join(labels.definition, relative(root, folder)) },
  });
}
