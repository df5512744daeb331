import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { compareText, type Progress, WeirError } from "../../core/index.ts";
import { type EvaluatedSpec, evaluateSpec } from "../../formats/spec/index.ts";
import {
  type DistGit,
  isRenderedCurrent,
  isRenderFailureCurrent,
  type OverlayMode,
  renderComponent,
  type RenderedComponent,
  renderedFolder,
  type RenderedFile,
  type ResolvedComponent,
  writeRendered,
  writeRenderFailure,
} from "../define/index.ts";
import type { MacroSet } from "./macro-set.ts";
import type { Definition, ProjectHistory } from "./types.ts";

export interface RenderStage {
  /** By name. */
  readonly rendered: readonly RenderedComponent[];
  /** Components whose files on disk were, or with a dry run would be, replaced. */
  readonly changed: readonly string[];
  /** Folders of components that the definition no longer has. */
  readonly removed: readonly string[];
  /** By name, with `keepGoing`: what could not be rendered. */
  readonly failed: readonly { readonly name: string; readonly error: WeirError }[];
}

export interface RenderStageOptions {
  readonly specs: string;
  readonly distGit: DistGit;
  readonly macros: MacroSet;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly write: boolean;
  /** How often the project's own history changed each component, for releases that count it. */
  readonly history?: ProjectHistory | undefined;
  /**
   * A component that fails does not end the stage, unless all do. It leaves azldev's mark of a failure in its folder, but not where the machine or
   * the network is to blame: then what was rendered before stays.
   */
  readonly keepGoing?: boolean;
  readonly overlayMode?: OverlayMode;
  /** Only these components; then nothing is removed. */
  readonly only?: readonly ResolvedComponent[];
}

const atOnce = 8;

/**
 * Renders the components of a definition and brings `<specs>/<letter>/<name>/` up to date. Errors: those of rendering; the first component in
 * alphabetical order that fails is the one reported, with the number of others as a hint.
 */
