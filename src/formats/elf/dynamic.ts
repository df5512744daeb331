import {
  type ElfBytes,
  offsetOf,
  readSections,
  readSegments,
  type Section,
  type Segment,
  sectionType,
  segmentType,
} from "./layout.ts";
import { StringTable } from "./strings.ts";

export const tag = {
  needed: 1,
  hash: 4,
  strtab: 5,
  symtab: 6,
  rela: 7,
  relasz: 8,
  strsz: 10,
  syment: 11,
  soname: 14,
  rel: 17,
  relsz: 18,
  rpath: 15,
  runpath: 29,
  gnuHash: 0x6ffffef5,
  versym: 0x6ffffff0,
  verdef: 0x6ffffffc,
  verdefnum: 0x6ffffffd,
  verneed: 0x6ffffffe,
  verneednum: 0x6fffffff,
} as const;

/** Entries a dynamic section may have; real ones have some dozens plus one per needed library. */
const maxEntries = 1 << 16;

/** The dynamic section with its tables located in the file. */
export interface DynamicTables {
  readonly strings: StringTable;
  readonly values: ReadonlyMap<number, number>;
  readonly needed: readonly number[];
  /** Offset of a table named by address, or undefined where absent. */
  locate(name: number): number | undefined;
  /** Symbol table: offset and count, undefined where there is none. */
  readonly symbols: { readonly offset: number; readonly count: number } | undefined;
}

export interface Skeleton {
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly dynamic: DynamicTables | undefined;
}

/**
 * Finds the dynamic section through the program headers, as the dynamic linker does, or through the section headers where there
 * are none. A file whose dynamic section holds no bytes (separate debug information) has none.
 */
export function readSkeleton(file: ElfBytes): Skeleton {
  const segments = readSegments(file);
  const sections = readSections(file);
  const section = sections.find((candidate) => candidate.type === sectionType.dynamic);
  const segment = segments.find((candidate) => candidate.type === segmentType.dynamic);
  const emptied =
    section === undefined &&
    segment !== undefined &&
    sections.some(
      (candidate) =>
        candidate.type === sectionType.nobits && candidate.address === segment.address && segment.address !== 0,
    );
  const range = emptied
    ? undefined
    : segment && segment.fileSize > 0
      ? { offset: segment.offset, size: segment.fileSize }
      : section;
  const dynamic = range && readDynamic(file, segments, sections, range.offset, range.size);
  return { segments, sections, dynamic };
}

function readDynamic(
  file: ElfBytes,
  segments: readonly Segment[],
  sections: readonly Section[],
  offset: number,
  size: number,
): DynamicTables | undefined {
  file.need(offset, size, "dynamic section");
  const width = file.wide ? 8 : 4;
  const values = new Map<number, number>();
  const needed: number[] = [];
  const count = Math.floor(size / (2 * width));
  if (count > maxEntries) throw file.malformed(`${count} dynamic entries, more than ${maxEntries}`);
  for (let index = 0, at = offset; index < count; index++, at += 2 * width) {
    const name = file.word(at);
    if (name === 0) break;
    const value = file.word(at + width);
    if (name === tag.needed) needed.push(value);
    else if (!values.has(name)) values.set(name, value);
  }
  const locate = (name: number): number | undefined => {
    const address = values.get(name);
    if (address === undefined) return undefined;
    const found =
      offsetOf(segments, address) ?? sections.find((section) => section.address === address && address !== 0)?.offset;
    if (found === undefined) throw file.malformed(`the table of dynamic tag 0x${name.toString(16)} is in no segment`);
    return found;
  };
  const stringsAt = locate(tag.strtab);
  if (stringsAt === undefined) {
    if (values.size === 0 && needed.length === 0) return undefined;
    throw file.malformed("a dynamic section without string table");
  }
  const strings = new StringTable(file, stringsAt, values.get(tag.strsz) ?? 0);
  const symbolsAt = locate(tag.symtab);
  const symbols =
    symbolsAt === undefined
      ? undefined
      : { offset: symbolsAt, count: countSymbols(file, sections, symbolsAt, stringsAt, locate) };
  return { strings, values, needed, locate, symbols };
}

function countSymbols(
  file: ElfBytes,
  sections: readonly Section[],
  symbolsAt: number,
  stringsAt: number,
  locate: (name: number) => number | undefined,
): number {
  const size = file.wide ? 24 : 16;
  const section = sections.find((candidate) => candidate.type === sectionType.dynsym && candidate.offset === symbolsAt);
  let count: number | undefined;
  const hash = locate(tag.hash);
  if (section) count = Math.floor(section.size / size);
  else if (hash !== undefined && !isWideHash(file)) {
    file.need(hash, 8, "symbol hash table");
    count = file.u32(hash + 4);
  } else {
    const gnu = locate(tag.gnuHash);
    if (gnu !== undefined) count = countByGnuHash(file, gnu);
    const gap = Math.floor((stringsAt - symbolsAt) / size);
    if (count === undefined || (count <= 1 && gap > count)) count = gap;
  }
  if (count < 0) throw file.malformed("the number of dynamic symbols cannot be told");
  file.need(symbolsAt, count * size, "dynamic symbols");
  return count;
}

/** Alpha and 64-bit s390 have 64-bit words in their classic hash table. */
function isWideHash(file: ElfBytes): boolean {
  const machine = file.u16(18);
  return file.wide && (machine === 0x9026 || machine === 22);
}

/** One past the last symbol that the GNU hash table lists; its first index where it lists none. */
function countByGnuHash(file: ElfBytes, at: number): number {
  file.need(at, 16, "GNU hash table");
  const buckets = file.u32(at);
  const first = file.u32(at + 4);
  const bloom = file.u32(at + 8) * (file.wide ? 8 : 4);
  const bucketsAt = at + 16 + bloom;
  file.need(bucketsAt, buckets * 4, "GNU hash buckets");
  let last = 0;
  for (let index = 0; index < buckets; index++) last = Math.max(last, file.u32(bucketsAt + index * 4));
  if (last < first) return first;
  const chains = bucketsAt + buckets * 4;
  for (;;) {
    const entry = chains + (last - first) * 4;
    file.need(entry, 4, "GNU hash chain");
    last++;
    if ((file.u32(entry) & 1) === 1) return last;
  }
}
