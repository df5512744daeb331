import { readdirSync, readFileSync } from "node:fs";
import { compareText, WeirError } from "../../core/index.ts";
import { type ElfFile, isElf, readElf } from "../../formats/elf/index.ts";
import type { BasePackage } from "../define/index.ts";
import { type Resolved, RootView } from "./root-view.ts";

/**
 * An entry of a package of the base runtime, at the path it has in the root and gets in the package. A `module` is imported, never run:
 * it is packaged without permission to execute, since its first line may name an interpreter of the place where it was written.
 */
export type BaseEntry =
  | { readonly kind: "file" | "folder"; readonly path: string; readonly module?: boolean }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** Package → entries, sorted by path. A path belongs to one package. */
export type BaseFiles = ReadonlyMap<string, readonly BaseEntry[]>;

/** Where the interpreter of the root has its library. */
export interface PythonPlaces {
  /** `3.11`. */
  readonly version: string;
  readonly program: string;
  readonly library: string;
}

/** Gets the libraries that no package lists. */
const leftOver = "base-libs";
/** What an interpreter does not need to run, and what is made when it does. */
const leftOut =
  /^(?:test|tests|idlelib|tkinter|turtledemo|ensurepip|__pycache__|site-packages|dist-packages|config-.*|_tkinter\..*|turtle\.py|sitecustomize\.py|lib2to3|EXTERNALLY-MANAGED|LICENSE\.txt)$/;

/**
 * Finds the files of every package of the base runtime in a root: commands, libraries, patterns, an interpreter; then the libraries that
 * their programs need. Explicit names count before needed ones. Errors: `BASE_FILE_MISSING` and `BASE_PATH_UNSUPPORTED`, naming the key.
 */
export function findBaseFiles(
  packages: ReadonlyMap<string, BasePackage>,
  root: RootView,
  python: PythonPlaces | undefined,
): BaseFiles {
  const finder = new Finder(root);
  for (const [name, config] of packages) {
    const missing = (key: string, what: string) => missingFile(name, config, key, what);
    for (const command of config.commands) {
      if (!finder.addCommand(name, command)) throw missing("commands", command);
    }
    for (const soname of config.libraries) {
      if (!finder.addLibrary(name, soname)) throw missing("libraries", soname);
    }
    for (const pattern of config.files) {
      if (finder.addPattern(name, pattern) === 0) throw missing("files", pattern);
    }
    if (config.interpreter !== undefined) {
      if (python === undefined) throw missing("interpreter", config.interpreter);
      finder.addPath(name, "/usr/bin/python3");
      finder.addPath(name, python.program);
      finder.addTree(name, python.library, true);
    }
    for (const [path, target] of config.links) finder.add(name, { kind: "link", path, target });
  }
  finder.addNeeded(leftOver);
  return finder.files();
}

function missingFile(name: string, config: BasePackage, key: string, what: string): WeirError {
  return new WeirError("BASE_FILE_MISSING", `base.packages.${name}.${key}: ${what} is not on this machine`, {
    kind: "machine",
    where: config.origin,
    hints: [`install what holds ${what}, or take it out of the list`],
  });
}

class Finder {
  readonly #root: RootView;
  readonly #owners = new Map<string, { readonly owner: string; readonly entry: BaseEntry }>();
  readonly #elf = new Map<string, ElfFile | undefined>();
  #folders: readonly string[] | undefined;

  constructor(root: RootView) {
    this.#root = root;
  }

