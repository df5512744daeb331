import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { formatNevra, messageOf, systemCode, WeirError } from "../../core/index.ts";
import { fileFlag, type RpmFile, type RpmFileHead, readRpm } from "../rpm/index.ts";
import { applyAttributes } from "./apply-attributes.ts";
import { CpioReader } from "./cpio.ts";
import { decompress, decompressStream } from "./decompress.ts";
import { FileWriter } from "./file-writer.ts";
import { RootPaths } from "./root-paths.ts";
import type { Compression, CpioEntry, CpioHandler, PlacedFile, UnpackedPackage, UnpackOptions } from "./types.ts";

const TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;
const GiB = 2 ** 30;
/** Payloads that open to at most this are opened in one go. */
const WHOLE_MOST = 256 << 20;

/**
 * Unpacks the payload of a package below `root`, an existing folder: never outside of it, whatever links it holds or the payload
 * brings. Ghost files are left out, special files too and owners not set unless the options ask for it; contents are checked against the header's digests.
 * Errors: those of readRpm and of decompression, `CPIO_BAD`, `CPIO_TRUNCATED`, `RPM_PAYLOAD_BAD`, `RPM_PAYLOAD_INCOMPLETE`,
 * `RPM_FILE_DIGEST_MISMATCH`, `ARCHIVE_CONFLICT`, `ARCHIVE_WRITE_FAILED`, `ARCHIVE_LINK_TRAVERSED` and the others of {@link RootPaths}.
 */
export async function unpackRpm(path: string, root: string, options: UnpackOptions = {}): Promise<UnpackedPackage> {
  const head = readRpm({ path }, options.where ?? path);
  const where = options.where ?? formatNevra(head.package);
  const limit = options.limit ?? 16 * GiB;
  const payload = new Payload(head, root, { ...options, where }, limit);
  const reader = new CpioReader(payload, where);
  try {
    for await (const chunk of openPayload(path, head, where, limit)) reader.feed(chunk);
    reader.finish();
    const done = payload.finish();
    const notApplied = await applyAttributes(done.placed, done.special, new RootPaths(root, where), options);
    return { ...done, notApplied };
  } catch (error) {
    const code = error instanceof WeirError ? undefined : systemCode(error);
    if (code === undefined) throw error;
    throw new WeirError("ARCHIVE_WRITE_FAILED", `cannot unpack: ${messageOf(error)}`, {
      where,
      kind: "machine",
      hints: [code === "ENOSPC" ? "make room on the disk" : "see whether the folder can be written to"],
      cause: error,
    });
  } finally {
    payload.abandon();
  }
}

/** The uncompressed payload of a package, chunk by chunk; a chunk is valid until the next is asked for. */
export async function* openPayload(
  path: string,
  head: RpmFileHead,
  where: string,
  limit: number,
): AsyncGenerator<Uint8Array> {
  const named = compressionOf(head.package.payload.compressor, where);
  const compression = named === "gzip" && isPlainCpio(path, head.payloadOffset) ? "none" : named;
  // Names, heads and padding of the archive, besides what the header states of the files.
  const stated = head.package.archiveSize;
  const bound = Math.min(limit + head.package.files.length * 8192 + 65_536, stated === 0 ? Infinity : stated + 4096);
  const size = head.size - head.payloadOffset;
  if (bound > WHOLE_MOST || size > WHOLE_MOST) {
    const source = createReadStream(path, { start: head.payloadOffset, highWaterMark: 1 << 20 });
    yield* decompressStream(source as AsyncIterable<Uint8Array>, { compression, limit: bound, where });
    return;
  }
  const packed = Buffer.allocUnsafe(size);
  const file = openSync(path, "r");
  let filled = 0;
  try {
    for (let count = 1; count > 0 && filled < size; filled += count) {
      count = readSync(file, packed, filled, size - filled, head.payloadOffset + filled);
    }
  } finally {
    closeSync(file);
  }
  yield await decompress(packed.subarray(0, filled), { compression, limit: bound, where });
}

/** An uncompressed payload is one whose header names no compressor, which otherwise means gzip. */
function isPlainCpio(path: string, offset: number): boolean {
  const file = openSync(path, "r");
  try {
    const magic = Buffer.alloc(5);
    readSync(file, magic, 0, magic.length, offset);
    return magic.toString("latin1") === "07070";
  } finally {
    closeSync(file);
  }
}

const compressions: Readonly<Record<string, Compression>> = {
  gzip: "gzip",
  bzip2: "bzip2",
  xz: "xz",
  lzma: "lzma",
  zstd: "zstd",
  none: "none",
  identity: "none",
};

function compressionOf(name: string, where: string): Compression {
  const known = Object.hasOwn(compressions, name) ? compressions[name] : undefined;
  if (known !== undefined) return known;
  throw new WeirError("ARCHIVE_UNSUPPORTED", `payload compression ${name} is not known`, { where });
}

/** Files by their place in the header, and what has become of each. */
class Payload implements CpioHandler {
  readonly #head: RpmFileHead;
  readonly #files: readonly RpmFile[];
  readonly #byPath = new Map<string, number>();
  readonly #paths: RootPaths;
  readonly #writer: FileWriter;
  readonly #options: UnpackOptions;
  readonly #where: string;
  readonly #placed: (string | undefined)[];
  /** Inode → how many names the header gives it. */
  readonly #links = new Map<number, number>();
  /** Inode → place in the header of the last of its names. */
  readonly #last = new Map<number, number>();
  /** Inode → where the first of its names was put. */
  readonly #firsts = new Map<number, string>();
  readonly #contentDone = new Set<number>();
  #writing: { readonly file: RpmFile; readonly hasContent: boolean } | undefined;

