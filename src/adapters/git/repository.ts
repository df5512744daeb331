import { access, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf, makeFolder, messageOf, partialMark, run, WeirError } from "../../core/index.ts";
import { type GitProtocol, gitEnvironment, gitOptions } from "./git-program.ts";

export interface DistGitOptions {
  /** Folder for bare clones of remote repositories. */
  readonly cacheDir: string;
  /** Whether remote repositories may be asked. Off: what the cache holds is used, else `UPSTREAM_NETWORK_OFF`. */
  readonly network: boolean;
}

/** Where a repository lies on disk. */
export interface RepositoryPlace {
  readonly gitDir: string;
  /** As the definition names it, for messages. */
  readonly uri: string;
  /** A clone in the cache: it can be brought up to date. */
  readonly cached: boolean;
}

const timeout = 30 * 60_000;

/**
 * Finds the repository of an address: a path or `file:` URI is read in place, an `https:` one is cloned into the cache.
 * Errors: `UPSTREAM_UNREACHABLE`, `UPSTREAM_NETWORK_OFF`, `UPSTREAM_BAD_ADDRESS`.
 */
export async function openRepository(
  uri: string,
  options: DistGitOptions,
  signal?: AbortSignal,
): Promise<RepositoryPlace> {
  if (uri.startsWith("/")) return localRepository(uri, uri);
  if (uri.startsWith("file:")) return localRepository(pathOf(uri), uri);
  if (!/^https:\/\/[^\s\0-\x1f]+$/.test(uri)) {
    throw new WeirError("UPSTREAM_BAD_ADDRESS", `not an address of a git repository: ${uri.slice(0, 200)}`, {
      hints: ["dist-git-base-uri takes an absolute path, file:// or https://"],
    });
  }
  const gitDir = cachePath(uri, options.cacheDir);
  if (!(await isRepository(gitDir))) {
    if (!options.network) throw networkOff(uri);
    await cloneBare(uri, gitDir, "https", signal);
  }
  return { gitDir, uri, cached: true };
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw new WeirError("UPSTREAM_BAD_ADDRESS", `not a file URI: ${uri.slice(0, 200)}: ${messageOf(error)}`, {
      hints: ["write it as file:///absolute/path"],
    });
  }
}

async function localRepository(path: string, uri: string): Promise<RepositoryPlace> {
  for (const gitDir of [path, join(path, ".git"), `${path.replace(/\/+$/, "")}.git`]) {
    if (await isRepository(gitDir)) return { gitDir, uri, cached: false };
  }
  throw new WeirError("UPSTREAM_UNREACHABLE", "there is no git repository", {
    where: uri,
    kind: "remote",
    hints: [
      "compare the path with dist-git-base-uri and spec.upstream-name",
      "`weir upstream list` shows what is there",
    ].slice(0, 1),
  });
}

async function isRepository(gitDir: string): Promise<boolean> {
  const paths = ["HEAD", "objects", "refs"].map((name) => access(join(gitDir, name)));
  return Promise.all(paths).then(
    () => true,
    () => false,
  );
}

function networkOff(uri: string): WeirError {
  return new WeirError("UPSTREAM_NETWORK_OFF", "the repository is not in the cache, and the network is off", {
    where: uri,
    kind: "machine",
    hints: ["allow the network for this run, or point dist-git-base-uri at a local mirror"],
  });
}

function cachePath(uri: string, cacheDir: string): string {
  const name = /([A-Za-z0-9._+-]{1,80}?)(?:\.git)?\/*$/.exec(uri)?.[1] ?? "repository";
  return join(cacheDir, `${name}-${digestOf(uri).slice(0, 12)}.git`);
}

/** Clones all branches into a bare repository, complete or not at all. */
export async function cloneBare(
  uri: string,
  gitDir: string,
  protocol: GitProtocol,
  signal?: AbortSignal,
): Promise<void> {
  const partial = join(gitDir, "..", `${partialMark}${digestOf(`${gitDir} ${process.pid}`).slice(0, 12)}`);
  await makeFolder(join(gitDir, ".."));
  await rm(partial, { recursive: true, force: true });
  try {
    await git(
      ["clone", "--quiet", "--bare", "--no-hardlinks", "--template=", "--", uri, partial],
      protocol,
      uri,
      signal,
    );
    await rename(partial, gitDir).catch(async (error: unknown) => {
      if (!(await isRepository(gitDir))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Whether a cached clone was last brought up to date after this time (seconds since the epoch). */
export async function isFetchedSince(place: RepositoryPlace, time: number): Promise<boolean> {
  const info = await stat(join(place.gitDir, "HEAD")).catch(() => undefined);
  return info !== undefined && info.mtimeMs / 1000 > time;
}

/** Brings a cached clone up to date; branches that upstream rewrote are taken as they now are. */
export async function fetchAll(place: RepositoryPlace, protocol: GitProtocol, signal?: AbortSignal): Promise<void> {
  const refs = "+refs/heads/*:refs/heads/*";
  const args = [
    `--git-dir=${place.gitDir}`,
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--",
    place.uri,
    refs,
  ];
  const now = new Date();
  await git(args, protocol, place.uri, signal);
  await utimes(join(place.gitDir, "HEAD"), now, now);
}

/** The branches of a repository, for messages; empty where they cannot be told. */
export async function branchesOf(place: RepositoryPlace): Promise<string[]> {
  const args = [
    `--git-dir=${place.gitDir}`,
    "for-each-ref",
    "--count=200",
    "--format=%(refname:lstrip=2)",
    "refs/heads",
  ];
  const result = await run("git", [...gitOptions, ...args], {
    env: gitEnvironment("none"),
    accept: "any",
    timeout: 10_000,
  });
  return result.stdout.toString("utf8").split("\n").filter(Boolean);
}

async function git(args: readonly string[], protocol: GitProtocol, uri: string, signal?: AbortSignal): Promise<void> {
  try {
    await run("git", [...gitOptions, ...args], { env: gitEnvironment(protocol), timeout, signal });
  } catch (error) {
    if (!(error instanceof WeirError) || error.code !== "PROCESS_FAILED") throw error;
    throw new WeirError("UPSTREAM_UNREACHABLE", `git cannot fetch the repository: ${error.message}`, {
      where: uri,
      kind: "remote",
      hints: ["try again later; what the cache holds is used when the network is off"],
      cause: error,
    });
  }
}
