import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { compareText, type Progress, type Skip, WeirError } from "../../core/index.ts";
import { evaluateSpec } from "../../formats/spec/index.ts";
import { type DistGit, renderedFolder, type ResolvedComponent } from "../define/index.ts";
import type { MacroSet } from "./macro-set.ts";
import { renderOne, textOf } from "./render-stage.ts";
import type { Definition, ProjectHistory } from "./types.ts";

export interface NevrOptions {
  readonly distGit: DistGit;
  readonly macros: MacroSet;
  readonly history?: ProjectHistory | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const atOnce = 8;

/**
 * Name, epoch, version and release of each component's source package after its overlays: `name-epoch:version-release`, without an epoch of
 * none. Evaluated from what rendering gives, or, where the upstream source is not at hand, from the spec that was rendered before. What cannot be
 * told is a skip.
 */
export async function componentNevrs(
  definition: Definition,
  components: readonly ResolvedComponent[],
  options: NevrOptions,
): Promise<{ readonly nevrs: ReadonlyMap<string, string>; readonly skips: readonly Skip[] }> {
  const step = options.progress.step("evaluate", components.length);
  const nevrs = new Map<string, string>();
  const skips: Skip[] = [];
  const queue = [...components];
  const work = async (): Promise<void> => {
    for (let component = queue.shift(); component !== undefined; component = queue.shift()) {
      options.signal.throwIfAborted();
      try {
        nevrs.set(component.name, await nevrOf(definition, component, options));
      } catch (error) {
        if (!(error instanceof WeirError)) throw error;
        skips.push({ subject: component.name, reason: `${error.message} [${error.code}]` });
      }
      step.update({ done: nevrs.size + skips.length });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  step.end("done");
  skips.sort((a, b) => compareText(a.subject, b.subject));
  return { nevrs, skips };
}

async function nevrOf(definition: Definition, component: ResolvedComponent, options: NevrOptions): Promise<string> {
  const { text, read } = await sourceOf(definition, component, options);
  const spec = evaluateSpec(text, options.macros.context, { file: `${component.name}.spec`, readSource: read });
  const unsure = spec.tainted.find((taint) => /^(?:name|epoch|version|release)$/i.test(taint.subject));
  if (unsure !== undefined)
    throw new WeirError("COMPONENT_NEVR_UNKNOWN", `${unsure.subject} cannot be told: ${unsure.reason}`, {
      where: { file: `${component.name}.spec`, line: unsure.line },
    });
  const epoch = spec.epoch > 0 ? `${spec.epoch}:` : "";
  return `${spec.name}-${epoch}${spec.version}-${spec.release}`;
}

interface SpecSource {
  readonly text: string;
  readonly read: (name: string) => string | undefined;
}

async function sourceOf(
  definition: Definition,
  component: ResolvedComponent,
  options: NevrOptions,
): Promise<SpecSource> {
  try {
    const { files, specFile } = await renderOne(definition, component, options);
    return { text: textOf(files.get(specFile)) ?? "", read: (name) => textOf(files.get(name)) };
  } catch (error) {
    if (!(error instanceof WeirError) || !error.code.startsWith("UPSTREAM_")) throw error;
    const earlier = await renderedBefore(definition, component.name);
    if (earlier === undefined) throw error;
    return earlier;
  }
}

/** The spec that an earlier rendering left, with the macros file beside it: other files say nothing about its name and version. */
async function renderedBefore({ project }: Definition, name: string): Promise<SpecSource | undefined> {
  const folder = join(project.renderedSpecsDir, renderedFolder(name));
  const text = await textAt(join(folder, `${name}.spec`));
  if (text === undefined) return undefined;
  const macros = await textAt(join(folder, `${name}.azl.macros`));
  return { text, read: (file) => (file === `${name}.azl.macros` ? macros : undefined) };
}

async function textAt(path: string): Promise<string | undefined> {
  const info = await lstat(path).catch(() => undefined);
  return info?.isFile() === true && info.size < 64 << 20 ? readFile(path, "utf8") : undefined;
}
