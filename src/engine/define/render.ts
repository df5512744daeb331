import { compareText, Fingerprint, type Place, WeirError } from "../../core/index.ts";
import { type AutospecInput, applyAutospec } from "./render-autospec.ts";
import { applyOverlays, type OverlayMode, type PlacedOverlay } from "./overlays/index.ts";
import { checkSkipOverlays, headerOverlays, macrosFile, macrosFileName, macrosOverlays } from "./render-macros.ts";
import { readBelow, readLocalFolder } from "./render-local.ts";
import { releaseOverlays } from "./render-release.ts";
import { formatSources, isSafeFileName, mergeSources, parseSources, remoteSourcesOf } from "./sources.ts";
import type {
  DistGit,
  EditRecord,
  OverlayConfig,
  RemoteSource,
  RenderedComponent,
  RenderedFile,
  ResolvedComponent,
} from "./types.ts";

export interface RenderOptions {
  readonly distGit: DistGit;
  /** Absolute path of the definition's root: nothing of the definition is read from outside of it. */
  readonly root: string;
  /** Seconds since the epoch that local components get as their time, from 1. */
  readonly localTime: number;
  /** How many commits of the project changed the component since it was imported; 0, the default, where the project has no such history. */
  readonly commits?: number;
  /** Names or URLs of all sources and patches of a spec, or undefined where they cannot be told. Without it no file is left out. */
  readonly sourceNames?: (
    specText: string,
    files: ReadonlyMap<string, RenderedFile>,
  ) => readonly string[] | undefined | Promise<readonly string[] | undefined>;
  /**
   * `epoch:version` (or the version) of a spec, or undefined where it cannot be told. Without it, or where the dist-git tells no history,
   * %autorelease and %autochangelog stay as they are.
   */
  readonly versionOf?: AutospecInput["versionOf"];
  /** Lookaside template for components that have no upstream. */
  readonly lookasideUri?: string | undefined;
  /** How overlays find their place in the spec; default `azldev`. */
  readonly overlayMode?: OverlayMode;
  readonly signal?: AbortSignal;
}

/**
 * A component's source folder: the upstream commit's files or the local spec's folder, with the macros file, the user's overlays, the
 * skipped %check, the header, the merged `sources`, the raised Release and the number of %autorelease, in this order (azldev's
 * `component render`).
 * Errors: those of {@link applyOverlays} (`OVERLAY_…`), `sources` (`SOURCES_…`), the upstream (`UPSTREAM_…`) and `RENDER_…`.
 */
export async function renderComponent(
  component: ResolvedComponent,
  options: RenderOptions,
): Promise<RenderedComponent> {
  checkComponentName(component);
  const source = await loadSource(component, options);
  const specFile = `${component.name}.spec`;
  const work = new Map(source.files);
  const edits: EditRecord[] = [];
  requireSpec(component, work, specFile);

  const overlays = placeOverlays(component, work);
  const additions = await readAdditions(component, options.root);
  const context = {
    component: component.name,
    source: (overlay: OverlayConfig) => additions.get(overlay),
    mode: options.overlayMode ?? "azldev",
  };
  let { files, edits: made } = applyOverlays(work, specFile, overlays, context);
  edits.push(...made);

  const merged = mergeInto(component, new Map(files), options.lookasideUri);
  files = merged.files;
  edits.push(...merged.edits);
  const spec = files.get(specFile)?.content ?? new Uint8Array();
  const bump = releaseOverlays(component, spec, options.commits ?? 0);
  if (bump.length > 0) {
    ({ files, edits: made } = applyOverlays(files, specFile, bump, context));
    edits.push(...made);
  }
  const autospec =
    options.versionOf && (await numberRelease(component, files, specFile, source, options, options.versionOf));
  if (autospec) {
    files = new Map(files).set(specFile, autospec.spec);
    edits.push(autospec.edit);
  }
  const kept = await withoutUnnamed(component, files, specFile, options);
  const sorted = new Map([...kept].sort((a, b) => compareText(a[0], b[0])));
  const body = {
    name: component.name,
    specFile,
    files: sorted,
    remoteSources: merged.remoteSources,
    edits,
    ...source.identity,
  };
  return { ...body, fingerprint: fingerprintOf(body) };
}

