import { posix } from "node:path";
import { compareText, type Place } from "../../../core/index.ts";
import type { EditRecord, OverlayConfig, RenderedFile } from "../types.ts";
import { OverlayFailure, quoted } from "./failure.ts";
import {
  addFile,
  type Files,
  prependToFiles,
  refuseSpec,
  removeFiles,
  renameFile,
  replaceInFiles,
} from "./file-edits.ts";
import { unifiedDiff } from "./line-diff.ts";
import { appendToSection, prependToSection, searchReplace } from "./lines.ts";
import { editStructure } from "./structural.ts";
import { surprisesOf } from "./surprises.ts";
import { addPatch, removePatch } from "./patches.ts";
import { removeSection, removeSubpackage } from "./removal.ts";
import { addTag, insertTag, removeTag, setTag, updateTag } from "./tags.ts";
import { decodeText, encodeText, joinSpec, splitSpec } from "./text.ts";

/** An overlay with what its edit record and its errors say of it. */
export interface PlacedOverlay {
  readonly config: OverlayConfig;
  /** Index among the component's overlays, or the name of a built-in step. */
  readonly id: number | string;
  readonly origin?: Place | undefined;
}

export interface OverlayContext {
  /** For messages: the component's name. */
  readonly component: string;
  /** The bytes of an overlay's `source`, or undefined where there is no such file. */
  readonly source?: (overlay: OverlayConfig) => Uint8Array | undefined;
  /** How edits of the spec find their place; default `azldev`. */
  readonly mode?: OverlayMode;
}

/** `azldev`: as azldev's line scan does, oddities included. `structural`: by what rpm sees in the spec. */
export type OverlayMode = "azldev" | "structural";

export interface OverlayResult {
  /** Sorted by name. */
  readonly files: ReadonlyMap<string, RenderedFile>;
  readonly edits: readonly EditRecord[];
}

type SpecEdit = (lines: readonly string[], overlay: OverlayConfig) => string[];

const specEdits = new Map<string, SpecEdit>([
  ["spec-add-tag", (lines, o) => addTag(lines, o.package ?? "", need(o, "tag"), need(o, "value"))],
  ["spec-insert-tag", (lines, o) => insertTag(lines, o.package ?? "", need(o, "tag"), need(o, "value"))],
  ["spec-update-tag", (lines, o) => updateTag(lines, o.package ?? "", need(o, "tag"), need(o, "value"))],
  ["spec-set-tag", (lines, o) => setTag(lines, o.package ?? "", need(o, "tag"), need(o, "value"))],
  ["spec-remove-tag", (lines, o) => removeTag(lines, o.package ?? "", need(o, "tag"), o.value ?? "")],
  ["spec-prepend-lines", (lines, o) => addLines(lines, o, prependToSection, (all, added) => [...added, ...all])],
  ["spec-append-lines", (lines, o) => addLines(lines, o, appendToSection, (all, added) => [...all, ...added])],
  [
    "spec-search-replace",
    (lines, o) => {
      refusePackageAlone(o);
      return searchReplace(lines, o.section ?? "", o.package ?? "", need(o, "regex"), o.replacement ?? "");
    },
  ],
  ["spec-remove-section", (lines, o) => removeSection(lines, o.section ?? "", o.package ?? "")],
  ["spec-remove-subpackage", (lines, o) => removeSubpackage(lines, o.package ?? "")],
  ["patch-add", (lines, o) => addPatch(lines, o.package ?? "", o.file || posix.basename(need(o, "source")))],
  ["patch-remove", (lines, o) => removePatch(lines, need(o, "file"))],
]);

/** The files that an overlay changed, by their name before (undefined: added) and after (undefined: removed). */
type FileEdit = (
  files: Files,
  overlay: OverlayConfig,
  context: OverlayContext,
) => [string | undefined, string | undefined][];

