import type { Evidence, Skip } from "../../core/index.ts";
import type { RpmFile, RpmPackage } from "../../formats/rpm/index.ts";
import type { PackageMetadata, Repository } from "../../formats/rpmmd/index.ts";
import type { CompatRule } from "./rules.ts";

/** A file of a package with its content. */
export interface PackageContent {
  /** Absolute, as the package lists it. */
  readonly path: string;
  /** st_mode. */
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** A package file that can be looked into. */
export interface OpenedPackage {
  readonly package: RpmPackage;
  /** Contents of the regular files that `wanted` picks, in any order. Bounded by the reader. */
  contents(wanted: (file: RpmFile) => boolean): AsyncIterable<PackageContent>;
}

/** Opens the file of a package; undefined where it is not at hand. */
export type PackageOpener = (pkg: PackageMetadata) => Promise<OpenedPackage | undefined>;

export interface CompatSide {
  readonly repository: Repository;
  /** Without it only metadata can be compared, which proves breaks but never their absence. */
  readonly open?: PackageOpener | undefined;
}

/** What metadata cannot say: renames (old name → new name, several, or with a reason), and packages given up on purpose with the reason. */
export interface CuratedFates {
  readonly renames?: Readonly<Record<string, string | CuratedRename>>;
  readonly dropped?: Readonly<Record<string, string>>;
}

export interface CuratedRename {
  readonly to: readonly string[];
  readonly reason: string;
}

/** What became of a package's name from one distribution to the other. */
export type Fate = "kept" | "older" | "renamed" | "merged" | "split" | "provided" | "dropped";

/**
 * The fate of one package of the distribution before. `renamed`: one new package obsoletes it (or a curated rule says so); `merged`: a
 * package that was there before takes it over; `split`: several obsolete it; `provided`: nothing obsoletes it but something provides
 * the name; `older`: kept, with a lower version.
 */
export interface PackageFate {
  readonly name: string;
  readonly before: string;
  /** Name of the source package, empty where unknown. */
  readonly source: string;
  readonly fate: Fate;
  /** Names of the packages that take its place, sorted. Empty only for `dropped`. */
  readonly to: readonly string[];
  /** EVR of the first of them. */
  readonly after: string | undefined;
  /** For `dropped`: a curated rule says that this is meant. */
  readonly meant: boolean;
  /** For `dropped`: other packages of the same source are still there. */
  readonly sourceKept: boolean;
  readonly evidence: readonly Evidence[];
}

/** A name that packages before provided without being called so, or a file that was asked for by path. */
export interface VirtualFate {
  readonly name: string;
  readonly by: readonly string[];
  /** Packages after that provide it; empty for a lost one. */
  readonly to: readonly string[];
  /** For a lost one: what became of those that provided it. */
  readonly successors: readonly string[];
}

/** What became of a soname. */
export interface LibraryFate {
  readonly soname: string;
  /** Packages before that hold it. */
  readonly by: readonly string[];
  /** The soname itself where it is still there, else those of the same library with another number; empty where there is none. */
  readonly to: readonly string[];
}

/** The fates of all packages, virtual names and libraries, each sorted by name. */
export interface PackageMap {
  readonly schema: "weir/package-map/1";
  readonly before: string;
  readonly after: string;
  readonly packages: readonly PackageFate[];
  readonly virtuals: readonly VirtualFate[];
  readonly libraries: readonly LibraryFate[];
}

export type Verdict = "identical" | "additive" | "break" | "not-compared" | "removed" | "renamed" | "added";
export const verdicts: readonly Verdict[] = [
  "break",
  "removed",
  "renamed",
  "not-compared",
  "additive",
  "identical",
  "added",
];

/** One difference that was found. */
export interface Change {
  readonly rule: CompatRule;
  /** Somebody who relies on the package as it was can fail. */
  readonly breaks: boolean;
  /** A capability, symbol, path, user or unit. */
  readonly subject: string;
  readonly what: string;
  /** The file that shows it, where there is one. */
  readonly path?: string | undefined;
  /** NEVRAs of packages before that rely on it, sorted. */
  readonly consumers: readonly string[];
}

/** One package name's comparison. `comparedFiles` counts files compared by content. */
export interface PackageComparison {
  readonly name: string;
  readonly verdict: Verdict;
  /** NEVRA before; undefined for `added`. */
  readonly before: string | undefined;
  /** NEVRAs it was compared with, several after a split; empty for `removed`. */
  readonly after: readonly string[];
  readonly fate: Fate | undefined;
  readonly comparedFiles: number;
  readonly changes: readonly Change[];
  readonly evidence: readonly Evidence[];
  /** Why it was not compared. */
  readonly reason?: string;
}

export interface CompatResult {
  readonly schema: "weir/compat/1";
  readonly before: string;
  readonly after: string;
  /** By name, then NEVRA. */
  readonly packages: readonly PackageComparison[];
  readonly totals: Readonly<Record<Verdict, number>>;
  readonly comparedFiles: number;
  /** Packages after that require what was there before and is no more. */
  readonly leftBehind: readonly { readonly nevra: string; readonly capability: string }[];
  readonly skips: readonly Skip[];
}
