import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { compareText, WeirError } from "../../core/index.ts";
import { type PlacedFile, RootPaths, type UnpackedPackage } from "../../formats/archive/index.ts";
import type { FileMeta } from "./types.ts";

const FILE = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;
const readMost = 16 << 20;

/** Permission bits that a file gets on this machine, so that its owner can go on working with it. */
export function accessible(mode: number): number {
  return (mode & 0o7777) | ((mode & 0o170000) === FILE ? 0o600 : 0o700);
}

/** Owner and permissions of what is made; root and the usual permissions unless given. */
export interface MakeOptions {
  readonly mode?: number;
  readonly user?: string;
  readonly group?: string;
  readonly origin: string;
}

/**
 * A root in the making: a folder of this machine, and beside it what each file is to be in the image. Paths are those inside, with or
 * without a leading slash; links are followed inside the root only.
 */
export class RootTree {
  readonly root: string;
  /** By place in the folder, no leading slash, no links on the way. */
  readonly meta = new Map<string, FileMeta>();
  /** Devices, pipes and sockets, which exist here alone. */
  readonly special = new Map<string, FileMeta>();
  readonly #epoch: number;

  constructor(root: string, epoch: number) {
    this.root = root;
    this.#epoch = epoch;
  }

  /** Takes over what a package's unpacking gave. */
  addPackage(unpacked: UnpackedPackage, origin: string): void {
    for (const item of unpacked.placed) this.meta.set(item.path, metaOf(item, origin));
    for (const item of unpacked.special) this.special.set(item.path, metaOf(item, origin));
  }

  /** Where a path leads, links followed; undefined where nothing is. */
  find(path: string): string | undefined {
    return new RootPaths(this.root, path).find(path);
  }

