import { globProblem } from "./load-glob.ts";
import type { OverlayType } from "./schema-azldev.ts";
import type { OverlayConfig } from "./types.ts";

/** What is wrong with an overlay: the key it is about (absent for the whole), a code and a message. */
export interface OverlayProblem {
  readonly code: string;
  readonly key?: keyof OverlayConfig;
  readonly message: string;
}

interface Fields {
  readonly required: readonly (keyof OverlayConfig)[];
  readonly forbidden?: readonly (keyof OverlayConfig)[];
  /** `package` narrows a section, so it needs one. */
  readonly packageNeedsSection?: true;
  readonly archive?: true;
}

const tag: Fields = { required: ["tag", "value"] };
const specLines: Fields = { required: ["lines"], packageNeedsSection: true };

/** Obligatory and forbidden keys by type. Keys in neither list are allowed and, where a type does not use them, have no effect. */
export const overlayFields: Readonly<Record<OverlayType, Fields>> = {
  "spec-add-tag": tag,
  "spec-insert-tag": tag,
  "spec-set-tag": tag,
  "spec-update-tag": tag,
  "spec-remove-tag": { required: ["tag"] },
  "spec-prepend-lines": specLines,
  "spec-append-lines": specLines,
  "spec-search-replace": { required: ["regex"], packageNeedsSection: true },
  "spec-remove-section": { required: ["section"] },
  "spec-remove-subpackage": { required: ["package"], forbidden: ["section"] },
  "patch-add": { required: ["source"] },
  "patch-remove": { required: ["file"] },
  "file-prepend-lines": { required: ["file", "lines"] },
  "file-search-replace": { required: ["file", "regex"], archive: true },
  "file-add": { required: ["file", "source"] },
  "file-remove": { required: ["file"], archive: true },
  "file-rename": { required: ["file", "replacement"] },
};

const fileTypes: readonly string[] = ["patch-add", "patch-remove"];
const globTypes: readonly string[] = ["patch-remove", "file-prepend-lines", "file-search-replace", "file-remove"];

/** All that is wrong with one overlay of right shape, but for its expression ({@link regexProblem}) and metadata. */
export function* overlayProblems(overlay: OverlayConfig): Generator<OverlayProblem> {
  const type = overlay.type as OverlayType;
  const fields = overlayFields[type];
  if (fields === undefined) return;
  for (const key of fields.required) {
    if (isEmpty(overlay[key])) {
      yield { code: "DEFINITION_OVERLAY_KEY_MISSING", message: `${type} needs "${key}"` };
    }
  }
  for (const key of fields.forbidden ?? []) {
    if (!isEmpty(overlay[key])) yield forbidden(type, key);
  }
  if (fields.packageNeedsSection && !isEmpty(overlay.package) && isEmpty(overlay.section)) {
    const message = `${type} with "package" needs "section": a package narrows a section`;
    yield { code: "DEFINITION_OVERLAY_KEY_MISSING", key: "package", message };
  }
  if (!isEmpty(overlay.archive) && !fields.archive) yield forbidden(type, "archive");
  if (type.startsWith("file-") || fileTypes.includes(type)) yield* pathProblems(type, overlay);
}

function* pathProblems(type: string, overlay: OverlayConfig): Generator<OverlayProblem> {
  const { file, replacement } = overlay;
  if (file !== undefined && file !== "") {
    if (file.startsWith("/")) {
      yield { code: "DEFINITION_BAD_PATH", key: "file", message: `"file" must be a relative path, not "${file}"` };
    } else if (file.split("/").includes("..") || file.includes("\0")) {
      yield { code: "DEFINITION_BAD_PATH", key: "file", message: `"file" leaves the component's folder: "${file}"` };
    }
    const problem = globTypes.includes(type) ? globProblem(file) : undefined;
    if (problem !== undefined) {
      yield { code: "DEFINITION_BAD_GLOB", key: "file", message: `bad glob "${file}": ${problem}` };
    }
  }
  if (type === "file-rename" && replacement !== undefined && replacement !== "") {
    if (/[/\0]/.test(replacement) || replacement === "." || replacement === "..") {
      const message = `"replacement" must be a file name, not the path "${replacement}"`;
      yield { code: "DEFINITION_BAD_PATH", key: "replacement", message };
    }
  }
}

function forbidden(type: string, key: keyof OverlayConfig): OverlayProblem {
  return { code: "DEFINITION_OVERLAY_KEY_FORBIDDEN", key, message: `${type} does not take "${key}"` };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Whether an overlay of this type searches with its `regex`. */
export function usesRegex(overlay: OverlayConfig): boolean {
  return (overlay.type === "spec-search-replace" || overlay.type === "file-search-replace") && !isEmpty(overlay.regex);
}
