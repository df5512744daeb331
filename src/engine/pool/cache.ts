import { closeSync, fstatSync, futimesSync, openSync, readSync, rmSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { crc32 } from "node:zlib";
import { compareText, hashBytes, systemCode, WeirError, writeCacheFile } from "../../core/index.ts";
import { listKinds, PackageColumns } from "../../formats/rpmmd/index.ts";
import { Pool } from "./pool.ts";

/** To be raised with any change of what the sections hold. */
const formatVersion = 3;
const magic = Buffer.from("weirpool");
/** Before the key. */
const headSize = 40;
const byteOrderMark = 0x01020304;
const mostBytes = 2 ** 31;
const mostFiles = 32;
const suffix = ".pool";

/** A pool kept by its key. The key stands for everything the pool is made from. */
export interface KeptPool {
  readonly pool: Pool;
  /** Whether file lists were read already. */
  readonly filesComplete: boolean;
}

type Section = Uint8Array | Int32Array | Uint32Array | Float64Array;
type SectionType = Uint8ArrayConstructor | Int32ArrayConstructor | Uint32ArrayConstructor | Float64ArrayConstructor;

/** In the order of {@link sectionsFrom}. */
const sectionTypes: readonly SectionType[] = [
  // Counts; texts.
  Float64Array,
  Uint8Array,
  Uint32Array,
  Int32Array,
  // Relations; lists.
  Int32Array,
  Int32Array,
  Uint8Array,
  Int32Array,
  // Packages: seven numbers, three sizes and times, a list of each kind.
  ...Array.from({ length: 7 }, () => Int32Array),
  ...Array.from({ length: 3 }, () => Float64Array),
  ...listKinds.map(() => Int32Array),
  // Who provides what.
  ...Array.from({ length: 4 }, () => Int32Array),
];
/** Behind the others: read when somebody asks for them. */
const addressTypes: readonly SectionType[] = [Uint8Array, Uint32Array];

/** Where the pool with that key is kept; another key may share the place, and then they take turns. */
export function keptPath(folder: string, key: string): string {
  const bytes = Buffer.from(key);
  const names = [0, 4, 8].map((skip) => hashBytes(bytes, Math.min(skip, bytes.length), bytes.length) >>> 0);
  return join(folder, `${names.map((name) => name.toString(16).padStart(8, "0")).join("")}${suffix}`);
}

/** The pool with that key, or undefined where there is none, it is damaged, or it was written by another version. */
export function readKeptPool(folder: string, key: string): KeptPool | undefined {
  const path = keptPath(folder, key);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
  const kept = readOpen(file, path, keyBytes(key));
  if (kept === undefined) closeSync(file);
  else openFiles.register(kept.pool.columns, file, kept.pool.columns);
  return kept;
}

/** Closes the files of pools that nobody holds any longer and whose addresses nobody asked for. */
const openFiles = new FinalizationRegistry<number>((file) => closeSync(file));

/** Keeps a pool under its key, beside no more than some others. */
export async function keepPool(folder: string, key: string, kept: KeptPool): Promise<void> {
  await writeCacheFile(keptPath(folder, key), encode(kept, keyBytes(key)));
  await dropOldest(folder);
}

/** As it lies behind the head. */
function keyBytes(key: string): Buffer {
  const length = Buffer.byteLength(key);
  const bytes = Buffer.alloc(padded(length + 4));
  bytes.writeUInt32LE(length);
  bytes.write(key, 4);
  return bytes;
}

function readOpen(file: number, path: string, key: Buffer): KeptPool | undefined {
  const start = headSize + key.length;
  const head = readPart(file, 0, start);
  const info = fstatSync(file);
  if (head === undefined || !info.isFile() || info.size > mostBytes) return undefined;
  const numbers = new Uint32Array(head.buffer, 0, 8);
  const [first = 0, second = 0] = new Float64Array(head.buffer, 16, 2);
  if (!head.subarray(0, 8).equals(magic) || numbers[2] !== formatVersion || numbers[3] !== byteOrderMark)
    return undefined;
  if (!head.subarray(headSize).equals(key) || start + first + second !== info.size) return undefined;
  const sums = new Uint32Array(head.buffer, 32, 2);
  const main = readPart(file, start, first);
  if (main === undefined) return undefined;
  if (info.mtimeMs !== markOf(sums[0] as number)) {
    if (crc32(main, headSum(head)) !== sums[0]) return undefined;
    markChecked(file, info.atimeMs, sums[0]);
  }
  const sections = sectionsOf(main, sectionTypes);
  if (sections === undefined) return undefined;
  const readAddresses = (columns: PackageColumns): readonly Section[] => {
    openFiles.unregister(columns);
    const bytes = readPart(file, start + first, second);
    closeSync(file);
    const found = bytes !== undefined && crc32(bytes) === sums[1] ? sectionsOf(bytes, addressTypes) : undefined;
    if (found !== undefined) return found;
    rmSync(path, { force: true });
    throw new WeirError("POOL_CACHE_DAMAGED", "the cached pool of these repositories is damaged", {
      where: basename(path),
      hints: ["it was removed: run the command again, which reads the repositories anew"],
    });
  };
  return poolOf(sections, readAddresses);
}

/**
 * Milliseconds since the epoch that a file's time is set to when its content has been checked: whoever writes to it changes that, and then it
 * is checked again. (The check costs as much as reading.)
 */
function markOf(sum: number): number {
  return sum * 1000;
}

function markChecked(file: number, atimeMs: number, sum: number): void {
  try {
    futimesSync(file, atimeMs / 1000, sum);
  } catch (error) {
    // Another user's file: then it is checked each time.
    if (systemCode(error) === undefined) throw error;
  }
}

/** Checksum over what the head says of the parts. */
function headSum(head: Buffer): number {
  return crc32(head.subarray(36, 40), crc32(head.subarray(16, 32)));
}

/** A buffer of its own, so that views of larger numbers lie where they must. */
function readPart(file: number, position: number, length: number): Buffer | undefined {
  if (!Number.isInteger(length) || length < 0 || length > mostBytes) return undefined;
  const bytes = Buffer.from(new ArrayBuffer(length));
  return readSync(file, bytes, 0, length, position) === length ? bytes : undefined;
}

function sectionsOf(bytes: Buffer, types: readonly SectionType[]): Section[] | undefined {
  if (bytes.length < types.length * 8) return undefined;
  const buffer = bytes.buffer as ArrayBuffer;
  const lengths = new Float64Array(buffer, 0, types.length);
  let at = types.length * 8;
  const sections: Section[] = [];
  for (const [index, Type] of types.entries()) {
    const length = lengths[index] as number;
    if (!Number.isInteger(length) || length < 0 || length % Type.BYTES_PER_ELEMENT !== 0) return undefined;
    if (at + length > bytes.length) return undefined;
    sections.push(new Type(buffer, at, length / Type.BYTES_PER_ELEMENT));
    at += padded(length);
  }
  return sections;
}

function encode(kept: KeptPool, key: Buffer): Uint8Array[] {
  const main = joined(sectionsFrom(kept));
  const { addresses } = kept.pool.columns;
  const more = joined([
    addresses.bytes.subarray(0, addresses.offsets[addresses.count]),
    addresses.offsets.subarray(0, addresses.count + 1),
  ]);
  const head = Buffer.from(new ArrayBuffer(headSize));
  magic.copy(head);
  const numbers = new Uint32Array(head.buffer, 0, headSize / 4);
  numbers[2] = formatVersion;
  numbers[3] = byteOrderMark;
  new Float64Array(head.buffer, 16, 2).set([sizeOf(main), sizeOf(more)]);
  numbers[9] = more.reduce((crc, part) => crc32(part, crc), 0);
  numbers[8] = main.reduce((crc, part) => crc32(part, crc), headSum(head));
  return [head, key, ...main, ...more];
}

function joined(sections: readonly Section[]): Uint8Array[] {
  const parts: Uint8Array[] = [bytesOf(Float64Array.from(sections, (section) => section.byteLength))];
  for (const section of sections) {
    // The checksum of nothing would forget what came before.
    if (section.byteLength > 0) parts.push(bytesOf(section));
    const padding = padded(section.byteLength) - section.byteLength;
    if (padding > 0) parts.push(new Uint8Array(padding));
  }
  return parts;
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function bytesOf(section: Section): Uint8Array {
  return new Uint8Array(section.buffer, section.byteOffset, section.byteLength);
}

function sectionsFrom({ pool, filesComplete }: KeptPool): Section[] {
  const { columns } = pool;
  const { strings, count, relations } = columns;
  const prepared = pool.prepared();
  return [
    Float64Array.of(
      count,
      relations,
      columns.listsEnd,
      strings.count,
      columns.addresses.count,
      filesComplete ? 1 : 0,
      prepared.end,
    ),
    strings.bytes.subarray(0, strings.offsets[strings.count]),
    strings.offsets.subarray(0, strings.count + 1),
    strings.table,
    columns.relationName.subarray(0, relations),
    columns.relationEvr.subarray(0, relations),
    columns.relationOp.subarray(0, relations),
    columns.lists.subarray(0, columns.listsEnd),
    columns.name.subarray(0, count),
    columns.evr.subarray(0, count),
    columns.arch.subarray(0, count),
    columns.vendor.subarray(0, count),
    columns.repository.subarray(0, count),
    columns.location.subarray(0, count),
    columns.checksum.subarray(0, count),
    columns.packageSize.subarray(0, count),
    columns.installedSize.subarray(0, count),
    columns.buildTime.subarray(0, count),
    ...listKinds.map((kind) => columns.list[kind].subarray(0, count)),
    prepared.lists,
    prepared.byName,
    prepared.byRelation,
    prepared.missing,
  ];
}

function poolOf(
  sections: readonly Section[],
  readAddresses: (columns: PackageColumns) => readonly Section[],
): KeptPool | undefined {
  let next = 0;
  // The sections were made with these types, in this order.
  const take = (): never => sections[next++] as never;
  const numbers: Float64Array = take();
  const [count = 0, relations = 0, listsEnd = 0, texts = 0, addresses = 0, filesComplete = 0, end = 0] = numbers;
  const columns: PackageColumns = new PackageColumns({
    strings: { count: texts, bytes: take(), offsets: take(), table: take() },
    addresses: () => {
      const [bytes, offsets] = readAddresses(columns);
      return {
        count: addresses,
        bytes: bytes as Uint8Array,
        offsets: offsets as Uint32Array,
        table: new Int32Array(2),
      };
    },
  });
  columns.count = count;
  columns.relations = relations;
  columns.listsEnd = listsEnd;
  columns.relationName = take();
  columns.relationEvr = take();
  columns.relationOp = take();
  columns.relationTable = new Int32Array(0);
  columns.lists = take();
  columns.name = take();
  columns.evr = take();
  columns.arch = take();
  columns.vendor = take();
  columns.repository = take();
  columns.location = take();
  columns.checksum = take();
  columns.packageSize = take();
  columns.installedSize = take();
  columns.buildTime = take();
  for (const kind of listKinds) columns.list[kind] = take();
  const pool = new Pool(columns);
  pool.usePrepared({ lists: take(), end, byName: take(), byRelation: take(), missing: take() });
  return { pool, filesComplete: filesComplete === 1 };
}

async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(suffix)).sort(compareText);
  if (names.length <= mostFiles) return;
  const aged: { name: string; time: number }[] = [];
  for (const name of names) {
    const info = await stat(join(folder, name)).catch(() => undefined);
    if (info !== undefined) aged.push({ name, time: info.ctimeMs });
  }
  aged.sort((a, b) => b.time - a.time || compareText(a.name, b.name));
  for (const { name } of aged.slice(mostFiles)) await rm(join(folder, name), { force: true });
}
