import { matches, mayEndText, plainText } from "./column-attributes.ts";
import { type ListKind, listKinds, relationOp } from "./columns.ts";

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

export const packageOpen = bytesOf('<package type="rpm">');
export const packageClose = bytesOf("</package>");
export const formatOpen = bytesOf("<format>");
export const formatClose = bytesOf("</format>");
export const entryOpen = bytesOf('<rpm:entry name="');
/** All of it but the last byte, four bytes a number. */
export const entryWords = Int32Array.from({ length: 4 }, (_, index) => Buffer.from(entryOpen).readInt32LE(index * 4));
export const otherEntryOpen = bytesOf("<rpm:entry ");
export const fileOpen = bytesOf("<file>");
export const otherFileOpen = bytesOf("<file ");
export const fileClose = bytesOf("</file>");
export const headerRange = bytesOf("<rpm:header-range ");
export const rpmlib = bytesOf("rpmlib(");

/** An element that holds text: how it opens and closes, and how it looks without any. */
export class TextElement {
  readonly open: Uint8Array;
  readonly close: Uint8Array;
  readonly empty: Uint8Array;
  constructor(name: string) {
    this.open = bytesOf(`<${name}>`);
    this.close = bytesOf(`</${name}>`);
    this.empty = bytesOf(`<${name}/>`);
  }
}

export const nameElement = new TextElement("name");
export const archElement = new TextElement("arch");
export const vendorElement = new TextElement("rpm:vendor");
/** By the first byte of the name: elements whose text is not kept. */
export const skippedOutside = byFirstByte(1, ["summary", "description", "packager", "url"]);
export const skippedInside = byFirstByte(5, ["rpm:license", "rpm:group", "rpm:buildhost", "rpm:sourcerpm"]);
export const listElements = byFirstByte(
  5,
  listKinds.slice(0, -1).map((kind) => `rpm:${kind}`),
);
export const versionOpen = bytesOf("<version ");
export const checksumOpen = bytesOf("<checksum ");
export const checksumClose = bytesOf("</checksum>");
export const timeOpen = bytesOf("<time ");
export const sizeOpen = bytesOf("<size ");
export const locationOpen = bytesOf("<location ");
export const attributeNames = {
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
export const flagOps: ReadonlyMap<string, number> = new Map([
  ["LT", relationOp.less],
  ["LE", relationOp.less | relationOp.equal],
  ["EQ", relationOp.equal],
  ["GE", relationOp.greater | relationOp.equal],
  ["GT", relationOp.greater],
]);

function byFirstByte(place: number, names: readonly string[]): (readonly TextElement[] | undefined)[] {
  const table: (TextElement[] | undefined)[] = Array.from({ length: 256 }, () => undefined);
  for (const name of names) {
    const element = new TextElement(name);
    const first = element.open[place] as number;
    table[first] = [...(table[first] ?? []), element];
  }
  return table;
}

export const kindOf = new Map<TextElement, number>();
for (const elements of listElements) {
  for (const element of elements ?? []) {
    const name = Buffer.from(element.open.subarray(5, -1)).toString("latin1") as ListKind;
    kindOf.set(element, listKinds.indexOf(name));
  }
}
export const provides = listKinds.indexOf("provides");
export const requires = listKinds.indexOf("requires");
export const files = listKinds.indexOf("files");

export function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  let code = bytes[at] as number;
  while (code === 32 || code === 10 || code === 9 || code === 13) code = bytes[++at] as number;
  return at;
}

/** Where the next tag or reference begins. */
export function textEnd(bytes: Buffer, view: DataView, from: number): number {
  let at = from;
  while (!mayEndText(view.getInt32(at, true))) at += 4;
  let code = bytes[at] as number;
  while (code !== 60 && code !== 38) code = bytes[++at] as number;
  return at;
}

/** Gives where an element whose text is not kept ends, -1 for any other and for unknown references in it. `view` is of `bytes`. */
export function skipText(
  bytes: Buffer,
  view: DataView,
  start: number,
  elements: readonly TextElement[] | undefined,
): number {
  for (const element of elements ?? []) {
    if (matches(bytes, start, element.empty)) return start + element.empty.length;
    if (!matches(bytes, start, element.open)) continue;
    let at = textEnd(bytes, view, start + element.open.length);
    if (bytes[at] === 38) {
      const reference = at;
      at = bytes.indexOf(60, reference);
      if (plainText(bytes, reference, at) === undefined) return -1;
    }
    return matches(bytes, at, element.close) ? at + element.close.length : -1;
  }
  return -1;
}
