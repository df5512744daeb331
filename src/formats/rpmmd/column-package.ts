import { hashStart, mixHash, StringHeap } from "../../core/index.ts";
import {
  AttributeSpans,
  matches,
  mayEndTag,
  mayStop,
  plainText,
  stopsWithin,
  tagStops,
  textStops,
  valueStops,
  valueText,
} from "./column-attributes.ts";
import { type DependencyId, type ListKind, listKinds, type PackageColumns, relationOp } from "./columns.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

const packageOpen = bytesOf('<package type="rpm">');
const packageClose = bytesOf("</package>");
const formatOpen = bytesOf("<format>");
const formatClose = bytesOf("</format>");
const entryOpen = bytesOf('<rpm:entry name="');
/** All of it but the last byte, four bytes a number. */
const entryWords = Int32Array.from({ length: 4 }, (_, index) => Buffer.from(entryOpen).readInt32LE(index * 4));
const otherEntryOpen = bytesOf("<rpm:entry ");
const fileOpen = bytesOf("<file>");
const otherFileOpen = bytesOf("<file ");
const fileClose = bytesOf("</file>");
const headerRange = bytesOf("<rpm:header-range ");
const rpmlib = bytesOf("rpmlib(");

/** An element that holds text: how it opens and closes, and how it looks without any. */
class TextElement {
  readonly open: Uint8Array;
  readonly close: Uint8Array;
  readonly empty: Uint8Array;
  constructor(name: string) {
    this.open = bytesOf(`<${name}>`);
    this.close = bytesOf(`</${name}>`);
    this.empty = bytesOf(`<${name}/>`);
  }
}

const nameElement = new TextElement("name");
const archElement = new TextElement("arch");
const vendorElement = new TextElement("rpm:vendor");
/** By the first byte of the name: elements whose text is not kept. */
const skippedOutside = byFirstByte(1, ["summary", "description", "packager", "url"]);
const skippedInside = byFirstByte(5, ["rpm:license", "rpm:group", "rpm:buildhost", "rpm:sourcerpm"]);
const listElements = byFirstByte(
  5,
  listKinds.slice(0, -1).map((kind) => `rpm:${kind}`),
);
const versionOpen = bytesOf("<version ");
const checksumOpen = bytesOf("<checksum ");
const checksumClose = bytesOf("</checksum>");
const timeOpen = bytesOf("<time ");
const sizeOpen = bytesOf("<size ");
const locationOpen = bytesOf("<location ");
const attributeNames = {
  name: bytesOf("name"),
  flags: bytesOf("flags"),
  epoch: bytesOf("epoch"),
  ver: bytesOf("ver"),
  rel: bytesOf("rel"),
  pre: bytesOf("pre"),
  type: bytesOf("type"),
  build: bytesOf("build"),
  file: bytesOf("file"),
  package: bytesOf("package"),
  installed: bytesOf("installed"),
  archive: bytesOf("archive"),
  href: bytesOf("href"),
  start: bytesOf("start"),
  end: bytesOf("end"),
};
const flagOps: ReadonlyMap<string, number> = new Map([
  ["LT", relationOp.less],
  ["LE", relationOp.less | relationOp.equal],
  ["EQ", relationOp.equal],
  ["GE", relationOp.greater | relationOp.equal],
  ["GT", relationOp.greater],
]);

function byFirstByte(place: number, names: readonly string[]): (readonly TextElement[] | undefined)[] {
  const table: (TextElement[] | undefined)[] = new Array(256).fill(undefined);
  for (const name of names) {
    const element = new TextElement(name);
    const first = element.open[place] as number;
    table[first] = [...(table[first] ?? []), element];
  }
  return table;
}

const kindOf = new Map<TextElement, number>();
for (const elements of listElements) {
  for (const element of elements ?? []) {
    const name = Buffer.from(element.open.subarray(5, -1)).toString("latin1") as ListKind;
    kindOf.set(element, listKinds.indexOf(name));
  }
}
const provides = listKinds.indexOf("provides");
const requires = listKinds.indexOf("requires");
const files = listKinds.indexOf("files");

/**
 * Reads `<package>` elements of primary.xml from bytes straight into columns, as long as they look as repository tools write them. Nothing is
 * added for one that does not.
 */
