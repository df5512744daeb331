import { type Place, WeirError } from "../../core/index.ts";
import { applyOverlays, type OverlayMode, type PlacedOverlay, unifiedDiff } from "./overlays/index.ts";
import { loadSource, placeOverlays, readAdditions } from "./render.ts";
import type { DistGit, OverlayConfig, RenderedFile, ResolvedComponent, UpstreamAddress } from "./types.ts";

/** What an overlay does on a source: it applies, has nothing left to do there, or cannot be applied. */
export type OverlayFate = "applies" | "no-op" | "conflict";

export interface CheckedOverlay {
  /** Among the component's overlays, from 0. */
  readonly index: number;
  readonly type: string;
  readonly description: string;
  readonly origin: Place | undefined;
  readonly now: { readonly fate: OverlayFate; readonly reason: string };
  /** What the azldev mode and the structural mode make of it, where that differs in more than alignment: a unified diff, or why one of them refuses. */
  readonly difference: string | undefined;
  /** What the edit does that its author may not have meant, in the azldev mode. */
  readonly notes: readonly string[];
  /** The same on the newer upstream, if one was asked for. */
  readonly newer: { readonly fate: OverlayFate; readonly reason: string } | undefined;
}

export interface CheckedComponent {
  readonly name: string;
  readonly commit: string | undefined;
  readonly newerCommit: string | undefined;
  readonly overlays: readonly CheckedOverlay[];
}

