import { chmodSync, lstatSync, mkdirSync, readlinkSync, type Stats } from "node:fs";
import { systemCode, WeirError } from "../../core/index.ts";

const LINKS_MOST = 40;

/**
 * Finds paths below a root the way a process whose `/` is that root would: absolute links start at the root, `..` stops there, so no
 * link leads out. Nobody else may change the tree meanwhile. Errors: `ARCHIVE_LINK_LOOP`, `ARCHIVE_NOT_A_FOLDER`,
 * `ARCHIVE_LINK_TRAVERSED`, `PATH_ESCAPE`.
 */
export class RootPaths {
  readonly #root: string;
  readonly #where: string;
  /** Folder as asked for → folder where it really is, both without a leading slash. */
  readonly #folders = new Map<string, string>([["", ""]]);
  /** Links that this very payload made: nothing is written through them. */
  readonly #ownLinks = new Set<string>();

  constructor(root: string, where: string) {
    this.#root = root;
    this.#where = where;
  }

  /** Absolute path of a path relative to the root. */
  absolute(relative: string): string {
    return relative === "" ? this.#root : `${this.#root}/${relative}`;
  }

  /** Notes that a link was made here. */
  linkMade(relative: string): void {
    this.#ownLinks.add(relative);
  }

  /** Where an entry lies: its parent folder followed (and made where absent), its own name not. Relative to the root. */
  place(path: string, onMake: (relative: string) => void): string {
    const parts = partsOf(path, this.#where);
    const name = parts.pop();
    if (name === undefined) return "";
    const parent = this.#folder(parts, onMake);
    return parent === "" ? name : `${parent}/${name}`;
  }

  /** Where a path leads, all links followed, relative to the root; undefined where nothing is. */
  find(path: string): string | undefined {
    return this.#walk(path.split("/"), undefined);
  }

  /** Follows a link that stands where a folder is wanted; gives the folder it leads to, undefined when it leads to none. */
  followToFolder(relative: string): string | undefined {
    const found = this.#walk(relative.split("/"), undefined);
    return found === undefined || !lstatSync(this.absolute(found)).isDirectory() ? undefined : found;
  }

  #folder(parts: readonly string[], onMake: (relative: string) => void): string {
    const key = parts.join("/");
    const known = this.#folders.get(key);
    if (known !== undefined) return known;
    const found = this.#walk([...parts], onMake) ?? "";
    this.#folders.set(key, found);
    return found;
  }

  /** With `onMake`, absent folders are made; without, an absent one gives undefined. */
  #walk(todo: string[], onMake: ((relative: string) => void) | undefined): string | undefined {
    const done: string[] = [];
    const queue = todo.reverse();
    let links = 0;
    for (let part = queue.pop(); part !== undefined; part = queue.pop()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        done.pop();
        continue;
      }
      done.push(part);
      const relative = done.join("/");
      const info = statOf(this.absolute(relative));
      if (info === undefined) {
        if (!onMake) return undefined;
        mkdirSync(this.absolute(relative));
        chmodSync(this.absolute(relative), 0o755);
        onMake(relative);
        continue;
      }
      if (info.isDirectory()) continue;
      if (!info.isSymbolicLink()) {
        if (!onMake) return queue.every((rest) => rest === "" || rest === ".") ? relative : undefined;
        throw new WeirError("ARCHIVE_NOT_A_FOLDER", `/${relative} is no folder, so nothing can be put into it`, {
          where: this.#where,
          hints: [`see which package owns /${relative}`],
        });
      }
      if (onMake && this.#ownLinks.has(relative)) {
        throw new WeirError(
          "ARCHIVE_LINK_TRAVERSED",
          `the payload makes the link /${relative} and then writes through it`,
          {
            where: this.#where,
            hints: ["no sound package does this: do not trust where it came from"],
          },
        );
      }
      if (++links > LINKS_MOST) {
        throw new WeirError("ARCHIVE_LINK_LOOP", `links lead in circles at /${relative}`, { where: this.#where });
      }
      done.pop();
      const target = readlinkSync(this.absolute(relative));
      if (target.startsWith("/")) done.length = 0;
      queue.push(...target.split("/").reverse());
    }
    return done.join("/");
  }
}

/** What is at a path, links not followed; undefined for nothing. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (systemCode(error) === "ENAMETOOLONG") {
      throw new WeirError("ARCHIVE_NAME_TOO_LONG", "a path is longer than this machine allows", { where: path });
    }
    throw error;
  }
}

function partsOf(path: string, where: string): string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..") || path.includes("\0")) {
    throw new WeirError("PATH_ESCAPE", `path leaves its root: ${path}`, {
      where,
      hints: ["no sound package does this: do not trust where it came from"],
    });
  }
  return parts;
}
