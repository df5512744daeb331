import { createHash } from "node:crypto";
import { closeSync, createWriteStream, lstatSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { WeirError } from "../../core/index.ts";
import { type TarEntry, tarEnd, tarHead, tarPadding } from "../../formats/archive/index.ts";
import { Accounts } from "./accounts.ts";
import { capabilityAttribute } from "./capabilities.ts";
import { accessible, type RootTree } from "./root-tree.ts";
import type { FileMeta } from "./types.ts";

/** A layer that was written: digests without their prefix. */
export interface WrittenLayer {
  readonly digest: string;
  readonly size: number;
  readonly diffId: string;
  readonly contentSize: number;
  readonly entries: number;
  /** Owners that no account stands for, with the files; they got root. */
  readonly unknownOwners: ReadonlyMap<string, readonly string[]>;
}

const TYPE = 0o170000;
const CHUNK = 1 << 20;

/**
 * Writes a root as one gzip-compressed tar layer: sorted by path, no time newer than the epoch, numbers of owners from the root's own
 * accounts. Equal trees give equal bytes. Errors: `IMAGE_CHANGED`, `IMAGE_NAME_UNFIT`.
 */
export async function writeLayer(tree: RootTree, epoch: number, file: string): Promise<WrittenLayer> {
  const packed = createHash("sha256");
  const plain = createHash("sha256");
  const collector = new EntryCollector(tree, epoch);
  let size = 0;
  let contentSize = 0;
  let entries = 0;
  const archive = function* (): Generator<Uint8Array> {
    for (const { entry, source } of collector.entries()) {
      entries++;
      yield tarHead(entry);
      if (source === undefined) continue;
      contentSize += entry.size;
      yield* contentOf(source, entry.size);
      yield tarPadding(entry.size);
    }
    yield tarEnd;
  };
  await pipeline(
    function* () {
      for (const chunk of archive()) {
        plain.update(chunk);
        if (chunk.length > 0) yield chunk;
      }
    },
    createGzip({ level: 6, chunkSize: 256 << 10 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        // Byte 9 of the head names the machine's kind: 255, unknown, whatever machine this is.
        if (size === 0) chunk[9] = 255;
        size += chunk.length;
        packed.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file, { flags: "wx", mode: 0o644 }),
  );
  return {
    digest: packed.digest("hex"),
    size,
    diffId: plain.digest("hex"),
    contentSize,
    entries,
    unknownOwners: collector.unknownOwners,
  };
}

/** Content in chunks; each has memory of its own, since the compressor works on it later. Errors: `IMAGE_CHANGED`. */
export function* contentOf(path: string, size: number): Generator<Buffer> {
  const handle = openSync(path, "r");
  try {
    for (let at = 0; at < size; ) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
      const count = readSync(handle, buffer, 0, buffer.length, at);
      if (count === 0)
        throw new WeirError("IMAGE_CHANGED", "a file of the image changed while it was archived", { where: path });
      at += count;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(handle);
  }
}

interface Found {
  readonly entry: TarEntry;
  /** Where the content lies, of regular files. */
  readonly source: string | undefined;
}

class EntryCollector {
  readonly #tree: RootTree;
  readonly #epoch: number;
  readonly #accounts: Accounts;
  readonly unknownOwners = new Map<string, string[]>();
  /** Device and inode → first path. */
  readonly #linked = new Map<string, string>();

  constructor(tree: RootTree, epoch: number) {
    this.#tree = tree;
    this.#epoch = epoch;
    this.#accounts = new Accounts(tree);
  }

  *entries(): Generator<Found> {
    const paths = [...new Set([...this.#tree.special.keys(), ...walk(this.#tree)])];
    const order = new Map(paths.map((path) => [path, Buffer.from(path).toString("latin1")]));
    paths.sort((a, b) => ((order.get(a) ?? "") < (order.get(b) ?? "") ? -1 : 1));
    for (const path of paths) {
      const found = this.#entry(path);
      if (found) yield found;
    }
  }

  #entry(path: string): Found | undefined {
    const absolute = `${this.#tree.root}/${path}`;
    const info = lstatSync(absolute, { throwIfNoEntry: false });
    if (info === undefined) {
      const special = this.#tree.special.get(path);
      return special && this.#special(path, special);
    }
    const meta = this.#tree.meta.get(path);
    const common = this.#common(path, meta, modeOf(info.mode, meta), info.mtimeMs / 1000, info.isDirectory());
    if (info.isDirectory()) return { entry: { ...common, type: "folder" }, source: undefined };
    if (info.isSymbolicLink()) {
      return { entry: { ...common, type: "link", target: readlinkSync(absolute) }, source: undefined };
    }
    if (!info.isFile()) return undefined;
    if (info.nlink > 1) {
      const key = `${info.dev}:${info.ino}`;
      const first = this.#linked.get(key);
      if (first !== undefined) return { entry: { ...common, type: "hardlink", target: first }, source: undefined };
      this.#linked.set(key, path);
    }
    return { entry: { ...common, type: "file", size: info.size }, source: absolute };
  }

  #special(path: string, meta: FileMeta): Found | undefined {
    const kind = meta.mode & TYPE;
    const type = kind === 0o020000 ? "char" : kind === 0o060000 ? "block" : kind === 0o010000 ? "fifo" : undefined;
    if (type === undefined) return undefined;
    const common = this.#common(path, meta, meta.mode, meta.mtime, false);
    return { entry: { ...common, type, major: (meta.rdev >> 8) & 0xff, minor: meta.rdev & 0xff }, source: undefined };
  }

  #common(
    path: string,
    meta: FileMeta | undefined,
    mode: number,
    mtime: number,
    isFolder: boolean,
  ): Omit<TarEntry, "type"> {
    const attribute =
      meta === undefined || meta.capabilities === "" ? undefined : capabilityAttribute(meta.capabilities);
    // A folder's own time tells only when something was last put into it.
    const time = isFolder ? (meta?.mtime ?? this.#epoch) : Math.floor(mtime);
    return {
      path,
      mode: mode & 0o7777,
      uid: this.#owner(path, meta?.user ?? "root", "user"),
      gid: this.#owner(path, meta?.group ?? "root", "group"),
      mtime: Math.max(0, Math.min(time, this.#epoch)),
      size: 0,
      target: "",
      major: 0,
      minor: 0,
      attributes: attribute === undefined ? noAttributes : new Map([["security.capability", attribute]]),
    };
  }

  #owner(path: string, name: string, kind: "user" | "group"): number {
    const id = kind === "user" ? this.#accounts.uid(name) : this.#accounts.gid(name);
    if (id !== undefined) return id;
    const key = `${kind} ${name}`;
    const paths = this.unknownOwners.get(key);
    if (paths) paths.push(`/${path}`);
    else this.unknownOwners.set(key, [`/${path}`]);
    return 0;
  }
}

const noAttributes: ReadonlyMap<string, Uint8Array> = new Map();

/** The mode that was wanted, unless a scriptlet has changed the one that the file has on this machine meanwhile. */
function modeOf(onDisk: number, meta: FileMeta | undefined): number {
  if (meta === undefined || (onDisk & TYPE) === 0o120000 || (onDisk & TYPE) !== (meta.mode & TYPE)) return onDisk;
  return (onDisk & 0o7777) === accessible(meta.mode) ? meta.mode : onDisk;
}

/** All that lies below the root, relative; links are not followed. What scriptlets have closed is opened, its permissions noted. */
function* walk(tree: RootTree): Generator<string> {
  const open = [""];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of readdirSync(folder === "" ? tree.root : `${tree.root}/${folder}`, { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (path.includes("\ufffd")) {
        throw new WeirError("IMAGE_NAME_UNFIT", "the name of a file in the image is not UTF-8", {
          where: `/${path}`,
          hints: ["see which scriptlet makes it: packages themselves cannot bring such a name here"],
        });
      }
      if (entry.isDirectory() || entry.isFile()) tree.ensureAccess(path);
      yield path;
      if (entry.isDirectory()) open.push(path);
    }
  }
}
