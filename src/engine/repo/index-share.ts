import { createHash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { systemCode, WeirError } from "../../core/index.ts";
import type { PackageFragments } from "../../formats/rpmmd/package-fragments.ts";

/** Work that threads take from, file by file, and what they found. All of it but the fragments is shared memory. */
export interface IndexShare {
  /** Absolute, and where each will be said to lie. */
  readonly paths: readonly string[];
  readonly locations: readonly string[];
  readonly checksum: "sha256" | "sha512";
  readonly changelogLimit: number;
  /** `xml:base` of all locations, empty for none. */
  readonly base: string;
  /** The file to be taken next. */
  readonly next: Int32Array;
  /** Of each file: 0 not read, 1 read, 2 cannot be read. */
  readonly states: Int32Array;
  /** {@link digestRoom} bytes each. */
  readonly digests: Uint8Array;
  /** {@link fact} numbers each. */
  readonly facts: Float64Array;
}

/** Numbers of each file in {@link IndexShare.facts}. */
export const fact = {
  size: 0,
  /** Milliseconds, with fractions. */
  modified: 1,
  /** Seconds. */
  built: 2,
  /** Thread whose fragments hold the package, main thread 0; then where they start and end there. */
  thread: 3,
  primary: 4,
  filelists: 6,
  other: 8,
  count: 10,
} as const;

export const digestRoom = 64;
const chunk = 256 << 10;
/** Bytes between two pauses: some 30 ms. */
const stretch = 32 << 20;

/** The work of indexing files, none of them taken yet. */
export function makeShare(
  files: Pick<IndexShare, "paths" | "locations">,
  options: Pick<IndexShare, "checksum" | "changelogLimit" | "base">,
): IndexShare {
  const { paths, locations } = files;
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  return {
    ...options,
    paths,
    locations,
    next: new Int32Array(shared(4)),
    states: new Int32Array(shared(4 * paths.length)),
    digests: new Uint8Array(shared(digestRoom * paths.length)),
    facts: new Float64Array(shared(8 * fact.count * paths.length)),
  };
}

/** Takes files until none is left, and pauses now and then. What cannot be read is marked and left out. */
export function* indexShare(
  share: IndexShare,
  thread: number,
  fragments: PackageFragments,
): Generator<undefined, void> {
  const buffers = { head: Buffer.allocUnsafeSlow(chunk), body: Buffer.allocUnsafeSlow(chunk) };
  let done = 0;
  for (let index = take(share); index < share.paths.length; index = take(share)) {
    share.facts[index * fact.count + fact.thread] = thread;
    try {
      done += indexFile(share, index, fragments, buffers);
      Atomics.store(share.states, index, 1);
    } catch {
      Atomics.store(share.states, index, 2);
    }
    if (done < stretch) continue;
    done = 0;
    yield;
  }
}

function take(share: IndexShare): number {
  return Atomics.add(share.next, 0, 1);
}

/**
 * Reads one file, once: its digest over all bytes and its metadata from the first. Gives its size. Errors: `RPM_UNREADABLE`,
 * `RPM_CHANGED`, and those of reading packages.
 */
export function indexFile(
  share: IndexShare,
  index: number,
  fragments: PackageFragments,
  buffers = { head: Buffer.allocUnsafeSlow(chunk), body: Buffer.allocUnsafeSlow(chunk) },
): number {
  const location = share.locations[index] as string;
  const file = openPackage(share.paths[index] as string, location);
  try {
    const { size, mtimeMs } = regular(file, location);
    const { head, body } = buffers;
    const have = readInto(file, head, Math.min(size, head.length), null);
    const first = head.subarray(0, have);
    const pkgid =
      size > head.length ? digestOfLong(file, size, first, share, body) : hash(share.checksum, first, "hex");
    if (pkgid === undefined || have < Math.min(size, head.length)) throw changed(location);
    const marks = [fragments.primary.length, fragments.filelists.length, fragments.other.length];
    const source = { size, read: (start: number, end: number) => readRange(file, start, Math.min(end, size)) };
    const { changelogLimit, base } = share;
    const built = fragments.append(first, source, { pkgid, location, changelogLimit, base });
    Buffer.from(share.digests.buffer).write(pkgid, digestRoom * index, "hex");
    const ends = [fragments.primary.length, fragments.filelists.length, fragments.other.length];
    share.facts.set([size, mtimeMs, built], fact.count * index);
    for (let kind = 0; kind < 3; kind++) {
      share.facts.set([marks[kind] ?? 0, ends[kind] ?? 0], fact.count * index + fact.primary + 2 * kind);
    }
    return size;
  } finally {
    closeSync(file);
  }
}

/** The digest of a file that goes on behind its first bytes; undefined where it has another size than it had. */
function digestOfLong(
  file: number,
  size: number,
  first: Uint8Array,
  share: IndexShare,
  buffer: Buffer,
): string | undefined {
  const digest = createHash(share.checksum).update(first);
  let total = first.length;
  for (let count = -1; count !== 0 && total <= size; total += count) {
    count = readSync(file, buffer, 0, buffer.length, null);
    digest.update(count === buffer.length ? buffer : buffer.subarray(0, count));
  }
  return total === size ? digest.digest("hex") : undefined;
}

function openPackage(path: string, where: string): number {
  try {
    // Not to wait for whoever should write into a pipe.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new WeirError("RPM_UNREADABLE", `cannot open the package (${systemCode(error) ?? "unknown"})`, {
      where,
      cause: error,
      hints: ["check the path and its permissions"],
    });
  }
}

function regular(file: number, where: string) {
  const info = fstatSync(file);
  if (info.isFile()) return info;
  throw new WeirError("RPM_UNREADABLE", "the package is no regular file", {
    where,
    hints: ["move what is no package out of the folder, or exclude it"],
  });
}

/** A range of the file in memory of its own. */
function readRange(file: number, start: number, end: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, end - start));
  return bytes.subarray(0, readInto(file, bytes, bytes.length, start));
}

/** Reads from a position, or on from where the file stands. Gives how many bytes there were. */
function readInto(file: number, buffer: Buffer, length: number, position: number | null): number {
  let have = 0;
  while (have < length) {
    const count = readSync(file, buffer, have, length - have, position === null ? null : position + have);
    if (count === 0) break;
    have += count;
  }
  return have;
}

function changed(where: string): WeirError {
  return new WeirError("RPM_CHANGED", "the package changed while it was read", {
    where,
    hints: ["wait until the packages are copied completely, then run again"],
  });
}
