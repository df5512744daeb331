import * as crypto from "node:crypto";
import * as fs from "node:fs";
import { Worker } from "node:worker_threads";

/** Files that threads take from, one by one, and what each is. All but the paths is shared memory. */
export interface DigestShare {
  readonly paths: readonly string[];
  readonly checksum: "sha256" | "sha512";
  /** The file to be taken next. */
  readonly next: Int32Array;
  /** Of each file: 0 not read, 1 read, 2 cannot be read. */
  readonly states: Int32Array;
  /** {@link digestRoom} bytes each. */
  readonly digests: Uint8Array;
  /** Bytes of each file. */
  readonly sizes: Float64Array;
  /** When each was changed: milliseconds since the epoch, with fractions. */
  readonly times: Float64Array;
}

export const digestRoom = 64;

/** The work of reading files, none of them taken yet. */
export function makeShare(paths: readonly string[], checksum: DigestShare["checksum"]): DigestShare {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  return {
    paths,
    checksum,
    next: new Int32Array(shared(4)),
    states: new Int32Array(shared(4 * paths.length)),
    digests: new Uint8Array(shared(digestRoom * paths.length)),
    sizes: new Float64Array(shared(8 * paths.length)),
    times: new Float64Array(shared(8 * paths.length)),
  };
}

/** A thread that waits for a share and then reads with the others. */
export class DigestThread {
  readonly #worker: Worker;
  readonly ended: Promise<void>;

  /** Its program is {@link takeDigests} as text, so that it needs no file beside a bundle, and starts as fast as a thread can. */
  constructor() {
    const program = `const { parentPort } = require("node:worker_threads");
      parentPort.once("message", (share) => {
        for (const _ of (${takeDigests.toString()})(require("node:crypto"), require("node:fs"), share));
        parentPort.close();
      });`;
    this.#worker = new Worker(program, { eval: true, execArgv: [] });
    this.ended = new Promise((resolve) => {
      this.#worker.once("exit", () => resolve()).once("error", () => resolve());
    });
  }

  start(share: DigestShare): void {
    this.#worker.postMessage(share, []);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Takes files until none is left, as one of the threads, and says after each which it was and what its first bytes are. */
export function takeFiles(share: DigestShare): Generator<TakenFile, void> {
  return takeDigests(crypto, fs, share);
}

export interface TakenFile {
  readonly index: number;
  /** Valid until the next file is taken. Empty where the file cannot be read. */
  readonly first: Buffer;
  /** Why the file cannot be read. */
  readonly error?: unknown;
}

/**
 * It must name nothing but its parameters and globals. Two buffers serve all files: new memory for each piece would cost more in page
 * faults than hashing does. A file is opened so that a pipe does not wait for its writer.
 */
function* takeDigests(
  { createHash }: typeof crypto,
  { openSync, readSync, closeSync, fstatSync, constants }: typeof fs,
  { paths, checksum, next, states, digests, sizes, times }: DigestShare,
): Generator<TakenFile, void> {
  const chunk = 262_144;
  const head = Buffer.allocUnsafeSlow(chunk);
  const body = Buffer.allocUnsafeSlow(chunk);
  for (let index = Atomics.add(next, 0, 1); index < paths.length; index = Atomics.add(next, 0, 1)) {
    let file: number | undefined;
    let first = head.subarray(0, 0);
    let error: unknown;
    try {
      file = openSync(paths[index] as string, constants.O_RDONLY | constants.O_NONBLOCK);
      const info = fstatSync(file);
      if (!info.isFile()) throw new Error("no regular file");
      const hash = createHash(checksum);
      let count = readSync(file, head, 0, chunk, null);
      let total = count;
      first = head.subarray(0, count);
      hash.update(first);
      while (count > 0 && total < info.size) {
        count = readSync(file, body, 0, chunk, null);
        total += count;
        hash.update(count === chunk ? body : body.subarray(0, count));
      }
      if (total !== info.size) throw new Error("changed while it was read");
      digests.set(hash.digest(), 64 * index);
      sizes[index] = total;
      times[index] = info.mtimeMs;
      Atomics.store(states, index, 1);
    } catch (thrown) {
      error = thrown;
      Atomics.store(states, index, 2);
    } finally {
      if (file !== undefined) closeSync(file);
    }
    yield { index, first, error };
  }
}
