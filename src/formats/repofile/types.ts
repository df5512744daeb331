import type { Skip } from "../../core/index.ts";

/** A repository as one section of a `.repo` file describes it, variables replaced. */
export interface RepoSection {
  readonly id: string;
  readonly name: string | undefined;
  readonly enabled: boolean;
  readonly baseUrls: readonly string[];
  readonly mirrorlist: string | undefined;
  readonly metalink: string | undefined;
  /** Lower wins; 99 unless given. */
  readonly priority: number;
  /** Lower is asked first among equals; 1000 unless given. */
  readonly cost: number;
  /** Patterns of packages that are left out, and of the only ones that are taken. */
  readonly excludes: readonly string[];
  readonly includepkgs: readonly string[];
  /** Its packages are not hidden by module streams. */
  readonly moduleHotfixes: boolean;
  readonly gpgcheck: boolean;
  /** `repomd.xml.asc` must be there and good. */
  readonly repoGpgcheck: boolean;
  readonly gpgkeys: readonly string[];
  /** Seconds that repomd.xml may be used without asking again; undefined: for ever. */
  readonly metadataExpire: number | undefined;
  readonly skipIfUnavailable: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Files in PEM: certificate authorities, the client's certificate and its key. */
  readonly sslCaCert: string | undefined;
  readonly sslClientCert: string | undefined;
  readonly sslClientKey: string | undefined;
}

export interface RepoFile {
  /** In the file's order. */
  readonly repositories: readonly RepoSection[];
  /** What the file says and Weir does not do. */
  readonly skips: readonly Skip[];
}

/** What stands for `$name` in a `.repo` file. */
export type RepoVariables = Readonly<Record<string, string>>;

export interface MetalinkHash {
  /** As found: `sha256`, `sha512`, `sha1`, `md5`. */
  readonly type: string;
  readonly value: string;
}

/** One state of repomd.xml that the metalink vouches for. */
export interface MetalinkState {
  /** Seconds since the epoch. */
  readonly timestamp: number | undefined;
  readonly size: number | undefined;
  readonly hashes: readonly MetalinkHash[];
}

export interface MetalinkUrl {
  /** Of repomd.xml itself. */
  readonly url: string;
  readonly protocol: string;
  readonly location: string;
  /** 0 to 100, higher is better. */
  readonly preference: number;
}

/** What a metalink says of repomd.xml. */
export interface Metalink extends MetalinkState {
  /** Older states that mirrors may still have. */
  readonly alternates: readonly MetalinkState[];
  /** Best first: by preference, then as in the file. */
  readonly urls: readonly MetalinkUrl[];
}
