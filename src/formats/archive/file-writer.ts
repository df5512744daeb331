import { createHash, type Hash } from "node:crypto";
import * as crypto from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { WeirError } from "../../core/index.ts";
import type { RpmFile } from "../rpm/index.ts";
import { type RootPaths, statOf } from "./root-paths.ts";
import type { UnpackOptions } from "./types.ts";

const TYPE = 0o170000;
const isRegular = (mode: number) => (mode & TYPE) === 0o100000;

/** Algorithms by the length of their hexadecimal digests. */
export const digestAlgorithms: Readonly<Record<number, string>> = {
  32: "md5",
  40: "sha1",
  56: "sha224",
  64: "sha256",
  96: "sha384",
  128: "sha512",
};

type OneShot = (algorithm: string, data: Uint8Array, encoding: "hex") => string;
const oneShot = (crypto as { readonly hash?: OneShot }).hash;

interface OpenFile {
  readonly file: RpmFile;
  readonly relative: string;
  readonly handle: number;
  readonly size: number;
  written: number;
  hash: Hash | undefined;
  digest: string | undefined;
}

/** Writes the files of one package below a root. Folders get their final permissions and times in {@link FileWriter.finish}. */
export class FileWriter {
  readonly #paths: RootPaths;
  readonly #options: UnpackOptions;
  readonly #where: string;
  readonly #folders: { readonly path: string; readonly file: RpmFile }[] = [];
  #open: OpenFile | undefined;
  bytes = 0;

  constructor(paths: RootPaths, options: UnpackOptions, where: string) {
    this.#paths = paths;
    this.#options = options;
    this.#where = where;
  }

  /** Makes a folder; one that is there, or a link to one, stays. Gives where it really is. */
  folder(file: RpmFile, relative: string): string {
    const path = this.#paths.absolute(relative);
    const info = statOf(path);
    let real = relative;
    if (info?.isSymbolicLink() === true) {
      const target = this.#paths.followToFolder(relative);
      if (target === undefined) throw this.#conflict(file.path, "a link that leads to no folder");
      real = target;
    } else if (info === undefined) mkdirSync(path, 0o755);
    else if (!info.isDirectory()) throw this.#conflict(file.path, "a file");
    this.#folders.push({ path: this.#paths.absolute(real), file });
    return real;
  }

  link(file: RpmFile, relative: string): void {
    if (file.linkTarget === "" || file.linkTarget.includes("\0")) {
      throw new WeirError("RPM_PAYLOAD_BAD", `the link ${file.path} leads nowhere`, { where: this.#where });
    }
    const path = this.#clear(file, relative);
    symlinkSync(file.linkTarget, path);
    this.#paths.linkMade(relative);
    if (this.#options.times !== false) lutimesSync(path, file.mtime, file.mtime);
  }

  hardLink(file: RpmFile, from: string, relative: string): void {
    if (from !== relative) linkSync(this.#paths.absolute(from), this.#clear(file, relative));
  }

  /** Starts a regular file: anew, or the content of one that {@link FileWriter.hardLink} and an earlier start made. */
  start(file: RpmFile, relative: string, size: number, again: boolean): void {
    const path = again ? this.#paths.absolute(relative) : this.#clear(file, relative);
    const flags =
      constants.O_WRONLY | constants.O_NOFOLLOW | (again ? constants.O_TRUNC : constants.O_CREAT | constants.O_EXCL);
    const handle = openSync(path, flags, 0o600);
    this.#open = { file, relative, handle, size, written: 0, hash: undefined, digest: undefined };
  }

  data(chunk: Uint8Array): void {
    const open = this.#open;
    if (!open) return;
    for (let at = 0; at < chunk.length; ) at += writeSync(open.handle, chunk, at, chunk.length - at);
    const algorithm = digestAlgorithms[open.file.digest.length];
    if (algorithm !== undefined) {
      if (oneShot && open.written === 0 && chunk.length === open.size) open.digest = oneShot(algorithm, chunk, "hex");
      else {
        open.hash ??= createHash(algorithm);
        open.hash.update(chunk);
      }
    }
    open.written += chunk.length;
    this.bytes += chunk.length;
  }

  /** Ends the file: permissions, time, digest. `digestExpected` is false for the empty forerunners of a hard-linked file. */
  end(digestExpected: boolean): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    try {
      fchmodSync(open.handle, this.#mode(open.file.mode));
      if (this.#options.times !== false) futimesSync(open.handle, open.file.mtime, open.file.mtime);
    } finally {
      closeSync(open.handle);
    }
    if (!digestExpected || open.file.digest === "") return;
    const algorithm = digestAlgorithms[open.file.digest.length];
    if (algorithm === undefined) return;
    const actual = open.digest ?? (open.hash ?? createHash(algorithm)).digest("hex");
    if (actual !== open.file.digest.toLowerCase()) {
      throw new WeirError(
        "RPM_FILE_DIGEST_MISMATCH",
        `the content of ${open.file.path} is not what the header states`,
        {
          where: this.#where,
          hints: ["the package is damaged: fetch or build it again"],
        },
      );
    }
  }

  /** Sets permissions and times of folders, innermost first. */
  finish(): void {
    for (const { path, file } of this.#folders.reverse()) {
      chmodSync(path, this.#mode(file.mode));
      if (this.#options.times !== false) utimesSync(path, file.mtime, file.mtime);
    }
  }

  /** Closes what an error left open. */
  abandon(): void {
    if (this.#open) closeSync(this.#open.handle);
    this.#open = undefined;
  }

  #mode(mode: number): number {
    const bits = mode & 0o7777;
    if (this.#options.modes !== "accessible") return bits;
    return bits | (isRegular(mode) ? 0o600 : 0o700);
  }

  /** Removes a file or link in the way and gives the absolute path. */
  #clear(file: RpmFile, relative: string): string {
    const path = this.#paths.absolute(relative);
    const info = statOf(path);
    if (info?.isDirectory() === true) throw this.#conflict(file.path, "a folder");
    if (info !== undefined) unlinkSync(path);
    return path;
  }

  #conflict(path: string, what: string): WeirError {
    return new WeirError("ARCHIVE_CONFLICT", `cannot put ${path} where there is ${what}`, {
      where: this.#where,
      hints: [`see which package owns ${path}`],
    });
  }
}
