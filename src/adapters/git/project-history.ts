import { access, realpath } from "node:fs/promises";
import { join, posix, relative, resolve, sep } from "node:path";
import { run } from "../../core/index.ts";
import { gitEnvironment, gitOptions } from "./git-program.ts";
import { ObjectReader } from "./object-reader.ts";

/** What a project's own history says of its components. */
export interface ProjectHistory {
  /** Component → number of commits that changed the `input-fingerprint` of its lock file; azldev raises static Releases by it. */
  readonly changes: ReadonlyMap<string, number>;
  /** False for a shallow clone, where the numbers are too small, and where there is no repository or no commit. */
  readonly complete: boolean;
}

const nothing: ProjectHistory = { changes: new Map(), complete: false };

/**
 * Counts, for all components at once, the commits that changed their lock files' fingerprints (`<lockDir>/<component>.lock`, as git log
 * tells them for the current head; a relative folder is meant from the root). Uncommitted changes do not count. A folder without git gives no numbers.
 */
export async function readProjectHistory(
  root: string,
  lockDir = "locks",
  signal?: AbortSignal,
): Promise<ProjectHistory> {
  const top = await topFolder(root, signal);
  if (top === undefined) return nothing;
  const folder = resolve(root, lockDir);
  const below = relative(top, resolve(await realpath(root), relative(resolve(root), folder)))
    .split(sep)
    .join("/");
  const range = ["log", "--raw", "--no-abbrev", "--no-renames", "-z", "--format=%x01", "--", `:(top,literal)${below}`];
  const log = await run("git", [...gitOptions, "-C", top, ...range], {
    env: gitEnvironment("none"),
    timeout: 10 * 60_000,
    maxOutput: 1 << 30,
    accept: [0, 128],
    signal,
  });
  if (log.exitCode !== 0) return nothing;
  const versions = parseLog(log.stdout.toString("utf8"), below);
  const gitDir = await gitPath(top, ["rev-parse", "--absolute-git-dir"], signal);
  if (gitDir === undefined) return nothing;
  const shallow = await exists(join(gitDir, "shallow"));
  return { changes: await countChanges(versions, gitDir, top, signal), complete: !shallow };
}

/** What git prints for a folder, without the newline; undefined where it refuses. */
export async function gitPath(
  folder: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const options = { env: gitEnvironment("none"), accept: "any" as const, timeout: 30_000, signal };
  const result = await run("git", [...gitOptions, "-C", folder, ...args], options);
  return result.exitCode === 0 ? result.stdout.toString("utf8").replace(/\n$/, "") : undefined;
}

/** The top of the work tree around a folder. */
export function topFolder(root: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  return gitPath(root, ["rev-parse", "--show-toplevel"], signal);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Component → blobs of its lock file, newest first; undefined where a commit removed it. */
function parseLog(text: string, folder: string): Map<string, (string | undefined)[]> {
  const versions = new Map<string, (string | undefined)[]>();
  const fields = text.split("\0");
  for (let i = 0; i + 1 < fields.length; i++) {
    const entry = /^[\s\x01]*:\d{6} \d{6} [0-9a-f]{40,64} ([0-9a-f]{40,64}) ([A-Z])/.exec(fields[i] ?? "");
    if (!entry) continue;
    const path = fields[++i] ?? "";
    if (posix.dirname(path) !== folder || !path.endsWith(".lock")) continue;
    const name = posix.basename(path, ".lock");
    const blobs = versions.get(name) ?? [];
    blobs.push(entry[2] === "D" ? undefined : entry[1]);
    versions.set(name, blobs);
  }
  return versions;
}

async function countChanges(
  versions: ReadonlyMap<string, readonly (string | undefined)[]>,
  gitDir: string,
  where: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, number>> {
  const ids = [...new Set([...versions.values()].flat())].filter((id) => id !== undefined);
  const prints = new Map<string, string>();
  const reader = new ObjectReader(gitDir, where);
  try {
    for (let i = 0; i < ids.length; i += 2000) {
      const batch = ids.slice(i, i + 2000);
      const blobs = await reader.read(batch, signal);
      blobs.forEach((blob, index) => {
        const print = /^input-fingerprint\s*=\s*["']([^"'\n]*)["']/m.exec(blob?.content.toString("utf8") ?? "")?.[1];
        prints.set(batch[index] ?? "", print ?? "");
      });
    }
  } finally {
    reader.close();
  }
  const changes = new Map<string, number>();
  for (const [name, blobs] of versions) {
    if (blobs[0] === undefined) continue;
    let before = "";
    let count = 0;
    for (const id of blobs.toReversed()) {
      if (id === undefined) continue;
      const print = prints.get(id) ?? "";
      if (print !== before) count++;
      before = print;
    }
    if (count > 0) changes.set(name, count);
  }
  return changes;
}
