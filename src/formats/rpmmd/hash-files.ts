import * as crypto from "node:crypto";
import * as fs from "node:fs";
import { Worker } from "node:worker_threads";

export interface HashedFile {
  /** Hex. */
  readonly sha256: string;
  /** Bytes that were hashed. */
  readonly size: number;
}

export interface HashFilesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called between files with how many are hashed. */
  readonly progress?: (done: number) => void;
  /** Bytes in all from which a second thread helps. Default 256 MiB: below, starting the thread costs what it gains. */
  readonly threadFrom?: number;
}

/** What the threads share: who takes which file, and each one's sha256, size, and whether it is done (1). */
export interface Share {
  readonly paths: readonly string[];
  readonly next: Int32Array;
  readonly done: Int32Array;
  readonly digests: Uint8Array;
  readonly sizes: Float64Array;
}

/**
 * sha256 and size of each file, in the order given, with two threads where that pays. Aborting stops within some 30 ms. Errors are those
 * of the file system, as they come.
 */
export async function hashFiles(paths: readonly string[], options: HashFilesOptions = {}): Promise<HashedFile[]> {
  const share = makeShare(paths);
  const work = async (part: Share) => {
    for (const _ of hashShare(crypto, fs, part, true)) {
      options.progress?.(share.done.reduce((sum, flag) => sum + flag, 0));
      await new Promise(setImmediate);
      options.signal?.throwIfAborted();
    }
  };
  const helper = bytesOf(paths) < (options.threadFrom ?? 256 << 20) ? undefined : startHelper(share);
  try {
    await work(share);
    await helper?.ended;
  } finally {
    await helper?.thread.terminate();
  }
  // What the helper could not read fails here, or succeeds where only the helper did not come to it.
  for (const index of paths.keys()) if (share.done[index] !== 1) await work(onlyOne(share, index));
  options.progress?.(paths.length);
  return paths.map((_, index) => ({
    sha256: Buffer.from(share.digests.subarray(32 * index, 32 * index + 32)).toString("hex"),
    size: share.sizes[index] ?? 0,
  }));
}

/** The work of hashing files, none of them taken yet. */
export function makeShare(paths: readonly string[]): Share {
  return {
    paths,
    next: new Int32Array(new SharedArrayBuffer(4)),
    done: new Int32Array(new SharedArrayBuffer(4 * paths.length)),
    digests: new Uint8Array(new SharedArrayBuffer(32 * paths.length)),
    sizes: new Float64Array(new SharedArrayBuffer(8 * paths.length)),
  };
}

function bytesOf(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + (fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function onlyOne(share: Share, index: number): Share {
  return {
    paths: share.paths.slice(index, index + 1),
    next: new Int32Array(1),
    done: share.done.subarray(index, index + 1),
    digests: share.digests.subarray(32 * index, 32 * index + 32),
    sizes: share.sizes.subarray(index, index + 1),
  };
}

/** A thread that takes its part and leaves out what it cannot read. Its program is this module's own function as text, so that it needs no file of its own beside a bundle. */
export function startHelper(share: Share): { readonly thread: Worker; readonly ended: Promise<void> } {
  const program = `for (const _ of (${hashShare.toString()})(
    require("node:crypto"), require("node:fs"), require("node:worker_threads").workerData, false
  ));`;
  const thread = new Worker(program, { eval: true, workerData: share });
  const ended = new Promise<void>((resolve) => thread.once("exit", () => resolve()).once("error", () => resolve()));
  return { thread, ended };
}

/**
 * Hashes files until none is left to take, and pauses after each 32 MiB. It must name nothing but its parameters and globals. One buffer
 * serves all files: a new one for each piece costs more in page faults than hashing does.
 */
function* hashShare(
  { createHash }: typeof crypto,
  { openSync, readSync, closeSync }: typeof fs,
  { paths, next, done, digests, sizes }: Share,
  strict: boolean,
): Generator<undefined, void> {
  const buffer = Buffer.allocUnsafeSlow(262_144);
  let beforePause = 33_554_432;
  for (let index = Atomics.add(next, 0, 1); index < paths.length; index = Atomics.add(next, 0, 1)) {
    let file: number | undefined;
    try {
      file = openSync(paths[index] as string, "r");
      const hash = createHash("sha256");
      let size = 0;
      for (let count = -1; count !== 0; ) {
        count = readSync(file, buffer, 0, buffer.length, null);
        hash.update(count === buffer.length ? buffer : buffer.subarray(0, count));
        size += count;
        beforePause -= count;
        if (beforePause > 0) continue;
        beforePause = 33_554_432;
        yield;
      }
      digests.set(hash.digest(), 32 * index);
      sizes[index] = size;
      Atomics.store(done, index, 1);
    } catch (error) {
      if (strict) throw error;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}
