export interface LookasideOptions {
  /** Whether `http:` and `https:` may be asked. */
  readonly network: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Attempts for a download, default 4. Each goes on where the one before stopped. */
  readonly attempts?: number;
  /** Milliseconds without a byte after which an attempt counts as failed, default 60,000. */
  readonly idleTimeout?: number;
  /** Milliseconds before the second attempt, doubled for each further one; default 1,000. */
  readonly retryDelay?: number;
  /** Largest file, in bytes; default 16 GiB. */
  readonly maxBytes?: number;
  /** Called with the bytes that are there so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** A source in the cache. */
export interface CachedSource {
  /** The name it has in the source folder. */
  readonly file: string;
  /** Absolute path of its content in the cache: read it, do not change it. */
  readonly path: string;
  readonly bytes: number;
  /** It was there already. */
  readonly cached: boolean;
}
