/** Comparison of a versioned dependency. */
export type Comparison = "<" | "<=" | "=" | ">=" | ">";

/**
 * A dependency of a package. A rich dependency keeps its whole text, parentheses included, in `name` and has neither `op` nor `evr`.
 * `flags` are rpm's RPMSENSE bits as found (pre, post, rpmlib, auto …).
 */
export interface Dependency {
  readonly name: string;
  readonly op?: Comparison;
  /** `[epoch:]version[-release]`. */
  readonly evr?: string;
  readonly flags: number;
}

/** RPMSENSE bits that matter beyond the comparison. */
export const sense = {
  less: 1 << 1,
  greater: 1 << 2,
  equal: 1 << 3,
  prereq: 1 << 6,
  interp: 1 << 8,
  scriptPre: 1 << 9,
  scriptPost: 1 << 10,
  scriptPreun: 1 << 11,
  scriptPostun: 1 << 12,
  rpmlib: 1 << 24,
  config: 1 << 28,
} as const;

/** RPMFILE flags. */
export const fileFlag = {
  config: 1,
  doc: 2,
  missingOk: 8,
  noReplace: 16,
  ghost: 64,
  license: 128,
  readme: 256,
  artifact: 4096,
} as const;

export interface RpmFile {
  readonly path: string;
  /** st_mode: type and permission bits. */
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  /** Hex digest of the content, empty for what has none. */
  readonly digest: string;
  readonly user: string;
  readonly group: string;
  readonly linkTarget: string;
  readonly flags: number;
  /** st_rdev of a device node. */
  readonly rdev: number;
  /** Inode number inside the package: files that share one with nlink > 1 are hard links of each other. */
  readonly inode: number;
  /** POSIX capabilities in text form, empty for none. */
  readonly capabilities: string;
}

export interface ChangelogEntry {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly author: string;
  readonly text: string;
}

/** `kind` as in the spec: pre, post, preun, postun, pretrans, posttrans, verify. `interpreter` is argv, usually `["/bin/sh"]`. */
export interface Scriptlet {
  readonly kind: "pre" | "post" | "preun" | "postun" | "pretrans" | "posttrans" | "verify";
  readonly interpreter: readonly string[];
  readonly body: string;
}

/** The eight dependency kinds of a package. */
export interface DependencySet {
  readonly provides: readonly Dependency[];
  readonly requires: readonly Dependency[];
  readonly conflicts: readonly Dependency[];
  readonly obsoletes: readonly Dependency[];
  readonly recommends: readonly Dependency[];
  readonly suggests: readonly Dependency[];
  readonly supplements: readonly Dependency[];
  readonly enhances: readonly Dependency[];
}

/** The header of a package file as typed values. Source packages have `arch` "src". */
export interface RpmPackage extends DependencySet {
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
  readonly buildTime: number;
  readonly buildHost: string;
  readonly sourceRpm: string;
  /** Bytes when installed. */
  readonly installedSize: number;
  /** Bytes of the uncompressed payload. */
  readonly archiveSize: number;
  readonly files: readonly RpmFile[];
  readonly changelog: readonly ChangelogEntry[];
  readonly scriptlets: readonly Scriptlet[];
  /** Kinds of triggers present, e.g. `transfiletriggerin`; empty for none. */
  readonly triggers: readonly string[];
  readonly payload: { readonly format: string; readonly compressor: string };
}