const fileEdits = new Map<string, FileEdit>([
  ["file-prepend-lines", (files, o) => same(prependToFiles(files, need(o, "file"), o.lines ?? []))],
  [
    "file-search-replace",
    (files, o) => same(replaceInFiles(files, need(o, "file"), need(o, "regex"), o.replacement ?? "")),
  ],
  [
    "file-add",
    (files, o, context) => {
      refuseSpec(need(o, "file"));
      return [[undefined, addFile(files, need(o, "file"), sourceOf(o, context))]];
    },
  ],
  ["file-remove", (files, o) => gone(removeFiles(files, need(o, "file")))],
  ["file-rename", (files, o) => [[...renameFile(files, need(o, "file"), need(o, "replacement"))]]],
  [
    "patch-add",
    (files, o, context) => [
      [undefined, addFile(files, o.file || posix.basename(need(o, "source")), sourceOf(o, context))],
    ],
  ],
  ["patch-remove", (files, o) => gone(removeFiles(files, need(o, "file")))],
]);

/** The overlay types that exist, sorted. */
export const overlayTypes: readonly string[] = [...new Set([...specEdits.keys(), ...fileEdits.keys()])].sort(
  compareText,
);

/** The part of an overlay that edits the spec, on the spec's lines; undefined where the type edits only loose files. */
export function editSpec(lines: readonly string[], overlay: OverlayConfig): string[] | undefined {
  return specEdits.get(overlay.type)?.(lines, overlay);
}

/**
 * Applies overlays in order to a component's files, with azldev's semantics; the spec is written and read again between two. Nothing of
 * the input is changed. Errors carry the overlay's place and the nearest candidates: `OVERLAY_NO_SUCH_TAG`,
 * `OVERLAY_SECTION_NOT_FOUND`, `OVERLAY_PATTERN_NOT_FOUND`, `OVERLAY_CONDITIONAL_SPANS`, `OVERLAY_UNMATCHED_IF`, `OVERLAY_NO_PATCHES`,
 * `OVERLAY_NO_SUCH_FILE`, `OVERLAY_DESTINATION_EXISTS`, `OVERLAY_SOURCE_MISSING`, `OVERLAY_SEVERAL_FILES`, `OVERLAY_BAD_FILE_NAME`,
 * `OVERLAY_BAD_REGEX`, `OVERLAY_BAD_GLOB`, `OVERLAY_INCOMPLETE`, `OVERLAY_UNKNOWN_TYPE`, `OVERLAY_ARCHIVE_UNSUPPORTED` and others.
 */
export function applyOverlays(
  files: ReadonlyMap<string, RenderedFile>,
  specName: string,
  overlays: readonly PlacedOverlay[],
  context: OverlayContext,
): OverlayResult {
  const work: Files = new Map(files);
  const edits: EditRecord[] = [];
  for (const overlay of overlays) {
    try {
      applyOne(work, specName, overlay, context, edits);
    } catch (error) {
      if (!(error instanceof OverlayFailure)) throw error;
      throw error.at(overlay.origin, `${context.component}: ${overlay.config.type} ${nameOf(overlay)}`);
    }
  }
  return { files: new Map([...work].sort((a, b) => compareText(a[0], b[0]))), edits };
}

function nameOf(overlay: PlacedOverlay): string {
  return typeof overlay.id === "number" ? `(overlay ${overlay.id + 1})` : `(${overlay.id})`;
}

