import type { Dependency } from "../../formats/rpm/index.ts";
import type { PackageMetadata, Repository } from "../../formats/rpmmd/index.ts";

export interface SolveRequest {
  /** Capabilities: names, `name >= evr`, `name-evr.arch`, file paths, rich dependencies. */
  readonly install: readonly string[];
  readonly repositories: readonly Repository[];
  /** Architecture of the machine, e.g. x86_64; noarch always fits. */
  readonly arch: string;
  /** Follow Recommends and Supplements (default true). */
  readonly weak?: boolean;
  /** Names of packages that must not be chosen. */
  readonly exclude?: readonly string[];
  /** Capabilities that count as present without a package (a host toolchain). */
  readonly assume?: readonly string[];
}

/** Why a package is in the answer. */
export type SolveReason =
  | { readonly kind: "requested"; readonly request: string }
  | { readonly kind: "required" | "recommended" | "supplemented"; readonly by: string; readonly dependency: string };

export interface SolvedPackage {
  readonly nevra: string;
  readonly repository: string;
  readonly package: PackageMetadata;
  readonly reason: SolveReason;
}

export interface SolveProblem {
  readonly message: string;
  /** From the request down to what cannot be met. */
  readonly chain: readonly string[];
  readonly hints: readonly string[];
}

/** An install set, sorted by NEVRA, or problems that say why there is none. */
export interface Solution {
  readonly schema: "weir/solution/1";
  readonly install: readonly SolvedPackage[];
  readonly problems: readonly SolveProblem[];
}

export interface ClosureProblem {
  readonly nevra: string;
  readonly repository: string;
  /** Requirements that nothing meets; empty for what cannot be installed for another reason. */
  readonly missing: readonly Dependency[];
  /** From the package down to the cause, where that was asked for. */
  readonly chain?: readonly string[];
}