  add(owner: string, entry: BaseEntry): void {
    if (this.#owners.has(entry.path)) return;
    if (!/^\/usr\/[^"\\%\n*?{}]+$/.test(entry.path)) {
      throw new WeirError("BASE_PATH_UNSUPPORTED", `base.packages.${owner}: ${entry.path} cannot be packaged`, {
        where: entry.path,
      });
    }
    this.#owners.set(entry.path, { owner, entry });
  }

  addCommand(owner: string, command: string): boolean {
    return ["/usr/bin", "/usr/sbin"].some(
      (folder) => !command.includes("/") && this.addPath(owner, `${folder}/${command}`),
    );
  }

  /** A file with every link on the way that lies in /usr; a way through /etc/alternatives is cut short. */
  addPath(owner: string, path: string, module = false): boolean {
    const resolved = this.#root.resolve(path);
    if (resolved === undefined || !resolved.info.isFile() || !resolved.path.startsWith("/usr/")) return false;
    this.#addLinks(owner, resolved);
    this.add(owner, { kind: "file", path: resolved.path, ...(module ? { module } : {}) });
    return true;
  }

  #addLinks(owner: string, resolved: Resolved): void {
    const inside = resolved.links.filter((link) => link.path.startsWith("/usr/"));
    for (const [index, link] of inside.entries()) {
      const target = inside[index + 1]?.path ?? resolved.path;
      if (link.path !== target)
        this.add(owner, { kind: "link", path: link.path, target: relativeTo(link.path, target) });
    }
  }

  /** The library that the loader would find under a soname, at every place where it lies under that name. */
  addLibrary(owner: string, soname: string): boolean {
    if (soname.includes("/")) return false;
    let file: string | undefined;
    for (const folder of this.#libraryFolders()) {
      const resolved = this.#root.resolve(`${folder}/${soname}`);
      if (resolved === undefined || !resolved.info.isFile() || !this.#isNative(resolved.path)) continue;
      file ??= resolved.path;
      if (resolved.path === file) this.addPath(owner, `${folder}/${soname}`);
    }
    return file !== undefined;
  }

  /** `*` and `?` stay within a name, `**` is any depth. Gives how many entries match. */
  addPattern(owner: string, pattern: string): number {
    const parts = pattern.split("/").filter((part) => part !== "");
    let count = 0;
    const walk = (at: string, index: number): void => {
      const part = parts[index];
      if (part === undefined) {
        count += this.#addEntry(owner, at) ? 1 : 0;
        return;
      }
      if (part === "**") {
        if (index === parts.length - 1) count += this.addTree(owner, at);
        else {
          walk(at, index + 1);
          for (const name of this.#root.list(at)) {
            if (this.#root.resolve(`${at}/${name}`)?.links.length === 0) walk(`${at}/${name}`, index);
          }
        }
        return;
      }
      const names = /[*?]/.test(part) ? this.#root.list(at).filter(nameMatcher(part)) : [part];
      for (const name of names) walk(`${at}/${name}`, index + 1);
    };
    walk("", 0);
    return count;
  }

  #addEntry(owner: string, path: string): boolean {
    const resolved = this.#root.resolve(path);
    if (resolved?.info.isDirectory()) {
      this.add(owner, { kind: "folder", path: resolved.path });
      return true;
    }
    return this.addPath(owner, path);
  }

  /** A folder with all below it but compiled files, tests and what an interpreter does not need to run. */
  addTree(owner: string, folder: string, modules = false): number {
    const resolved = this.#root.resolve(folder);
    if (!resolved?.info.isDirectory()) return 0;
    this.add(owner, { kind: "folder", path: resolved.path });
    let count = 1;
    for (const name of this.#root.list(resolved.path)) {
      if (leftOut.test(name)) continue;
      const below = this.#root.resolve(`${resolved.path}/${name}`);
      if (below?.info.isDirectory() && below.links.length === 0) count += this.addTree(owner, below.path, modules);
      else if (below?.info.isFile())
        count += this.addPath(owner, `${resolved.path}/${name}`, modules && name.endsWith(".py")) ? 1 : 0;
    }
    return count;
  }

  /** What the programs and libraries found so far need, and what that needs. */
  addNeeded(owner: string): void {
    const seen = new Set<string>();
    const missing = new Map<string, string>();
    for (let open = this.#filePaths(); open.length > 0; open = this.#filePaths().filter((path) => !seen.has(path))) {
      for (const path of open) {
        seen.add(path);
        const elf = this.#readElf(path);
        if (elf === undefined) continue;
        const interpreter = elf.interpreter?.slice(elf.interpreter.lastIndexOf("/") + 1);
        for (const soname of interpreter === undefined ? elf.needed : [...elf.needed, interpreter]) {
          if (!this.addLibrary(owner, soname)) missing.set(soname, path);
        }
      }
    }
    const [first] = missing;
    if (first === undefined) return;
    throw new WeirError("BASE_FILE_MISSING", `${first[1]} needs ${first[0]}, which the loader would not find`, {
      kind: "machine",
      where: first[1],
      hints: [`install what holds ${first[0]}`],
    });
  }

  files(): BaseFiles {
    const files = new Map<string, BaseEntry[]>();
    for (const { owner, entry } of this.#owners.values()) {
      const list = files.get(owner) ?? [];
      list.push(entry);
      files.set(owner, list);
    }
    for (const list of files.values()) list.sort((a, b) => compareText(a.path, b.path));
    return new Map([...files].sort(([a], [b]) => compareText(a, b)));
  }

  #filePaths(): string[] {
    return [...this.#owners.values()].filter(({ entry }) => entry.kind === "file").map(({ entry }) => entry.path);
  }

  #readElf(path: string): ElfFile | undefined {
    if (!this.#elf.has(path)) {
      const bytes = readFileSync(this.#root.outside(path));
      this.#elf.set(path, isElf(bytes) ? readElf(bytes, path) : undefined);
    }
    return this.#elf.get(path);
  }

  /** Of the machine's word size and architecture, told by a program that is surely there. */
  #isNative(path: string): boolean {
    const shell = this.#root.resolve("/usr/bin/env")?.path;
    const own = shell === undefined ? undefined : this.#readElf(shell);
    const elf = this.#readElf(path);
    return elf !== undefined && (own === undefined || (elf.class === own.class && elf.machine === own.machine));
  }

  /** The loader's configured and default folders, /usr-merged ones only. */
  #libraryFolders(): readonly string[] {
    this.#folders ??= [...configuredFolders(this.#root), "/usr/lib64", "/usr/lib"].filter(
      (folder, index, all) => all.indexOf(folder) === index && this.#root.resolve(folder)?.info.isDirectory(),
    );
    return this.#folders;
  }
}

function configuredFolders(root: RootView): string[] {
  const folders: string[] = [];
  const outside = root.outside("/etc/ld.so.conf.d");
  let names: string[] = [];
  try {
    names = readdirSync(outside).sort(compareText);
  } catch {
    // A root without it has the default folders only.
  }
  for (const name of names) {
    const resolved = root.resolve(`/etc/ld.so.conf.d/${name}`);
    if (!name.endsWith(".conf") || !resolved?.info.isFile() || resolved.info.size > 65_536) continue;
    for (const line of readFileSync(root.outside(resolved.path), "utf8").split("\n")) {
      const folder = line.replace(/#.*/, "").trim();
      if (folder.startsWith("/lib")) folders.push(`/usr${folder}`);
      else if (folder.startsWith("/usr/") && !folder.startsWith("/usr/local")) folders.push(folder);
    }
  }
  return folders;
}

function nameMatcher(part: string): (name: string) => boolean {
  const source = part
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  const pattern = new RegExp(`^${source}$`, "s");
  return (name) => pattern.test(name);
}

function relativeTo(from: string, to: string): string {
  const a = from.split("/").slice(1, -1);
  const b = to.split("/").slice(1);
  let same = 0;
  while (same < a.length && same < b.length - 1 && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
}
