import { hashStart, mixHash } from "../../core/index.ts";
import { AttributeSpans, matches, mayStop, plainText, stopsWithin, textStops } from "./column-attributes.ts";
import { hexValue, isWord, noHex } from "./column-checksum.ts";
import {
  archElement,
  attributeNames,
  checksumClose,
  checksumOpen,
  entryOpen,
  fileClose,
  fileOpen,
  files,
  formatClose,
  formatOpen,
  headerRange,
  kindOf,
  listElements,
  locationOpen,
  nameElement,
  otherEntryOpen,
  otherFileOpen,
  packageClose,
  packageOpen,
  provides,
  sizeOpen,
  skipBlanks,
  skippedInside,
  skippedOutside,
  skipText,
  textEnd,
  type TextElement,
  timeOpen,
  vendorElement,
  versionOpen,
} from "./column-elements.ts";
import { EntryScan } from "./column-entry.ts";
import { type DependencyId, type ListKind, listKinds, type PackageColumns, relationOp } from "./columns.ts";

/**
 * Reads `<package>` elements of primary.xml from bytes straight into columns, as long as they look as repository tools write them. Nothing is
 * added for one that does not.
 */
export class PackageScan {
  readonly #columns: PackageColumns;
  readonly #repository: number;
  readonly #attributes = new AttributeSpans();
  readonly #entries: EntryScan;
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

  constructor(columns: PackageColumns, repository: number) {
    this.#columns = columns;
    this.#repository = repository;
    this.#entries = new EntryScan(columns, this.#attributes);
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
    this.#entries.begin(this.#view);
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
            code === 115 && bytes[at + 2] === 105
              ? this.#size(bytes, at)
              : skipText(bytes, this.#view, at, skippedOutside[code]);
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
        this.#from[kind],
        this.#to[kind],
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
    this.#evr = this.#entries.evrOf(bytes, epoch === 0 ? "" : `${epoch}:`, true);
    return this.#evr < 0 ? -1 : at;
  }

  #readChecksum(bytes: Buffer, start: number): number {
    const from = this.#tag(bytes, start, checksumOpen, false);
    if (from < 0) return -1;
    const to = textEnd(bytes, this.#view, from);
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
      return at >= 0 ? at : skipText(bytes, this.#view, start, [vendorElement]);
    }
    if (code !== 104) return skipText(bytes, this.#view, start, skippedInside[code]);
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
      if (this.#entries.isEntry(bytes, at)) at = this.#entries.entry(bytes, at + entryOpen.length, kind);
      else if (matches(bytes, at, otherEntryOpen)) at = this.#entries.otherEntry(bytes, at, kind);
      else if (matches(bytes, at, element.close)) {
        this.#to[kind] = this.#filled;
        return at + element.close.length;
      } else return -1;
      if (at < 0) return -1;
      this.#push(this.#entries.id);
    }
  }
}
