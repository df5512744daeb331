import { lstat, realpath, rm } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { type Cell, type Finding, makeReport, type Report, WeirError, writeFileIfChanged } from "../../core/index.ts";
import {
  loadProject,
  type PinDialect,
  pinFileName,
  planUpdate,
  type Project,
  selectComponents,
  type UpdatedPin,
  type UpdatePlan,
} from "../../engine/define/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { commandRules } from "../rules.ts";
import { wireDistGit } from "../wire.ts";

/** Moves pins. Exit code 1 where `--check-only` finds something to move. Errors: `UPDATE_…`, `USAGE_SNAPSHOT`, those of upstream. */
export async function update(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const { options } = input;
  const pins = dialectOf(options.text("pins"));
  const project = await loadProject(resolve(context.cwd, options.text("directory") ?? "."), {
    ...(pins === undefined ? {} : { pins }),
    staleLocks: true,
  });
  const snapshot = options.text("snapshot");
  if (snapshot !== undefined && !/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(snapshot))
    throw new WeirError("USAGE_SNAPSHOT", `not a time: ${snapshot.slice(0, 60)}`, {
      hints: ["write it as 2026-02-24T00:00:00Z"],
    });
  const checkOnly = options.flag("checkOnly");
  const all = input.args.length === 0;
  const plan = await planUpdate(project, selectComponents(project, all ? {} : { names: input.args }), {
    distGit: wireDistGit(context),
    snapshot,
    force: options.flag("force"),
    bump: options.flag("bump"),
    all,
    progress: context.progress,
    signal: context.signal,
  });
  const write = !checkOnly && !context.dryRun;
  if (write) await writePlan(project, plan);
  const report = updateReport(project, plan, write, snapshot);
  const isStale = plan.pins.some((pin) => pin.changed) || plan.orphans.length > 0;
  return { report, ...(checkOnly && isStale ? { exitCode: 1 } : {}) };
}

function dialectOf(text: string | undefined): PinDialect | undefined {
  return text === "lock-files" || text === "upstream-commits" ? text : undefined;
}

async function writePlan(project: Project, plan: UpdatePlan): Promise<void> {
  const root = await realpath(project.root);
  for (const { file } of plan.pins) {
    if (file === undefined) continue;
    await refuseOutside(root, file.path);
    await writeFileIfChanged(file.path, file.text);
  }
  for (const path of plan.orphans) {
    await refuseOutside(root, path);
    await rm(path, { force: true });
  }
}

/** What the definition calls its folder of pins may not lead out of its own tree. */
async function refuseOutside(root: string, path: string): Promise<void> {
  const info = await lstat(path).catch(() => undefined);
  let folder = dirname(path);
  while ((await lstat(folder).catch(() => undefined)) === undefined && dirname(folder) !== folder)
    folder = dirname(folder);
  const real = await realpath(folder);
  const isInside = real === root || real.startsWith(root + sep);
  if (isInside && (info === undefined || info.isFile())) return;
  throw new WeirError("UPDATE_LEAVES_ROOT", "the pins would be written outside of the definition's tree", {
    where: path,
    hints: ["`project.lock-dir` must name a folder of the definition, without links that lead out of it"],
  });
}

function updateReport(project: Project, plan: UpdatePlan, wrote: boolean, snapshot: string | undefined): Report {
  const { pins } = plan;
  const count = (state: UpdatedPin["state"]) => pins.filter((pin) => pin.state === state).length;
  const changed = pins.filter((pin) => pin.changed);
  const verb = wrote ? "written" : "would be written";
  const shown = pins.filter((pin) => pin.changed || pin.trouble !== undefined);
  const summary = [
    `${pins.length} components: ${count("moved")} moved, ${count("new")} new, ${count("kept")} kept, ${count("held")} held by the definition, ${count("local")} local; ${changed.length} pins ${verb}.`,
  ];
  if (plan.orphans.length > 0)
    summary.push(`${plan.orphans.length} locks of components that are gone ${wrote ? "removed" : "would be removed"}.`);
  if (snapshot !== undefined)
    summary.push(
      `Resolved at ${snapshot}; set the definition's snapshot to it, or the next --force moves the pins back.`,
    );
  return makeReport("component-update", "Pins", {
    summary,
    tables: [
      {
        id: "pins",
        title: "Pins",
        columns: ["component", "state", "from", "to", "commits", "newest", "file"],
        rows: shown.map((pin): Cell[] => [
          pin.name,
          pin.trouble === undefined ? pin.state : `${pin.state}, ${pin.trouble}`,
          pin.before?.slice(0, 12) ?? "",
          pin.after?.slice(0, 12) ?? "",
          pin.commits?.length ?? "",
          pin.commits?.[0]?.subject ?? "",
          pin.file === undefined ? "" : pinFileName(project, pin.file.path),
        ]),
      },
    ],
    findings: pins.flatMap(findingOf),
    skips: plan.skips,
    data: {
      schema: "weir/component-update/1",
      pins: pins.map(({ name, state, before, after, commits, trouble, changed: differs, file }) => ({
        name,
        state,
        before: before ?? null,
        after: after ?? null,
        changed: differs,
        trouble: trouble ?? null,
        commits: commits ?? null,
        file: file === undefined ? null : pinFileName(project, file.path),
      })),
      orphans: plan.orphans.map((path) => pinFileName(project, path)),
      written: wrote,
    },
  });
}

function findingOf(pin: UpdatedPin): Finding[] {
  if (pin.trouble === undefined || (pin.trouble === "vanished" && pin.state === "moved")) return [];
  const rule = pin.trouble === "vanished" ? commandRules.DEFINE001 : commandRules.DEFINE002;
  return [
    {
      rule: rule.id,
      severity: rule.severity,
      subject: pin.name,
      message: `${rule.title}: ${pin.before?.slice(0, 12) ?? ""}`,
      evidence: [],
      remedy: rule.remedy,
    },
  ];
}
