import { PackageFragments } from "../../formats/rpmmd/package-fragments.ts";
import { type DigestShare, type DigestThread, digestRoom, makeShare, takeFiles } from "./digest-share.ts";
import { checkFile, readHead, readPart, unreadable } from "./file-head.ts";

export interface IndexOptions {
  /** Of the packages. Default sha256. */
  readonly checksum?: DigestShare["checksum"];
  /** Changelog entries kept of each package. Default 10. */
  readonly changelogLimit?: number;
  /** URL that all locations are relative to. */
  readonly base?: string;
  /** Threads that were started for this and wait. They are ended. */
  readonly threads?: readonly DigestThread[];
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

interface PackageFile {
  readonly path: string;
  readonly location: string;
}

/** Where a package's elements start and end in each document. */
interface Row {
  readonly buildTime: number;
  readonly start: readonly [number, number, number];
  readonly end: readonly [number, number, number];
}

/** Bytes read between two pauses: some 30 ms. */
const stretch = 32 << 20;

/**
 * Reads packages: digests with all threads, metadata with this one, which for most packages means reading each file once. The answer has
 * the order of `files` and does not depend on the threads. Aborting stops within some 30 ms.
 */
export async function indexPackages(files: readonly PackageFile[], options: IndexOptions = {}): Promise<Indexed[]> {
  const share = makeShare(
    files.map((file) => file.path),
    options.checksum ?? "sha256",
  );
  const work = new Work(files, share, options);
  const threads = options.threads ?? [];
  for (const thread of threads) thread.start(share);
  try {
    let read = 0;
    for (const { index, first } of takeFiles(share)) {
      if (share.states[index] === 1) work.describe(index, first);
      read += share.sizes[index] ?? 0;
      if (read < stretch) continue;
      read = 0;
      work.describeOthers();
      options.progress?.(work.done);
      await new Promise(setImmediate);
      options.signal?.throwIfAborted();
    }
    work.describeOthers();
    await Promise.all(threads.map((thread) => thread.ended));
    work.describeOthers();
    work.retry();
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
  options.signal?.throwIfAborted();
  const indexed = work.result();
  options.progress?.(files.length);
  return indexed;
}

class Work {
  readonly #files: readonly PackageFile[];
  readonly #share: DigestShare;
  readonly #options: IndexOptions;
  readonly #fragments = new PackageFragments();
  readonly #rows: (Row | { readonly error: unknown } | undefined)[];
  done = 0;

  constructor(files: readonly PackageFile[], share: DigestShare, options: IndexOptions) {
    this.#files = files;
    this.#share = share;
    this.#options = options;
    this.#rows = files.map(() => undefined);
  }

  /** Describes a file whose digest is known, of which `first` are the first bytes. */
  describe(index: number, first: Uint8Array): void {
    const { path, location } = this.#files[index] as PackageFile;
    const { primary, filelists, other } = this.#fragments;
    const start = [primary.length, filelists.length, other.length] as const;
    const { changelogLimit = 10, base = "" } = this.#options;
    const size = this.#share.sizes[index] ?? 0;
    const source = {
      size,
      read: (from: number, to: number) => readPart(path, location, from, Math.min(to, size)),
    };
    this.done++;
    try {
      const facts = { pkgid: this.#pkgid(index), location, changelogLimit, base };
      const buildTime = this.#fragments.append(first, source, facts);
      this.#rows[index] = { buildTime, start, end: [primary.length, filelists.length, other.length] };
    } catch (error) {
      this.#rows[index] = { error };
    }
  }

  /** Describes what other threads have read. */
  describeOthers(): void {
    const { states, sizes, times } = this.#share;
    for (let index = 0; index < states.length; index++) {
      if (this.#rows[index] !== undefined || Atomics.load(states, index) !== 1) continue;
      const { path, location } = this.#files[index] as PackageFile;
      try {
        this.describe(index, readHead(path, location, { size: sizes[index] ?? 0, modified: times[index] ?? 0 }));
      } catch (error) {
        this.#rows[index] = { error };
      }
    }
  }

  /** Tries once more what could not be read, or what a lost thread had taken, and now says why not. */
  retry(): void {
    for (let index = 0; index < this.#files.length; index++) {
      if (this.#rows[index] !== undefined) continue;
      const { path, location } = this.#files[index] as PackageFile;
      try {
        checkFile(path, location);
        const share = makeShare([path], this.#share.checksum);
        for (const { first, error } of takeFiles(share)) {
          if (error !== undefined) throw unreadable(location, error);
          this.#share.digests.set(share.digests, digestRoom * index);
          this.#share.sizes[index] = share.sizes[0] ?? 0;
          this.#share.times[index] = share.times[0] ?? 0;
          this.describe(index, first);
        }
      } catch (error) {
        this.#rows[index] = { error };
      }
    }
  }

  result(): Indexed[] {
    const { primary, filelists, other } = this.#fragments;
    const memory = [primary.view(), filelists.view(), other.view()] as const;
    return this.#files.map(({ location }, index): Indexed => {
      const row = this.#rows[index];
      if (row === undefined || "error" in row) return { location, error: row?.error };
      const part = (kind: 0 | 1 | 2) => memory[kind].subarray(row.start[kind], row.end[kind]);
      return {
        package: {
          location,
          size: this.#share.sizes[index] ?? 0,
          modified: this.#share.times[index] ?? 0,
          buildTime: row.buildTime,
          pkgid: this.#pkgid(index),
          fragments: { primary: part(0), filelists: part(1), other: part(2) },
        },
      };
    });
  }

  #pkgid(index: number): string {
    const { digests, checksum } = this.#share;
    const length = checksum === "sha512" ? 64 : 32;
    return Buffer.from(digests.buffer, digestRoom * index, length).toString("hex");
  }
}
