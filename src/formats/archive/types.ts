import type { RpmFile, RpmPackage } from "../rpm/index.ts";
import type { NotApplied } from "./apply-attributes.ts";

export type Compression = "gzip" | "zstd" | "xz" | "bzip2" | "lzma" | "none";

/** What payloads can be compressed with. */
export type Compressor = "gzip" | "zstd" | "xz" | "bzip2" | "none";

export interface DecompressOptions {
  /** No more bytes than this come out; more is `ARCHIVE_TOO_LARGE`. */
  readonly limit: number;
  /** For messages. */
  readonly where: string;
  /** Told by the first bytes unless given. */
  readonly compression?: Compression;
  /** Bytes that come out of a stream at a time, where it is opened piece by piece. Default 256 KiB. */
  readonly pieceSize?: number;
}

/** An entry of a cpio archive. For rpm's stripped form only `index` and `size` mean anything. */
export interface CpioEntry {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly mtime: number;
  readonly size: number;
  /** Position in the package's file list, of rpm's stripped form (`07070X`); -1 in a plain archive. */
  readonly index: number;
}

/** Called in order: `entry`, any number of `data` that add up to its size, `end`. What it throws ends the reading. */
export interface CpioHandler {
  entry(entry: CpioEntry): void;
  data(chunk: Uint8Array): void;
  end(): void;
  /** Bytes of the content of the file with this index, asked for entries of the stripped form only. */
  sizeOf?(index: number): number;
}

export interface UnpackOptions {
  /** For messages; the package's NEVRA unless given. */
  readonly where?: string;
  /** Most bytes of content, all files together (default 16 GiB). */
  readonly limit?: number;
  /**
   * `exact` (default) sets the permissions of the header. `accessible` also lets the owner read and write everything, so that who is
   * not root can go on working with the tree; the header's values are in the result.
   */
  readonly modes?: "exact" | "accessible";
  /** Set modification times (default true). */
  readonly times?: boolean;
  /** Set owners by the names in the root's own etc/passwd and etc/group (default false); needs to be root. */
  readonly owners?: boolean;
  /** Set capabilities with the program setcap (default false); needs to be root. */
  readonly capabilities?: boolean;
  /** Make device nodes and pipes with the program mknod (default false); devices need root. */
  readonly devices?: boolean;
  /** Gives false for files that are to be left out, e.g. documentation. */
  readonly filter?: (file: RpmFile) => boolean;
}

/** A file of a package and where it lies below the root: no leading slash, links of parent folders followed. */
export interface PlacedFile {
  readonly file: RpmFile;
  readonly path: string;
}

/** What unpacking gives. Owners, capabilities and device nodes are here as data, applied only when asked for. */
export interface UnpackedPackage {
  readonly package: RpmPackage;
  /** Regular files, folders and links that now lie below the root, in the header's order. */
  readonly placed: readonly PlacedFile[];
  /** Device nodes, pipes and sockets: not made unless asked for. */
  readonly special: readonly PlacedFile[];
  /** Bytes of content written. */
  readonly bytes: number;
  /** Of what was asked for, what the machine or the root did not allow. */
  readonly notApplied: readonly NotApplied[];
}
