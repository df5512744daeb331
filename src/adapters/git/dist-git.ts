import { WeirError } from "../../core/index.ts";
import type { DistGit, DistGitCommit, FirstParentLine, UpstreamAddress } from "../../engine/define/index.ts";
import { type GitObject, ObjectReader } from "./object-reader.ts";
import { readHistory } from "./history.ts";
import { readFiles } from "./read-files.ts";
import { type Commit, parseCommit, subjectOf } from "./objects.ts";
import {
  branchesOf,
  type DistGitOptions,
  fetchAll,
  isFetchedSince,
  openRepository,
  type RepositoryPlace,
} from "./repository.ts";

/** Milliseconds until a repository's reader is closed when nobody asks, and how many may wait so. */
const idleTime = 3000;
const mostIdle = 8;

interface OpenRepository {
  readonly place: RepositoryPlace;
  reader: ObjectReader | undefined;
  timer: NodeJS.Timeout | undefined;
  users: number;
  fetched: boolean;
}

/**
 * Read access to dist-git through the git program: one process a repository, none of the user's configuration, no hooks. Paths and
 * `file:` URIs are read in place, `https:` ones from bare clones in the cache.
 * Errors: `UPSTREAM_COMMIT_MISSING`, `UPSTREAM_BRANCH_MISSING`, `UPSTREAM_UNREACHABLE`, `UPSTREAM_NETWORK_OFF`, `UPSTREAM_BAD_ADDRESS`,
 * `UPSTREAM_BAD_OBJECT`, `UPSTREAM_UNSUPPORTED_ENTRY`, `UPSTREAM_TOO_LARGE`.
 */
export function createDistGit(options: DistGitOptions): DistGit {
  const repositories = new Map<string, Promise<OpenRepository>>();
  const idle = new Set<OpenRepository>();

  function rest(open: OpenRepository): void {
    idle.add(open);
    open.timer = setTimeout(() => retire(open), idleTime).unref();
    const [oldest] = idle;
    if (idle.size > mostIdle && oldest) retire(oldest);
  }

  function retire(open: OpenRepository): void {
    idle.delete(open);
    clearTimeout(open.timer);
    closeReader(open);
  }

  async function use<T>(
    uri: string,
    signal: AbortSignal | undefined,
    work: (open: OpenRepository) => Promise<T>,
  ): Promise<T> {
    let opening = repositories.get(uri);
    if (!opening) {
      opening = openRepository(uri, options, signal).then((place) => ({
        place,
        reader: undefined,
        timer: undefined,
        users: 0,
        fetched: false,
      }));
      repositories.set(uri, opening);
      opening.catch(() => repositories.delete(uri));
    }
    const open = await opening;
    clearTimeout(open.timer);
    idle.delete(open);
    open.users++;
    try {
      return await work(open);
    } finally {
      if (--open.users === 0) rest(open);
    }
  }

  return {
    resolve: (address, signal) => use(address.distGitUri, signal, (open) => resolve(open, address, options, signal)),
    read: (address, commit, signal) =>
      use(address.distGitUri, signal, (open) =>
        readFiles((names) => readObjects(open, names, signal), commit, open.place.uri),
      ),
    history: (address, commits, file, signal) =>
      use(address.distGitUri, signal, (open) =>
        readHistory((names) => readObjects(open, names, signal), commits, file, open.place.uri),
      ),
    line: (address, range, signal) =>
      use(address.distGitUri, signal, (open) => firstParents(open, address, range, signal)),
  };
}

function closeReader(open: OpenRepository): void {
  open.reader?.close();
  open.reader = undefined;
}

