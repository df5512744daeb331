import type { DefinitionFile } from "./load-file.ts";
import { globMatches, compileGlob } from "./load-glob.ts";
import type { Issues } from "./load-issues.ts";
import { overlayProblems, usesRegex } from "./load-overlay-rules.ts";
import type { ValuePath } from "./load-positions.ts";
import type { RawComponent, RawMetadata, RawSourceFile } from "./merge.ts";
import type { OverlayConfig } from "./types.ts";

/** An expression that still has to be compiled; that is done once for all, with the engine loaded only if there are any. */
export interface RegexUse {
  readonly regex: string;
  readonly file: DefinitionFile;
  readonly path: ValuePath;
}

/** Where the rules put what they find. */
export interface RuleContext {
  readonly file: DefinitionFile;
  readonly issues: Issues;
  readonly regexes: RegexUse[];
  /** Components may have tables in several files: what must stand beside a key may stand there. */
  readonly merged?: boolean;
}

/** Rules beyond shape for one component table, or a table of defaults (`ownName` undefined), as written: before inheritance. */
export function checkComponent(raw: RawComponent, path: ValuePath, isDefault: boolean, context: RuleContext): void {
  checkSpec(raw, path, isDefault, context);
  const { check, failure } = raw.build ?? {};
  needsReason(check?.skip, check?.skip_reason, "skip_reason", [...path, "build", "check"], context);
  needsReason(
    failure?.expected,
    failure?.["expected-reason"],
    "expected-reason",
    [...path, "build", "failure"],
    context,
  );
  for (const [index, overlay] of (raw.overlays ?? []).entries()) {
    checkOverlay(overlay, [...path, "overlays", index], context);
  }
  for (const [index, pattern] of (raw["overlay-files"] ?? []).entries()) {
    if (pattern === "") {
      context.issues.add("DEFINITION_BAD_GLOB", "empty pattern", context.file, [...path, "overlay-files", index]);
    }
  }
  if (raw["source-files"] !== undefined) checkSourceFiles(raw["source-files"], [...path, "source-files"], context);
}

function checkSpec(raw: RawComponent, path: ValuePath, isDefault: boolean, context: RuleContext): void {
  const spec = raw.spec;
  if (spec === undefined) return;
  const at = [...path, "spec"];
  const add = (code: string, message: string, key: string, hint?: string) =>
    context.issues.add(code, message, context.file, [...at, key], hint);
  if (spec.type === "local" && !spec.path) add("DEFINITION_MISSING_KEY", 'a local spec needs "path"', "type");
  if (spec.path && spec.type !== "local") {
    add("DEFINITION_PATH_WITHOUT_LOCAL", '"path" is for local specs only', "path", 'say type = "local" beside it');
  }
  for (const key of ["upstream-name", "upstream-commit"] as const) {
    if (spec[key] && spec.type !== "upstream" && !(context.merged === true && spec.type === undefined)) {
      const message = `"${key}" is for upstream specs only`;
      add("DEFINITION_UPSTREAM_KEY_WITHOUT_UPSTREAM", message, key, 'say type = "upstream" beside it');
    }
  }
  const distro = spec["upstream-distro"];
  if (!isDefault && distro?.snapshot) {
    context.issues.add(
      "DEFINITION_COMPONENT_SNAPSHOT",
      "a single component cannot have a snapshot",
      context.file,
      [...at, "upstream-distro", "snapshot"],
      "pin it with upstream-commit, or set the snapshot in default-component-config",
    );
  }
}

function needsReason(
  set: boolean | undefined,
  reason: string | undefined,
  key: string,
  path: ValuePath,
  context: RuleContext,
): void {
  if (set === true && !reason) {
    context.issues.add("DEFINITION_REASON_MISSING", `"${key}" must say why`, context.file, path);
  }
}

/** Rules for one overlay, inline or from an overlay file. */
export function checkOverlay(overlay: OverlayConfig, path: ValuePath, context: RuleContext): void {
  for (const { code, key, message } of overlayProblems(overlay)) {
    context.issues.add(code, message, context.file, key === undefined ? path : [...path, key]);
  }
  if (usesRegex(overlay)) {
    context.regexes.push({ regex: overlay.regex ?? "", file: context.file, path: [...path, "regex"] });
  }
  if (overlay.metadata !== undefined) {
    checkMetadata(overlay.metadata, [...path, "metadata"], context);
  }
}

export function checkMetadata(metadata: RawMetadata, path: ValuePath, context: RuleContext): void {
  if (metadata.category !== "upstream-backport") return;
  const status = metadata["upstream-status"];
  if ((metadata.commits ?? []).length === 0) {
    const message = "an upstream-backport must name at least one commit";
    context.issues.add("DEFINITION_METADATA_CONTRADICTION", message, context.file, path);
  }
  if (status && status !== "upstreamed" && status !== "upstreamable") {
    const message = `an upstream-backport cannot be "${status}": only upstreamed or upstreamable`;
    context.issues.add("DEFINITION_METADATA_CONTRADICTION", message, context.file, [...path, "upstream-status"]);
  }
}

