export type Measure = "bytes" | "packages" | "services";

export interface MinimalTotals {
  readonly packages: number;
  /** Bytes of the package files, and installed. */
  readonly size: number;
  readonly installedSize: number;
  /** Service units in them; -1 where that was not looked up. */
  readonly services: number;
}

export interface MinimalPackage {
  readonly nevra: string;
  readonly repo: string;
  readonly size: number;
  readonly installedSize: number;
  /** Names of the service units it holds. */
  readonly services: readonly string[];
}

/** A need that the smallest closure meets in another way than the usual answer. */
export interface MinimalChoice {
  /** The dependency, or the request. */
  readonly need: string;
  /** NEVRA of a package that has the need; empty for a request. */
  readonly by: string;
  readonly taken: readonly string[];
  readonly instead: readonly string[];
  /** Bytes installed that the packages taken are smaller by than those they stand in for. */
  readonly saved: number;
}

export interface MinimalBudget {
  readonly measure: Measure;
  readonly limit: number;
  /** What the closure given comes to. */
  readonly value: number;
  /** Nothing that meets the requests comes to less. */
  readonly least: number;
  /** `met`; `impossible`, which is proven; `unknown`: no closure that keeps to all budgets was found. */
  readonly state: "met" | "impossible" | "unknown";
  /** Requests each of which alone, given up, makes this budget possible. */
  readonly giveUp: readonly string[];
}

/** `weir/minimal/1`: the smallest closure of requests. */
export interface MinimalDocument {
  readonly schema: "weir/minimal/1";
  readonly arch: string;
  readonly requests: readonly string[];
  readonly measure: Measure;
  readonly weak: boolean;
  /** `optimal`: nothing is smaller by the measure, which is proven. `bounded`: nothing is smaller than `bound`. */
  readonly status: "optimal" | "bounded" | "impossible";
  readonly bound: number;
  readonly steps: number;
  /** Sorted by NEVRA. */
  readonly install: readonly MinimalPackage[];
  readonly totals: MinimalTotals;
  /** What the usual answer comes to. */
  readonly usual: MinimalTotals;
  /** Those that save most come first. */
  readonly choices: readonly MinimalChoice[];
  /** Packages of the usual answer that are not needed, and those that come in their place; sorted. */
  readonly leftOut: readonly string[];
  readonly instead: readonly string[];
  readonly budgets: readonly MinimalBudget[];
}
