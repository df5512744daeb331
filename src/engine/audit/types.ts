import type { Finding, Skip } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import type { PackageMap } from "../compat/index.ts";
import type { Solution } from "../solve/index.ts";
import type { AuditRule } from "./rules.ts";

/** An image of the legacy distribution. */
export interface LegacyImage {
  /** Reference with `*` and `?`; without a tag it stands for all tags. Tried in order. */
  readonly pattern: string;
  /** What to build on instead; undefined where there is no counterpart. */
  readonly replacement?: string | undefined;
  /** It can no longer be pulled. */
  readonly gone?: boolean;
}

/** What is known of the distribution being left, as data. */
export interface LegacyFacts {
  readonly name: string;
  /** Command → the one that replaces it (`tdnf` → `dnf`). A command that maps to itself is understood, but no finding. */
  readonly managers: Readonly<Record<string, string>>;
  readonly images: readonly LegacyImage[];
  /** Values of ID in os-release, and names, that scripts test for. */
  readonly osIds: readonly string[];
  /** Path → the one that replaces it. */
  readonly paths: Readonly<Record<string, string>>;
  /** Paths that have no replacement: what to do instead. */
  readonly lostPaths: Readonly<Record<string, string>>;
  /** Values of VERSION_ID, as given to --releasever. */
  readonly releases: readonly string[];
  /** Without the leading dot: `cm2`, `azl3`. */
  readonly distTags: readonly string[];
  /** Parts of URLs that only the legacy distribution has. */
  readonly repositoryUrls: readonly string[];
  /** Patterns of repository ids, with `*`. */
  readonly repositoryIds: readonly string[];
  /** Names of key files. */
  readonly keyFiles: readonly string[];
}

export interface AuditOptions {
  /** Named in findings. */
  readonly file: string;
  readonly map: PackageMap;
  /** Everything that can be installed on the target. */
  readonly target: Repository;
  readonly legacy: LegacyFacts;
  /** The legacy distribution's packages: then files and commands that are gone are found as well. */
  readonly before?: Repository | undefined;
  /** Solves a request on the target; without it nothing is said about whether a request can be installed. */
  readonly solve?: ((packages: readonly string[]) => Solution | Promise<Solution>) | undefined;
  /** Dist tag of the target without the dot, so that pins to it are no finding. */
  readonly targetDistTag?: string | undefined;
  /** Names of packages in the base images, where known: tools that the new base lacks are findings then. */
  readonly base?: { readonly legacy: readonly string[]; readonly target: readonly string[] } | undefined;
}

/** A replacement of text: UTF-16 offsets, `end` exclusive; line and column of `start` from 1. */
export interface TextEdit {
  readonly rule: AuditRule;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly before: string;
  readonly after: string;
}

export type CheckState = "pass" | "fail" | "not-applicable" | "error";

/** What a rule came to: `not-applicable` where nothing of its kind is in the file, `error` where it could not be judged. */
export interface AuditCheck {
  readonly rule: AuditRule;
  readonly state: CheckState;
  readonly findings: number;
}

export interface AuditResult {
  readonly schema: "weir/audit/1";
  readonly file: string;
  readonly legacy: string;
  readonly target: string;
  /** One a rule, in the order of the rules table. */
  readonly checks: readonly AuditCheck[];
  readonly findings: readonly Finding[];
  readonly skips: readonly Skip[];
  /** By offset, not overlapping. */
  readonly edits: readonly TextEdit[];
  /** What was looked at, so that silence is not taken for health. */
  readonly inventory: {
    readonly stages: number;
    readonly legacyStages: number;
    readonly commands: number;
    readonly packageCommands: number;
    readonly packages: number;
  };
}