function applyOne(
  files: Files,
  specName: string,
  placed: PlacedOverlay,
  context: OverlayContext,
  edits: EditRecord[],
): void {
  const overlay = placed.config;
  const specEdit = specEdits.get(overlay.type);
  const fileEdit = fileEdits.get(overlay.type);
  if (!specEdit && !fileEdit) {
    throw new OverlayFailure("OVERLAY_UNKNOWN_TYPE", `there is no overlay type ${quoted(overlay.type)}`, [
      `the types: ${overlayTypes.join(", ")}`,
    ]);
  }
  if (overlay.archive !== undefined && overlay.archive !== "") {
    throw new OverlayFailure(
      "OVERLAY_ARCHIVE_UNSUPPORTED",
      `edits inside ${quoted(overlay.archive)} are not supported yet`,
      ["carry the change as a patch (patch-add), or repack the archive beforehand and name it in source-files"],
    );
  }
  const record = (file: string, diff: string, notes: readonly string[] = []) => {
    edits.push({
      overlay: placed.id,
      type: overlay.type,
      description: overlay.description ?? "",
      origin: placed.origin,
      file,
      diff,
      ...(notes.length > 0 ? { notes } : {}),
    });
  };
  if (specEdit) {
    const spec = files.get(specName);
    if (!spec) throw new OverlayFailure("OVERLAY_NO_SPEC", `the component has no ${quoted(specName)}`);
    const before = splitSpec(decodeText(spec.content));
    const structural = context.mode === "structural" ? editStructure(before, overlay) : undefined;
    const after = structural ?? specEdit(before, overlay);
    files.set(specName, { ...spec, content: encodeText(joinSpec(after)) });
    record(specName, unifiedDiff(before, after), surprisesOf(overlay, before, after));
  }
  if (fileEdit) {
    const before = new Map(files);
    for (const [oldName, newName] of fileEdit(files, overlay, context)) {
      const name = newName ?? oldName ?? "";
      record(name, fileDiff(before.get(oldName ?? ""), files.get(newName ?? ""), oldName, newName));
    }
  }
}

function fileDiff(
  before: RenderedFile | undefined,
  after: RenderedFile | undefined,
  oldName = "",
  newName = "",
): string {
  const prefix = oldName !== "" && newName !== "" && oldName !== newName ? `\\ renamed from ${oldName}\n` : "";
  const a = before?.content ?? new Uint8Array();
  const b = after?.content ?? new Uint8Array();
  if (a.includes(0) || b.includes(0)) return `${prefix}\\ binary: ${a.length} bytes before, ${b.length} after\n`;
  return prefix + unifiedDiff(linesOf(a), linesOf(b));
}

function linesOf(bytes: Uint8Array): string[] {
  const text = decodeText(bytes);
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function need(overlay: OverlayConfig, key: "tag" | "value" | "regex" | "file" | "source" | "replacement"): string {
  const value = overlay[key];
  if (value === undefined || value === "") {
    throw new OverlayFailure("OVERLAY_INCOMPLETE", `${overlay.type} needs ${quoted(key)}`, [
      `add ${quoted(key)} to the overlay`,
    ]);
  }
  return value;
}

function addLines(
  lines: readonly string[],
  overlay: OverlayConfig,
  inSection: typeof appendToSection,
  inFile: (all: readonly string[], added: readonly string[]) => string[],
): string[] {
  refusePackageAlone(overlay);
  const added = overlay.lines ?? [];
  if (added.length === 0) throw new OverlayFailure("OVERLAY_INCOMPLETE", `${overlay.type} needs \`lines\``);
  if (overlay.section === undefined || overlay.section === "") return inFile(lines, added);
  return inSection(lines, overlay.section, overlay.package ?? "", added);
}

function refusePackageAlone(overlay: OverlayConfig): void {
  if ((overlay.section ?? "") === "" && (overlay.package ?? "") !== "") {
    throw new OverlayFailure("OVERLAY_INCOMPLETE", `${overlay.type} with \`package\` needs \`section\` too`, [
      "name the section, or leave out `package` for the whole spec",
    ]);
  }
}

function sourceOf(overlay: OverlayConfig, context: OverlayContext): Uint8Array {
  const content = context.source?.(overlay);
  if (content !== undefined) return content;
  throw new OverlayFailure(
    "OVERLAY_SOURCE_MISSING",
    `the file to add is not there: ${quoted(posix.basename(need(overlay, "source")))}`,
    ["`source` counts from the folder of the file that declares the overlay"],
  );
}

function same(names: readonly string[]): [string, string][] {
  return names.map((name) => [name, name]);
}

function gone(names: readonly string[]): [string, undefined][] {
  return names.map((name) => [name, undefined]);
}
