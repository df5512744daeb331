import type { Place } from "../../core/index.ts";
import { type Checkable, type DefinitionFile, isTable, nameBelow, type Table } from "./load-file.ts";
import { hasWildcard } from "./load-glob.ts";
import type { Issues } from "./load-issues.ts";
import type { ValuePath } from "./load-positions.ts";
import type { TreeReader } from "./load-tree.ts";
import { resolvePath } from "./merge.ts";
import { checkFile } from "./schema-check.ts";
import { weirIncludeShape, weirTomlShape } from "./schema-weir.ts";

/** Reads a `weir.toml` and what it includes, weakest first: included files come before the one that includes them. */
export function readWeirFiles(path: string, tree: TreeReader, issues: Issues): DefinitionFile[] {
  const files: DefinitionFile[] = [];
  const seen = new Set([path]);
  const read = (next: string, depth: number) => {
    const file = tree.read(next);
    if (file === undefined) return;
    checkFile(file, next === path ? weirTomlShape : weirIncludeShape, issues, { partial: true });
    for (const [index, pattern] of ((file.data["includes"] ?? []) as string[]).entries()) {
      if (issues.full) break;
      const at = ["includes", index];
      const { matches, refused } = tree.glob(file.dir, pattern);
      for (const name of refused) {
        issues.add("DEFINITION_PATH_ESCAPE", `include "${pattern}" leads out of the project: ${name}`, file, at);
      }
      if (matches.length === 0 && refused.length === 0 && !hasWildcard(pattern)) {
        issues.add("DEFINITION_INCLUDE_MISSING", `included file "${pattern}" does not exist`, file, at);
      }
      for (const match of matches) {
        if (seen.has(match) || depth >= 100) {
          const message = `include "${pattern}" reads ${nameBelow(tree.root, match)} a second time, or is nested too deep`;
          issues.add("DEFINITION_INCLUDE_CYCLE", message, file, at);
          continue;
        }
        seen.add(match);
        read(match, depth + 1);
      }
    }
    files.push(file);
  };
  read(path, 0);
  return files;
}

/** Files laid over each other: tables are joined key by key, anything else is replaced. Knows the file behind each value. */
export class MergedFiles implements Checkable {
  readonly data: Table = {};
  damaged = false;
  readonly #files: readonly DefinitionFile[];

  /** `files`: weakest first. */
  constructor(files: readonly DefinitionFile[]) {
    this.#files = files;
    for (const file of files) {
      absolutePaths(file);
      this.data = joined(this.data, file.data);
    }
  }

  place(path: ValuePath): Place {
    for (let length = path.length; length > 0; length--) {
      const part = path.slice(0, length);
      const file = this.#files.findLast((one) => holds(one.data, part));
      if (file !== undefined) return file.place(part);
    }
    return this.#files.at(-1)?.place([]) ?? { file: "weir.toml" };
  }
}

function joined(under: Table, over: Table): Table {
  const result = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const known = result.get(key);
    result.set(key, isTable(known) && isTable(value) ? joined(known, value) : value);
  }
  return Object.fromEntries(result);
}

function holds(data: Table, path: ValuePath): boolean {
  let value: unknown = data;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return false;
    value = (value as Table)[part];
  }
  return true;
}

/** Paths are relative to the file that names them, so they become absolute before files are laid over each other. */
function absolutePaths(file: DefinitionFile): void {
  const { data } = file;
  const all = (paths: unknown) => (paths as readonly string[]).map((path) => resolvePath(file.dir, path));
  if (typeof data["legacy"] === "string") data["legacy"] = resolvePath(file.dir, data["legacy"]);
  if (data["macros"] !== undefined) data["macros"] = all(data["macros"]);
  const audit = data["audit"];
  if (isTable(audit) && audit["dockerfiles"] !== undefined) audit["dockerfiles"] = all(audit["dockerfiles"]);
}
