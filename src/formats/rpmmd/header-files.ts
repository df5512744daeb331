import { WeirError } from "../../core/index.ts";
import { type RpmHeader, tag } from "../rpm/index.ts";
import type { ByteSink } from "./byte-sink.ts";
import { fileType, isPrimaryFile } from "./from-rpm.ts";
import { escapeXml } from "./write-xml.ts";

/** Most bytes that the file list of one package may take: paths share folders in a header, and are spelt out here. */
const mostBytes = 64 << 20;

const open = bytesOf("<file>");
const openDirectory = bytesOf('<file type="dir">');
const openGhost = bytesOf('<file type="ghost">');
const close = bytesOf("</file>\n");

const end = 0;
const plain = 1;
const special = 2;

/** What a byte of a file's name means here. A slash is special since it may make the path another kind of path than its folder is. */
const kinds = new Uint8Array(256).map((_, byte) =>
  byte === 0 ? end : byte >= 0x20 && byte < 0x7f && !'&<>"/'.includes(String.fromCharCode(byte)) ? plain : special,
);

interface Folder {
  readonly text: string;
  readonly escaped: Uint8Array;
  /** Whether all its files are primary, none but by name, or each has to be looked at. */
  readonly primary: "all" | "none" | "look";
}

/**
 * Writes the files of a package file's header as filelists.xml has them into `lists` and, indented further, those that primary.xml has
 * into `primary`. Gives which of the `wanted` paths are among the latter. No file is made an object or a string of its own unless its
 * name needs it. Errors: `RPM_TAG_BAD`.
 */
export function writeHeaderFiles(
  header: RpmHeader,
  lists: ByteSink,
  primary: ByteSink,
  wanted: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const names = header.find(tag.baseNames);
  if (names === undefined || names.count === 0) return found;
  // Every text is known to end within the header before any byte is read here.
  header.rawValue(names);
  const { blob } = header;
  const folders = header.strings(tag.dirNames).map(folderOf);
  const indexes = header.numbers(tag.dirIndexes);
  const modes = header.numbers(tag.fileModes);
  const flags = header.numbers(tag.fileFlags);
  let at = header.textStart(names);
  let total = 0;
  for (let file = 0; file < names.count; file++) {
    const folder = folders[indexes[file] ?? -1];
    if (folder === undefined) throw noFolder(header, blob, at);
    const start = at;
    let kind = plain;
    while ((kind = kinds[blob[at] as number] as number) === plain) at++;
    const type = fileType(modes[file] ?? 0, flags[file] ?? 0);
    const tagBytes = type === "file" ? open : type === "dir" ? openDirectory : openGhost;
    if (kind === end) {
      total += folder.escaped.length + at - start;
      if (total > mostBytes) throw tooLong(header);
      const room = 40 + folder.escaped.length + at - start;
      lists.reserve(room);
      lists.length = writeFile(lists.bytes, lists.length, 2, tagBytes, folder.escaped, blob, start, at);
      const isPrimary =
        folder.primary === "all" || (folder.primary === "look" && isPrimaryFile(folder.text + textOf(blob, start, at)));
      if (isPrimary) {
        primary.reserve(room);
        primary.length = writeFile(primary.bytes, primary.length, 4, tagBytes, folder.escaped, blob, start, at);
        if (wanted.size > 0) note(folder.text + textOf(blob, start, at), wanted, found);
      }
    } else {
      at = blob.indexOf(0, at);
      total += folder.escaped.length + 6 * (at - start);
      if (total > mostBytes) throw tooLong(header);
      const path = folder.text + textOf(blob, start, at);
      const element = `<file${type === "file" ? "" : ` type="${type}"`}>${escapeXml(path)}</file>\n`;
      lists.text(`  ${element}`);
      if (isPrimaryFile(path)) {
        primary.text(`    ${element}`);
        note(path, wanted, found);
      }
    }
    at++;
  }
  return found;
}

function writeFile(
  out: Uint8Array,
  at: number,
  indent: number,
  tagBytes: Uint8Array,
  folder: Uint8Array,
  name: Uint8Array,
  start: number,
  nameEnd: number,
): number {
  let to = at;
  for (let i = 0; i < indent; i++) out[to++] = 0x20;
  for (let i = 0; i < tagBytes.length; i++) out[to++] = tagBytes[i] as number;
  for (let i = 0; i < folder.length; i++) out[to++] = folder[i] as number;
  for (let i = start; i < nameEnd; i++) out[to++] = name[i] as number;
  for (let i = 0; i < close.length; i++) out[to++] = close[i] as number;
  return to;
}

function note(path: string, wanted: ReadonlySet<string>, found: Set<string>): void {
  if (wanted.has(path)) found.add(path);
}

function folderOf(text: string): Folder {
  const look = !text.endsWith("/") || text === "/usr/lib/";
  return { text, escaped: bytesOf(escapeXml(text)), primary: look ? "look" : isPrimaryFile(text) ? "all" : "none" };
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

function textOf(blob: Uint8Array, start: number, stop: number): string {
  return Buffer.from(blob.buffer, blob.byteOffset + start, stop - start).toString("utf8");
}

function noFolder(header: RpmHeader, blob: Uint8Array, at: number): WeirError {
  const name = textOf(blob, at, blob.indexOf(0, at));
  return bad(header, `file ${name} names a folder that the header does not have`);
}

function tooLong(header: RpmHeader): WeirError {
  return bad(header, `its paths together have more than ${mostBytes} bytes`);
}

function bad(header: RpmHeader, message: string): WeirError {
  return new WeirError("RPM_TAG_BAD", message, {
    where: header.where,
    hints: ["the package is damaged: fetch or build it again"],
  });
}
