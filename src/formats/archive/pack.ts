import { createHash, type Hash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder, partialMark, systemCode, WeirError, writeStreamSafely } from "../../core/index.ts";
import {
  type ContentFacts,
  describedValues,
  type HeadOptions,
  installedSize,
  type LaidEntry,
  layEntries,
  needsLong,
  type PackageDescription,
  type PackageEntry,
  type PayloadFacts,
  tag,
  writeMainHeader,
  writePackageHead,
} from "../rpm/index.ts";
import { compressStream, levelOf } from "./compress.ts";
import { cpioEnd, cpioHead, cpioPadding, strippedHead } from "./cpio-write.ts";
import type { Compressor } from "./types.ts";

export interface PackOptions {
  /** Default `zstd`. */
  readonly compressor?: Compressor;
  readonly level?: number;
  /** Format of the package: 4 (default) is read by rpm 4.14 and later, 6 by rpm 6 and, but for its signatures, by rpm 4. */
  readonly format?: 4 | 6;
  /** Order of the payload, by rank and then as in the header; as in the header unless given. */
  readonly payloadOrder?: (entry: PackageEntry) => number;
  /** Bytes kept for signatures to come (default 4128, as rpm does). */
  readonly reserve?: number;
}

/** What was written. */
export interface WrittenPackage {
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes when installed. */
  readonly installedSize: number;
  readonly files: number;
}

/**
 * Writes a package file that rpm and dnf accept, at once or not at all: equal input gives equal bytes. Content is read twice, in pieces,
 * and must be the same both times. Errors: `RPM_PACK_INVALID`, `RPM_PACK_CONTENT`, `RPM_PACK_WRITE_FAILED` and those of
 * {@link compressStream}.
 */
export async function writePackage(
  to: string,
  described: PackageDescription,
  entries: readonly PackageEntry[],
  options: PackOptions = {},
): Promise<WrittenPackage> {
  const where = `${described.name}-${described.version}-${described.release}`;
  const scratch = join(dirname(to), `${partialMark}${randomBytes(6).toString("hex")}`);
  try {
    await makeFolder(dirname(to));
    const { head, facts, laid } = await prepare(described, entries, options, where, new FileSink(scratch));
    await writeStreamSafely(to, headAndPayload(head, scratch));
    const size = head.length + facts.size;
    return { size, installedSize: installedSize(laid), files: laid.length };
  } catch (error) {
    const code = error instanceof WeirError ? undefined : systemCode(error);
    if (code === undefined) throw error;
    throw new WeirError("RPM_PACK_WRITE_FAILED", `cannot write the package (${code})`, {
      where,
      kind: "machine",
      hints: [code === "ENOSPC" ? "make room on the disk" : "see whether the folder can be written to"],
      cause: error,
    });
  } finally {
    await rm(scratch, { force: true }).catch(() => undefined);
  }
}

/** As {@link writePackage}, into memory. */
export async function packageBytes(
  described: PackageDescription,
  entries: readonly PackageEntry[],
  options: PackOptions = {},
): Promise<Uint8Array> {
  const where = `${described.name}-${described.version}-${described.release}`;
  const sink = new MemorySink();
  const { head } = await prepare(described, entries, options, where, sink);
  return Buffer.concat([head, ...sink.parts]);
}