export async function renderStage(definition: Definition, options: RenderStageOptions): Promise<RenderStage> {
  const components = options.only ?? [...definition.project.components.values()];
  const step = options.progress.step("render", components.length);
  const results: RenderedComponent[] = [];
  const changed: string[] = [];
  const failures: { name: string; error: unknown }[] = [];
  const failed: { name: string; error: WeirError }[] = [];
  const queue = [...components];
  const work = async () => {
    for (let component = queue.shift(); component !== undefined; component = queue.shift()) {
      options.signal.throwIfAborted();
      try {
        const rendered = await renderOne(definition, component, options);
        const current = await isRenderedCurrent(rendered, options.specs);
        if (!current) changed.push(component.name);
        if (!current && options.write) await writeRendered(rendered, options.specs);
        results.push(rendered);
      } catch (error) {
        if (options.keepGoing !== true || !(error instanceof WeirError)) failures.push({ name: component.name, error });
        else failed.push({ name: component.name, error });
      }
      step.update({ done: results.length + failures.length + failed.length, note: component.name });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const isHopeless = failed.length > 0 && results.length === 0;
  if (failures.length > 0 || isHopeless) {
    step.end("failed");
    throw firstFailure(failures.length > 0 ? failures : failed, options.signal);
  }
  failed.sort((a, b) => compareText(a.name, b.name));
  for (const { name, error } of failed) {
    if (error.kind !== "input") continue;
    const current = await isRenderFailureCurrent(name, options.specs);
    if (!current) changed.push(name);
    if (!current && options.write) await writeRenderFailure(name, options.specs);
  }
  results.sort((a, b) => compareText(a.name, b.name));
  changed.sort(compareText);
  const removed = options.only ? [] : await removeStale(options.specs, components, options.write);
  const note =
    changed.length === 0 && removed.length === 0 ? "no spec changed" : `${changed.length} of ${results.length} changed`;
  step.end(changed.length + removed.length > 0 ? "done" : "unchanged", note);
  return { rendered: results, changed, removed, failed };
}

function firstFailure(failures: { name: string; error: unknown }[], signal: AbortSignal): unknown {
  signal.throwIfAborted();
  const sorted = [...failures].sort((a, b) => compareText(a.name, b.name));
  const first = sorted[0]?.error;
  if (!(first instanceof WeirError) || sorted.length === 1) return first;
  const others = sorted.slice(1, 6).map((failure) => failure.name);
  const more = sorted.length > 6 ? ` and ${sorted.length - 6} more` : "";
  return new WeirError(first.code, first.message, {
    where: first.where,
    kind: first.kind,
    hints: [...first.hints, `also failing: ${others.join(", ")}${more}`],
    cause: first,
  });
}

/** Renders one component of a definition; nothing is written. */
export async function renderOne(
  definition: Definition,
  component: ResolvedComponent,
  options: Pick<RenderStageOptions, "distGit" | "macros" | "history" | "signal" | "overlayMode">,
): Promise<RenderedComponent> {
  return renderComponent(component, {
    distGit: options.distGit,
    root: definition.project.root,
    localTime: await localTime(component),
    sourceNames: (text, files) => sourceNames(text, files, options.macros),
    versionOf: (text, files) => versionOf(text, files, options.macros),
    commits: options.history?.changes.get(component.name) ?? 0,
    signal: options.signal,
    ...(options.overlayMode === undefined ? {} : { overlayMode: options.overlayMode }),
  });
}

/**
 * When a local component was last changed: noon UTC of its newest %changelog entry, which is also what rpm takes for
 * SOURCE_DATE_EPOCH when asked to. The start of 2000 where there is none.
 */
async function localTime(component: ResolvedComponent): Promise<number> {
  const path = component.config.spec.path;
  if (component.config.spec.type !== "local" || path === undefined) return fallbackTime;
  const text = await readFile(path, "utf8").catch(() => "");
  return changelogTime(text) ?? fallbackTime;
}

const fallbackTime = 946_684_800;

/** Seconds since the epoch of the first entry under %changelog, at noon UTC. */
export function changelogTime(specText: string): number | undefined {
  const match = /^%changelog\b[^\n]*\n(?:[^\n]*\n)*?\*\s+\w{3}\s+(\w{3})\s+(\d{1,2})\s+(\d{4})\b/m.exec(
    specText.slice(-1_000_000),
  );
  if (!match) return undefined;
  const time = Date.parse(`${match[2]} ${match[1]} ${match[3]} 12:00:00 GMT`);
  return Number.isNaN(time) ? undefined : time / 1000;
}

function evaluate(
  text: string,
  files: ReadonlyMap<string, RenderedFile>,
  macros: Pick<MacroSet, "context">,
): EvaluatedSpec | undefined {
  try {
    return evaluateSpec(text, macros.context, { readSource: (name) => textOf(files.get(name)) });
  } catch (error) {
    if (error instanceof WeirError) return undefined;
    throw error;
  }
}

function versionOf(text: string, files: ReadonlyMap<string, RenderedFile>, macros: MacroSet): string | undefined {
  const spec = evaluate(text, files, macros);
  return spec && `${spec.epoch}:${spec.version}`;
}

/** What cannot be known of these says nothing about sources: any other line may have named one. */
const harmless =
  /^(?:name|version|release|epoch|group|vendor|packager|modularitylabel|bugurl|autoreq(?:prov)?|autoprov|prereq|(?:build)?(?:requires|conflicts)|provides|obsoletes|recommends|suggests|supplements|enhances|summary|license|url|buildarch|exclusivearch|excludearch|buildsystem|%(?:package|description|prep|build|install|check|files|conf|generate_buildrequires))\b/i;

/**
 * The sources and patches of a spec as written in it after expansion; undefined where a line cannot be told that may have named one, since
 * nothing must be left out on a guess.
 */
export function sourceNames(
  text: string,
  files: ReadonlyMap<string, RenderedFile>,
  macros: Pick<MacroSet, "context">,
): string[] | undefined {
  const spec = evaluate(text, files, macros);
  if (spec === undefined || spec.tainted.some((taint) => !harmless.test(taint.subject))) return undefined;
  return [...spec.sources, ...spec.patches].map((source) => source.value);
}

export function textOf(file: RenderedFile | undefined): string | undefined {
  return file === undefined ? undefined : Buffer.from(file.content).toString("utf8");
}

async function removeStale(
  specs: string,
  kept: readonly { readonly name: string }[],
  write: boolean,
): Promise<string[]> {
  const known = new Set(
    kept.flatMap(({ name }) => [renderedFolder(name), join(renderedFolder(name), "..", encodeURIComponent(name))]),
  );
  const stale: string[] = [];
  for (const letter of await readdir(specs).catch(() => [] as string[])) {
    if (!(await lstat(join(specs, letter))).isDirectory()) continue;
    for (const name of await readdir(join(specs, letter))) {
      if (known.has(`${letter}/${name}`)) continue;
      stale.push(name);
      if (write) await rm(join(specs, letter, name), { recursive: true, force: true });
    }
  }
  return stale.filter((name) => !name.startsWith(".")).sort(compareText);
}
