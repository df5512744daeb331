import type { Progress, Skip } from "../../core/index.ts";
import type { Repomd, RepomdEntry } from "../../formats/rpmmd/index.ts";
import type { Keyring } from "../openpgp/index.ts";

/** Patience of downloads; all in milliseconds but `attempts`. */
export interface HttpPatience {
  /** Attempts for each file from each mirror, default 3. Each goes on where the one before stopped. */
  readonly attempts?: number;
  /** Without a byte for that long an attempt has failed, default 30,000. */
  readonly idleTimeout?: number;
  /** Before the second attempt, doubled for each further one, default 500. */
  readonly retryDelay?: number;
  /** Slower than this many bytes a second over `idleTimeout` an attempt has failed, default 1000. */
  readonly leastSpeed?: number;
}

export interface RepositoryOptions {
  /** Absolute folder that relative specs are meant from. */
  readonly cwd: string;
  /** Where downloads are kept: `$XDG_CACHE_HOME/weir`. Repositories lie in `repo/` below. */
  readonly cacheFolder: string;
  /** Whether http and https may be asked. Without it the cache answers, or nobody. */
  readonly network: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress;
  /** Keys that a signed repomd.xml is verified with, beside those of `gpgkey=`. With it repomd.xml.asc is verified wherever there is one. */
  readonly keyring?: Keyring | undefined;
  /** Refuses every repository whose repomd.xml is not signed by the keyring. Default false. */
  readonly requireSignature?: boolean;
  /** `$arch`, as rpm names it: `x86_64`. */
  readonly arch: string;
  readonly releasever?: string | undefined;
  /** More variables of `.repo` files. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Asks again for what the cache still holds to be fresh. Default false. */
  readonly refresh?: boolean;
  /** Called with each thing that was left aside: an option, a repository that may be skipped. */
  readonly onSkip?: (skip: Skip) => void;
  readonly patience?: HttpPatience;
  /** Milliseconds since the epoch; the machine's clock unless given. */
  readonly now?: () => number;
}

/** What a package file is known by: primary.xml's location, checksum and size. */
export interface PackageAddress {
  readonly location: string;
  /** `xml:base` of the location. */
  readonly base?: string | undefined;
  readonly checksum: { readonly type: string; readonly value: string };
  readonly size?: number | undefined;
}

/** A repository that is open: its repomd.xml was read, and verified as far as was asked. */
export interface RepositorySource {
  readonly id: string;
  readonly name: string | undefined;
  /** The spec's own words for messages: a folder as given, an address without credentials. */
  readonly address: string;
  /** Absolute folder of a local repository; undefined for one behind http. */
  readonly root: string | undefined;
  /** Lower wins, default 99. */
  readonly priority: number;
  readonly cost: number;
  readonly excludes: readonly string[];
  readonly includepkgs: readonly string[];
  readonly moduleHotfixes: boolean;
  readonly gpgcheck: boolean;
  readonly gpgkeys: readonly string[];
  readonly repomd: Repomd;
  /** sha256 of repomd.xml, hex: equal means an equal repository. */
  readonly repomdSha256: string;
  /** A signature over repomd.xml was verified. */
  readonly signed: boolean;
  /** The entry for `primary`, `filelists`, `other`, `group`, `modules`, `updateinfo` …; undefined where there is none. */
  entry(type: string): RepomdEntry | undefined;
  /** Checksum of that file as stored, `sha256:…`: a key for what is derived from it. Nothing is fetched. */
  keyOf(type: string): string | undefined;
  /**
   * Absolute path of that file, still packed, fetched where need be. Its checksum was verified, unless `verify` is false and the reader
   * does so himself (`verifyStored`). Errors: `RPMMD_NO_DATA` where repomd.xml has none, those of reading and fetching.
   */
  file(type: string, options?: { readonly verify?: boolean }): Promise<string>;
  /** The content of that file: verified, unpacked, no larger than `limit` bytes (1 GiB). Errors as of `file`, and of unpacking. */
  read(type: string, options?: { readonly limit?: number }): Promise<Buffer>;
  /** Absolute path of a package file, its checksum verified, fetched where need be. */
  packageFile(address: PackageAddress): Promise<string>;
}
