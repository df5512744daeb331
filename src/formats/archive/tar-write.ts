import { WeirError } from "../../core/index.ts";

/** An entry of a tar archive to be written. Paths are relative, without a leading slash. */
export interface TarEntry {
  readonly path: string;
  readonly type: "file" | "folder" | "link" | "hardlink" | "char" | "block" | "fifo";
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** Bytes of content that the caller writes behind the head, then {@link tarPadding}. */
  readonly size: number;
  /** Of links: what they point to. */
  readonly target: string;
  readonly major: number;
  readonly minor: number;
  /** Extended attributes: name → value. */
  readonly attributes: ReadonlyMap<string, Uint8Array>;
}

const BLOCK = 512;
const typeFlags = { file: "0", hardlink: "1", link: "2", char: "3", block: "4", folder: "5", fifo: "6" } as const;
const OCTAL7 = 0o7777777;
const OCTAL11 = 0o77777777777;

/**
 * The head of an entry in the POSIX ustar form; a pax head before it only where a value does not fit or is not ASCII (POSIX.1-2024,
 * "pax Interchange Format"). Neither holds owner names nor a time but the entry's own. Errors: `TAR_UNFIT`.
 */
export function tarHead(entry: TarEntry): Buffer {
  const path = entry.type === "folder" ? `${entry.path}/` : entry.path;
  const split = splitPath(path);
  const records: Uint8Array[] = [];
  const add = (key: string, value: string | Uint8Array) => records.push(paxRecord(key, value));
  if (split === undefined) add("path", path);
  if (!fits(entry.target, 100)) add("linkpath", entry.target);
  if (entry.size > OCTAL11) add("size", String(entry.size));
  if (entry.uid > OCTAL7) add("uid", String(entry.uid));
  if (entry.gid > OCTAL7) add("gid", String(entry.gid));
  if (entry.mtime < 0 || entry.mtime > OCTAL11) add("mtime", String(entry.mtime));
  for (const name of [...entry.attributes.keys()].sort()) {
    add(`SCHILY.xattr.${name}`, entry.attributes.get(name) ?? new Uint8Array(0));
  }
  const head = ustar(entry, split ?? { prefix: "", name: asciiTail(path) });
  if (records.length === 0) return head;
  const body = Buffer.concat(records);
  const paxEntry: TarEntry = {
    ...entry,
    path: "",
    type: "file",
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: body.length,
    target: "",
  };
  const paxHead = ustar(paxEntry, { prefix: "", name: `PaxHeaders/${asciiTail(path).slice(-80)}` }, "x");
  return Buffer.concat([paxHead, body, tarPadding(body.length), head]);
}

/** Zero bytes up to the next block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** What ends an archive. */
export const tarEnd: Uint8Array = Buffer.alloc(BLOCK * 2);

function ustar(entry: TarEntry, path: { readonly prefix: string; readonly name: string }, flag?: string): Buffer {
  if (entry.path.includes("\0") || entry.target.includes("\0")) {
    throw new WeirError("TAR_UNFIT", "a path with a NUL cannot be archived", { where: entry.path });
  }
  const head = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) => {
    const bounded = value < 0 || value >= 8 ** digits ? 0 : value;
    head.write(bounded.toString(8).padStart(digits, "0"), at, "latin1");
  };
  head.write(path.name, 0, 100, "latin1");
  octal(entry.mode & 0o7777, 100, 7);
  octal(entry.uid, 108, 7);
  octal(entry.gid, 116, 7);
  octal(entry.size, 124, 11);
  octal(entry.mtime, 136, 11);
  head.fill(0x20, 148, 156);
  head.write(flag ?? typeFlags[entry.type], 156, "latin1");
  if (fits(entry.target, 100)) head.write(entry.target, 157, 100, "latin1");
  else head.write(asciiTail(entry.target), 157, 100, "latin1");
  head.write("ustar\x0000", 257, "latin1");
  octal(entry.major, 329, 7);
  octal(entry.minor, 337, 7);
  head.write(path.prefix, 345, 155, "latin1");
  let sum = 0;
  for (const byte of head) sum += byte;
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}

function splitPath(path: string): { readonly prefix: string; readonly name: string } | undefined {
  if (fits(path, 100)) return { prefix: "", name: path };
  if (!isAscii(path) || path.length > 256) return undefined;
  const slash = path.indexOf("/", path.length - 101);
  if (slash <= 0 || slash > 155 || slash === path.length - 1) return undefined;
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

function fits(text: string, most: number): boolean {
  return text.length <= most && isAscii(text);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 126) return false;
  return true;
}

/** For readers that do not know pax heads: something like the path that fits. */
function asciiTail(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "_").slice(-100);
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const rest = Buffer.concat([
    Buffer.from(` ${key}=`),
    typeof value === "string" ? Buffer.from(value) : value,
    Buffer.from("\n"),
  ]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
