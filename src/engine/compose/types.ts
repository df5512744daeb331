import type { Comps } from "../../formats/comps/index.ts";
import type { ExtraMetadata } from "../../formats/rpmmd/index.ts";

/** A package file to publish. */
export interface ComposePackage {
  /** Absolute. The file stays where it is: it is linked, or copied where it cannot be. */
  readonly path: string;
  /** Hex, where it is known already; else the file is read. */
  readonly sha256?: string;
  /** Channel that publishes it. Undefined: a binary package is in the whole repository only, a source package in `source`. */
  readonly channel?: string | undefined;
}

export interface ComposeRequest {
  readonly packages: readonly ComposePackage[];
  /** Channels that exist even with no package in them. */
  readonly channels?: readonly string[];
  /** Groups: whole in the whole repository, cut down to what is there in each channel. */
  readonly groups?: Comps;
  /** Seconds since the epoch (SOURCE_DATE_EPOCH): revision and timestamps of all metadata. */
  readonly revision: number;
  /** More metadata for the whole repository: advisories, module streams. */
  readonly extra?: readonly ExtraMetadata[];
}

export interface SnapshotPackage {
  readonly nevra: string;
  /** Path below the repository that holds it. */
  readonly location: string;
  readonly sha256: string;
  readonly size: number;
  readonly sourceRpm: string;
  readonly channel: string | null;
}

export interface SnapshotRepository {
  /** Empty for the whole repository, else the channel. */
  readonly channel: string;
  /** Path below the snapshot: `.` or `channels/<name>`. */
  readonly path: string;
  readonly packages: number;
  /** sha256 of each metadata document before compression, by type. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An immutable compose. `digest` covers all the rest, and so every published byte but compression. */
export interface Snapshot {
  readonly schema: "weir/snapshot/1";
  readonly digest: string;
  readonly revision: number;
  readonly repositories: readonly SnapshotRepository[];
  readonly packages: readonly SnapshotPackage[];
}

export interface Composed {
  readonly snapshot: Snapshot;
  /** Absolute folder of the whole repository. */
  readonly root: string;
  /** False when the very same snapshot was there already and nothing was written. */
  readonly changed: boolean;
}
