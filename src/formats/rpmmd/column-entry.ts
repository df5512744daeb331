import { hashStart, mixHash, StringHeap } from "../../core/index.ts";
import {
  type AttributeSpans,
  matches,
  mayEndTag,
  mayStop,
  stopsWithin,
  tagStops,
  valueStops,
  valueText,
} from "./column-attributes.ts";
import { attributeNames, entryWords, flagOps, otherEntryOpen, provides, requires, rpmlib } from "./column-elements.ts";
import type { DependencyId, PackageColumns } from "./columns.ts";

/**
 * Reads `<rpm:entry>` elements into dependencies. What follows a name, a comparison and a version, is remembered as it is written: most are as
 * the one before, and of the others most were seen.
 */
export class EntryScan {
  readonly #columns: PackageColumns;
  readonly #attributes: AttributeSpans;
  /** The dependency that was read last; 0 for one that only rpm itself meets. */
  id: DependencyId = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** What follows the name in an entry, as bytes up to the end of its tag; few differ. */
  readonly #rests = new StringHeap();
  #lastRest = 0;
  #restOp = new Uint8Array(256);
  #restEvr = new Int32Array(256);
  #restsViewed: Uint8Array | undefined;
  #restsView: DataView = new DataView(new ArrayBuffer(0));
  /** A text being put together. */
  #composed: Buffer = Buffer.alloc(256);
  #composedLength = 0;

  constructor(columns: PackageColumns, attributes: AttributeSpans) {
    this.#columns = columns;
    this.#attributes = attributes;
  }

  /** The bytes that are read from now on, four at a time. */
  use(view: DataView): void {
    this.#view = view;
  }

  /** Whether an entry whose name comes first begins here. */
  isEntry(bytes: Buffer, at: number): boolean {
    const view = this.#view;
    return (
      view.getInt32(at, true) === entryWords[0] &&
      view.getInt32(at + 4, true) === entryWords[1] &&
      view.getInt32(at + 8, true) === entryWords[2] &&
      view.getInt32(at + 12, true) === entryWords[3] &&
      bytes[at + 16] === 34
    );
  }

  /** From the first byte of the name on. */
  entry(bytes: Buffer, start: number, kind: number): number {
    let at = start;
    let hash = hashStart;
    const view = this.#view;
    for (;;) {
      const four = view.getInt32(at, true);
      if (mayStop(four) && stopsWithin(bytes, at, valueStops)) break;
      hash = mixHash(hash, four);
      at += 4;
    }
    let code = bytes[at] as number;
    while (valueStops[code] === 0) {
      hash = mixHash(hash, code);
      code = bytes[++at] as number;
    }
    let name: number;
    if (code === 34) {
      if (kind === requires && code === 34 && matches(bytes, start, rpmlib)) name = -1;
      else name = this.#columns.strings.internHashed(bytes, start, at, hash);
    } else {
      while (code !== 34 && code !== 60) code = bytes[++at] as number;
      const text = code === 34 ? valueText(bytes, start, at) : undefined;
      if (text === undefined) return -1;
      name = kind === requires && text.startsWith("rpmlib(") ? -1 : this.#columns.strings.internText(text);
    }
    at++;
    if (bytes[at] === 47 && bytes[at + 1] === 62) {
      this.id = this.#dependency(name, 0, 0, kind);
      return at + 2;
    }
    at = this.#rest(bytes, at);
    if (at < 0) return -1;
    const op = this.#restOp[this.#lastRest] as number;
    if (op === unreadable) return -1;
    this.id = this.#dependency(name, op, this.#restEvr[this.#lastRest] as number, kind);
    return at + 1;
  }

