import { WeirError } from "../../core/index.ts";
import type { HistoryCommit } from "../../engine/define/index.ts";
import { parseCommit, parseTree } from "./objects.ts";
import type { ReadObjects } from "./read-files.ts";

/**
 * Reads commits with the file of that name in their top folder, in three requests however many they are.
 * Errors: `UPSTREAM_COMMIT_MISSING`, `UPSTREAM_BAD_OBJECT`.
 */
export async function readHistory(
  read: ReadObjects,
  names: readonly string[],
  file: string,
  where: string,
): Promise<HistoryCommit[]> {
  const wanted = names.map((name) => (/^[0-9a-f]{40,64}$/.test(name) ? name : "0".repeat(40)));
  const commits = (await read(wanted)).map((object, index) => {
    if (object?.type === "commit") return parseCommit(object, where);
    throw new WeirError(
      "UPSTREAM_COMMIT_MISSING",
      `the repository has no commit ${(names[index] ?? "").slice(0, 64)}`,
      {
        where,
        kind: "remote",
        hints: ["a shallow clone lacks its history: clone it whole"],
      },
    );
  });
  const trees = await read(commits.map((commit) => commit.tree));
  const ids = trees.map((tree) => {
    const entry = tree?.type === "tree" ? parseTree(tree, where).find(({ name }) => name === file) : undefined;
    return entry && (entry.kind === "file" || entry.kind === "executable") ? entry.id : undefined;
  });
  const different = [...new Set(ids)].filter((id) => id !== undefined);
  const blobs = await read(different);
  const contents = new Map(different.map((id, index) => [id, blobs[index]?.content]));
  return commits.map(({ id, parents, time, author, message }, index) => {
    const blob = ids[index];
    const content = blob === undefined ? undefined : contents.get(blob);
    return { commit: id, parents, time, author, message, file: blob && content ? { id: blob, content } : undefined };
  });
}