interface Sink {
  write(chunk: Uint8Array): Promise<void> | void;
  end(): Promise<void> | void;
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

class MemorySink implements Sink {
  readonly parts: Uint8Array[] = [];
  write(chunk: Uint8Array): void {
    this.parts.push(Uint8Array.prototype.slice.call(chunk));
  }
  end(): void {}
  read(): Iterable<Uint8Array> {
    return this.parts;
  }
}

class FileSink implements Sink {
  readonly #path: string;
  #handle: FileHandle | undefined;
  constructor(path: string) {
    this.#path = path;
  }
  async write(chunk: Uint8Array): Promise<void> {
    this.#handle ??= await open(this.#path, "wx", 0o600);
    for (let at = 0; at < chunk.length; ) {
      at += (await this.#handle.write(chunk, at, chunk.length - at)).bytesWritten;
    }
  }
  async end(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
  read(): AsyncIterable<Uint8Array> {
    return createReadStream(this.#path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
  }
}

async function prepare(
  described: PackageDescription,
  entries: readonly PackageEntry[],
  options: PackOptions,
  where: string,
  sink: Sink,
): Promise<{ head: Uint8Array; facts: PayloadFacts; laid: readonly LaidEntry[] }> {
  const compressor = options.compressor ?? "zstd";
  const format = options.format ?? 4;
  const level = levelOf(compressor, options.level);
  const stated = { compressor, level: compressor === "none" ? "" : String(level) };
  const known = new Map<PackageEntry, ContentFacts>();
  for (const entry of entries) {
    if (entry.hardLinkOf === undefined && (entry.type ?? "file") === "file") {
      known.set(entry, await contentFacts(entry, where));
    }
  }
  const laid = layEntries(entries, where, described.source === true, (entry) => known.get(entry) ?? emptyFacts);
  const values = describedValues(described, laid, stated, format);
  const stripped = format === 6 || needsLong(laid);
  const plain = new Counter(format);
  const packed = new Counter(format);
  const order = payloadOrder(laid, options.payloadOrder);
  try {
    const source = plain.pass(archive(order, laid, described.source === true, stripped, where));
    for await (const chunk of packed.pass(compressStream(source, compressor, level))) await sink.write(chunk);
  } finally {
    await sink.end();
  }
  const more =
    format === 4
      ? []
      : [
          { tag: tag.payloadSha512, digest: packed.digest("sha512") },
          { tag: tag.payloadSha512Alt, digest: plain.digest("sha512") },
          { tag: tag.payloadSha3, digest: packed.digest("sha3-256") },
          { tag: tag.payloadSha3Alt, digest: plain.digest("sha3-256") },
        ];
  const facts: PayloadFacts = {
    ...stated,
    digest: packed.digest("sha256"),
    size: packed.size,
    plainDigest: plain.digest("sha256"),
    plainSize: plain.size,
    more,
  };
  const main = writeMainHeader(values, facts, format);
  const headOptions: HeadOptions = { format, ...(options.reserve === undefined ? {} : { reserve: options.reserve }) };
  return { head: writePackageHead(described, main, facts, await md5Of(main, sink, format), headOptions), facts, laid };
}

async function md5Of(main: Uint8Array, sink: Sink, format: 4 | 6): Promise<Uint8Array | undefined> {
  if (format === 6) return undefined;
  const hash = createHash("md5").update(main);
  for await (const chunk of sink.read()) hash.update(chunk);
  return hash.digest();
}

/** Places in the header, in the order of the payload. */
function payloadOrder(laid: readonly LaidEntry[], rank: PackOptions["payloadOrder"]): number[] {
  const places = laid.flatMap((item, i) => (item.isGhost ? [] : [i]));
  if (!rank) return places;
  const ranks = laid.map((item) => rank(item.entry));
  return places.sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b);
}

/** The payload: of hard links the last name carries the content, as rpm's readers expect. */
async function* archive(
  order: readonly number[],
  laid: readonly LaidEntry[],
  source: boolean,
  stripped: boolean,
  where: string,
): AsyncGenerator<Uint8Array> {
  const left = new Map<number, number>();
  const origins = new Map<number, LaidEntry>();
  for (const place of order) {
    const item = laid[place] as LaidEntry;
    left.set(item.inode, (left.get(item.inode) ?? 0) + 1);
    if (item.entry.hardLinkOf === undefined) origins.set(item.inode, item);
  }
  for (const place of order) {
    const item = laid[place] as LaidEntry;
    const names = (left.get(item.inode) ?? 1) - 1;
    left.set(item.inode, names);
    const { entry } = item;
    const type = entry.type ?? "file";
    const hasContent = names === 0 && (type === "file" || type === "symlink");
    const size = hasContent ? item.size : 0;
    yield stripped
      ? strippedHead(place)
      : cpioHead({
          name: source ? entry.path : `.${entry.path}`,
          mode: item.mode,
          inode: item.inode,
          links: item.links,
          mtime: entry.mtime ?? 0,
          size,
        });
    if (!hasContent) continue;
    if (type === "symlink") yield Buffer.from(entry.target ?? "");
    else yield* checkedContent(origins.get(item.inode) ?? item, where);
    yield cpioPadding(size);
  }
  yield cpioEnd;
}

const emptyFacts: ContentFacts = { size: 0, digest: createHash("sha256").digest("hex") };

async function contentFacts(entry: PackageEntry, where: string): Promise<ContentFacts> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of contentOf(entry, where)) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, digest: hash.digest("hex") };
}

/** Content again, the same as when it was first read. */
async function* checkedContent(item: LaidEntry, where: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of contentOf(item.entry, where)) {
    size += chunk.length;
    if (size > item.size) break;
    hash.update(chunk);
    yield chunk;
  }
  if (size !== item.size || hash.digest("hex") !== item.digest) {
    throw contentError(item.entry, where, "changed while it was packed");
  }
}

async function* contentOf(entry: PackageEntry, where: string): AsyncGenerator<Uint8Array> {
  const { content } = entry;
  if (content === undefined) return;
  if (content instanceof Uint8Array) {
    yield content;
    return;
  }
  try {
    if (!(await stat(content.path)).isFile()) throw contentError(entry, where, "is no regular file");
    yield* createReadStream(content.path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const code = error instanceof WeirError ? undefined : systemCode(error);
    throw code === undefined ? error : contentError(entry, where, `cannot be read (${code})`);
  }
}

function contentError(entry: PackageEntry, where: string, what: string): WeirError {
  return new WeirError("RPM_PACK_CONTENT", `the content of ${entry.path} ${what}`, {
    where,
    hints: ["see that nothing writes to the tree, then pack it again"],
  });
}

/** Counts and digests what passes. */
class Counter {
  size = 0;
  readonly #hashes: ReadonlyMap<string, Hash>;

  constructor(format: 4 | 6) {
    const names = format === 6 ? ["sha256", "sha512", "sha3-256"] : ["sha256"];
    this.#hashes = new Map(names.map((name) => [name, createHash(name)]));
  }

  async *pass(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      if (chunk.length === 0) continue;
      this.size += chunk.length;
      for (const hash of this.#hashes.values()) hash.update(chunk);
      yield chunk;
    }
  }

  /** To be asked once, at the end. */
  digest(name: string): string {
    return this.#hashes.get(name)?.digest("hex") ?? "";
  }
}

async function* headAndPayload(head: Uint8Array, payload: string): AsyncGenerator<Uint8Array> {
  yield head;
  yield* createReadStream(payload, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
}
