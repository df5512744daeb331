import type { HistoryCommit } from "./types.ts";

/** How far back a history is read for one release number. */
const mostCommits = 5000;

/** Reads commits of one history, in order. */
export type CommitReader = (ids: readonly string[]) => Promise<readonly HistoryCommit[]>;

/** `epoch:version` of a spec, or undefined where it cannot be told. */
export type VersionReader = (spec: HistoryCommit["file"]) => Promise<string | undefined>;

/** A commit with the number that %autorelease stands for in it. */
export interface NumberedCommit {
  readonly commit: HistoryCommit;
  readonly version: string | undefined;
  readonly number: number;
}

/**
 * The numbers that %autorelease stands for, of a commit and of those before it back to where the version changed: one more than the
 * greatest of the parents that have the same `epoch:version` (or none that can be told), from 1; a line `[bump release: N]` in the message
 * asks for at least N. First the asked commit, then along first parents. Rules: docs of fedora-infra/rpmautospec, "Principle".
 */
export async function numberCommits(
  head: string,
  read: CommitReader,
  versionOf: VersionReader,
): Promise<NumberedCommit[]> {
  const known = new Map<string, { commit: HistoryCommit; version: string | undefined }>();
  const versions = new Map<string, string | undefined>();
  const versionIn = async (file: HistoryCommit["file"]): Promise<string | undefined> => {
    if (!file) return undefined;
    if (!versions.has(file.id)) versions.set(file.id, await versionOf(file));
    return versions.get(file.id);
  };
  const followed = new Map<string, string[]>();
  const learn = async (ids: Iterable<string>): Promise<void> => {
    const unknown = [...ids].filter((id) => !known.has(id));
    for (const commit of unknown.length > 0 ? await read(unknown) : []) {
      known.set(commit.commit, { commit, version: await versionIn(commit.file) });
    }
  };
  await learn([head]);
  let level = [head];
  while (level.length > 0 && known.size < mostCommits) {
    await learn(new Set(level.flatMap((id) => known.get(id)?.commit.parents ?? [])));
    const next = new Set<string>();
    for (const id of level) {
      const { commit, version } = known.get(id) ?? {};
      const same = (commit?.parents ?? []).filter((parent) => {
        const other = known.get(parent)?.version;
        return version === undefined || other === undefined || version === other;
      });
      followed.set(id, same);
      for (const parent of same) if (!followed.has(parent)) next.add(parent);
    }
    level = [...next];
  }
  const numbers = countUp(head, followed, (id) => known.get(id)?.commit);
  const chain: NumberedCommit[] = [];
  for (let id: string | undefined = head; id !== undefined; id = followed.get(id)?.[0]) {
    const entry = known.get(id);
    if (entry) chain.push({ ...entry, number: numbers.get(id) ?? 1 });
  }
  return chain;
}

function countUp(
  head: string,
  followed: ReadonlyMap<string, readonly string[]>,
  commitOf: (id: string) => HistoryCommit | undefined,
): Map<string, number> {
  const numbers = new Map<string, number>();
  const stack = [head];
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    const parents = followed.get(id) ?? [];
    const waiting = parents.filter((parent) => !numbers.has(parent));
    if (waiting.length > 0 && !numbers.has(id)) {
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    const commit = commitOf(id);
    const before = Math.max(0, ...parents.map((parent) => numbers.get(parent) ?? 0));
    numbers.set(id, Math.max(before + (commit?.file ? 1 : 0), bumpIn(commit?.message ?? "")));
  }
  return numbers;
}

/** The number that a line such as `[bump release: 5]` or `[skip changelog, bump release: 5]` of a message asks for, else 0. */
export function bumpIn(message: string): number {
  return Math.max(
    0,
    ...magicParts(message).map((part) => Number(/^bump\s+release\s*:?\s*([0-9]{1,9})/.exec(part)?.[1] ?? 0)),
  );
}

/** Whether a message says `[skip changelog]`. */
export function skipsChangelog(message: string): boolean {
  return magicParts(message).some((part) => /^skip\s+changelog/.test(part));
}

function magicParts(message: string): string[] {
  return message.split("\n").flatMap((line) => {
    const text = line.trim();
    return text.startsWith("[") && text.endsWith("]")
      ? text
          .slice(1, -1)
          .split(",")
          .map((part) => part.trim())
      : [];
  });
}
