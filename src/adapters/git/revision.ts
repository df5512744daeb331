import { WeirError, run } from "../../core/index.ts";
import { gitEnvironment, gitOptions } from "./git-program.ts";
import { ObjectReader } from "./object-reader.ts";
import { gitPath, topFolder } from "./project-history.ts";

/** A commit of the repository that a folder belongs to. */
export interface Revision {
  /** Top of the work tree, absolute. */
  readonly top: string;
  readonly commit: string;
  /** Path below the top → blob, of plain files: links and submodules are left out. */
  readonly files: ReadonlyMap<string, string>;
  /** Contents of these paths, those that are no files left out. */
  read(paths: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Uint8Array>>;
  close(): void;
}

/**
 * Opens a revision of the repository around a folder, by any name that git understands.
 * Errors: `GIT_NO_REPOSITORY`, `GIT_NO_REVISION`, those of reading from git.
 */
export async function openRevision(folder: string, name: string, signal?: AbortSignal): Promise<Revision> {
  const top = await topFolder(folder, signal);
  if (top === undefined)
    throw new WeirError("GIT_NO_REPOSITORY", "the folder belongs to no git repository", {
      where: folder,
      hints: ["what changed is told by comparing with an earlier commit: keep the definition in git"],
    });
  const commit = await gitPath(
    top,
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`],
    signal,
  );
  const gitDir = await gitPath(top, ["rev-parse", "--absolute-git-dir"], signal);
  if (commit === undefined || gitDir === undefined)
    throw new WeirError("GIT_NO_REVISION", `the repository has no revision ${name.slice(0, 100)}`, {
      where: top,
      hints: ["name a commit, a tag or a branch; a shallow clone lacks older ones"],
    });
  const listing = await run("git", [...gitOptions, "-C", top, "ls-tree", "-r", "-z", "--full-tree", commit], {
    env: gitEnvironment("none"),
    timeout: 5 * 60_000,
    maxOutput: 1 << 30,
    signal,
  });
  const files = new Map<string, string>();
  for (const line of listing.stdout.toString("utf8").split("\0")) {
    const entry = /^100\d{3} blob ([0-9a-f]{40,64})\t([\s\S]+)$/.exec(line);
    if (entry?.[1] !== undefined && entry[2] !== undefined) files.set(entry[2], entry[1]);
  }
  const reader = new ObjectReader(gitDir, top);
  return {
    top,
    commit,
    files,
    read: async (paths, stop) => {
      const known = paths.filter((path) => files.has(path));
      const contents = new Map<string, Uint8Array>();
      for (let from = 0; from < known.length; from += 500) {
        const batch = known.slice(from, from + 500);
        const objects = await reader.read(
          batch.map((path) => files.get(path) ?? ""),
          stop,
        );
        for (const [index, path] of batch.entries()) {
          const content = objects[index]?.content;
          if (content !== undefined) contents.set(path, content);
        }
      }
      return contents;
    },
    close: () => reader.close(),
  };
}