  /** What follows an entry's name becomes the last rest; gives where the tag's `>` is. Most are as the one before. */
  #rest(bytes: Buffer, from: number): number {
    const rests = this.#rests;
    if (rests.bytes !== this.#restsViewed) {
      this.#restsViewed = rests.bytes;
      this.#restsView = new DataView(rests.bytes.buffer, rests.bytes.byteOffset, rests.bytes.length);
    }
    const view = this.#view;
    const heap = this.#restsView;
    const end = rests.offsets[this.#lastRest + 1] as number;
    let at = from;
    let same = rests.offsets[this.#lastRest] as number;
    while (same + 4 <= end && at + 4 <= bytes.length && heap.getInt32(same, true) === view.getInt32(at, true)) {
      same += 4;
      at += 4;
    }
    while (same < end && heap.getUint8(same) === bytes[at]) {
      same++;
      at++;
    }
    if (same === end && bytes[at] === 62 && at > from) return at;
    at = from;
    let hash = hashStart;
    for (;;) {
      const four = view.getInt32(at, true);
      if (mayEndTag(four) && stopsWithin(bytes, at, tagStops)) break;
      hash = mixHash(hash, four);
      at += 4;
    }
    let code = bytes[at] as number;
    while (code !== 62 && code !== 60) {
      hash = mixHash(hash, code);
      code = bytes[++at] as number;
    }
    if (code !== 62 || bytes[at - 1] !== 47) return -1;
    const known = rests.count;
    this.#lastRest = rests.internHashed(bytes, from, at, hash);
    return this.#lastRest === known && !this.#learnRest(bytes, from, at, known) ? -1 : at;
  }

  #learnRest(bytes: Buffer, from: number, at: number, rest: number): boolean {
    if (rest >= this.#restOp.length) {
      const ops = new Uint8Array(this.#restOp.length * 2);
      ops.set(this.#restOp);
      this.#restOp = ops;
      const evrs = new Int32Array(this.#restEvr.length * 2);
      evrs.set(this.#restEvr);
      this.#restEvr = evrs;
    }
    this.#restOp[rest] = unreadable;
    const end = this.#attributes.read(bytes, from);
    if (end !== at + 1 || this.#attributes.find(bytes, attributeNames.name) >= 0 || !this.#range(bytes)) return false;
    this.#restOp[rest] = this.#op;
    this.#restEvr[rest] = this.#rangeEvr;
    return true;
  }

  #op = 0;
  #rangeEvr = 0;

  /** The comparison and version that the attributes just read hold. */
  #range(bytes: Buffer): boolean {
    this.#op = 0;
    this.#rangeEvr = 0;
    const attributes = this.#attributes;
    const flags = attributes.find(bytes, attributeNames.flags);
    const epoch = attributes.text(bytes, attributeNames.epoch);
    if (epoch === undefined || attributes.text(bytes, attributeNames.pre) === undefined) return false;
    const withRelease = attributes.find(bytes, attributeNames.rel) >= 0;
    const bare = flags < 0 || attributes.isEmpty(bytes, attributeNames.ver);
    const evr = this.evrOf(bytes, epoch === "" || epoch === "0" ? "" : `${epoch}:`, withRelease);
    if (evr < 0) return false;
    if (bare) return true;
    const op = flagOps.get(attributes.text(bytes, attributeNames.flags) ?? "");
    if (op === undefined) return false;
    this.#op = op;
    this.#rangeEvr = evr;
    return true;
  }

  /** An entry whose attributes stand in another order. */
  otherEntry(bytes: Buffer, start: number, kind: number): number {
    const at = this.#attributes.read(bytes, start + otherEntryOpen.length - 1);
    if (at < 0 || !this.#attributes.empty) return -1;
    if (this.#attributes.find(bytes, attributeNames.name) < 0 || !this.#range(bytes)) return -1;
    const name = this.#attributes.text(bytes, attributeNames.name);
    if (name === undefined) return -1;
    const isRpmlib = kind === requires && name.startsWith("rpmlib(");
    const id = isRpmlib ? -1 : this.#columns.strings.internText(name);
    this.id = this.#dependency(id, this.#op, this.#rangeEvr, kind);
    return at;
  }

  /** 0 for a name of -1. */
  #dependency(name: number, op: number, evr: number, kind: number): DependencyId {
    if (name <= 0) return 0;
    const columns = this.#columns;
    if (kind !== provides && columns.strings.firstByte(name) === 40) return columns.richDependency(name);
    return op === 0 ? name : columns.relation(name, op, evr);
  }

  /** Interns `epoch` + version [+ `-` release] of the attributes just read; -1 for an unknown reference. */
  evrOf(bytes: Buffer, epoch: string, withRelease: boolean): number {
    const attributes = this.#attributes;
    const version = attributes.find(bytes, attributeNames.ver);
    const release = attributes.find(bytes, attributeNames.rel);
    if ((version < 0 || attributes.isPlain(bytes, version)) && (release < 0 || attributes.isPlain(bytes, release))) {
      this.#composedLength = 0;
      for (let at = 0; at < epoch.length; at++) this.#compose(epoch.charCodeAt(at));
      for (let at = attributes.start[version] as number; at < (attributes.end[version] as number); at++)
        this.#compose(bytes[at] as number);
      if (withRelease) this.#compose(45);
      if (release >= 0) {
        for (let at = attributes.start[release] as number; at < (attributes.end[release] as number); at++)
          this.#compose(bytes[at] as number);
      }
      return this.#columns.strings.intern(this.#composed, 0, this.#composedLength);
    }
    const versionText = attributes.text(bytes, attributeNames.ver);
    const releaseText = attributes.text(bytes, attributeNames.rel);
    if (versionText === undefined || releaseText === undefined) return -1;
    return this.#columns.strings.internText(`${epoch}${versionText}${withRelease ? `-${releaseText}` : ""}`);
  }

  #compose(code: number): void {
    if (this.#composedLength === this.#composed.length) {
      const larger = Buffer.alloc(this.#composed.length * 2);
      larger.set(this.#composed);
      this.#composed = larger;
    }
    this.#composed[this.#composedLength++] = code;
  }
}

/** Marks what followed a name and could not be read here. */
const unreadable = 255;
