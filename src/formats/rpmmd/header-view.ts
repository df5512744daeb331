import { signatureTag, tag, valueType } from "../rpm/index.ts";

/** Tags that repository metadata is made of, in the order of their slots. */
const names = [
  "name",
  "version",
  "release",
  "arch",
  "summary",
  "description",
  "packager",
  "url",
  "license",
  "vendor",
  "group",
  "buildHost",
  "sourceRpm",
  "epoch",
  "buildTime",
  "size",
  "longSize",
  "archiveSize",
  "sourcePackage",
  "oldFileNames",
  "baseNames",
  "dirNames",
  "dirIndexes",
  "fileModes",
  "fileFlags",
  "changelogTime",
  "changelogName",
  "changelogText",
  "provideName",
  "provideFlags",
  "provideVersion",
  "requireName",
  "requireFlags",
  "requireVersion",
  "conflictName",
  "conflictFlags",
  "conflictVersion",
  "obsoleteName",
  "obsoleteFlags",
  "obsoleteVersion",
  "suggestName",
  "suggestFlags",
  "suggestVersion",
  "enhanceName",
  "enhanceFlags",
  "enhanceVersion",
  "recommendName",
  "recommendFlags",
  "recommendVersion",
  "supplementName",
  "supplementFlags",
  "supplementVersion",
] as const;

/** Slots of a {@link HeaderView}, named as tags are. */
export const slot = {
  ...(Object.fromEntries(names.map((name, index) => [name, index])) as Record<(typeof names)[number], number>),
  longArchiveSize: names.length,
} as const;

const slotCount = names.length + 1;
const slots = new Uint8Array(0x2000);
for (const [index, name] of names.entries()) slots[tag[name]] = index + 1;
slots[signatureTag.longArchiveSize] = slot.longArchiveSize + 1;

const LEAD = 96;
const MAGIC = 0x8eade801;
const mostEntries = 0xffff;
/** Bytes of one value of each type. */
const units = Uint8Array.of(0, 1, 1, 2, 4, 8, 1, 1, 1, 1);

/**
 * How many of a package file's first bytes hold its headers, as far as the bytes at hand tell; 0 where they are out of the ordinary. As many
 * as {@link enoughToMeasure} bytes tell it of nearly every package.
 */
export function measureHeaders(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = LEAD;
  for (const isMain of [false, true]) {
    if (at + 16 > bytes.length || view.getUint32(at) !== MAGIC) return 0;
    const end = at + 16 + 16 * view.getUint32(at + 8) + view.getUint32(at + 12);
    at = isMain ? end : LEAD + Math.ceil((end - LEAD) / 8) * 8;
  }
  return at;
}

/** Signature headers have room reserved for signatures to come. */
export const enoughToMeasure = 8192;

/**
 * Where the values of a package's header lie in the first bytes of its file. It is filled again for each package, so that nothing is
 * allocated; whatever is out of the ordinary is refused, and left to the reader that can say what is wrong.
 */
export class HeaderView {
  bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The main header with its magic, end exclusive. */
  start = 0;
  end = 0;
  readonly #types = new Int32Array(slotCount);
  readonly #starts = new Int32Array(slotCount);
  readonly #counts = new Int32Array(slotCount);
  #signedArchiveSize = 0;

  /** Whether the first bytes of a file hold its headers, and these are as they should be. `size` is the whole file's. */
  read(bytes: Uint8Array, size: number): boolean {
    if (
      bytes.buffer !== this.#view.buffer ||
      bytes.byteOffset !== this.#view.byteOffset ||
      bytes.length > this.#view.byteLength
    ) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const view = this.#view;
    this.bytes = bytes;
    const { length } = bytes;
    if (length < LEAD + 16 || view.getUint32(0) !== 0xedabeedb) return false;
    const major = view.getUint8(4);
    if (major < 3 || major > 6) return false;
    this.#signedArchiveSize = 0;
    const signatureEnd = this.#scan(LEAD, length, false);
    if (signatureEnd < 0) return false;
    this.start = LEAD + Math.ceil((signatureEnd - LEAD) / 8) * 8;
    this.#types.fill(-1);
    this.end = this.#scan(this.start, length, true);
    return this.end > 0 && this.end <= size;
  }

