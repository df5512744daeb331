import type { Place } from "../../core/index.ts";

/** Where a value was written: file relative to the project's root (forward slashes), line and column from 1. */
export type Origin = Place;

export interface OverlayConfig {
  readonly type: string;
  readonly description?: string;
  readonly section?: string;
  readonly package?: string;
  readonly tag?: string;
  readonly value?: string;
  readonly regex?: string;
  readonly replacement?: string;
  readonly lines?: readonly string[];
  /** Destination or pattern of file overlays, patch name of patch overlays. */
  readonly file?: string;
  /** Absolute path of the file to take. */
  readonly source?: string;
  readonly archive?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface SourceFileConfig {
  readonly filename: string;
  readonly hash?: string;
  readonly "hash-type"?: string;
  readonly origin?: { readonly type: string; readonly uri?: string; readonly script?: string };
  readonly "replace-upstream"?: boolean;
  readonly "replace-reason"?: string;
}

export interface PublishConfig {
  readonly "rpm-channel"?: string;
  readonly "srpm-channel"?: string;
  readonly "debuginfo-channel"?: string;
}

/** A component after inheritance: azldev's keys, defaults filled where the format has defaults. */
export interface ComponentConfig {
  readonly spec: {
    readonly type: "upstream" | "local";
    /** Absolute path of a local spec. */
    readonly path?: string;
    readonly "upstream-distro"?: { readonly name: string; readonly version: string; readonly snapshot?: string };
    readonly "upstream-name"?: string;
    readonly "upstream-commit"?: string;
  };
  readonly release: { readonly calculation: "auto" | "autorelease" | "static" | "manual" };
  readonly build: {
    readonly with: readonly string[];
    readonly without: readonly string[];
    readonly defines: Readonly<Record<string, string>>;
    readonly undefines: readonly string[];
    readonly check: { readonly skip: boolean; readonly skip_reason?: string };
    readonly "emit-upstream-provenance"?: boolean;
    readonly failure?: { readonly expected?: boolean; readonly "expected-reason"?: string };
    readonly hints?: { readonly expensive?: boolean };
  };
  readonly overlays: readonly OverlayConfig[];
  readonly "source-files": readonly SourceFileConfig[];
  readonly packages: Readonly<Record<string, { readonly publish?: PublishConfig }>>;
  readonly publish: PublishConfig;
  readonly render: { readonly "skip-file-filter": boolean };
}

/** A component with all inheritance applied. `origins` maps a path of `config` (`overlays[2].value`, `build.with[0]`) to where it was written. */
export interface ResolvedComponent {
  readonly name: string;
  /** Where the component itself is declared. */
  readonly origin: Origin;
  readonly groups: readonly string[];
  readonly config: ComponentConfig;
  readonly origins: ReadonlyMap<string, Origin>;
  /** As `origins`: the table that a value was written in, for people (`the component`, `group libs`, `distribution brook 1`). */
  readonly layers?: ReadonlyMap<string, string>;
  /** The upstream distribution's version this component comes from, undefined for local ones. */
  readonly upstream: UpstreamAddress | undefined;
  /** What the component's lock file says, if it has one; its commit is already in `upstream`. */
  readonly lock?: ComponentLock;
  /** Undefined for local components. */
  readonly resolution?: ResolutionInputs | undefined;
}

/** azldev's lock file, version 1. */
export interface ComponentLock {
  readonly upstreamCommit: string | undefined;
  /** The upstream commit at which the component was first taken. */
  readonly importCommit: string | undefined;
  readonly manualBump: number;
  /** Over what decides the build; `weir1:…` where Weir wrote it. */
  readonly inputFingerprint?: string;
  /** Over what decides which commit it is. */
  readonly resolutionHash?: string;
}

/**
 * Where the upstream commits stand that `component update` moves: in azldev's lock files, or in definition files below a folder
 * `upstream-commits` that say a component's `spec.upstream-commit` and nothing else. With the latter a component's tables in several files
 * are merged; with lock files a second table is an error.
 */
export type PinDialect = "lock-files" | "upstream-commits";

/** What decides which upstream commit a component gets, as the definition says it. */
export interface ResolutionInputs {
  readonly snapshot: string;
  readonly distroName: string;
  readonly distroVersion: string;
  readonly branch: string;
  /** The template as written. */
  readonly baseUri: string;
  readonly pin: string;
  readonly upstreamName: string;
}

/** How an upstream source is found. URIs may be relative: then absolute paths after resolution against the defining file. */
export interface UpstreamAddress {
  readonly distro: string;
  readonly version: string;
  readonly name: string;
  readonly distGitUri: string;
  readonly branch: string;
  readonly lookasideUri: string | undefined;
  /** RFC 3339. */
  readonly snapshot: string | undefined;
  readonly commit: string | undefined;
  readonly releaseVersion: string;
}

export interface ImageConfig {
  readonly name: string;
  readonly description: string;
  readonly definition: { readonly type: string; readonly path: string; readonly profile?: string } | undefined;
  readonly capabilities: Readonly<Record<string, boolean>>;
  readonly publish: { readonly channels: readonly string[] };
  readonly origin: Origin;
}

/** A definition tree, loaded strictly. */
export interface Project {
  /** Absolute. */
  readonly root: string;
  readonly description: string;
  readonly defaultDistro: { readonly name: string; readonly version: string };
  readonly components: ReadonlyMap<string, ResolvedComponent>;
  readonly images: ReadonlyMap<string, ImageConfig>;
  /** Binary package name → channel, from package groups; components' and packages' own publish keys come first. */
  readonly packageChannels: ReadonlyMap<string, PublishConfig>;
  readonly defaultPublish: PublishConfig;
  /** Files read, relative to the root, in the order of reading. */
  readonly files: readonly string[];
  /** `release-ver` of the default distribution's version. */
  readonly releaseVersion: string;
  /** Component groups with the names of their members, sorted. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Absolute. */
  readonly renderedSpecsDir: string;
  /** Absolute. */
  readonly lockDir: string;
  readonly pins: PinDialect;
}

/** One edit that rendering made. */
export interface EditRecord {
  /** Index into the component's overlays, or the name of a built-in step (`header`, `macros`, `check-skip`, `release`). */
  readonly overlay: number | string;
  readonly type: string;
  readonly description: string;
  readonly origin: Origin | undefined;
  readonly file: string;
  /** Lines removed and added, as a unified diff without file headers. */
  readonly diff: string;
  /** What the edit did that its author may not have meant, one sentence each; absent for most edits. */
  readonly notes?: readonly string[];
}

/** A file that the lookaside cache or a download holds. */
export interface RemoteSource {
  readonly file: string;
  readonly hashType: "md5" | "sha256" | "sha512";
  readonly hash: string;
  /** Empty where nothing says from where it comes. */
  readonly uri: string;
}

/** What rendering gives: the files of one component's source folder, and where the rest comes from. */
export interface RenderedComponent {
  readonly name: string;
  readonly specFile: string;
  /** Name → content, of the spec and the loose files; sorted. */
  readonly files: ReadonlyMap<string, RenderedFile>;
  readonly remoteSources: readonly RemoteSource[];
  /** Upstream commit, undefined for local components. */
  readonly commit: string | undefined;
  /** Seconds since the epoch: commit time of the source, for SOURCE_DATE_EPOCH. */
  readonly sourceDateEpoch: number;
  readonly edits: readonly EditRecord[];
  /** Over everything that decides the result. */
  readonly fingerprint: string;
}

export interface RenderedFile {
  readonly content: Uint8Array;
  readonly executable: boolean;
}

/** Read access to upstream's git; implemented by an adapter. */
export interface DistGit {
  /**
   * The commit that an address names: its `commit`, else the newest first-parent commit of the branch not after `snapshot`, else the head.
   * Errors: `UPSTREAM_COMMIT_MISSING`, `UPSTREAM_BRANCH_MISSING`, `UPSTREAM_UNREACHABLE`.
   */
  resolve(address: UpstreamAddress, signal?: AbortSignal): Promise<DistGitCommit>;
  /**
   * All files of a commit by their path. Submodules are left out, a link to a file of the same commit gives that file, any other is
   * refused: `UPSTREAM_UNSUPPORTED_ENTRY`.
   */
  read(address: UpstreamAddress, commit: string, signal?: AbortSignal): Promise<ReadonlyMap<string, RenderedFile>>;
  /** What the history says of these commits, in their order, with the top folder's file of that name. */
  history?(
    address: UpstreamAddress,
    commits: readonly string[],
    file: string,
    signal?: AbortSignal,
  ): Promise<readonly HistoryCommit[]>;
  /**
   * The commits from `from` along first parents, newest first, until `until` (left out), the root or `most` commits. An `until` that was met
   * is said so. Without `from`: from the branch's head.
   */
  line?(
    address: UpstreamAddress,
    range: { readonly from?: string; readonly until: string; readonly most: number },
    signal?: AbortSignal,
  ): Promise<FirstParentLine>;
}

/** Part of a branch's history, along first parents. */
export interface FirstParentLine {
  readonly commits: readonly DistGitCommit[];
  readonly met: boolean;
}

/** A commit as its history tells of it, with one of its files. */
export interface HistoryCommit {
  readonly commit: string;
  readonly parents: readonly string[];
  /** Committer time, seconds since the epoch. */
  readonly time: number;
  /** `Name <mail>`. */
  readonly author: string;
  readonly message: string;
  /** The file's blob id and content; undefined where the commit has no such file. */
  readonly file: { readonly id: string; readonly content: Uint8Array } | undefined;
}

export interface DistGitCommit {
  readonly commit: string;
  /** Committer time, seconds since the epoch. */
  readonly time: number;
  readonly subject: string;
}