  constructor(head: RpmFileHead, root: string, options: UnpackOptions & { readonly where: string }, limit: number) {
    this.#head = head;
    this.#files = head.package.files;
    this.#options = options;
    this.#where = options.where;
    this.#paths = new RootPaths(root, options.where);
    this.#writer = new FileWriter(this.#paths, options, options.where);
    this.#placed = this.#files.map(() => undefined);
    let total = 0;
    for (const [i, file] of this.#files.entries()) {
      this.#byPath.set(file.path, i);
      if ((file.mode & TYPE) !== REGULAR || (file.flags & fileFlag.ghost) !== 0) continue;
      const names = (this.#links.get(file.inode) ?? 0) + 1;
      this.#links.set(file.inode, names);
      this.#last.set(file.inode, i);
      if (names === 1) total += file.size;
    }
    if (total > limit) {
      throw new WeirError("ARCHIVE_TOO_LARGE", `the package's files claim ${total} bytes, more than ${limit}`, {
        where: options.where,
        hints: ["the package may be made to fill the disk; if it is sound, raise the limit"],
      });
    }
  }

  sizeOf(index: number): number {
    const file = this.#files[index];
    if (!file) throw this.#bad(`entry ${index} belongs to no file of the header`);
    const type = file.mode & TYPE;
    if (type === LINK) return file.size;
    if (type !== REGULAR) return 0;
    // The last name of hard links carries the content.
    return this.#last.get(file.inode) === index ? file.size : 0;
  }

  entry(entry: CpioEntry): void {
    this.#writing = undefined;
    const index = entry.index >= 0 ? entry.index : this.#indexOf(entry.name);
    const file = this.#files[index];
    if (!file) throw this.#bad(`${entry.name} is in the payload but not in the header`);
    if (this.#placed[index] !== undefined) throw this.#bad(`${file.path} is in the payload twice`);
    if (!this.#isWanted(file)) return;
    const type = file.mode & TYPE;
    if (type !== REGULAR && type !== FOLDER && type !== LINK) return;
    const relative = this.#paths.place(file.path, () => undefined);
    if (relative === "" && type !== FOLDER) throw this.#bad(`${file.path} would replace the root`);
    this.#placed[index] = relative;
    if (type === FOLDER) this.#placed[index] = this.#writer.folder(file, relative);
    else if (type === LINK) this.#writer.link(file, relative);
    else this.#regular(file, relative, entry);
  }

  data(chunk: Uint8Array): void {
    if (this.#writing) this.#writer.data(chunk);
  }

  end(): void {
    if (!this.#writing) return;
    this.#writer.end(this.#writing.hasContent);
    this.#writing = undefined;
  }

  finish(): Omit<UnpackedPackage, "notApplied"> {
    this.#writer.finish();
    const placed: PlacedFile[] = [];
    const special: PlacedFile[] = [];
    for (const [i, file] of this.#files.entries()) {
      const path = this.#placed[i];
      const type = file.mode & TYPE;
      if (!this.#isWanted(file)) continue;
      if (type !== REGULAR && type !== FOLDER && type !== LINK) {
        special.push({ file, path: this.#paths.place(file.path, () => undefined) });
      } else if (path === undefined || (type === REGULAR && this.#isUnfinished(file))) {
        throw new WeirError("RPM_PAYLOAD_INCOMPLETE", `the payload does not hold ${file.path}`, {
          where: this.#where,
          hints: ["the package is damaged: fetch or build it again"],
        });
      } else placed.push({ file, path });
    }
    return { package: this.#head.package, placed, special, bytes: this.#writer.bytes };
  }

  abandon(): void {
    this.#writer.abandon();
  }

  #regular(file: RpmFile, relative: string, entry: CpioEntry): void {
    const names = this.#links.get(file.inode) ?? 1;
    const first = names > 1 ? this.#firsts.get(file.inode) : undefined;
    if (first !== undefined) this.#writer.hardLink(file, first, relative);
    else if (names > 1) this.#firsts.set(file.inode, relative);
    const mayBeEmpty = names > 1;
    if (entry.size !== file.size && !(mayBeEmpty && entry.size === 0)) {
      throw this.#bad(`${file.path} has ${entry.size} bytes in the payload and ${file.size} in the header`);
    }
    const hasContent = entry.size === file.size;
    if (hasContent) this.#contentDone.add(file.inode);
    else if (first !== undefined) return;
    this.#writer.start(file, relative, entry.size, first !== undefined);
    this.#writing = { file, hasContent };
  }

  /** Names of hard-linked files stay together, whatever the filter says: any of them may carry the content. */
  #isWanted(file: RpmFile): boolean {
    if ((file.flags & fileFlag.ghost) !== 0) return false;
    return (this.#links.get(file.inode) ?? 1) > 1 || this.#options.filter?.(file) !== false;
  }

  /** A hard-linked file of which no name carried the content. */
  #isUnfinished(file: RpmFile): boolean {
    return (this.#links.get(file.inode) ?? 1) > 1 && !this.#contentDone.has(file.inode);
  }

  #indexOf(name: string): number {
    const plain = name.startsWith("./") ? name.slice(1) : name;
    return this.#byPath.get(plain) ?? this.#byPath.get(`/${name}`) ?? this.#byPath.get(plain.slice(1)) ?? -1;
  }

  #bad(what: string): WeirError {
    return new WeirError("RPM_PAYLOAD_BAD", what, {
      where: this.#where,
      hints: ["the package is damaged or made to deceive: fetch or build it again"],
    });
  }
}