const digestLengths: Readonly<Record<string, number>> = { SHA256: 64, SHA512: 128 };

function checkSourceFiles(files: readonly RawSourceFile[], path: ValuePath, context: RuleContext): void {
  const seen = new Set<string>();
  for (const [index, file] of files.entries()) {
    const add = (code: string, message: string, ...keys: string[]) =>
      context.issues.add(code, `${file.filename}: ${message}`, context.file, [...path, index, ...keys]);
    if (seen.has(file.filename)) add("DEFINITION_DUPLICATE_SOURCE_FILE", "named twice", "filename");
    seen.add(file.filename);
    const type = file["hash-type"];
    if (file.hash && !type) add("DEFINITION_MISSING_KEY", '"hash" needs "hash-type"', "hash");
    const length = digestLengths[type ?? ""];
    if (file.hash && length !== undefined && !new RegExp(`^[0-9a-fA-F]{${length}}$`).test(file.hash)) {
      add("DEFINITION_BAD_HASH", `a ${type} digest has ${length} hexadecimal digits`, "hash");
    }
    const replaces = file["replace-upstream"] === true;
    if (replaces && (file["replace-reason"] ?? "").trim() === "") {
      add("DEFINITION_REASON_MISSING", '"replace-reason" must say why', "replace-upstream");
    }
    if (!replaces && file["replace-reason"]) {
      add("DEFINITION_KEY_NOT_ALLOWED", '"replace-reason" is for replace-upstream = true only', "replace-reason");
    }
    checkOrigin(file, add);
  }
}

function checkOrigin(file: RawSourceFile, add: (code: string, message: string, ...keys: string[]) => void): void {
  const origin = file.origin;
  if (!origin.type) return;
  if (origin.type === "download") {
    if (!origin.uri) add("DEFINITION_MISSING_KEY", 'a download needs "uri"', "origin");
    else if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(origin.uri)) {
      add("DEFINITION_BAD_URL", `"${origin.uri}" has no scheme such as https:`, "origin", "uri");
    }
  } else if (origin.uri) add("DEFINITION_KEY_NOT_ALLOWED", '"uri" is for downloads only', "origin", "uri");
  if (origin.type === "overlay" && file["replace-upstream"] !== true) {
    add("DEFINITION_MISSING_KEY", "an overlay origin needs replace-upstream = true", "origin");
  }
  if (origin.type !== "custom") {
    for (const key of ["script", "mock-packages", "inputs"] as const) {
      if ((origin[key]?.length ?? 0) > 0) {
        add("DEFINITION_KEY_NOT_ALLOWED", `"${key}" is for custom origins only`, "origin", key);
      }
    }
    return;
  }
  if (!origin.script) add("DEFINITION_MISSING_KEY", 'a custom origin needs "script"', "origin");
  const inputs = origin.inputs ?? [];
  if (new Set(inputs).size !== inputs.length) {
    add("DEFINITION_DUPLICATE_SOURCE_FILE", "an input is named twice", "origin", "inputs");
  }
  if (origin.script && inputs.includes(origin.script)) {
    add("DEFINITION_DUPLICATE_SOURCE_FILE", "the script is named as an input", "origin", "inputs");
  }
}

/** After inheritance: archives changed by overlays and `source-files` entries of origin `overlay` must name each other. */
export function* archiveProblems(
  overlays: readonly OverlayConfig[],
  sources: readonly RawSourceFile[],
): Generator<string> {
  const changed = new Set(overlays.flatMap((overlay) => overlay.archive || []));
  const declared = new Set(sources.filter((file) => file.origin.type === "overlay").map((file) => file.filename));
  for (const name of declared) {
    if (!changed.has(name)) yield `source file "${name}" has an overlay origin, but no overlay changes that archive`;
  }
  if (changed.size === 0) return;
  if (changed.size > maximumArchives) {
    yield `overlays change more than ${maximumArchives} archives`;
    return;
  }
  for (const name of changed) {
    if (!declared.has(name)) {
      yield `overlays change the archive "${name}": it needs a source-files entry with an overlay origin`;
    }
  }
  for (const overlay of overlays) {
    const touches = overlay.archive ? undefined : looseFile(overlay);
    if (touches === undefined) continue;
    for (const name of changed) {
      if (touches(name)) yield `${overlay.type} changes "${name}" itself, which other overlays change inside`;
    }
  }
}

const maximumArchives = 100;

/** Whether an overlay changes the file of a name; undefined for overlays that change no loose file. */
function looseFile(overlay: OverlayConfig): ((name: string) => boolean) | undefined {
  const { type, file, source, replacement } = overlay;
  if (!type.startsWith("file-") && !type.startsWith("patch-")) return undefined;
  if (type === "file-add" || type === "patch-add") {
    const added = file || source?.split("/").at(-1);
    return (name) => name === added;
  }
  const glob = compileGlob(file ?? "");
  return (name) => globMatches(glob, name) || (type === "file-rename" && replacement === name);
}