/**
 * All edits of a component up to the header, in their order; its macros file is put among the files. Edits inside source archives are not among
 * them: archives are not there when a component is rendered, as with azldev, and their new digests stand in `source-files`.
 */
export function placeOverlays(component: ResolvedComponent, files: Map<string, RenderedFile>): PlacedOverlay[] {
  const macros = macrosFile(component.config.build);
  const overlays: PlacedOverlay[] = [];
  if (macros !== undefined) {
    const name = macrosFileName(component);
    files.set(name, { content: Buffer.from(macros), executable: false });
    overlays.push(...macrosOverlays(component, name));
  }
  component.config.overlays.forEach((config, index) => {
    if ((config.archive ?? "") !== "") return;
    overlays.push({ id: index, config, origin: originOf(component, `overlays[${index}]`) });
  });
  overlays.push(...checkSkipOverlays(component), ...headerOverlays(component));
  return overlays;
}

async function numberRelease(
  component: ResolvedComponent,
  files: ReadonlyMap<string, RenderedFile>,
  specFile: string,
  source: LoadedSource,
  options: RenderOptions,
  versionOf: AutospecInput["versionOf"],
): Promise<Awaited<ReturnType<typeof applyAutospec>>> {
  const { commits = 0, distGit, signal } = options;
  const { commit } = source.identity;
  const address = component.upstream;
  if (commit === undefined || !address) {
    return applyAutospec({ component, specFile, files, commits, versionOf, upstream: undefined });
  }
  if (!distGit.history) return undefined;
  const history = distGit.history.bind(distGit);
  const read = (ids: readonly string[]) => history(address, ids, `${address.name}.spec`, signal);
  return applyAutospec({ component, specFile, files, commits, versionOf, upstream: { commit, read } });
}

export interface LoadedSource {
  readonly files: ReadonlyMap<string, RenderedFile>;
  readonly identity: Pick<RenderedComponent, "commit" | "sourceDateEpoch">;
}

/** The files of a component's local spec or upstream commit. Errors: `RENDER_…`, `UPSTREAM_…`. */
export async function loadSource(
  component: ResolvedComponent,
  options: Pick<RenderOptions, "distGit" | "root" | "localTime" | "signal">,
): Promise<LoadedSource> {
  const { spec } = component.config;
  const where = originOf(component, "spec");
  if (spec.type === "local") {
    if (spec.path === undefined) {
      throw new WeirError("RENDER_NO_SPEC", `${component.name}: a local component needs spec.path`, { where });
    }
    const files = await readLocalFolder(options.root, spec.path, where);
    return { files, identity: { commit: undefined, sourceDateEpoch: options.localTime } };
  }
  const address = component.upstream;
  if (!address) {
    throw new WeirError("RENDER_NO_UPSTREAM", `${component.name}: it is not said which upstream it comes from`, {
      where,
      hints: ["name spec.upstream-distro, or give the project's default distro a default-component-config"],
    });
  }
  const commit = await options.distGit.resolve(address, options.signal);
  const files = new Map(await options.distGit.read(address, commit.commit, options.signal));
  const upstreamSpec = files.get(`${address.name}.spec`);
  if (address.name !== component.name && upstreamSpec) {
    files.delete(`${address.name}.spec`);
    files.set(`${component.name}.spec`, upstreamSpec);
  }
  return { files, identity: { commit: commit.commit, sourceDateEpoch: Math.max(1, commit.time) } };
}

function requireSpec(component: ResolvedComponent, files: ReadonlyMap<string, RenderedFile>, specFile: string): void {
  if (files.has(specFile)) return;
  const specs = [...files.keys()].filter((name) => name.endsWith(".spec")).sort(compareText);
  const hints = files.has("dead.package")
    ? ["the package is retired there: pin spec.upstream-commit to an older commit, or an older snapshot"]
    : specs.length > 0
      ? [`it has ${specs.slice(0, 3).join(", ")}: set spec.upstream-name, or rename the component`]
      : [];
  throw new WeirError("RENDER_NO_SPEC", `${component.name}: its source has no ${specFile}`, {
    where: originOf(component, "spec"),
    hints,
  });
}

function originOf(component: ResolvedComponent, path: string): Place {
  const exact = component.origins.get(path) ?? component.origins.get(`${path}.type`);
  if (exact) return exact;
  for (const [key, origin] of component.origins) if (key.startsWith(`${path}.`)) return origin;
  return component.origin;
}

