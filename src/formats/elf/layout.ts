import { WeirError } from "../../core/index.ts";
import type { ElfClass, ElfEndian } from "./types.ts";

/** Segments and sections a file may have; real ones have some dozens, `-ffunction-sections` objects some ten thousands. */
const maxSegments = 4096;
const maxSections = 1 << 17;

export interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

export interface Section {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly link: number;
}

export const segmentType = { load: 1, dynamic: 2, interpreter: 3 } as const;
export const sectionType = { strtab: 3, dynamic: 6, nobits: 8, dynsym: 11, gnuHash: 0x6ffffff6 } as const;

/** Bounds-checked access to the bytes of a file in its own byte order. */
export class ElfBytes {
  readonly bytes: Buffer;
  readonly where: string;
  readonly view: DataView;
  readonly little: boolean;
  readonly wide: boolean;

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.where = where;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.wide = bytes[4] === 2;
    this.little = bytes[5] === 1;
  }

  get class(): ElfClass {
    return this.wide ? 64 : 32;
  }

  get endian(): ElfEndian {
    return this.little ? "little" : "big";
  }

  /** Throws unless `size` bytes at `offset` lie in the file. */
  need(offset: number, size: number, what: string): void {
    if (!(offset >= 0 && size >= 0 && offset + size <= this.bytes.length)) {
      throw new WeirError(
        "ELF_TRUNCATED",
        `${what}: bytes ${offset} to ${offset + size} lie outside the file of ${this.bytes.length} bytes`,
        { where: this.where, hints: ["the file is cut short or damaged: take it again from its package"] },
      );
    }
  }

  u16(offset: number): number {
    return this.view.getUint16(offset, this.little);
  }

  u32(offset: number): number {
    return this.view.getUint32(offset, this.little);
  }

  /** Loses precision beyond 2^53, which no check of bounds lets pass. */
  u64(offset: number): number {
    const low = this.view.getUint32(this.little ? offset : offset + 4, this.little);
    const high = this.view.getUint32(this.little ? offset + 4 : offset, this.little);
    return high * 0x1_0000_0000 + low;
  }

  /** A word of the file's class. */
  word(offset: number): number {
    return this.wide ? this.u64(offset) : this.u32(offset);
  }

  malformed(message: string): WeirError {
    return new WeirError("ELF_MALFORMED", message, {
      where: this.where,
      hints: ["`readelf -Wa` shows what other tools make of the file"],
    });
  }
}

/** Program headers, by the file header. */
export function readSegments(file: ElfBytes): Segment[] {
  const start = file.word(file.wide ? 32 : 28);
  const size = file.u16(file.wide ? 54 : 42);
  const count = file.u16(file.wide ? 56 : 44);
  if (start === 0 || count === 0) return [];
  const least = file.wide ? 56 : 32;
  if (size < least) throw file.malformed(`program headers of ${size} bytes each, at least ${least} are needed`);
  if (count > maxSegments) throw file.malformed(`${count} program headers, more than ${maxSegments}`);
  file.need(start, size * count, "program headers");
  const segments: Segment[] = [];
  for (let at = start, index = 0; index < count; index++, at += size) {
    segments.push({
      type: file.u32(at),
      offset: file.word(at + (file.wide ? 8 : 4)),
      address: file.word(at + (file.wide ? 16 : 8)),
      fileSize: file.word(at + (file.wide ? 32 : 16)),
    });
  }
  return segments;
}

/** Section headers, by the file header. A table outside the file counts as none, since a stripped file may still name one. */
export function readSections(file: ElfBytes): Section[] {
  const start = file.word(file.wide ? 40 : 32);
  const size = file.u16(file.wide ? 58 : 46);
  let count = file.u16(file.wide ? 60 : 48);
  const least = file.wide ? 64 : 40;
  if (start === 0 || size < least || start + size > file.bytes.length) return [];
  if (count === 0) count = file.word(start + (file.wide ? 32 : 20));
  if (count > maxSections) throw file.malformed(`${count} section headers, more than ${maxSections}`);
  if (start + size * count > file.bytes.length) return [];
  const sections: Section[] = [];
  for (let at = start, index = 0; index < count; index++, at += size) {
    sections.push({
      type: file.u32(at + 4),
      address: file.word(at + (file.wide ? 16 : 12)),
      offset: file.word(at + (file.wide ? 24 : 16)),
      size: file.word(at + (file.wide ? 32 : 20)),
      link: file.u32(at + (file.wide ? 40 : 24)),
    });
  }
  return sections;
}

/** File offset of a loaded address, or undefined where no segment holds it. */
export function offsetOf(segments: readonly Segment[], address: number): number | undefined {
  for (const segment of segments) {
    if (segment.type !== segmentType.load) continue;
    if (address >= segment.address && address < segment.address + segment.fileSize) {
      return segment.offset + (address - segment.address);
    }
  }
  return undefined;
}
