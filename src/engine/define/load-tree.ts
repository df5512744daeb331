import { type Stats, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { parse, TomlError } from "smol-toml";
import { compareText, messageOf, systemCode, WeirError } from "../../core/index.ts";
import { DefinitionFile, nameBelow } from "./load-file.ts";
import { compileGlob, type GlobSegment, globProblem, segmentMatches } from "./load-glob.ts";
import type { Issues } from "./load-issues.ts";

/** Bounds of one load; a definition beyond them is refused. */
export interface LoadLimits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Entries of folders looked at while globs are matched. */
  readonly entries: number;
  /** Values that all components together may inherit or say. */
  readonly values: number;
}

export const defaultLimits: LoadLimits = {
  files: 50_000,
  fileBytes: 32 << 20,
  totalBytes: 256 << 20,
  entries: 2_000_000,
  values: 20_000_000,
};

/** Reads files and matches globs inside a boundary: the enclosing git work tree, else the project's own folder. */
export class TreeReader {
  readonly root: string;
  readonly #issues: Issues;
  readonly #limits: LoadLimits;
  readonly #boundary: string;
  readonly #order: string[] = [];
  readonly #folders = new Map<string, Entry[] | undefined>();
  #broken = false;
  #bytes = 0;
  #entries = 0;
  #refused = new Set<string>();

  constructor(root: string, issues: Issues, limits: LoadLimits, boundary: string) {
    this.root = root;
    this.#issues = issues;
    this.#limits = limits;
    this.#boundary = realpathSync.native(boundary);
  }

  /** Names of the files read so far, in the order of reading. */
  get order(): readonly string[] {
    return this.#order;
  }

