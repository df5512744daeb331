import type { ChangelogEntry, DependencySet } from "../rpm/index.ts";

export interface PackageFile {
  readonly path: string;
  readonly type: "file" | "dir" | "ghost";
}

/** A package as repository metadata describes it (primary, filelists, other). */
export interface PackageMetadata extends DependencySet {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly summary: string;
  readonly description: string;
  readonly license: string;
  readonly url: string;
  readonly vendor: string;
  readonly packager: string;
  readonly group: string;
  readonly buildHost: string;
  readonly sourceRpm: string;
  /** sha256 of the package file, hex: the pkgid. */
  readonly pkgid: string;
  /** Path relative to the repository's root. */
  readonly location: string;
  /** Bytes: package file, installed, uncompressed payload. */
  readonly size: { readonly package: number; readonly installed: number; readonly archive: number };
  /** Seconds since the epoch: the file's own time, the build. */
  readonly time: { readonly file: number; readonly build: number };
  /** Where the main header lies in the package file: offsets in bytes, end exclusive. */
  readonly headerRange: { readonly start: number; readonly end: number };
  /** All files and folders. From primary.xml alone: those under bin/, sbin/, etc/ and /usr/lib/sendmail only. */
  readonly files: readonly PackageFile[];
  readonly changelog: readonly ChangelogEntry[];
}

/** A repository with its metadata in memory. */
export interface Repository {
  readonly id: string;
  /** Folder that holds `repodata/`, absolute. */
  readonly root: string;
  readonly revision: string;
  readonly packages: readonly PackageMetadata[];
  /** Whether `files` are complete (filelists read) or primary's subset. */
  readonly filesComplete: boolean;
}