function checkComponentName(component: ResolvedComponent): void {
  if (isSafeFileName(component.name) && /^[A-Za-z0-9_]/.test(component.name)) return;
  throw new WeirError(
    "RENDER_BAD_NAME",
    `not a name for a component: ${JSON.stringify(component.name.slice(0, 100))}`,
    {
      where: component.origin,
      hints: ["it becomes a folder's name: letters, digits and . _ + - ~, a letter, digit or _ first"],
    },
  );
}

/** The files that overlays add, by the overlay. */
export async function readAdditions(
  component: ResolvedComponent,
  root: string,
): Promise<Map<OverlayConfig, Uint8Array>> {
  const additions = new Map<OverlayConfig, Uint8Array>();
  for (const [index, overlay] of component.config.overlays.entries()) {
    if (overlay.source === undefined || (overlay.type !== "file-add" && overlay.type !== "patch-add")) continue;
    const file = await readBelow(root, overlay.source, originOf(component, `overlays[${index}]`));
    if (file) additions.set(overlay, file.content);
  }
  return additions;
}

function mergeInto(
  component: ResolvedComponent,
  files: Map<string, RenderedFile>,
  lookasideUri: string | undefined,
): { files: Map<string, RenderedFile>; edits: EditRecord[]; remoteSources: RemoteSource[] } {
  const sourceFiles = component.config["source-files"];
  const before = files.get("sources");
  const lines = parseSources(before ? Buffer.from(before.content).toString("utf8") : "", `${component.name}/sources`);
  const edits: EditRecord[] = [];
  let merged = lines;
  if (sourceFiles.length > 0) {
    merged = mergeSources(lines, sourceFiles, (index) => originOf(component, `source-files[${index}]`));
    files.set("sources", { content: Buffer.from(formatSources(merged)), executable: before?.executable ?? false });
    sourceFiles.forEach((config, index) => {
      const line = merged.find(({ entry }) => entry?.file === config.filename);
      const old = lines.find(({ entry }) => entry?.file === config.filename);
      edits.push({
        overlay: "sources",
        type: "source-files",
        description: config["replace-reason"] ?? "",
        origin: originOf(component, `source-files[${index}]`),
        file: "sources",
        diff: `${old ? `-${old.raw}\n` : ""}+${line?.raw ?? ""}\n`,
      });
    });
  }
  const template = component.upstream?.lookasideUri ?? lookasideUri;
  const lookaside =
    template === undefined ? undefined : { template, package: component.upstream?.name ?? component.name };
  return { files, edits, remoteSources: remoteSourcesOf(merged, sourceFiles, lookaside) };
}

/** azldev's file filter: what neither the spec names nor is the spec or `sources` goes; the first path segment decides. */
async function withoutUnnamed(
  component: ResolvedComponent,
  files: ReadonlyMap<string, RenderedFile>,
  specFile: string,
  options: RenderOptions,
): Promise<ReadonlyMap<string, RenderedFile>> {
  if (component.config.render["skip-file-filter"] || !options.sourceNames) return files;
  const spec = files.get(specFile)?.content ?? new Uint8Array();
  const names = await options.sourceNames(Buffer.from(spec).toString("utf8"), files);
  if (names === undefined || names.some((name) => name.includes("%{"))) return files;
  const keep = new Set([specFile, "sources"]);
  for (const name of names) keep.add(topOf(name));
  return new Map([...files].filter(([name]) => keep.has(topOf(name))));
}

function topOf(name: string): string {
  const file = /^[a-z][a-z0-9+.-]*:\/\//i.test(name)
    ? name.slice(name.lastIndexOf("/") + 1)
    : name.replace(/^(?:\.\/)+/, "");
  const slash = file.indexOf("/");
  return slash < 0 ? file : file.slice(0, slash);
}

function fingerprintOf(body: Omit<RenderedComponent, "fingerprint">): string {
  const print = new Fingerprint().add("format", 1).add("name", body.name).add("spec", body.specFile);
  print.add("commit", body.commit ?? "").add("time", body.sourceDateEpoch);
  for (const [name, file] of body.files) print.add(`file ${name}`, file.content).add("executable", file.executable);
  for (const source of body.remoteSources) print.add(`source ${source.file}`, `${source.hashType}:${source.hash}`);
  return print.hex();
}
