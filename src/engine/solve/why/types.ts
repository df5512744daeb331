/** A step on the way to a package. */
export interface WhyStep {
  /** NEVRA of the package that asks. */
  readonly package: string;
  readonly kind: "requires" | "recommends" | "supplements";
  /** As the package writes it, with its range of versions. */
  readonly dependency: string;
  /** NEVRA of the package that is asked for. */
  readonly to: string;
}

export interface WhyPath {
  /** The request it begins with; the NEVRA of a package that nothing asks for where there are no requests. */
  readonly request: string;
  readonly steps: readonly WhyStep[];
}

/** A choice on the shortest path, taken the other way. */
export interface WhyAlternative {
  /** NEVRA of the package that would not be taken. */
  readonly without: string;
  /** What it was chosen for. */
  readonly dependency: string;
  /** NEVRAs that could have been taken for it, best first, at most ten. */
  readonly others: readonly string[];
  readonly possible: boolean;
  /** Why it is not possible; empty where it is. */
  readonly reason: string;
  /** Bytes installed, and of package files, that come on top; negative where there would be fewer. */
  readonly installedSize: number;
  readonly size: number;
  /** NEVRAs that would come and go, sorted. */
  readonly comes: readonly string[];
  readonly goes: readonly string[];
}

/** `weir/why/1`: why a package is in an answer. */
export interface WhyDocument {
  readonly schema: "weir/why/1";
  readonly package: string;
  readonly repo: string;
  readonly installedSize: number;
  /** Shortest first, not all of them where `more`. */
  readonly paths: readonly WhyPath[];
  readonly more: boolean;
  /** What is there for this package alone, itself first, then sorted by NEVRA. */
  readonly brings: {
    readonly packages: readonly { readonly nevra: string; readonly size: number; readonly installedSize: number }[];
    readonly size: number;
    readonly installedSize: number;
  };
  readonly alternatives: readonly WhyAlternative[];
}
