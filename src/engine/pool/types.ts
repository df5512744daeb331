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
  readonly lists: Int32Array;
  readonly byName: Int32Array;
  readonly byRelation: Int32Array;
}