  /** Whether a file could not be read or parsed: names that it defines are then unknown. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether a path that exists lies, all links followed, inside the boundary. */
  isInside(path: string): boolean {
    try {
      return isBelow(this.#boundary, realpathSync.native(path));
    } catch {
      return false;
    }
  }

  /** Reads and parses one file. What is wrong becomes an issue, and undefined is given; exceeding a bound throws. */
  read(path: string): DefinitionFile | undefined {
    const file = this.#read(path);
    if (file === undefined) this.#broken = true;
    return file;
  }

  #read(path: string): DefinitionFile | undefined {
    const name = nameBelow(this.root, path);
    if (this.#order.length >= this.#limits.files) throw tooLarge(`more than ${this.#limits.files} files`, name);
    this.#order.push(name);
    let bytes: Buffer;
    try {
      const info = statSync(path);
      if (!info.isFile()) {
        this.#issues.addAt("DEFINITION_UNREADABLE", `${name} is not a file`, { file: name });
        return undefined;
      }
      if (info.size > this.#limits.fileBytes) throw tooLarge(`larger than ${this.#limits.fileBytes} bytes`, name);
      bytes = readFileSync(path);
    } catch (error) {
      if (error instanceof WeirError) throw error;
      const reason = systemCode(error) ?? messageOf(error);
      this.#issues.addAt("DEFINITION_UNREADABLE", `cannot read ${name}: ${reason}`, { file: name });
      return undefined;
    }
    this.#bytes += bytes.length;
    if (this.#bytes > this.#limits.totalBytes)
      throw tooLarge(`more than ${this.#limits.totalBytes} bytes in all`, name);
    return this.#parse(path, name, bytes);
  }

  #parse(path: string, name: string, bytes: Buffer): DefinitionFile | undefined {
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      this.#issues.addAt("DEFINITION_NOT_UTF8", `${name} is not UTF-8`, { file: name });
      return undefined;
    }
    try {
      return new DefinitionFile(this.root, path, text, parse(text));
    } catch (error) {
      const place = error instanceof TomlError ? { line: error.line, column: error.column } : {};
      const message = (messageOf(error).split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "");
      this.#issues.addAt("DEFINITION_SYNTAX", `bad TOML: ${message}`, { file: name, ...place });
      return undefined;
    }
  }

  /**
   * The files that a pattern matches, as absolute paths, in the order in which doublestar gives them: a folder's files before its
   * subfolders, each by name. A pattern without wildcards gives the file itself if it is there. Links are followed inside the boundary.
   */
  glob(baseDir: string, pattern: string): GlobResult {
    if (globProblem(pattern) !== undefined) return { matches: [], refused: [] };
    this.#refused = new Set();
    const absolute = isAbsolute(pattern) ? pattern : `${baseDir.split(sep).map(escapeMeta).join("/")}/${pattern}`;
    const { alternatives } = compileGlob(cleanPattern(absolute));
    const matches: string[] = [];
    for (const segments of alternatives) this.#walk("/", segments.slice(1), 0, matches, []);
    const inside = matches.filter((path) => this.isInside(path) || !this.#refused.add(path));
    const unique = [...new Set(inside)];
    return {
      matches: alternatives.length > 1 ? unique.sort(compareText) : unique,
      refused: [...this.#refused].map((path) => nameBelow(this.root, path)),
    };
  }

  #walk(dir: string, segments: readonly GlobSegment[], at: number, matches: string[], links: readonly string[]): void {
    const segment = segments[at];
    if (segment === undefined) return;
    const last = at === segments.length - 1;
    if ("literal" in segment) {
      const path = join(dir, segment.literal);
      if (segment.literal === "" || !last) this.#walk(path, segments, at + 1, matches, links);
      else if (statOf(path)?.isDirectory() === false) matches.push(path);
      return;
    }
    const folder = this.#folder(dir);
    if (folder === undefined) return;
    if ("any" in segment && !last) this.#walk(dir, segments, at + 1, matches, links);
    this.#entries += folder.length;
    if (this.#entries > this.#limits.entries) {
      throw tooLarge(`globs look at more than ${this.#limits.entries} files`, nameBelow(this.root, dir));
    }
    for (const { name, isFolder, isLink } of folder) {
      const path = join(dir, name);
      if ("any" in segment) {
        if (!isFolder) {
          if (last) matches.push(path);
        } else if (!isLink) this.#walk(path, segments, at, matches, links);
        else {
          // A link to a folder above itself would be walked for ever.
          const target = realpathSync.native(path);
          if (!isBelow(target, realpathSync.native(dir)) && !links.includes(target)) {
            this.#walk(path, segments, at, matches, [...links, target]);
          }
        }
      } else if (segmentMatches(segment, name)) {
        if (!last && isFolder) this.#walk(path, segments, at + 1, matches, links);
        else if (last && !isFolder) matches.push(path);
      }
    }
  }

  #folder(dir: string): Entry[] | undefined {
    const known = this.#folders.get(dir);
    if (known !== undefined) return known;
    const exists = statOf(dir)?.isDirectory() === true;
    const allowed = exists && this.isInside(dir);
    const entries = allowed ? readEntries(dir) : undefined;
    if (exists && entries === undefined) this.#refused.add(dir);
    if (entries !== undefined) this.#folders.set(dir, entries);
    return entries;
  }
}

/** What a pattern matched, and which paths (by name) it may not look at: outside the boundary, or unreadable. */
export interface GlobResult {
  readonly matches: readonly string[];
  readonly refused: readonly string[];
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isLink: boolean;
}

function readEntries(dir: string): Entry[] | undefined {
  try {
    const entries = readdirSync(dir, { withFileTypes: true }).map((entry): Entry => {
      const isLink = entry.isSymbolicLink();
      const info = isLink ? statOf(join(dir, entry.name)) : entry;
      return { name: entry.name, isFolder: info?.isDirectory() ?? false, isLink };
    });
    return entries.sort((a, b) => compareText(a.name, b.name));
  } catch {
    return undefined;
  }
}

export function tooLarge(message: string, where: string): WeirError {
  return new WeirError("DEFINITION_TOO_LARGE", `the definition is too large: ${message}`, { where });
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function escapeMeta(part: string): string {
  return part.replace(/[*?[\]{}\\]/g, "\\$&");
}

/** Resolves `.` and `..` segments by text, as the reference implementation does before it matches. */
function cleanPattern(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

export function fileExists(path: string): boolean {
  return statOf(path) !== undefined;
}

/** The folder above or at `dir` that holds `azldev.toml`. Throws `DEFINITION_NOT_FOUND`. */
export function findProjectRoot(dir: string): string {
  for (let folder = resolve(dir); ; folder = dirname(folder)) {
    if (statOf(join(folder, "azldev.toml")) !== undefined) return folder;
    if (dirname(folder) === folder) break;
  }
  throw new WeirError("DEFINITION_NOT_FOUND", "no azldev.toml in this folder or above it", {
    hints: ["run inside a definition tree, or name its folder"],
  });
}

/** The git work tree around a folder, else `otherwise`: no file outside is read. */
export function findBoundary(root: string, otherwise = root): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (statOf(join(folder, ".git")) !== undefined) return folder;
    if (dirname(folder) === folder) return otherwise;
  }
}
