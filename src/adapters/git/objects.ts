import { isUtf8 } from "node:buffer";
import { WeirError } from "../../core/index.ts";
import type { GitObject } from "./object-reader.ts";

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Name <mail>`. */
  readonly author: string;
  /** Committer time, seconds since the epoch. */
  readonly time: number;
  readonly message: string;
}

/** The first line of a commit's message. */
export function subjectOf(commit: Commit): string {
  const message = commit.message.trimStart();
  const end = message.indexOf("\n");
  return message.slice(0, end < 0 ? 500 : Math.min(end, 500));
}

/** Reads a commit object. Errors: `UPSTREAM_BAD_OBJECT`. */
export function parseCommit(object: GitObject, where: string): Commit {
  const text = object.content.toString("utf8");
  const end = text.indexOf("\n\n");
  const header = end < 0 ? text : text.slice(0, end);
  const tree = /^tree ([0-9a-f]{40,64})$/m.exec(header)?.[1];
  const time = Number(/^committer .*> ([0-9]{1,12}) [+-][0-9]{4}$/m.exec(header)?.[1]);
  if (tree === undefined || !Number.isSafeInteger(time)) {
    throw new WeirError("UPSTREAM_BAD_OBJECT", `the commit ${object.id} is malformed`, { where });
  }
  const parents = [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map((match) => match[1] ?? "");
  const author = /^author (.{0,500}>) [0-9]/m.exec(header)?.[1] ?? "";
  return { id: object.id, tree, parents, author, time, message: end < 0 ? "" : text.slice(end + 2) };
}

export interface TreeEntry {
  readonly kind: "file" | "executable" | "link" | "tree" | "submodule";
  readonly name: string;
  readonly id: string;
}

const kinds = new Map<string, TreeEntry["kind"]>([
  ["100644", "file"],
  ["100664", "file"],
  ["100755", "executable"],
  ["120000", "link"],
  ["40000", "tree"],
  ["160000", "submodule"],
]);

/** Reads a tree object: `<mode> <name>\0<id>` after another. Errors: `UPSTREAM_BAD_OBJECT`, `UPSTREAM_UNSUPPORTED_ENTRY`. */
export function parseTree(object: GitObject, where: string): TreeEntry[] {
  const { content } = object;
  const idLength = object.id.length / 2;
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const zero = content.indexOf(0, at);
    const kind = space < 0 ? undefined : kinds.get(content.toString("latin1", at, Math.min(space, at + 8)));
    const end = zero + 1 + idLength;
    if (kind === undefined || zero < space || end > content.length) {
      throw new WeirError("UPSTREAM_BAD_OBJECT", `the tree ${object.id} is malformed`, { where });
    }
    entries.push({
      kind,
      name: checkName(content.subarray(space + 1, zero), where),
      id: content.toString("hex", zero + 1, end),
    });
    at = end;
  }
  return entries;
}

function checkName(bytes: Buffer, where: string): string {
  const name = bytes.toString("utf8");
  if (!isUtf8(bytes) || name === "" || name === "." || name === ".." || name.includes("/") || /^\.git$/i.test(name)) {
    throw new WeirError(
      "UPSTREAM_UNSUPPORTED_ENTRY",
      `a file cannot have this name: ${JSON.stringify(name.slice(0, 100))}`,
      {
        where,
        hints: ["pin the component to a commit without it"],
      },
    );
  }
  return name;
}