export class PackageScan {
  readonly #columns: PackageColumns;
  readonly #repository: number;
  readonly #attributes = new AttributeSpans();
  /** What follows the name in an entry, as bytes up to the end of its tag; few differ. */
  readonly #rests = new StringHeap();
  #lastRest = 0;
  #restOp = new Uint8Array(256);
  #restEvr = new Int32Array(256);
  /** Dependencies and files of the package at hand. */
  #scratch: Int32Array = new Int32Array(1 << 12);
  #filled = 0;
  readonly #from = new Int32Array(listKinds.length);
  readonly #to = new Int32Array(listKinds.length);
  /** What the last call of a reading method found. */
  #id = 0;
  #name = 0;
  #evr = 0;
  #arch = 0;
  #vendor = 0;
  #packageSize = 0;
  #installedSize = 0;
  #buildTime = 0;
  /** Where the location stands, or its text where that is not what stands there. */
  #locationStart = 0;
  #locationEnd = 0;
  #locationText = "";
  /** The checksum as the columns keep it, or as text where it is of no usual kind. */
  readonly #checksum = Buffer.alloc(160);
  #checksumLength = 0;
  #checksumType = "";
  #checksumText = "";
  /** The bytes being read, four at a time. */
  #viewed: Buffer | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #restsViewed: Uint8Array | undefined;
  #restsView: DataView = new DataView(new ArrayBuffer(0));
  /** A text being put together. */
  #composed: Buffer = Buffer.alloc(256);
  #composedLength = 0;

  constructor(columns: PackageColumns, repository: number) {
    this.#columns = columns;
    this.#repository = repository;
  }

  /**
   * Reads the package whose `<` is at `start`; gives the offset behind it, -1 where it is not as expected. Some `</package>` must follow in
   * `bytes`: every loop ends there at the latest.
   */
  read(bytes: Buffer, start: number): number {
    if (!matches(bytes, start, packageOpen)) return -1;
    if (bytes !== this.#viewed) {
      this.#viewed = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#clear();
    let at = start + packageOpen.length;
    for (;;) {
      at = skipBlanks(bytes, at);
      if (bytes[at] !== 60) return -1;
      const code = bytes[at + 1] as number;
      switch (code) {
        case 110:
          at = this.#text(bytes, at, nameElement);
          this.#name = this.#id;
          break;
        case 97:
          at = this.#text(bytes, at, archElement);
          this.#arch = this.#id;
          break;
        case 118:
          at = this.#version(bytes, at);
          break;
        case 99:
          at = this.#readChecksum(bytes, at);
          break;
        case 116:
          at = this.#time(bytes, at);
          break;
        case 108:
          at = this.#readLocation(bytes, at);
          break;
        case 102:
          at = this.#format(bytes, at);
          break;
        case 47:
          return matches(bytes, at, packageClose) && this.#add(bytes) ? at + packageClose.length : -1;
        default:
          at =
            code === 115 && bytes[at + 2] === 105 ? this.#size(bytes, at) : skipText(bytes, at, skippedOutside[code]);
      }
      if (at < 0) return -1;
    }
  }

  #clear(): void {
    this.#filled = 0;
    this.#from.fill(0);
    this.#to.fill(0);
    this.#name = this.#evr = this.#arch = this.#vendor = 0;
    this.#packageSize = this.#installedSize = this.#buildTime = 0;
    this.#locationStart = this.#locationEnd = this.#checksumLength = 0;
    this.#locationText = this.#checksumType = this.#checksumText = "";
  }

