import type { ChangelogEntry, Scriptlet } from "./types.ts";
import type { HeaderValue } from "./write-header.ts";

/** What a package to be written says of itself. Dependencies are text: `name`, `name >= 1:2-3`, `(a if b)`. */
export interface PackageDescription {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  /** `noarch` unless given. Of a source package the one that it was made on. */
  readonly arch?: string;
  readonly source?: boolean;
  readonly summary?: string;
  readonly description?: string;
  readonly license?: string;
  readonly url?: string;
  readonly vendor?: string;
  readonly packager?: string;
  readonly distribution?: string;
  readonly group?: string;
  /** File name of the source package; `name-version-release.src.rpm` unless given. */
  readonly sourceRpm?: string;
  /** Seconds since the epoch. */
  readonly buildTime: number;
  readonly buildHost?: string;
  readonly provides?: readonly string[];
  readonly requires?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly obsoletes?: readonly string[];
  readonly recommends?: readonly string[];
  readonly suggests?: readonly string[];
  readonly supplements?: readonly string[];
  readonly enhances?: readonly string[];
  readonly changelog?: readonly ChangelogEntry[];
  readonly scriptlets?: readonly Scriptlet[];
  /** More values, or others in place of those that would be written for the same tags. */
  readonly header?: readonly HeaderValue[];
}

/** A file of a package to be written. What is left out: a regular file, 0644 (folders 0755, links 0777), root, empty, mtime 0. */
export interface PackageEntry {
  /** Absolute; of a source package a bare name. */
  readonly path: string;
  readonly type?: "file" | "dir" | "symlink" | "char" | "block" | "fifo";
  /** Bytes, or a file to read them from. */
  readonly content?: Uint8Array | { readonly path: string };
  /** Permission bits, 0 to 07777. */
  readonly mode?: number;
  readonly user?: string;
  readonly group?: string;
  readonly mtime?: number;
  /** Of a symbolic link. */
  readonly target?: string;
  /** RPMFILE flags; ghosts are listed and not packed. */
  readonly flags?: number;
  /** st_rdev of a device, 16 bits. */
  readonly rdev?: number;
  /** POSIX capabilities in text form, `cap_net_raw=ep`. */
  readonly capabilities?: string;
  /** Path of another regular file of the package that this is one more name of; mode, owner, time and capabilities are that one's. */
  readonly hardLinkOf?: string;
  /** Language of the file, `de`. */
  readonly language?: string;
  /** What `rpm -V` compares; all unless given. */
  readonly verifyFlags?: number;
}

/** Digest and size of a file's content. */
export interface ContentFacts {
  readonly size: number;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/** An entry in its place: in the order of the header, with what only all entries together tell. */
export interface LaidEntry {
  readonly entry: PackageEntry;
  /** Type and permission bits. */
  readonly mode: number;
  readonly size: number;
  readonly digest: string;
  readonly inode: number;
  /** How many names the inode has. */
  readonly links: number;
  readonly isGhost: boolean;
}

/** What the headers state of a payload. */
export interface PayloadFacts {
  readonly compressor: string;
  /** As the compressor takes it: `9`, `19`. */
  readonly level: string;
  /** SHA-256 and size as stored. */
  readonly digest: string;
  readonly size: number;
  /** SHA-256 and size uncompressed. */
  readonly plainDigest: string;
  readonly plainSize: number;
  /** SHA-512 and SHA3-256, stored and uncompressed: for version 6. */
  readonly more?: readonly { readonly tag: number; readonly digest: string }[];
}
