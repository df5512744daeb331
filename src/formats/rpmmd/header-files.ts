import { ByteSink } from "./byte-sink.ts";
import { fileType } from "./from-rpm.ts";
import { type HeaderView, slot } from "./header-view.ts";
import { bytesOf, putBytes, putRange, putText, skipText } from "./text-bytes.ts";

const open = bytesOf("  <file>");
const openDirectory = bytesOf('  <file type="dir">');
const openGhost = bytesOf('  <file type="ghost">');
const close = bytesOf("</file>\n");
const indent = bytesOf("  ");

/** Bytes of which a file's name needs nothing but copying. A slash would make the path another kind than its folder is. */
const plain = new Uint8Array(256).fill(1, 0x20, 0x7f);
for (const byte of Buffer.from('&<>"/')) plain[byte] = 0;

const none = 0;
const all = 1;
/** The folder of the one file that is primary by its whole path. */
const sendmailFolder = 2;

const sendmail = bytesOf("sendmail\0");

/** Writes the files of one package after the other; what it keeps of folders is used again. */
export class FileWriter {
  /** Of each folder the start of a line: indent, tag, path. */
  readonly #folders = new ByteSink(4096);
  #folderEnds = new Int32Array(64);
  #folderKinds = new Uint8Array(64);

  /**
   * Appends the files of a header as filelists.xml has them to `lists` and, indented further, those that primary.xml has to `primary`. Gives
   * false, and has appended something, where paths are out of the ordinary.
   */
  write(view: HeaderView, lists: ByteSink, primary: ByteSink): boolean {
    const count = view.count(slot.baseNames);
    if (count === 0) return true;
    if (!view.isText(slot.baseNames) || !view.isWords(slot.dirIndexes) || !view.isHalfWords(slot.fileModes))
      return false;
    if (!view.isWords(slot.fileFlags) || !this.#readFolders(view)) return false;
    const folderCount = view.count(slot.dirNames);
    const data = view.bytes;
    const limit = view.end;
    const mark = lists.length;
    let at = view.at(slot.baseNames);
    for (let file = 0; file < count; file++) {
      if (file >= view.count(slot.dirIndexes)) return false;
      const folder = view.word(slot.dirIndexes, file);
      if (folder >= folderCount) return false;
      const mode = view.halfWord(slot.fileModes, file);
      const flags = view.word(slot.fileFlags, file);
      const start = lists.length;
      if (start - mark > mostPathBytes) return false;
      const stop = plainEnd(data, at, limit);
      const next = stop < 0 ? skipText(data, at, limit) : stop + 1;
      if (next < 0) return false;
      const type = fileType(mode, flags);
      if (stop >= 0 && type === "file") this.#putLine(lists, folder, data, at, stop);
      else {
        if (stop < 0) for (let i = at; i < next; i++) if (data[i] === slash) return false;
        putBytes(lists, type === "file" ? open : type === "dir" ? openDirectory : openGhost);
        this.#putFolder(lists, folder);
        putRange(lists, data, at, next - 1);
        putBytes(lists, close);
      }
      const kind = this.#folderKinds[folder] as number;
      if (kind === all || (kind === sendmailFolder && equals(data, at, sendmail))) {
        putBytes(primary, indent);
        copyWithin(lists, start, primary);
      }
      at = next;
    }
    return true;
  }

  #readFolders(view: HeaderView): boolean {
    const count = view.count(slot.dirNames);
    if (count === 0 || !view.isText(slot.dirNames)) return false;
    if (count > this.#folderEnds.length) {
      if (count > view.count(slot.baseNames)) return false;
      this.#folderEnds = new Int32Array(2 * count);
      this.#folderKinds = new Uint8Array(2 * count);
    }
    const data = view.bytes;
    this.#folders.length = 0;
    let at = view.at(slot.dirNames);
    for (let folder = 0; folder < count; folder++) {
      putBytes(this.#folders, open);
      const next = putText(this.#folders, data, at, view.end);
      // Source packages have their files in no folder.
      if (next < 0 || (next > at + 1 && data[next - 2] !== slash)) return false;
      this.#folderEnds[folder] = this.#folders.length;
      this.#folderKinds[folder] = folderKind(data, at, next - 1);
      at = next;
    }
    return true;
  }

  #putFolder(sink: ByteSink, folder: number): void {
    const start = folder === 0 ? 0 : (this.#folderEnds[folder - 1] as number);
    sink.append(this.#folders.bytes.subarray(start + open.length, this.#folderEnds[folder]));
  }

  /** A line of a plain file with a plain name: what nearly all are. */
  #putLine(sink: ByteSink, folder: number, data: Uint8Array, at: number, stop: number): void {
    const end = this.#folderEnds[folder] as number;
    const start = folder === 0 ? 0 : (this.#folderEnds[folder - 1] as number);
    const room = end - start + stop - at + close.length;
    if (sink.length + room > sink.bytes.length) sink.reserve(room);
    const from = this.#folders.bytes;
    const out = sink.bytes;
    let to = sink.length;
    for (let i = start; i < end; i++) out[to++] = from[i] as number;
    for (let i = at; i < stop; i++) out[to++] = data[i] as number;
    for (let i = 0; i < close.length; i++) out[to++] = close[i] as number;
    sink.length = to;
  }
}

/** Where a name ends that needs nothing but copying, or -1. */
function plainEnd(data: Uint8Array, at: number, limit: number): number {
  let end = at;
  while (end < limit && plain[data[end] as number] === 1) end++;
  return end < limit && data[end] === 0 ? end : -1;
}

/**
 * Most bytes that the file list of one package may take: paths share folders in a header, and are spelt out in metadata.
 */
export const mostPathBytes = 64 << 20;

const slash = 0x2f;

function folderKind(data: Uint8Array, start: number, end: number): number {
  if (equals(data, start, etc)) return all;
  for (let i = start; i + 4 <= end; i++) {
    if (data[i] === 0x62 && data[i + 1] === 0x69 && data[i + 2] === 0x6e && data[i + 3] === slash) return all;
  }
  return equals(data, start, usrLib) ? sendmailFolder : none;
}

const etc = bytesOf("/etc/");
const usrLib = bytesOf("/usr/lib/\0");

function equals(data: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (data[at + i] !== text[i]) return false;
  return true;
}

/** Appends what `from` has from `start` on to another sink. */
function copyWithin(from: ByteSink, start: number, into: ByteSink): void {
  const length = from.length - start;
  if (into.length + length > into.bytes.length) into.reserve(length);
  const source = from.bytes;
  const out = into.bytes;
  let to = into.length;
  for (let i = start; i < from.length; i++) out[to++] = source[i] as number;
  into.length = to;
}
