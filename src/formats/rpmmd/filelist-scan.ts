import { hashStart, mixHash, StringHeap } from "../../core/index.ts";
import { AttributeSpans, matches, mayStop, plainText, stopsWithin, textStops } from "./column-attributes.ts";
import { PieceScan } from "./piece-scan.ts";
import { parseFilelists } from "./read-lists.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const packageOpen = bytesOf("<package ");
const packageClose = bytesOf("</package>");
const versionOpen = bytesOf("<version ");
const fileOpen = bytesOf("<file>");
const otherFileOpen = bytesOf("<file ");
const fileClose = bytesOf("</file>");
const pkgidName = bytesOf("pkgid");
const typeName = bytesOf("type");

/** Looks through filelists.xml, piece by piece, for the packages that hold certain paths; nothing else is kept. `file` is for messages. */
export class FilelistScan extends PieceScan {
  /** The packages found: pkgid → paths, in the order of the file. */
  readonly found = new Map<string, string[]>();
  readonly #wanted = new StringHeap();
  readonly #attributes = new AttributeSpans();
  #hits: string[] = [];
  #viewed: Buffer | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(paths: Iterable<string>, file: string) {
    super("filelists", file);
    for (const path of paths) this.#wanted.internText(path);
  }

  protected override fast(bytes: Buffer, start: number): number {
    if (!matches(bytes, start, packageOpen)) return -1;
    let at = this.#attributes.read(bytes, start + packageOpen.length - 1);
    if (at < 0 || this.#attributes.empty) return -1;
    const pkgid = this.#attributes.text(bytes, pkgidName);
    if (pkgid === undefined || pkgid === "") return -1;
    this.#hits = [];
    for (;;) {
      let code = bytes[at] as number;
      while (code === 32 || code === 10 || code === 9 || code === 13) code = bytes[++at] as number;
      if (matches(bytes, at, fileOpen)) at = this.#path(bytes, at + fileOpen.length);
      else if (matches(bytes, at, otherFileOpen)) {
        at = this.#attributes.read(bytes, at + otherFileOpen.length - 1);
        if (at < 0 || this.#attributes.empty) return -1;
        const type = this.#attributes.find(bytes, typeName);
        if (type >= 0 && !this.#attributes.isPlain(bytes, type)) return -1;
        at = this.#path(bytes, at);
      } else if (matches(bytes, at, versionOpen)) {
        at = this.#attributes.read(bytes, at + versionOpen.length - 1);
        if (at < 0 || !this.#attributes.empty) return -1;
      } else {
        if (!matches(bytes, at, packageClose)) return -1;
        if (this.#hits.length > 0) this.found.set(pkgid, this.#hits);
        return at + packageClose.length;
      }
      if (at < 0) return -1;
    }
  }

  protected override strict(document: Buffer, base: number): void {
    for (const [pkgid, files] of parseFilelists(document, this.file, base)) {
      const hits = files.map((item) => item.path).filter((path) => this.#wanted.find(path) > 0);
      if (hits.length > 0) this.found.set(pkgid, hits);
    }
  }

  #path(bytes: Buffer, start: number): number {
    let at = start;
    let hash = hashStart;
    const view = this.#viewOf(bytes);
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
    let id: number;
    if (code === 60) id = this.#wanted.findHashed(bytes, start, at, hash);
    else {
      while (bytes[at] !== 60) at++;
      const text = plainText(bytes, start, at);
      if (text === undefined) return -1;
      id = this.#wanted.find(text);
    }
    if (id > 0) this.#hits.push(this.#wanted.text(id));
    return matches(bytes, at, fileClose) ? at + fileClose.length : -1;
  }

  #viewOf(bytes: Buffer): DataView {
    if (bytes !== this.#viewed) {
      this.#viewed = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#view;
  }
}
