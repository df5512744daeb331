import type { Skip } from "../../core/index.ts";
import type { ExtraMetadata, MetadataCompression, RepositoryChecksum, RepomdTags } from "../../formats/rpmmd/index.ts";

/** What to make a repository of, and how. */
export interface CreateRequest {
  /** Absolute folder that holds the packages; `repodata/` goes into it. */
  readonly root: string;
  /** Globs of locations or bare names to leave out. */
  readonly exclude?: readonly string[];
  /** Threads that read packages. Default: as many as there are processors, four at most. */
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
  readonly changelogLimit?: number;
  readonly tags?: RepomdTags;
  readonly extra?: readonly ExtraMetadata[];
  /** Leaves out what cannot be read, as skips, instead of refusing. */
  readonly skipBroken?: boolean;
  /** Writes nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many packages are read, of how many. */
  readonly progress?: (done: number, of: number) => void;
}

/** A repository that was made. */
export interface CreatedRepository {
  /** Packages listed, and their bytes. */
  readonly packages: number;
  readonly bytes: number;
  readonly revision: string;
  /** Metadata by type, in the order of repomd.xml: name below `repodata/`, bytes as stored and opened. */
  readonly files: readonly {
    readonly type: string;
    readonly name: string;
    readonly size: number;
  }[];
  /** Packages that could not be read. */
  readonly skips: readonly Skip[];
  /** False when the very same metadata was there already. */
  readonly changed: boolean;
}