export interface OverlayCheckOptions {
  readonly distGit: DistGit;
  /** Absolute path of the definition's root. */
  readonly root: string;
  /** What of an address is other on the newer upstream: a branch, a snapshot; without both the head. Undefined: no newer one is asked for. */
  readonly newer?: Partial<Pick<UpstreamAddress, "branch" | "snapshot">> | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Applies a component's overlays one by one, going on behind one that fails: in both modes on its present source, and on a newer upstream.
 * Errors: those of reading the source.
 */
export async function checkOverlays(
  component: ResolvedComponent,
  options: OverlayCheckOptions,
): Promise<CheckedComponent> {
  const { signal } = options;
  const read = (from: ResolvedComponent) =>
    loadSource(from, { distGit: options.distGit, root: options.root, localTime: 1, ...(signal ? { signal } : {}) });
  const present = await read(component);
  const { upstream } = component;
  const newer =
    options.newer === undefined || upstream === undefined
      ? undefined
      : await read(at(component, { ...upstream, commit: undefined, snapshot: undefined, ...options.newer }));
  const additions = await readAdditions(component, options.root);
  const here = walk(component, present.files, additions);
  const there = newer === undefined ? undefined : walk(component, newer.files, additions);
  return {
    name: component.name,
    commit: present.identity.commit,
    newerCommit: newer?.identity.commit,
    overlays: component.config.overlays.map((overlay, index) => ({
      index,
      type: overlay.type,
      description: overlay.description ?? "",
      origin: component.origins.get(`overlays[${index}].type`),
      now: here[index]?.outcome ?? { fate: "applies", reason: "inside an archive, which is not looked into" },
      difference: here[index]?.difference,
      notes: here[index]?.notes ?? [],
      newer: there?.[index]?.outcome,
    })),
  };
}

function at(component: ResolvedComponent, upstream: UpstreamAddress): ResolvedComponent {
  return Object.create(component, { upstream: { value: upstream, enumerable: true } }) as ResolvedComponent;
}

interface Step {
  readonly outcome: { readonly fate: OverlayFate; readonly reason: string };
  readonly difference: string | undefined;
  readonly notes: readonly string[];
}

type Files = ReadonlyMap<string, RenderedFile>;

/** What becomes of each of the user's overlays, by index. */
function walk(
  component: ResolvedComponent,
  source: Files,
  additions: ReadonlyMap<OverlayConfig, Uint8Array>,
): readonly Step[] {
  const specName = `${component.name}.spec`;
  const work = new Map(source);
  const placed = placeOverlays(component, work);
  const steps: Step[] = [];
  let files: Files = work;
  const apply = (overlay: PlacedOverlay, mode: OverlayMode) => {
    const context = { component: component.name, mode, source: (config: OverlayConfig) => additions.get(config) };
    try {
      return applyOverlays(files, specName, [overlay], context);
    } catch (error) {
      if (error instanceof WeirError) return error;
      throw error;
    }
  };
  for (const overlay of placed) {
    const result = apply(overlay, "azldev");
    if (typeof overlay.id === "number") {
      const other = apply(overlay, "structural");
      const text = (one: typeof result) => (one instanceof WeirError ? one : specText(one.files, specName));
      const notes = result instanceof WeirError ? [] : result.edits.flatMap((edit) => edit.notes ?? []);
      steps[overlay.id] = {
        outcome: outcomeOf(overlay.config, files, specName, result, additions),
        difference: differenceOf(text(result), text(other)),
        notes,
      };
    }
    if (!(result instanceof WeirError)) files = result.files;
  }
  return steps;
}

function specText(files: Files, name: string): string {
  return Buffer.from(files.get(name)?.content ?? []).toString("utf8");
}

function differenceOf(azldev: string | WeirError, structural: string | WeirError): string | undefined {
  if (typeof azldev === "string" && typeof structural === "string")
    return aligned(azldev) === aligned(structural)
      ? undefined
      : unifiedDiff(azldev.split("\n"), structural.split("\n"));
  if (typeof azldev !== "string" && typeof structural !== "string") return undefined;
  const refusal = typeof azldev === "string" ? structural : azldev;
  const who = typeof azldev === "string" ? "structural" : "azldev";
  return `\\ ${who} refuses it: ${refusal instanceof WeirError ? refusal.code : ""}\n`;
}

/** How far a tag's value is from its name makes no difference; nor does the case of a tag's name, which an update keeps in one mode only. */
function aligned(spec: string): string {
  return spec.replace(
    /^([A-Za-z][A-Za-z0-9]{0,40})(\([^()\n]{0,40}\))?:[ \t]+/gm,
    (_all, name: string, qualifier = "") => {
      return `${name.toLowerCase()}${String(qualifier)}: `;
    },
  );
}

const removals = new Set([
  "spec-remove-tag",
  "spec-remove-section",
  "spec-remove-subpackage",
  "patch-remove",
  "file-remove",
]);
const absences = new Set([
  "OVERLAY_NO_SUCH_TAG",
  "OVERLAY_SECTION_NOT_FOUND",
  "OVERLAY_NO_PATCHES",
  "OVERLAY_NO_SUCH_FILE",
]);

function outcomeOf(
  overlay: OverlayConfig,
  before: Files,
  specName: string,
  result: ReturnType<typeof applyOverlays> | WeirError,
  additions: ReadonlyMap<OverlayConfig, Uint8Array>,
): Step["outcome"] {
  if (!(result instanceof WeirError)) {
    if (sameFiles(before, result.files)) return { fate: "no-op", reason: "changes nothing" };
    const isThere = overlay.type === "spec-add-tag" && hasTag(specText(before, specName), overlay);
    return isThere ? { fate: "no-op", reason: "the spec has the tag already" } : { fate: "applies", reason: "" };
  }
  if (removals.has(overlay.type) && absences.has(result.code)) return { fate: "no-op", reason: "it is gone already" };
  if (result.code === "OVERLAY_PATTERN_NOT_FOUND" && isReplaced(overlay, before, specName))
    return { fate: "no-op", reason: "the text is there already" };
  if (result.code === "OVERLAY_DESTINATION_EXISTS") {
    const name = overlay.file || (overlay.source ?? "").split("/").at(-1) || "";
    const [old, added] = [before.get(name)?.content, additions.get(overlay)];
    if (old !== undefined && added !== undefined && Buffer.compare(old, added) === 0)
      return { fate: "no-op", reason: "the file is there already" };
  }
  return { fate: "conflict", reason: result.message };
}

function sameFiles(a: Files, b: Files): boolean {
  if (a.size !== b.size) return false;
  for (const [name, file] of a) {
    const other = b.get(name);
    if (other === undefined || Buffer.compare(file.content, other.content) !== 0) return false;
  }
  return true;
}

function hasTag(spec: string, { tag = "", value = "" }: OverlayConfig): boolean {
  return spec.split("\n").some((line) => {
    const colon = line.indexOf(":");
    return (
      colon > 0 &&
      line.slice(0, colon).trim().toLowerCase() === tag.toLowerCase() &&
      line.slice(colon + 1).trim() === value.trim()
    );
  });
}

function isReplaced(overlay: OverlayConfig, files: Files, specName: string): boolean {
  const text = (overlay.replacement ?? "").trim();
  if (text === "") return false;
  if (overlay.type === "spec-search-replace") return specText(files, specName).includes(text);
  return [...files].some(([name, { content }]) => name !== specName && Buffer.from(content).includes(text));
}
