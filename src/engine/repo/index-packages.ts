import { Worker } from "node:worker_threads";
import { PackageFragments } from "../../formats/rpmmd/package-fragments.ts";
import { digestRoom, fact, indexFile, type IndexShare, indexShare, makeShare } from "./index-share.ts";
import type { WorkerResult } from "./index-worker.ts";

export interface IndexOptions {
  /** Of the packages. Default sha256. */
  readonly checksum?: IndexShare["checksum"];
  /** Changelog entries kept of each package. Default 10. */
  readonly changelogLimit?: number;
  /** URL that all locations are relative to. */
  readonly base?: string;
  /** Threads that read, the caller's included. */
  readonly workers: number;
  /** Where a worker's program is, if not where this room's own lies. */
  readonly workerFile?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called between files with how many are done. */
  readonly progress?: (done: number) => void;
}

/** The three documents, in the order in which a repository names them. */
export const documentTypes = ["primary", "filelists", "other"] as const;
export type DocumentType = (typeof documentTypes)[number];

/** A package as it will be listed. */
export interface IndexedPackage {
  readonly location: string;
  /** Bytes of the file. */
  readonly size: number;
  /** When the file was changed: milliseconds since the epoch, with fractions. */
  readonly modified: number;
  /** Seconds since the epoch. */
  readonly buildTime: number;
  readonly pkgid: string;
  /** Its element in each document. */
  readonly fragments: Readonly<Record<DocumentType, Uint8Array>>;
}

/** What became of a file: its package, or why there is none. */
export type Indexed = { readonly package: IndexedPackage } | { readonly location: string; readonly error: unknown };

/**
 * Reads packages, each file once, with as many threads as asked for. The answer has the order of `files` and does not depend on the
 * threads. Aborting stops within some 30 ms.
 */
export async function indexPackages(
  files: readonly { readonly path: string; readonly location: string }[],
  options: IndexOptions,
): Promise<Indexed[]> {
  const { checksum = "sha256", changelogLimit = 10, base = "" } = options;
  const paths = files.map((file) => file.path);
  const share = makeShare({ paths, locations: files.map((file) => file.location) }, { checksum, changelogLimit, base });
  const helpers = await startHelpers(share, Math.min(options.workers, files.length) - 1, options.workerFile);
  const memory: (readonly Uint8Array[] | undefined)[] = [];
  const fragments = new PackageFragments();
  const errors = new Map<number, unknown>();
  try {
    for (const _ of indexShare(share, 0, fragments)) {
      options.progress?.(share.states.reduce((sum, state) => sum + (state === 0 ? 0 : 1), 0));
      await new Promise(setImmediate);
      options.signal?.throwIfAborted();
    }
    for (const [index, helper] of helpers.entries()) memory[index + 1] = await helper.ended;
  } finally {
    await Promise.all(helpers.map(({ thread }) => thread.terminate()));
  }
  options.signal?.throwIfAborted();
  // What could not be read says so here; what a lost thread had taken is read again.
  for (let index = 0; index < files.length; index++) {
    const thread = share.facts[index * fact.count + fact.thread] ?? 0;
    if (share.states[index] === 1 && (thread === 0 || memory[thread] !== undefined)) continue;
    try {
      indexFile(share, index, fragments);
      share.facts[index * fact.count + fact.thread] = 0;
    } catch (error) {
      errors.set(index, error);
    }
  }
  memory[0] = [fragments.primary, fragments.filelists, fragments.other].map((sink) => sink.view());
  options.progress?.(files.length);
  return files.map(({ location }, index): Indexed => {
    const error = errors.get(index);
    return error === undefined ? { package: indexedOf(share, memory, index) } : { location, error };
  });
}

function indexedOf(
  share: IndexShare,
  memory: readonly (readonly Uint8Array[] | undefined)[],
  index: number,
): IndexedPackage {
  const number = (which: number) => share.facts[index * fact.count + which] ?? 0;
  const from = memory[number(fact.thread)] ?? [];
  const part = (kind: 0 | 1 | 2) =>
    (from[kind] as Uint8Array).subarray(number(fact.primary + 2 * kind), number(fact.primary + 2 * kind + 1));
  const digestSize = share.checksum === "sha512" ? 64 : 32;
  const digest = share.digests.subarray(digestRoom * index, digestRoom * index + digestSize);
  return {
    location: share.locations[index] as string,
    size: number(fact.size),
    modified: number(fact.modified),
    buildTime: number(fact.built),
    pkgid: Buffer.from(digest).toString("hex"),
    fragments: { primary: part(0), filelists: part(1), other: part(2) },
  };
}

interface Helper {
  readonly thread: Worker;
  /** Its fragments; undefined where it was lost. */
  readonly ended: Promise<readonly Uint8Array[] | undefined>;
}

async function startHelpers(share: IndexShare, count: number, file: string | undefined): Promise<Helper[]> {
  if (count < 1) return [];
  const { workerFile, workerMark } = await import("./index-worker.ts");
  const program = file ?? workerFile;
  if (program.endsWith(".ts") && !runsTypes()) return [];
  return Array.from({ length: count }, (_, index) => {
    const workerData = { mark: workerMark, thread: index + 1, share };
    const thread = new Worker(new URL(program), { workerData, execArgv: [] });
    const ended = new Promise<readonly Uint8Array[] | undefined>((resolve) => {
      thread.once("message", ({ fragments }: WorkerResult) =>
        resolve(fragments.map(({ memory, length }) => new Uint8Array(memory, 0, length))),
      );
      thread.once("error", () => resolve(undefined)).once("exit", () => resolve(undefined));
    });
    return { thread, ended };
  });
}

/** Whether this Node runs TypeScript as it is; older ones take their threads from the bundle only. */
function runsTypes(): boolean {
  return "typescript" in process.features && process.features.typescript !== false;
}