  #add(bytes: Buffer): boolean {
    const name = this.#name;
    const evr = this.#evr;
    const located = this.#locationEnd > this.#locationStart || this.#locationText !== "";
    const hasChecksum = this.#checksumLength > 0 || this.#checksumText !== "";
    if (name === 0 || evr === 0 || this.#arch === 0 || !located || !hasChecksum) return false;
    const columns = this.#columns;
    const index = columns.addPackage(this.#repository, name, evr, this.#arch, this.#vendor);
    columns.packageSize[index] = this.#packageSize;
    columns.installedSize[index] = this.#installedSize;
    columns.buildTime[index] = this.#buildTime;
    if (this.#locationText !== "") columns.setLocation(index, this.#locationText);
    else columns.location[index] = columns.addresses.append(bytes, this.#locationStart, this.#locationEnd);
    if (this.#checksumLength === 0) columns.setChecksum(index, this.#checksumType, this.#checksumText);
    else columns.checksum[index] = columns.addresses.append(this.#checksum, 0, this.#checksumLength);
    this.#provideItself(index);
    for (let kind = 0; kind < listKinds.length; kind++) {
      if (kind === provides || this.#from[kind] === this.#to[kind]) continue;
      columns.list[listKinds[kind] as ListKind][index] = columns.addList(
        this.#scratch,
        this.#from[kind] as number,
        this.#to[kind] as number,
      );
    }
    return true;
  }

  #provideItself(index: number): void {
    const columns = this.#columns;
    const from = this.#from[provides] as number;
    const to = this.#to[provides] as number;
    const arch = columns.strings.text(this.#arch);
    let own = arch === "src" || arch === "nosrc" ? 0 : columns.relation(this.#name, relationOp.equal, this.#evr);
    for (let at = from; at < to && own !== 0; at++) if (this.#scratch[at] === own) own = 0;
    if (own === 0) {
      columns.list.provides[index] = columns.addList(this.#scratch, from, to);
      return;
    }
    const all = new Int32Array(to - from + 1);
    all.set(this.#scratch.subarray(from, to));
    all[to - from] = own;
    columns.list.provides[index] = columns.addList(all);
  }

  #text(bytes: Buffer, start: number, element: TextElement): number {
    this.#id = 0;
    if (!matches(bytes, start, element.open)) return -1;
    const at = this.#internText(bytes, start + element.open.length);
    return at >= 0 && matches(bytes, at, element.close) ? at + element.close.length : -1;
  }

  /** Interns text up to the next tag; gives where that begins. */
  #internText(bytes: Buffer, start: number): number {
    let at = start;
    let hash = hashStart;
    const view = this.#view;
    for (;;) {
      const four = view.getInt32(at, true);
      if (mayStop(four) && stopsWithin(bytes, at, textStops)) break;
      hash = mixHash(hash, four);
      at += 4;
    }
    let code = bytes[at] as number;
    while (textStops[code] === 0) {
      hash = mixHash(hash, code);
      code = bytes[++at] as number;
    }
    if (code === 60) {
      this.#id = this.#columns.strings.internHashed(bytes, start, at, hash);
      return at;
    }
    while (bytes[at] !== 60) at++;
    const text = plainText(bytes, start, at);
    if (text === undefined) return -1;
    this.#id = this.#columns.strings.internText(text);
    return at;
  }

  #version(bytes: Buffer, start: number): number {
    const at = this.#tag(bytes, start, versionOpen, true);
    if (at < 0) return -1;
    const attributes = this.#attributes;
    const epoch = attributes.number(bytes, attributeNames.epoch);
    if (epoch < 0 || attributes.isEmpty(bytes, attributeNames.ver)) return -1;
    this.#evr = this.#evrOf(bytes, epoch === 0 ? "" : `${epoch}:`, true);
    return this.#evr < 0 ? -1 : at;
  }

  /** Interns `epoch` + version [+ `-` release] of the attributes just read; -1 for an unknown reference. */
  #evrOf(bytes: Buffer, epoch: string, withRelease: boolean): number {
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

  #readChecksum(bytes: Buffer, start: number): number {
    const from = this.#tag(bytes, start, checksumOpen, false);
    if (from < 0) return -1;
    const to = nextTag(bytes, from);
    if (!matches(bytes, to, checksumClose)) return -1;
    const type = this.#attributes.find(bytes, attributeNames.type);
    if (type < 0 || !isWord(bytes, this.#attributes.start[type] as number, this.#attributes.end[type] as number))
      return -1;
    this.#checksumLength = this.#packChecksum(bytes, type, from, to);
    if (this.#checksumLength > 0) return to + checksumClose.length;
    const typeText = this.#attributes.text(bytes, attributeNames.type);
    const text = plainText(bytes, from, to);
    if (typeText === undefined || text === undefined) return -1;
    this.#checksumType = typeText;
    this.#checksumText = text;
    return to + checksumClose.length;
  }

  /** As {@link PackageColumns.setChecksum} keeps it; 0 for what is no lower-case hex. */
  #packChecksum(bytes: Buffer, type: number, from: number, to: number): number {
    const start = this.#attributes.start[type] as number;
    const end = this.#attributes.end[type] as number;
    if (to - from > 256 || (to - from) % 2 !== 0 || to === from) return 0;
    let length = 0;
    for (let at = start; at < end; at++) this.#checksum[length++] = bytes[at] as number;
    this.#checksum[length++] = 58;
    for (let at = from; at < to; at += 2) {
      const high = hexValue[bytes[at] as number] as number;
      const low = hexValue[bytes[at + 1] as number] as number;
      if (high === noHex || low === noHex) return 0;
      this.#checksum[length++] = (high << 4) | low;
    }
    return length;
  }

  #time(bytes: Buffer, start: number): number {
    const at = this.#tag(bytes, start, timeOpen, true);
    if (at < 0) return -1;
    this.#buildTime = this.#attributes.number(bytes, attributeNames.build);
    return this.#buildTime < 0 || this.#attributes.number(bytes, attributeNames.file) < 0 ? -1 : at;
  }

  #size(bytes: Buffer, start: number): number {
    const at = this.#tag(bytes, start, sizeOpen, true);
    if (at < 0) return -1;
    this.#packageSize = this.#attributes.number(bytes, attributeNames.package);
    this.#installedSize = this.#attributes.number(bytes, attributeNames.installed);
    const archive = this.#attributes.number(bytes, attributeNames.archive);
    return this.#packageSize < 0 || this.#installedSize < 0 || archive < 0 ? -1 : at;
  }

  #readLocation(bytes: Buffer, start: number): number {
    const at = this.#tag(bytes, start, locationOpen, true);
    const href = at < 0 ? -1 : this.#attributes.find(bytes, attributeNames.href);
    if (href < 0) return -1;
    this.#locationText = "";
    this.#locationStart = this.#attributes.start[href] as number;
    this.#locationEnd = this.#attributes.end[href] as number;
    if (this.#attributes.isPlain(bytes, href)) return at;
    const text = this.#attributes.text(bytes, attributeNames.href);
    if (text === undefined) return -1;
    this.#locationText = text;
    return at;
  }

  #tag(bytes: Buffer, start: number, open: Uint8Array, empty: boolean): number {
    if (!matches(bytes, start, open)) return -1;
    const at = this.#attributes.read(bytes, start + open.length - 1);
    return at >= 0 && this.#attributes.empty === empty ? at : -1;
  }

  #format(bytes: Buffer, start: number): number {
    if (!matches(bytes, start, formatOpen)) return -1;
    let at = start + formatOpen.length;
    for (;;) {
      at = skipBlanks(bytes, at);
      if (bytes[at] !== 60) return -1;
      const code = bytes[at + 1] as number;
      if (code === 102) at = this.#file(bytes, at);
      else if (code === 114) at = this.#inside(bytes, at);
      else return code === 47 && matches(bytes, at, formatClose) ? at + formatClose.length : -1;
      if (at < 0) return -1;
    }
  }

  #inside(bytes: Buffer, start: number): number {
    const code = bytes[start + 5] as number;
    for (const element of listElements[code] ?? []) {
      if (matches(bytes, start, element.open)) return this.#list(bytes, start, element);
    }
    if (code === 118) {
      const at = this.#text(bytes, start, vendorElement);
      if (at >= 0) this.#vendor = this.#id;
      return at >= 0 ? at : skipText(bytes, start, [vendorElement]);
    }
    if (code !== 104) return skipText(bytes, start, skippedInside[code]);
    const at = this.#tag(bytes, start, headerRange, true);
    if (at < 0 || this.#attributes.number(bytes, attributeNames.start) < 0) return -1;
    return this.#attributes.number(bytes, attributeNames.end) < 0 ? -1 : at;
  }

  #file(bytes: Buffer, start: number): number {
    let from = start + fileOpen.length;
    if (!matches(bytes, start, fileOpen)) {
      from = this.#tag(bytes, start, otherFileOpen, false);
      if (from < 0 || this.#attributes.text(bytes, attributeNames.type) === undefined) return -1;
    }
    const at = this.#internText(bytes, from);
    if (at < 0 || !matches(bytes, at, fileClose)) return -1;
    // Files of a package stand together, in their part of the format.
    if (this.#from[files] === this.#to[files]) this.#from[files] = this.#filled;
    else if (this.#to[files] !== this.#filled) return -1;
    this.#push(this.#id);
    this.#to[files] = this.#filled;
    return at + fileClose.length;
  }

  #push(id: DependencyId): void {
    if (this.#filled === this.#scratch.length) {
      const larger = new Int32Array(this.#scratch.length * 2);
      larger.set(this.#scratch);
      this.#scratch = larger;
    }
    this.#scratch[this.#filled++] = id;
  }

  #list(bytes: Buffer, start: number, element: TextElement): number {
    const kind = kindOf.get(element) as number;
    this.#from[kind] = this.#filled;
    let at = start + element.open.length;
    for (;;) {
      at = skipBlanks(bytes, at);
      if (this.#isEntry(bytes, at)) at = this.#entry(bytes, at + entryOpen.length, kind);
      else if (matches(bytes, at, otherEntryOpen)) at = this.#otherEntry(bytes, at, kind);
      else if (matches(bytes, at, element.close)) {
        this.#to[kind] = this.#filled;
        return at + element.close.length;
      } else return -1;
      if (at < 0) return -1;
      this.#push(this.#id);
    }
  }

  #isEntry(bytes: Buffer, at: number): boolean {
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
  #entry(bytes: Buffer, start: number, kind: number): number {
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
      this.#id = this.#dependency(name, 0, 0, kind);
      return at + 2;
    }
    at = this.#rest(bytes, at);
    if (at < 0) return -1;
    const op = this.#restOp[this.#lastRest] as number;
    if (op === unreadable) return -1;
    this.#id = this.#dependency(name, op, this.#restEvr[this.#lastRest] as number, kind);
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
    const evr = this.#evrOf(bytes, epoch === "" || epoch === "0" ? "" : `${epoch}:`, withRelease);
    if (evr < 0) return false;
    if (bare) return true;
    const op = flagOps.get(attributes.text(bytes, attributeNames.flags) ?? "");
    if (op === undefined) return false;
    this.#op = op;
    this.#rangeEvr = evr;
    return true;
  }

  /** An entry whose attributes stand in another order. */
  #otherEntry(bytes: Buffer, start: number, kind: number): number {
    const at = this.#tag(bytes, start, otherEntryOpen, true);
    if (at < 0 || this.#attributes.find(bytes, attributeNames.name) < 0 || !this.#range(bytes)) return -1;
    const name = this.#attributes.text(bytes, attributeNames.name);
    if (name === undefined) return -1;
    const isRpmlib = kind === requires && name.startsWith("rpmlib(");
    const id = isRpmlib ? -1 : this.#columns.strings.internText(name);
    this.#id = this.#dependency(id, this.#op, this.#rangeEvr, kind);
    return at;
  }

  /** 0 for a name of -1. */
  #dependency(name: number, op: number, evr: number, kind: number): DependencyId {
    if (name <= 0) return 0;
    const columns = this.#columns;
    if (kind !== provides && columns.strings.firstByte(name) === 40) return columns.richDependency(name);
    return op === 0 ? name : columns.relation(name, op, evr);
  }
}

const noHex = 255;
/** The value of each lower-case hexadecimal digit. */
const hexValue: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : noHex,
);

/** Whether the range is 1 to 16 lower-case letters and digits. */
function isWord(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = bytes[at] as number;
    if ((code < 97 || code > 122) && (code < 48 || code > 57)) return false;
  }
  return end > start && end - start <= 16;
}

/** Marks what followed a name and could not be read here. */
const unreadable = 255;

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  let code = bytes[at] as number;
  while (code === 32 || code === 10 || code === 9 || code === 13) code = bytes[++at] as number;
  return at;
}

/** Most text is short or very long. */
function nextTag(bytes: Buffer, from: number): number {
  let at = from;
  for (const near = from + 40; at < near; at++) if (bytes[at] === 60) return at;
  return bytes.indexOf(60, at);
}

function skipText(bytes: Buffer, start: number, elements: readonly TextElement[] | undefined): number {
  for (const element of elements ?? []) {
    if (matches(bytes, start, element.empty)) return start + element.empty.length;
    if (!matches(bytes, start, element.open)) continue;
    const from = start + element.open.length;
    const at = nextTag(bytes, from);
    if (!matches(bytes, at, element.close) || !soundReferences(bytes, from, at)) return -1;
    return at + element.close.length;
  }
  return -1;
}

function soundReferences(bytes: Buffer, start: number, end: number): boolean {
  // Longer text is searched by the machine's own means, shorter is cheaper looked through here.
  if (end - start > 64) {
    const at = bytes.subarray(start, end).indexOf(38);
    return at < 0 || plainText(bytes, start + at, end) !== undefined;
  }
  for (let at = start; at < end; at++) if (bytes[at] === 38) return plainText(bytes, at, end) !== undefined;
  return true;
}
