import { join, resolve } from "node:path";
import { allFindings, WeirError, writeFileIfChanged } from "../../core/index.ts";
import { loadDefinition, rebuild as walk, type StageName } from "../../engine/line/index.ts";
import { renderHtml, renderReportJson } from "../../report/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { toolName, wireLine } from "../wire.ts";

export async function rebuild(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { options } = input;
  const definition = await loadDefinition(resolve(context.cwd, options.text("directory") ?? "."));
  const out = resolve(context.cwd, options.text("out") ?? "out");
  const jobs = Number(options.text("jobs") ?? "2");
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 1024) {
    throw new WeirError("USAGE_JOBS", `--jobs takes a whole number from 1, not ${options.text("jobs") ?? ""}`);
  }
  const outcome = await walk(definition, wireLine(context, out, options.text("sandbox") ?? "auto"), {
    out,
    labels: { tool: toolName(), out: options.text("out") ?? "out", definition: options.text("directory") ?? "." },
    arch: "x86_64",
    jobs,
    buildrootRepositories: options
      .list("buildroot")
      .filter((what) => what !== "host")
      .map((folder) => resolve(context.cwd, folder)),
    until: options.text("until") as StageName | undefined,
    dryRun: context.dryRun,
    progress: context.progress,
    signal: context.signal,
  });
  if (outcome.report !== undefined) {
    await writeFileIfChanged(join(out, "report.json"), renderReportJson(outcome.report));
    await writeFileIfChanged(join(out, "report.html"), renderHtml(outcome.report));
    if (outcome.sbom !== undefined) await writeFileIfChanged(join(out, "sbom.json"), outcome.sbom);
  }
  return { report: outcome.run, judged: outcome.report === undefined ? [] : allFindings(outcome.report) };
}
