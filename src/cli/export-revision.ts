import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import type { Revision } from "../adapters/git/index.ts";
import { joinBelow } from "../core/index.ts";

/** A revision's files in a folder of their own, brought there as they are asked for. */
export interface ExportedRevision {
  /** The folder that stands for the work tree's top. */
  readonly top: string;
  /** Brings files, by their paths below the top. */
  bring(paths: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Writes those files of a revision into a new temporary folder that `keep` asks for: with their content, or empty where only their name
 * matters.
 */
export async function exportRevision(
  revision: Revision,
  keep: (path: string) => "content" | "name" | undefined,
): Promise<ExportedRevision> {
  const top = await realpath(await mkdtemp(join(tmpdir(), "weir-revision-")));
  const folders = new Set<string>();
  const write = async (path: string, content: Uint8Array): Promise<void> => {
    const target = joinBelow(top, path);
    if (!folders.has(dirname(target))) await mkdir(dirname(target), { recursive: true });
    folders.add(dirname(target));
    await writeFile(target, content);
  };
  const bring = async (paths: readonly string[]): Promise<void> => {
    for (const [path, content] of await revision.read(paths)) await write(path, content);
  };
  const remove = (): Promise<void> => rm(top, { recursive: true, force: true });
  try {
    const wanted: string[] = [];
    for (const path of revision.files.keys()) {
      const how = keep(path);
      if (how === "content") wanted.push(path);
      else if (how === "name") await write(path, new Uint8Array());
    }
    await bring(wanted);
  } catch (error) {
    await remove();
    throw error;
  }
  return { top, bring, remove };
}

/** A path as git names it below the top; undefined where it lies elsewhere. */
export function pathInTree(top: string, path: string): string | undefined {
  const name = relative(top, path).split(sep).join("/");
  return name === ".." || name.startsWith("../") ? undefined : name;
}
