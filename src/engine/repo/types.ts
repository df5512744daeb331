import type { Skip } from "../../core/index.ts";
import type { ExtraMetadata, MetadataCompression, RepomdTags, RepositoryChecksum } from "../../formats/rpmmd/index.ts";

/** Which packages a channel takes: those that any glob of any list names. */
export interface ChannelRule {
  readonly name: string;
  /** Of the packages' names. */
  readonly packages?: readonly string[];
  /** Of their source packages' names. */
  readonly components?: readonly string[];
  /** Of where they lie. */
  readonly locations?: readonly string[];
  /** It takes what no other channel does. */
  readonly rest?: boolean;
}

/** What to make a repository of, and how. */
export interface CreateRequest {
  /** Absolute folder that holds the packages; `repodata/` goes into it. */
  readonly root: string;
  /** Globs of locations or bare names to leave out. */
  readonly exclude?: readonly string[];
  /** Threads that read packages, at most 64. Default: as many as there are processors, four at most. */
  readonly workers?: number;
  readonly compression?: MetadataCompression;
  /** Of packages and metadata. Default sha256. */
  readonly checksum?: RepositoryChecksum;
  /** Names of metadata without their checksum. */
  readonly simpleNames?: boolean;
  /** URL that the locations of packages are relative to. */
  readonly baseUrl?: string;
  /** Text of the revision. Default: the time of all metadata. */
  readonly revision?: string;
  /** Seconds since the epoch for all metadata. Default: the latest build of a package. */
  readonly time?: number;
  /** Newest changelog entries kept of each package. Default 10. */
  readonly changelogLimit?: number;
  readonly tags?: RepomdTags;
  /** Metadata beyond the packages'. */
  readonly extra?: readonly ExtraMetadata[];
  /**
   * Keeps what the update before knew of packages whose location, size and time are what they were, and metadata beyond the packages' that
   * `extra` does not replace. The bytes are those of a run that keeps nothing.
   */
  readonly update?: boolean;
  /** Also makes a repository of each channel, in a folder of its name below the root; its packages stay where they are. */
  readonly channels?: readonly ChannelRule[];
  /** Gives the armored signature over a repomd.xml of the time given: `repomd.xml.asc` beside it. */
  readonly sign?: (repomd: Uint8Array, time: number) => Promise<string>;
  /** Leaves out what cannot be read, as skips, instead of refusing. */
  readonly skipBroken?: boolean;
  /** Writes nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many packages are read, of how many. */
  readonly progress?: (done: number, of: number) => void;
}

/** One folder of metadata that was made. */
export interface CreatedChannel {
  /** Empty for the whole repository. */
  readonly channel: string;
  readonly packages: number;
  /** Metadata in the order of repomd.xml, that itself last: names below `repodata/`, bytes as stored. */
  readonly files: readonly { readonly type: string; readonly name: string; readonly size: number }[];
  /** False when the very same metadata was there already. */
  readonly changed: boolean;
}

/** A repository that was made. */
export interface CreatedRepository {
  /** Packages listed, and their bytes. */
  readonly packages: number;
  readonly bytes: number;
  /** Packages of which the update before knew enough. */
  readonly kept: number;
  readonly revision: string;
  /** The whole repository, then the channels. */
  readonly repositories: readonly CreatedChannel[];
  /** Packages that could not be read, and those that no channel takes. */
  readonly skips: readonly Skip[];
}
