import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { formatNevra, joinBelow, systemCode, WeirError } from "../../core/index.ts";
import { type CpioEntry, type CpioHandler, CpioReader, openPayload } from "../../formats/archive/index.ts";
import { type RpmFile, readRpm } from "../../formats/rpm/index.ts";
import type { PackageMetadata, Repository } from "../../formats/rpmmd/index.ts";
import { isRegular } from "./header-diff.ts";
import type { OpenedPackage, PackageContent, PackageOpener } from "./types.ts";

/** Bytes of one file that is looked into, and of a whole payload. */
const defaultMaxFile = 512 << 20;
const maxPayload = 8 * 2 ** 30;

/**
 * Opens package files of a local repository by their locations; never outside its root, links followed only inside. Undefined where the
 * file is not there. `maxFile`: bytes of one file that is looked into, 512 MiB unless given. Errors: `COMPAT_PACKAGE_OUTSIDE`, `COMPAT_PACKAGE_UNREADABLE`, `COMPAT_PACKAGE_MISMATCH` where the file is another package than the metadata
 * says, `COMPAT_FILE_TOO_LARGE`, those of readRpm and of decompression.
 */
export function openFromRepository(repository: Repository, options: { readonly maxFile?: number } = {}): PackageOpener {
  return async (pkg) => {
    const nevra = formatNevra(pkg);
    const stated = joinBelow(repository.root, pkg.location);
    let path: string;
    try {
      path = await realpath(stated);
    } catch (error) {
      const code = systemCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new WeirError("COMPAT_PACKAGE_UNREADABLE", `the package file cannot be reached (${code ?? "unknown"})`, {
        where: pkg.location,
        hints: ["check the path, its links and its permissions"],
        cause: error,
      });
    }
    const root = await realpath(repository.root);
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw new WeirError("COMPAT_PACKAGE_OUTSIDE", "the package file is a link that leaves the repository", {
        where: pkg.location,
        hints: ["copy the package into the repository"],
      });
    }
    return openPackageFile(path, nevra, pkg, options.maxFile ?? defaultMaxFile);
  };
}

function openPackageFile(path: string, where: string, expected: PackageMetadata, maxFile: number): OpenedPackage {
  const head = readRpm({ path }, where);
  if (formatNevra(head.package) !== formatNevra(expected)) {
    throw new WeirError(
      "COMPAT_PACKAGE_MISMATCH",
      `the file is ${formatNevra(head.package)}, the metadata says ${where}`,
      {
        where: expected.location,
        hints: ["write the repository's metadata again"],
      },
    );
  }
  return {
    package: head.package,
    async *contents(wanted) {
      const picked = new Picked(head.package.files, wanted, where, maxFile);
      if (picked.open === 0) return;
      const reader = new CpioReader(picked, where);
      for await (const chunk of openPayload(path, head, where, maxPayload)) {
        reader.feed(chunk);
        yield* picked.take();
        if (picked.open === 0) return;
      }
      reader.finish();
      yield* picked.take();
    },
  };
}

/** Gathers the contents of the files that are wanted. Hard links have their content with the last of their names. */
class Picked implements CpioHandler {
  readonly #files: readonly RpmFile[];
  readonly #byPath = new Map<string, number>();
  readonly #wanted = new Map<number, RpmFile[]>();
  readonly #where: string;
  readonly #maxFile: number;
  #ready: PackageContent[] = [];
  #buffer: Buffer | undefined;
  #inode = -1;
  #filled = 0;

  constructor(files: readonly RpmFile[], wanted: (file: RpmFile) => boolean, where: string, maxFile: number) {
    this.#maxFile = maxFile;
    this.#files = files;
    this.#where = where;
    files.forEach((file, index) => {
      this.#byPath.set(file.path, index);
      if (!isRegular(file) || !wanted(file)) return;
      const list = this.#wanted.get(file.inode);
      if (list) list.push(file);
      else this.#wanted.set(file.inode, [file]);
    });
  }

  /** Wanted contents that have not come yet. */
  get open(): number {
    return this.#wanted.size;
  }

  take(): PackageContent[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  sizeOf(index: number): number {
    return this.#files[index]?.size ?? 0;
  }

  entry(entry: CpioEntry): void {
    const index = entry.index >= 0 ? entry.index : this.#byPath.get(`/${entry.name.replace(/^\.?\/+/, "")}`);
    const file = index === undefined ? undefined : this.#files[index];
    const names = file && this.#wanted.get(file.inode);
    this.#buffer = undefined;
    if (!file || !names || entry.size !== file.size || (entry.size === 0 && file.size > 0)) return;
    if (entry.size > this.#maxFile) {
      throw new WeirError("COMPAT_FILE_TOO_LARGE", `${file.path} has ${entry.size} bytes, more than ${this.#maxFile}`, {
        where: this.#where,
        hints: ["no real program is so large; leave the package out if it is sound"],
      });
    }
    this.#buffer = Buffer.allocUnsafe(entry.size);
    this.#inode = file.inode;
    this.#filled = 0;
  }

  data(chunk: Uint8Array): void {
    if (!this.#buffer) return;
    this.#buffer.set(chunk.subarray(0, this.#buffer.length - this.#filled), this.#filled);
    this.#filled += chunk.length;
  }

  end(): void {
    if (!this.#buffer || this.#filled < this.#buffer.length) return;
    for (const file of this.#wanted.get(this.#inode) ?? [])
      this.#ready.push({ path: file.path, mode: file.mode, bytes: this.#buffer });
    this.#wanted.delete(this.#inode);
    this.#buffer = undefined;
  }
}
