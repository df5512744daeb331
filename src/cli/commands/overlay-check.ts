import { resolve } from "node:path";
import {
  type Cell,
  compareText,
  type Finding,
  formatPlace,
  makeReport,
  type Report,
  type Skip,
  WeirError,
} from "../../core/index.ts";
import {
  type CheckedComponent,
  type CheckedOverlay,
  checkOverlays,
  loadProject,
  selectComponents,
  type UpstreamAddress,
} from "../../engine/define/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { commandRules } from "../rules.ts";
import { wireDistGit } from "../wire.ts";

const atOnce = 8;

/** Checks the overlays of components. Errors: `COMPONENT_…`; a source that cannot be read is a skip. */
export async function check(input: CommandInput, context: CommandContext): Promise<Report> {
  const project = await loadProject(resolve(context.cwd, input.options.text("directory") ?? "."));
  const names = input.args.length > 0 ? { names: input.args } : {};
  const components = selectComponents(project, { ...names, overlays: true });
  const newer = newerOf(input);
  const distGit = wireDistGit(context);
  const step = context.progress.step("overlays", components.length);
  const checked: CheckedComponent[] = [];
  const skips: Skip[] = [];
  const queue = [...components];
  const work = async (): Promise<void> => {
    for (let component = queue.shift(); component !== undefined; component = queue.shift()) {
      context.signal.throwIfAborted();
      try {
        checked.push(await checkOverlays(component, { distGit, root: project.root, newer, signal: context.signal }));
      } catch (error) {
        if (!(error instanceof WeirError)) throw error;
        skips.push({ subject: component.name, reason: `${error.message} [${error.code}]` });
      }
      step.update({ done: checked.length + skips.length, note: component.name });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  step.end("done");
  checked.sort((a, b) => compareText(a.name, b.name));
  skips.sort((a, b) => compareText(a.subject, b.subject));
  return report(checked, skips, newer !== undefined);
}

function newerOf(input: CommandInput): Partial<Pick<UpstreamAddress, "branch" | "snapshot">> | undefined {
  const branch = input.options.text("branch");
  const snapshot = input.options.text("snapshot");
  if (branch === undefined && snapshot === undefined && !input.options.flag("head")) return undefined;
  return { ...(branch === undefined ? {} : { branch }), ...(snapshot === undefined ? {} : { snapshot }) };
}

function report(checked: readonly CheckedComponent[], skips: readonly Skip[], hasNewer: boolean): Report {
  const all = checked.flatMap((component) => component.overlays.map((overlay) => ({ component, overlay })));
  const count = (test: (overlay: CheckedOverlay) => boolean) => all.filter(({ overlay }) => test(overlay)).length;
  const fates = (of: (overlay: CheckedOverlay) => string | undefined) =>
    ["applies", "no-op", "conflict"].map((fate) => `${count((one) => of(one) === fate)} ${fate}`).join(", ");
  const summary = [
    `${all.length} overlays of ${checked.length} components, now: ${fates((one) => one.now.fate)}.`,
    `${count((one) => one.difference !== undefined)} would be placed differently by the spec's structure.`,
    ...(hasNewer ? [`On the newer upstream: ${fates((one) => one.newer?.fate)}.`] : []),
  ];
  const rows = all.map(({ component, overlay }): Cell[] => [
    component.name,
    overlay.index + 1,
    overlay.type,
    fateText(overlay.now),
    ...(hasNewer ? [overlay.newer === undefined ? "" : fateText(overlay.newer)] : []),
    overlay.difference === undefined ? "same" : "differs",
    overlay.origin === undefined ? "" : formatPlace(overlay.origin),
  ]);
  return makeReport("overlay-check", "Overlays", {
    summary,
    tables: [
      {
        id: "overlays",
        title: "Overlays",
        columns: ["component", "overlay", "type", "now", ...(hasNewer ? ["newer"] : []), "modes", "from"],
        rows,
      },
    ],
    findings: all.flatMap(({ component, overlay }) => findingsOf(component.name, overlay)),
    skips,
    data: {
      schema: "weir/overlay-check/1",
      components: checked.map(({ name, commit, newerCommit, overlays }) => ({
        name,
        commit: commit ?? null,
        newerCommit: newerCommit ?? null,
        overlays: overlays.map((overlay) => ({
          ...overlay,
          origin: overlay.origin ?? null,
          difference: overlay.difference ?? null,
          newer: overlay.newer ?? null,
        })),
      })),
      skips,
    },
  });
}

function fateText({ fate, reason }: { readonly fate: string; readonly reason: string }): string {
  return fate === "no-op" && reason !== "" ? `no-op: ${reason}` : fate;
}

function findingsOf(name: string, overlay: CheckedOverlay): Finding[] {
  const subject = `${name}, overlay ${overlay.index + 1}`;
  const where = overlay.origin === undefined ? {} : { where: overlay.origin };
  const found: Finding[] = [];
  const add = (rule: (typeof commandRules)["DEFINE003" | "DEFINE004" | "DEFINE005"], what: string): void => {
    const { id, severity, remedy } = rule;
    const message = `${rule.title}: ${overlay.type}`;
    found.push({ rule: id, severity, subject, message, evidence: [{ what, ...where }], remedy });
  };
  if (overlay.difference !== undefined) add(commandRules.DEFINE003, overlay.difference);
  if (overlay.now.fate === "conflict") add(commandRules.DEFINE004, overlay.now.reason);
  else if (overlay.newer?.fate === "conflict") add(commandRules.DEFINE004, overlay.newer.reason);
  if (overlay.newer?.fate === "no-op") add(commandRules.DEFINE005, overlay.newer.reason);
  return found;
}
