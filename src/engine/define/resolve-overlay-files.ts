import { basename } from "node:path";
import { compareText } from "../../core/index.ts";
import { checkMetadata, checkOverlay, type RegexUse } from "./load-component-rules.ts";
import type { DefinitionFile } from "./load-file.ts";
import { hasWildcard } from "./load-glob.ts";
import type { Issues } from "./load-issues.ts";
import type { ValuePath } from "./load-positions.ts";
import type { TreeReader } from "./load-tree.ts";
import { absoluteOverlay, type RawMetadata } from "./merge.ts";
import { overlayFileShape } from "./schema-azldev.ts";
import { checkFile } from "./schema-check.ts";
import type { OverlayConfig } from "./types.ts";

/** One overlay of an overlay file, ready and as written. */
export interface OverlayFromFile {
  readonly overlay: OverlayConfig;
  readonly raw: OverlayConfig;
  readonly metadata: OverlayConfig["metadata"];
  readonly file: DefinitionFile;
  readonly path: ValuePath;
}

/** Finds and reads the files that `overlay-files` names; each file and each pattern in a folder once. */
export class OverlayFileLoader {
  readonly #tree: TreeReader;
  readonly #issues: Issues;
  readonly #regexes: RegexUse[];
  readonly #permissive: boolean;
  readonly #matches = new Map<string, readonly string[]>();
  readonly #files = new Map<string, readonly OverlayFromFile[]>();

  constructor(tree: TreeReader, issues: Issues, regexes: RegexUse[], permissive: boolean) {
    this.#tree = tree;
    this.#issues = issues;
    this.#regexes = regexes;
    this.#permissive = permissive;
  }

  /**
   * The overlays behind patterns, relative to the folder of the component's file: pattern by pattern, in each by base name, then by
   * whole path; a file counts once.
   */
  load(file: DefinitionFile, path: ValuePath, patterns: readonly string[]): readonly OverlayFromFile[] {
    const paths = new Set<string>();
    for (const pattern of patterns) for (const match of this.#match(file, path, pattern)) paths.add(match);
    return [...paths].flatMap((match) => this.#read(match));
  }

  #match(file: DefinitionFile, path: ValuePath, pattern: string): readonly string[] {
    const key = `${file.dir}\0${pattern}`;
    const known = this.#matches.get(key);
    if (known !== undefined) return known;
    const at = [...path, "overlay-files"];
    const { matches, refused } = this.#tree.glob(file.dir, pattern);
    for (const name of refused) {
      this.#issues.add("DEFINITION_PATH_ESCAPE", `"${pattern}" leads out of the project: ${name}`, file, at);
    }
    if (matches.length === 0 && refused.length === 0 && !hasWildcard(pattern)) {
      this.#issues.add("DEFINITION_OVERLAY_FILE_MISSING", `overlay file "${pattern}" does not exist`, file, at);
    }
    const sorted = [...matches].sort((a, b) => compareText(basename(a), basename(b)) || compareText(a, b));
    this.#matches.set(key, sorted);
    return sorted;
  }

  #read(path: string): readonly OverlayFromFile[] {
    let overlays = this.#files.get(path);
    if (overlays === undefined) {
      const file = this.#tree.read(path);
      overlays = file === undefined ? [] : this.#check(file);
      this.#files.set(path, overlays);
    }
    return overlays;
  }

  #check(file: DefinitionFile): readonly OverlayFromFile[] {
    checkFile(file, overlayFileShape, this.#issues, { permissive: this.#permissive });
    if (file.damaged) return [];
    const context = { file, issues: this.#issues, regexes: this.#regexes };
    const { metadata, overlays = [] } = file.data as { metadata?: RawMetadata; overlays?: readonly OverlayConfig[] };
    if (metadata !== undefined) checkMetadata(metadata, ["metadata"], context);
    if (overlays.length === 0) {
      this.#issues.add(
        "DEFINITION_OVERLAY_FILE_EMPTY",
        "the overlay file has no overlays",
        file,
        [],
        "write [[overlays]]",
      );
    }
    return overlays.map((raw, index) => {
      const path = ["overlays", index];
      checkOverlay(raw, path, context);
      if (raw.metadata !== undefined) {
        const message = "metadata belongs to the overlay file as a whole";
        this.#issues.add("DEFINITION_OVERLAY_FILE_METADATA", message, file, [...path, "metadata"]);
      }
      const stamped = metadata as OverlayConfig["metadata"];
      const overlay = { ...absoluteOverlay(raw, file.dir), ...(stamped === undefined ? {} : { metadata: stamped }) };
      return { overlay, raw, metadata: stamped, file, path };
    });
  }
}
