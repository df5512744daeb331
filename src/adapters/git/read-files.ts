import { posix } from "node:path";
import { WeirError } from "../../core/index.ts";
import type { RenderedFile } from "../../engine/define/index.ts";
import type { GitObject } from "./object-reader.ts";
import { parseCommit, parseTree, type TreeEntry } from "./objects.ts";

/** Objects by name, in order; undefined where there is none. */
export type ReadObjects = (names: readonly string[]) => Promise<(GitObject | undefined)[]>;

const mostFiles = 20_000;
const deepest = 64;

/**
 * All files of a commit by their path, without submodules; links to files of the commit give those files.
 * Errors: `UPSTREAM_COMMIT_MISSING`, `UPSTREAM_BAD_OBJECT`, `UPSTREAM_UNSUPPORTED_ENTRY`, `UPSTREAM_TOO_LARGE`.
 */
export async function readFiles(
  read: ReadObjects,
  name: string,
  where: string,
): Promise<ReadonlyMap<string, RenderedFile>> {
  const [object] = /^[0-9a-f]{40,64}$/.test(name) ? await read([name]) : [];
  if (object?.type !== "commit") {
    throw new WeirError("UPSTREAM_COMMIT_MISSING", `the repository has no commit ${name.slice(0, 64)}`, {
      where,
      kind: "remote",
    });
  }
  const commit = parseCommit(object, where);
  const entries = await listTree(read, commit.tree, where);
  const found = await read(entries.map((entry) => entry.id));
  const files = new Map<string, RenderedFile>();
  const links: { readonly path: string; readonly target: string }[] = [];
  entries.forEach((entry, index) => {
    const blob = found[index];
    if (blob?.type !== "blob") {
      throw new WeirError("UPSTREAM_BAD_OBJECT", `the repository lacks ${entry.path} of ${commit.id}`, {
        where,
        kind: "remote",
      });
    }
    if (entry.kind === "link") links.push({ path: entry.path, target: blob.content.toString("utf8") });
    else files.set(entry.path, { content: blob.content, executable: entry.kind === "executable" });
  });
  const targets = new Map(links.map((link) => [link.path, posix.join(posix.dirname(link.path), link.target)]));
  for (const { path, target } of links) {
    const file = target.startsWith("/") ? undefined : files.get(followLinks(path, targets));
    if (!file) {
      throw new WeirError(
        "UPSTREAM_UNSUPPORTED_ENTRY",
        `${path} is a link to ${target.slice(0, 200)}, which is no file of the commit`,
        {
          where,
          hints: ["pin the component to a commit without it"],
        },
      );
    }
    targets.delete(path);
    files.set(path, file);
  }
  return files;
}

function followLinks(path: string, targets: ReadonlyMap<string, string>): string {
  let at = path;
  for (let step = 0; step < 40; step++) {
    const next = targets.get(at);
    if (next === undefined) return at;
    at = next;
  }
  return "";
}

/** Files and links of a tree with their paths, folders opened level by level so that each level is one request. */
async function listTree(
  read: ReadObjects,
  root: string,
  where: string,
): Promise<(TreeEntry & { readonly path: string })[]> {
  const entries: (TreeEntry & { readonly path: string })[] = [];
  let level = [{ path: "", id: root }];
  for (let depth = 0; level.length > 0; depth++) {
    const trees = await read(level.map((folder) => folder.id));
    const next: typeof level = [];
    trees.forEach((tree, index) => {
      if (tree?.type !== "tree") {
        throw new WeirError("UPSTREAM_BAD_OBJECT", "the repository lacks a folder of the commit", {
          where,
          kind: "remote",
        });
      }
      for (const entry of parseTree(tree, where)) {
        const path = `${level[index]?.path ?? ""}${entry.name}`;
        if (entry.kind === "tree") next.push({ path: `${path}/`, id: entry.id });
        else if (entry.kind !== "submodule") entries.push({ ...entry, path });
      }
      if (entries.length + next.length > mostFiles || depth > deepest) {
        throw new WeirError("UPSTREAM_TOO_LARGE", `a commit of more than ${mostFiles} files or ${deepest} levels`, {
          where,
        });
      }
    });
    level = next;
  }
  return entries;
}