async function readObjects(
  open: OpenRepository,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<(GitObject | undefined)[]> {
  open.reader ??= new ObjectReader(open.place.gitDir, open.place.uri);
  try {
    return await open.reader.read(names, signal);
  } catch (error) {
    closeReader(open);
    throw error;
  }
}

async function readCommit(open: OpenRepository, name: string, signal?: AbortSignal): Promise<Commit | undefined> {
  const [object] = await readObjects(open, [name], signal);
  return object?.type === "commit" ? parseCommit(object, open.place.uri) : undefined;
}

async function resolve(
  open: OpenRepository,
  address: UpstreamAddress,
  options: DistGitOptions,
  signal: AbortSignal | undefined,
): Promise<DistGitCommit> {
  const snapshot = address.snapshot === undefined ? undefined : secondsOf(address.snapshot, open.place.uri);
  if (address.commit === undefined && (await needsFetch(open, options, snapshot))) await refresh(open, signal);
  let commit = await find(open, address, snapshot, signal);
  if (!commit && open.place.cached && options.network && !open.fetched) {
    await refresh(open, signal);
    commit = await find(open, address, snapshot, signal);
  }
  if (!commit) throw await missing(open, address);
  return { commit: commit.id, time: commit.time, subject: subjectOf(commit) };
}

/** A clone that was fetched after the snapshot holds all that the snapshot can mean. */
async function needsFetch(
  open: OpenRepository,
  options: DistGitOptions,
  snapshot: number | undefined,
): Promise<boolean> {
  if (!open.place.cached || !options.network || open.fetched) return false;
  return snapshot === undefined || !(await isFetchedSince(open.place, snapshot));
}

async function refresh(open: OpenRepository, signal: AbortSignal | undefined): Promise<void> {
  await fetchAll(open.place, "https", signal);
  open.fetched = true;
}

async function find(
  open: OpenRepository,
  address: UpstreamAddress,
  snapshot: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Commit | undefined> {
  if (address.commit !== undefined) {
    const wanted = address.commit.toLowerCase();
    if (!/^[0-9a-f]{7,64}$/.test(wanted)) return undefined;
    const commit = await readCommit(open, wanted, signal);
    return commit?.id.startsWith(wanted) ? commit : undefined;
  }
  let commit = isBranchName(address.branch)
    ? await readCommit(open, `refs/heads/${address.branch}`, signal)
    : undefined;
  const latest = snapshot ?? Number.POSITIVE_INFINITY;
  while (commit && commit.time > latest) {
    commit = commit.parents[0] === undefined ? undefined : await readCommit(open, commit.parents[0], signal);
  }
  return commit;
}

async function firstParents(
  open: OpenRepository,
  address: UpstreamAddress,
  range: { readonly from?: string; readonly until: string; readonly most: number },
  signal: AbortSignal | undefined,
): Promise<FirstParentLine> {
  const start = range.from ?? (isBranchName(address.branch) ? `refs/heads/${address.branch}` : undefined);
  let commit = start === undefined ? undefined : await readCommit(open, start, signal);
  const commits: DistGitCommit[] = [];
  while (commit && commit.id !== range.until && commits.length < range.most) {
    commits.push({ commit: commit.id, time: commit.time, subject: subjectOf(commit) });
    commit = commit.parents[0] === undefined ? undefined : await readCommit(open, commit.parents[0], signal);
  }
  return { commits, met: commit?.id === range.until };
}

function isBranchName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.+/-]{0,200}$/.test(name) && !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|[/.]$/.test(name);
}

function secondsOf(snapshot: string, where: string): number {
  const time = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}/.test(snapshot) ? Date.parse(snapshot) : Number.NaN;
  if (Number.isFinite(time)) return Math.floor(time / 1000);
  throw new WeirError("UPSTREAM_BAD_ADDRESS", `the snapshot is no time: ${snapshot.slice(0, 60)}`, {
    where,
    hints: ["write it as 2026-02-24T00:00:00Z"],
  });
}

async function missing(open: OpenRepository, address: UpstreamAddress): Promise<WeirError> {
  const where = open.place.uri;
  if (address.commit !== undefined) {
    return new WeirError(
      "UPSTREAM_COMMIT_MISSING",
      `${address.name}: the repository has no commit ${address.commit.slice(0, 64)}`,
      {
        where,
        kind: "remote",
        hints: [
          open.place.cached
            ? "with the network on the clone is brought up to date; upstream may also have rewritten its history: then pin another commit"
            : "upstream may have rewritten its history: pin another commit",
        ],
      },
    );
  }
  const branches = await branchesOf(open.place);
  if (branches.includes(address.branch)) {
    return new WeirError(
      "UPSTREAM_COMMIT_MISSING",
      `${address.name}: nothing on ${address.branch} is as old as ${address.snapshot}`,
      {
        where,
        kind: "remote",
        hints: ["the package came later: give the component a spec.upstream-commit, or move the snapshot"],
      },
    );
  }
  return new WeirError(
    "UPSTREAM_BRANCH_MISSING",
    `${address.name}: the repository has no branch ${address.branch.slice(0, 100)}`,
    {
      where,
      kind: "remote",
      hints: [branches.length === 0 ? "it has no branches at all" : `it has ${branches.slice(0, 8).join(", ")}`],
    },
  );
}