  /** Walks one header's index and gives where the header ends, or -1. */
  #scan(start: number, length: number, isMain: boolean): number {
    const view = this.#view;
    if (start + 16 > length || view.getUint32(start) !== MAGIC) return -1;
    const entries = view.getUint32(start + 8);
    const dataLength = view.getUint32(start + 12);
    if (entries < 1 || entries > mostEntries || dataLength > length) return -1;
    const data = start + 16 + entries * 16;
    const end = data + dataLength;
    if (end > length) return -1;
    let longArchive = -1;
    let archive = -1;
    for (let at = start + 16; at < data; at += 16) {
      const number = view.getUint32(at);
      const type = view.getUint32(at + 4);
      const offset = view.getInt32(at + 8);
      const count = view.getUint32(at + 12);
      if (type > valueType.i18nString) return -1;
      const unit = units[type] as number;
      const room = dataLength - offset;
      if (offset < 0 || room < 0 || count * unit > room) return -1;
      if (type === valueType.string && count !== 1) return -1;
      if (unit > 1 && offset % unit !== 0) return -1;
      if (isMain) {
        const into = number < slots.length ? (slots[number] as number) - 1 : -1;
        if (into < 0 || this.#types[into] !== -1) continue;
        this.#types[into] = type;
        this.#starts[into] = data + offset;
        this.#counts[into] = count;
      } else if (number === signatureTag.longArchiveSize && longArchive < 0 && count > 0) {
        longArchive = type === valueType.int64 ? data + offset : -2;
        if (longArchive < 0) return -1;
      } else if (number === signatureTag.payloadSize && archive < 0 && count > 0) {
        archive = type === valueType.int32 ? data + offset : -2;
        if (archive < 0) return -1;
      }
    }
    if (longArchive >= 0) this.#signedArchiveSize = this.#long(longArchive);
    else if (archive >= 0) this.#signedArchiveSize = view.getUint32(archive);
    return end;
  }

  has(which: number): boolean {
    return this.#types[which] !== -1;
  }

  /** How many values a tag has; 0 where it is absent. */
  count(which: number): number {
    return this.#types[which] === -1 ? 0 : (this.#counts[which] as number);
  }

  /** Where a tag's values start in {@link bytes}. */
  at(which: number): number {
    return this.#starts[which] as number;
  }

  /** Whether a tag is absent, or holds texts. */
  isText(which: number): boolean {
    const type = this.#types[which] as number;
    return type === -1 || type === valueType.string || type === valueType.stringArray || type === valueType.i18nString;
  }

  /** Whether a tag is absent, or holds 32-bit numbers. */
  isWords(which: number): boolean {
    const type = this.#types[which] as number;
    return type === -1 || type === valueType.int32;
  }

  /** Whether a tag is absent, or holds 16-bit numbers. */
  isHalfWords(which: number): boolean {
    const type = this.#types[which] as number;
    return type === -1 || type === valueType.int16;
  }

  /** The nth 32-bit number of a tag, 0 past its last. */
  word(which: number, n: number): number {
    return n < this.count(which) ? this.#view.getUint32((this.#starts[which] as number) + 4 * n) : 0;
  }

  /** The nth 16-bit number of a tag, 0 past its last. */
  halfWord(which: number, n: number): number {
    return n < this.count(which) ? this.#view.getUint16((this.#starts[which] as number) + 2 * n) : 0;
  }

  /** The first number of a tag: undefined where it is absent, -1 where it is of no kind that is read here. */
  number(which: number): number | undefined {
    if (this.count(which) === 0) return undefined;
    const type = this.#types[which] as number;
    if (type === valueType.int32) return this.#view.getUint32(this.#starts[which] as number);
    return type === valueType.int64 ? this.#long(this.#starts[which] as number) : -1;
  }

  /** Bytes of the uncompressed payload as the signature header says, 0 where it does not. */
  get signedArchiveSize(): number {
    return this.#signedArchiveSize;
  }

  #long(at: number): number {
    return this.#view.getUint32(at) * 4_294_967_296 + this.#view.getUint32(at + 4);
  }
}