  isFolder(path: string): boolean {
    const found = this.find(path);
    return found !== undefined && lstatSync(this.#absolute(found)).isDirectory();
  }

  isFile(path: string): boolean {
    const found = this.find(path);
    return found !== undefined && lstatSync(this.#absolute(found)).isFile();
  }

  /** Text of a regular file; undefined where there is none, or one that nobody would read (16 MiB). */
  read(path: string): string | undefined {
    const found = this.find(path);
    if (found === undefined) return undefined;
    const info = lstatSync(this.#absolute(found));
    return info.isFile() && info.size <= readMost ? readFileSync(this.#absolute(found), "utf8") : undefined;
  }

  /** Names in a folder, sorted; empty where there is none. */
  list(path: string): string[] {
    const found = this.find(path);
    if (found === undefined || !lstatSync(this.#absolute(found)).isDirectory()) return [];
    return readdirSync(this.#absolute(found)).sort(compareText);
  }

  /** What a link says, undefined for what is none. The link itself is not followed. */
  linkTarget(path: string): string | undefined {
    const place = this.#place(path);
    const info = lstatSync(this.#absolute(place), { throwIfNoEntry: false });
    return info?.isSymbolicLink() === true ? readlinkSync(this.#absolute(place)) : undefined;
  }

  /** Writes a file; one that is there keeps owner and permissions unless others are given. */
  write(path: string, content: string | Uint8Array, options: MakeOptions): void {
    const place = this.find(path) ?? this.#place(path);
    const absolute = this.#absolute(place);
    const had = lstatSync(absolute, { throwIfNoEntry: false });
    if (had?.isDirectory() === true) throw conflict(path, "a folder");
    const old = this.meta.get(place);
    if (had) unlinkSync(absolute);
    writeFileSync(absolute, content, { flag: "wx", mode: 0o600 });
    const kept = old ?? this.#make(FILE | 0o644, options);
    this.#set(place, {
      ...kept,
      mode: FILE | (options.mode ?? kept.mode & 0o7777),
      user: options.user ?? kept.user,
      group: options.group ?? kept.group,
      mtime: this.#epoch,
    });
  }

  /** Makes a folder, or gives the one that is there the owner and permissions named. */
  makeFolder(path: string, options: MakeOptions): void {
    const found = this.find(path);
    const place = found ?? this.#place(path);
    if (found === undefined) mkdirSync(this.#absolute(place), { mode: 0o755 });
    else if (!lstatSync(this.#absolute(found)).isDirectory()) throw conflict(path, "a file");
    const { mode } = lstatSync(this.#absolute(place));
    const old = this.meta.get(place) ?? this.#make(found === undefined ? FOLDER | 0o755 : mode, options);
    this.#set(place, {
      ...old,
      mode: FOLDER | (options.mode ?? old.mode & 0o7777),
      user: options.user ?? old.user,
      group: options.group ?? old.group,
    });
  }

  /** Makes a link; a link or file that is there is replaced, a folder is an error. */
  link(path: string, target: string, origin: string): void {
    const place = this.#place(path);
    const absolute = this.#absolute(place);
    const had = lstatSync(absolute, { throwIfNoEntry: false });
    if (had?.isDirectory() === true) throw conflict(path, "a folder");
    if (had) unlinkSync(absolute);
    symlinkSync(target, absolute);
    this.meta.set(place, this.#make(LINK | 0o777, { origin }));
  }

  /** Sets owner and permissions of what is there. */
  adjust(path: string, options: MakeOptions): void {
    const found = this.find(path);
    if (found === undefined) return;
    const info = lstatSync(this.#absolute(found));
    const old = this.meta.get(found) ?? this.#make(info.mode, options);
    this.#set(found, {
      ...old,
      mode: (info.mode & 0o170000) | (options.mode ?? old.mode & 0o7777),
      user: options.user ?? old.user,
      group: options.group ?? old.group,
    });
  }

  /** Lets the owner in where a scriptlet has shut the owner out; the image keeps the permissions that it set. */
  ensureAccess(place: string): void {
    const { mode } = lstatSync(this.#absolute(place));
    if ((mode & 0o7777) === accessible(mode)) return;
    const old = this.meta.get(place);
    this.#set(place, old === undefined ? this.#make(mode, { origin: "scriptlet" }) : { ...old, mode });
  }

  /** Removes a file, a link (not what it leads to) or a folder with all below it. */
  remove(path: string): void {
    const place = this.#place(path);
    if (place === "") return;
    const isFolder = lstatSync(this.#absolute(place), { throwIfNoEntry: false })?.isDirectory() === true;
    rmSync(this.#absolute(place), { recursive: true, force: true });
    for (const map of [this.meta, this.special]) {
      map.delete(place);
      if (!isFolder) continue;
      for (const key of map.keys()) if (key.startsWith(`${place}/`)) map.delete(key);
    }
  }

  /** Removes a folder where it is empty. */
  removeIfEmpty(path: string): void {
    if (this.isFolder(path) && this.linkTarget(path) === undefined && this.list(path).length === 0) this.remove(path);
  }

  /** Notes what a file is to be, and gives it the permissions that stand for that on this machine. */
  #set(place: string, meta: FileMeta): void {
    this.meta.set(place, meta);
    chmodSync(this.#absolute(place), accessible(meta.mode));
  }

  #place(path: string): string {
    return new RootPaths(this.root, path).place(path, (relative) => {
      this.meta.set(relative, this.#make(FOLDER | 0o755, { origin: "folder" }));
    });
  }

  #make(mode: number, options: MakeOptions): FileMeta {
    return {
      mode,
      user: options.user ?? "root",
      group: options.group ?? "root",
      capabilities: "",
      mtime: this.#epoch,
      rdev: 0,
      origin: options.origin,
    };
  }

  #absolute(place: string): string {
    return place === "" ? this.root : `${this.root}/${place}`;
  }
}

function metaOf({ file }: PlacedFile, origin: string): FileMeta {
  return {
    mode: file.mode,
    user: file.user,
    group: file.group,
    capabilities: file.capabilities,
    mtime: file.mtime,
    rdev: file.rdev,
    origin,
  };
}

function conflict(path: string, what: string): WeirError {
  return new WeirError("IMAGE_CONFLICT", `cannot put ${path} where there is ${what}`, {
    where: path,
    hints: [`see which package owns ${path}`],
  });
}
