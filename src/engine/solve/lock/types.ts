/** A package that is locked. */
export interface LockedPackage {
  /** `name-[epoch:]version-release.arch`. */
  readonly nevra: string;
  readonly repository: string;
  /** Path of the file in its repository. */
  readonly location: string;
  /** `type:hex`. */
  readonly checksum: string;
  /** Bytes of the file. */
  readonly size: number;
}

/** An answer that is kept: what was asked, over which repositories, and exactly what that gave. */
export interface LockFile {
  readonly schema: "weir/lock/1";
  readonly arch: string;
  /** In the order given. */
  readonly requests: readonly string[];
  readonly weak: boolean;
  /** Patterns of what was left out. */
  readonly exclude: readonly string[];
  /** Module streams that were enabled. */
  readonly modules: readonly string[];
  readonly repositories: readonly {
    readonly id: string;
    readonly revision: string;
    /** sha256 of repomd.xml, as `sha256:hex`: the snapshot. */
    readonly repomd: string;
  }[];
  /** Sorted by NEVRA. */
  readonly packages: readonly LockedPackage[];
}
