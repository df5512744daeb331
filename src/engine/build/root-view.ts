import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { compareText } from "../../core/index.ts";

const mostLinks = 40;

/** Where a path leads, followed as a process in the root would. */
export interface Resolved {
  /** Where it ends: absolute inside the root, no link in it. */
  readonly path: string;
  readonly info: Stats;
  /** Links that were met in the last component, outermost first: where each lies (parents followed) and where it leads. */
  readonly links: readonly { readonly path: string; readonly to: string }[];
}

/** Looks into a folder as if it were `/`: absolute links start there, `..` stops there. Nothing is changed. */
export class RootView {
  readonly root: string;

  constructor(root: string) {
    this.root = root === "/" ? "" : root;
  }

  /** The place on the machine of a path inside. */
  outside(path: string): string {
    return this.root + path;
  }

  /** Follows every link. Undefined for what does not exist or leads in a circle. */
  resolve(path: string): Resolved | undefined {
    const links: { path: string; to: string }[] = [];
    let current = path;
    for (let count = 0; count < mostLinks; count++) {
      const slash = current.lastIndexOf("/");
      const parent = this.#folder(current.slice(0, slash));
      if (parent === undefined) return undefined;
      const here = `${parent}/${current.slice(slash + 1)}`;
      const info = lstatSync(this.outside(here), { throwIfNoEntry: false });
      if (info === undefined) return undefined;
      if (!info.isSymbolicLink()) return { path: here, info, links };
      const target = readlinkSync(this.outside(here));
      current = normal(target.startsWith("/") ? target : `${parent}/${target}`);
      links.push({ path: here, to: current });
    }
    return undefined;
  }

  /** Names in a folder, sorted; empty for what is none. */
  list(path: string): string[] {
    const resolved = this.resolve(path);
    if (!resolved?.info.isDirectory()) return [];
    return readdirSync(this.outside(resolved.path)).sort(compareText);
  }

  #folder(path: string): string | undefined {
    let done = "";
    let todo = path.split("/").filter((part) => part !== "" && part !== ".");
    for (let count = 0; todo.length > 0; ) {
      const [name = "", ...rest] = todo;
      todo = rest;
      if (name === "..") {
        done = done.slice(0, Math.max(0, done.lastIndexOf("/")));
        continue;
      }
      const info = lstatSync(this.outside(`${done}/${name}`), { throwIfNoEntry: false });
      if (info?.isSymbolicLink()) {
        if (++count > mostLinks) return undefined;
        const target = readlinkSync(this.outside(`${done}/${name}`));
        if (target.startsWith("/")) done = "";
        todo = [...target.split("/").filter((part) => part !== "" && part !== "."), ...todo];
      } else if (info?.isDirectory()) done = `${done}/${name}`;
      else return undefined;
    }
    return done;
  }
}

/** Drops empty and `.` parts of an absolute path; `..` is left to the walk, which knows the links. */
function normal(path: string): string {
  return `/${path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/")}`;
}
