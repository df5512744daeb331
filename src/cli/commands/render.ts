import { resolve } from "node:path";
import { readProjectHistory } from "../../adapters/git/index.ts";
import { makeReport } from "../../core/index.ts";
import { selectComponents } from "../../engine/define/index.ts";
import { interpreterMacros, loadDefinition, readMacroSet, renderStage } from "../../engine/line/index.ts";
import type { CommandContext, CommandInput, CommandOutcome } from "../command.ts";
import { rpmFolder, wireDistGit } from "../wire.ts";

export async function render(input: CommandInput, context: CommandContext): Promise<CommandOutcome> {
  const definition = await loadDefinition(resolve(context.cwd, input.options.text("directory") ?? "."));
  const checkOnly = input.options.flag("checkOnly");
  const write = !checkOnly && !context.dryRun;
  const stage = await renderStage(definition, {
    specs: resolve(context.cwd, input.options.text("out") ?? "specs"),
    distGit: wireDistGit(context),
    macros: readMacroSet(rpmFolder, definition.weir?.macros ?? [], "x86_64", interpreterMacros([])),
    progress: context.progress,
    signal: context.signal,
    write,
    keepGoing: true,
    overlayMode: input.options.text("overlays") === "structural" ? "structural" : "azldev",
    history: await readProjectHistory(definition.project.root, definition.project.lockDir, context.signal),
    ...(input.args.length > 0 ? { only: selectComponents(definition.project, { names: input.args }) } : {}),
  });
  const differing = stage.changed.length + stage.removed.length;
  const verb = write ? "written" : "would change";
  const changed = new Set(stage.changed);
  const report = makeReport("render", "", {
    summary: [
      `${stage.rendered.length} components rendered, ${stage.changed.length} ${verb}, ${stage.removed.length} stale, ${stage.failed.length} failed.`,
    ],
    skips: stage.failed.map(({ name, error }) => ({
      subject: name,
      reason: `${error.message} [${error.code}]`,
    })),
    tables: [
      {
        id: "rendered",
        title: "",
        columns: ["component", "edits", "sources", "commit", "changed"],
        rows: stage.rendered.map((item) => [
          item.name,
          item.edits.length,
          item.remoteSources.length,
          item.commit?.slice(0, 12) ?? "local",
          changed.has(item.name),
        ]),
      },
      ...(context.verbose || input.args.length > 0
        ? [
            {
              id: "edits",
              title: "Edits",
              columns: ["component", "edit", "file", "from"],
              rows: stage.rendered.flatMap((item) =>
                item.edits.map((edit) => [
                  item.name,
                  `${edit.type}${edit.description === "" ? "" : `: ${edit.description}`}`,
                  edit.file,
                  edit.origin === undefined ? "" : `${edit.origin.file}:${edit.origin.line ?? 0}`,
                ]),
              ),
            },
          ]
        : []),
    ],
    data: {
      schema: "weir/rendered/1",
      components: stage.rendered.map((item) => ({
        name: item.name,
        commit: item.commit ?? null,
        fingerprint: item.fingerprint,
        sourceDateEpoch: item.sourceDateEpoch,
        files: [...item.files.keys()],
        sources: item.remoteSources,
        edits: item.edits,
        changed: changed.has(item.name),
      })),
      removed: stage.removed,
      failed: stage.failed.map(({ name, error }) => ({ name, code: error.code, message: error.message })),
    },
  });
  const isBad = (checkOnly && differing > 0) || (stage.failed.length > 0 && input.options.flag("failOnError"));
  return { report, ...(isBad ? { exitCode: 1 } : {}) };
}
