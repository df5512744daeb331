import type { Progress } from "../../core/index.ts";
import type { RepomdEntry } from "../../formats/rpmmd/index.ts";
import type { Pool } from "./pool.ts";

export interface PoolRepository {
  readonly index: number;
  readonly id: string;
  /** Higher is better; 0 is usual. (A `.repo` file counts the other way.) */
  readonly priority: number;
  /** Decides between equal priorities; higher is better. */
  readonly subPriority: number;
}

export interface PoolOptions {
  /** The machine's architecture, e.g. x86_64; everything runs where neither this nor `archs` is given. */
  readonly arch?: string;
  /** Architectures that run, best first, without noarch. */
  readonly archs?: readonly string[];
}

/** The index of who provides what. See {@link Pool.prepare}. */
export interface PreparedProviders {
  /** All lists, with room for more behind `end`. */
  readonly lists: Int32Array;
  readonly end: number;
  readonly byName: Int32Array;
  /** Pairs of a relation and where its list begins, for those looked up so far. */
  readonly byRelation: Int32Array;
  /** Texts of paths that some dependency names and nobody provides. */
  readonly missing: Int32Array;
}

/** A metadata file as a repository stores it, still packed. */
export interface StoredMetadata {
  /** What repomd.xml says of it; its checksum is verified as the file is read. */
  readonly entry: RepomdEntry;
  /** Absolute path, or who fetches the file and gives its path. Not asked for where a cached pool has the answer. */
  readonly path: string | (() => Promise<string>);
}

/** A repository whose packages go into a pool. */
export interface PoolSource {
  readonly id: string;
  /** Higher is better, default 0. */
  readonly priority?: number;
  /** Decides between equal priorities; higher is better, default 0. */
  readonly subPriority?: number;
  readonly primary: StoredMetadata;
  /** Read only where a dependency names a path that primary's subset does not have. Without it such paths are provided by nobody. */
  readonly filelists?: StoredMetadata;
}

export interface LoadPoolOptions {
  /** The machine's architecture; everything runs where it is absent. */
  readonly arch?: string;
  /** Folder for pools that load without parsing, made where it is absent. None is kept without it. */
  readonly cacheFolder?: string;
  /** Takes less memory and more time: smaller pieces, less at once. */
  readonly lowMemory?: boolean;
  /** Bytes that one opened metadata file may have. Default 1 GiB. */
  readonly openLimit?: number;
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Called before metadata is read, which is not where a kept pool has the answer. */
  readonly beforeReading?: () => void;
  /** Called after that, also where it failed. */
  readonly afterReading?: () => void;
}

export interface LoadedPool {
  /** Prepared: ready to be asked who provides what. */
  readonly pool: Pool;
  readonly fromCache: boolean;
  /**
   * Reads file lists for the paths that some dependency names and nobody in primary's subset provides; says whether some were found, after
   * which the pool is prepared anew. Worth a call where {@link Pool.askedMissing} is set. Does nothing the second time, nor where the cached
   * pool knows already. Errors: those of reading file lists.
   */
  completeFiles(): Promise<boolean>;
  /**
   * Writes the pool for the next time, with what was looked up since; nothing where it came from there or there is no folder for it. Call
   * it after the answer was given, and before packages are added that do not come from the sources. A folder that cannot be written is no error.
   */
  save(): Promise<void>;
}
