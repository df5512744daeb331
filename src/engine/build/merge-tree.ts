import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { WeirError } from "../../core/index.ts";

const mostLinks = 40;

/**
 * Lays the content of `from` over `root` as hard links (copies where the file system refuses). A later file replaces an earlier one.
 * Where the root has a link to a folder and the layer has a folder, the link is followed inside the root, as a package manager would;
 * no link leads out of it. Errors: `BUILDROOT_LINK_LOOP`.
 */
export function mergeTree(from: string, root: string): void {
  mergeFolder(from, "", root);
}

function mergeFolder(from: string, at: string, root: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = `${from}/${entry.name}`;
    const path = at === "" ? entry.name : `${at}/${entry.name}`;
    const there = statOf(`${root}/${path}`);
    if (entry.isDirectory()) {
      const folder =
        there === undefined || there.isDirectory()
          ? path
          : there.isSymbolicLink()
            ? resolveFolder(root, path)
            : undefined;
      if (folder === undefined) rmSync(`${root}/${path}`);
      if (folder === undefined || there === undefined) mkdirSync(`${root}/${path}`);
      mergeFolder(source, folder ?? path, root);
      continue;
    }
    if (there?.isDirectory()) {
      // A link that stands for a folder which has content already: the content stays reachable under both names in a merged root.
      if (entry.isSymbolicLink() || readdirSync(`${root}/${path}`).length > 0) continue;
    }
    if (there !== undefined) rmSync(`${root}/${path}`, { recursive: true });
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), `${root}/${path}`);
    else if (entry.isFile()) linkOrCopySync(source, `${root}/${path}`);
  }
}

/** The folder that a link leads to, followed inside the root; undefined where it leads to none. */
function resolveFolder(root: string, link: string): string | undefined {
  const todo = link.split("/");
  let done: string[] = [];
  let links = 0;
  while (todo.length > 0) {
    const name = todo.shift();
    if (name === undefined || name === "" || name === ".") continue;
    if (name === "..") {
      done.pop();
      continue;
    }
    const path = [...done, name].join("/");
    const info = statOf(`${root}/${path}`);
    if (info?.isSymbolicLink()) {
      if (++links > mostLinks)
        throw new WeirError("BUILDROOT_LINK_LOOP", `links in the buildroot lead in a circle: /${link}`, {
          where: `/${link}`,
        });
      const target = readlinkSync(`${root}/${path}`);
      if (target.startsWith("/")) done = [];
      todo.unshift(...target.split("/"));
    } else if (info?.isDirectory()) done.push(name);
    else return undefined;
  }
  return done.length === 0 ? undefined : done.join("/");
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function linkOrCopySync(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
