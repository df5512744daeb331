import { hashStart, mixHash } from "../../core/index.ts";
import { type AttributeSpans, matches, mayStop, stopsWithin, valueStops, valueText } from "./column-attributes.ts";
import {
  attributeNames,
  bytesOf,
  entryWords,
  flagOps,
  otherEntryOpen,
  provides,
  requires,
  rpmlib,
} from "./column-elements.ts";
import { type DependencyId, type PackageColumns, relationOp } from "./columns.ts";

/**
 * Reads `<rpm:entry>` elements into dependencies. What follows a name, a comparison and a version, is remembered: most are written as the one
 * before.
 */
export class EntryScan {
  readonly #columns: PackageColumns;
  readonly #attributes: AttributeSpans;
  /** The dependency that was read last; 0 for one that only rpm itself meets. */
  id: DependencyId = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The comparison and version that were read last, and from where in the bytes at hand; up to 0 for none. */
  #op = 0;
  #evr = 0;
  #lastStart = 0;
  #lastEnd = 0;
  /** A text being put together. */
  #composed: Buffer = Buffer.alloc(256);
  #composedLength = 0;

  constructor(columns: PackageColumns, attributes: AttributeSpans) {
    this.#columns = columns;
    this.#attributes = attributes;
  }

  /** Begins a package: its bytes, to be read four at a time. */
  begin(view: DataView): void {
    this.#view = view;
    this.#lastEnd = 0;
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
    this.id = this.#dependency(name, this.#op, this.#evr, kind);
    return at;
  }

  /**
   * Reads what follows an entry's name, a comparison and a version, into {@link #op} and {@link #evr}; gives the offset behind the tag, -1 where it is not as
   * expected. Most are as the one before.
   */
  #rest(bytes: Buffer, from: number): number {
    const view = this.#view;
    const end = this.#lastEnd;
    let at = from;
    let same = this.#lastStart;
    while (same + 4 <= end && view.getInt32(same, true) === view.getInt32(at, true)) {
      same += 4;
      at += 4;
    }
    while (same < end && bytes[same] === bytes[at]) {
      same++;
      at++;
    }
    if (same === end && end > 0) return at;
    this.#lastEnd = 0;
    at = this.#usualRest(bytes, from);
    if (at < 0) {
      at = this.#attributes.read(bytes, from);
      if (at < 0 || !this.#attributes.empty) return -1;
      if (this.#attributes.find(bytes, attributeNames.name) >= 0 || !this.#range(bytes)) return -1;
    }
    this.#lastStart = from;
    this.#lastEnd = at;
    return at;
  }

  /** As {@link #rest}, of attributes in the order in which repository tools write them; -1 for any others. */
  #usualRest(bytes: Buffer, from: number): number {
    if (!matches(bytes, from, flagsOpen)) return -1;
    let at = from + flagsOpen.length;
    const op = flagOp(bytes[at] as number, bytes[at + 1] as number);
    if (op === 0 || !matches(bytes, at + 2, epochOpen)) return -1;
    at += 2 + epochOpen.length;
    const epoch = at;
    while (isDigit(bytes[at] as number)) at++;
    const epochEnd = at;
    if (!matches(bytes, at, verOpen)) return -1;
    const version = at + verOpen.length;
    at = valueEnd(bytes, version);
    if (at === version) return -1;
    const versionEnd = at;
    let release = -1;
    if (matches(bytes, at, relOpen)) {
      release = at + relOpen.length;
      at = valueEnd(bytes, release);
    }
    const releaseEnd = at;
    if (matches(bytes, at, preOpen)) at = valueEnd(bytes, at + preOpen.length);
    if (bytes[at] !== 34 || bytes[at + 1] !== 47 || bytes[at + 2] !== 62) return -1;
    this.#op = op;
    const noEpoch = epochEnd === epoch || (epochEnd === epoch + 1 && bytes[epoch] === 48);
    if (noEpoch && release < 0) {
      this.#evr = this.#columns.strings.intern(bytes, version, versionEnd);
      return at + 3;
    }
    this.#composedLength = 0;
    if (!noEpoch) {
      this.#composeRange(bytes, epoch, epochEnd);
      this.#compose(58);
    }
    this.#composeRange(bytes, version, versionEnd);
    if (release >= 0) {
      this.#compose(45);
      this.#composeRange(bytes, release, releaseEnd);
    }
    this.#evr = this.#columns.strings.intern(this.#composed, 0, this.#composedLength);
    return at + 3;
  }

  /** The comparison and version that the attributes just read hold. */
  #range(bytes: Buffer): boolean {
    this.#op = 0;
    this.#evr = 0;
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
    this.#evr = evr;
    return true;
  }

  /** An entry whose attributes stand in another order. */
  otherEntry(bytes: Buffer, start: number, kind: number): number {
    this.#lastEnd = 0;
    const at = this.#attributes.read(bytes, start + otherEntryOpen.length - 1);
    if (at < 0 || !this.#attributes.empty) return -1;
    if (this.#attributes.find(bytes, attributeNames.name) < 0 || !this.#range(bytes)) return -1;
    const name = this.#attributes.text(bytes, attributeNames.name);
    if (name === undefined) return -1;
    const isRpmlib = kind === requires && name.startsWith("rpmlib(");
    const id = isRpmlib ? -1 : this.#columns.strings.internText(name);
    this.id = this.#dependency(id, this.#op, this.#evr, kind);
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
      if (version >= 0)
        this.#composeRange(bytes, attributes.start[version] as number, attributes.end[version] as number);
      if (withRelease) this.#compose(45);
      if (release >= 0)
        this.#composeRange(bytes, attributes.start[release] as number, attributes.end[release] as number);
      return this.#columns.strings.intern(this.#composed, 0, this.#composedLength);
    }
    const versionText = attributes.text(bytes, attributeNames.ver);
    const releaseText = attributes.text(bytes, attributeNames.rel);
    if (versionText === undefined || releaseText === undefined) return -1;
    return this.#columns.strings.internText(`${epoch}${versionText}${withRelease ? `-${releaseText}` : ""}`);
  }

  #composeRange(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; at++) this.#compose(bytes[at] as number);
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

const flagsOpen = bytesOf(' flags="');
const epochOpen = bytesOf('" epoch="');
const verOpen = bytesOf('" ver="');
const relOpen = bytesOf('" rel="');
const preOpen = bytesOf('" pre="');

/** The comparison that two letters stand for, 0 for none. */
function flagOp(first: number, second: number): number {
  if (first === 69 && second === 81) return relationOp.equal;
  const strict = first === 71 ? relationOp.greater : first === 76 ? relationOp.less : 0;
  if (strict === 0) return 0;
  return second === 69 ? strict | relationOp.equal : second === 84 ? strict : 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Where plain text in an attribute ends, be it at the quote or at what is no plain text. */
function valueEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (valueStops[bytes[at] as number] === 0) at++;
  return at;
}
