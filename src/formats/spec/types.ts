import type { Dependency } from "../rpm/index.ts";

/** A dependency as written in a spec, after expansion, with the line (from 1) of the spec that holds it. */
export interface SpecDependency extends Dependency {
  readonly line: number;
}

/** A source or patch: number, the value after expansion, the basename that the file has in the source folder. */
export interface SpecSource {
  readonly number: number;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** A value that could not be computed without running foreign code, or that a macro is missing for. */
export interface Taint {
  readonly line: number;
  readonly subject: string;
  readonly reason: string;
}

export interface BuildCondition {
  readonly name: string;
  /** Value when neither `--with` nor `--without` is given. */
  readonly default: boolean;
  readonly value: boolean;
  readonly line: number;
}

export interface SpecPackage {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly summary: string;
  /** It has a %files section, so a binary package results. */
  readonly built: boolean;
  /** Absolute paths and globs of its %files, directives removed, `%exclude` and `-f` lists left out. */
  readonly files: readonly string[];
  readonly requires: readonly SpecDependency[];
  readonly provides: readonly SpecDependency[];
  readonly conflicts: readonly SpecDependency[];
  readonly obsoletes: readonly SpecDependency[];
  readonly recommends: readonly SpecDependency[];
  readonly suggests: readonly SpecDependency[];
  readonly supplements: readonly SpecDependency[];
  readonly enhances: readonly SpecDependency[];
}

/** What evaluating a spec gives: what `rpmspec -q` would tell of it, with the lines behind it. */
export interface EvaluatedSpec {
  readonly name: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  readonly license: string;
  readonly summary: string;
  readonly url: string;
  readonly buildArch: string | undefined;
  readonly exclusiveArch: readonly string[];
  readonly excludeArch: readonly string[];
  readonly buildRequires: readonly SpecDependency[];
  readonly buildConflicts: readonly SpecDependency[];
  readonly sources: readonly SpecSource[];
  readonly patches: readonly SpecSource[];
  readonly packages: readonly SpecPackage[];
  readonly conditions: readonly BuildCondition[];
  /** The spec has a %generate_buildrequires section: its needs are known only when it runs. */
  readonly dynamicBuildRequires: boolean;
  readonly tainted: readonly Taint[];
}

export interface EvaluateOptions {
  /** What places name; default `spec`. */
  readonly file?: string;
  /** Target architecture; default x86_64. */
  readonly arch?: string;
  /** As `--with` and `--without` of rpmbuild. */
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  readonly defines?: Readonly<Record<string, string>>;
  readonly undefines?: readonly string[];
  /** Text of a file in the source folder, for `%include` and `%{load:…}`; without it both are taints. */
  readonly readSource?: (name: string) => string | undefined;
}

/** A line of a spec: its text, and what ends it (`\n`, `\r\n`, or nothing at the end of the file). */
export interface SpecLine {
  readonly text: string;
  readonly ending: string;
}

/** A section, header line included. Lines are indexes from 0, `end` is exclusive. The preamble has `start` 0 and no header. */
export interface SpecSection {
  /** Lower case, without the percent sign; `preamble` for the first. */
  readonly name: string;
  /** Whole package name given with -n, as written. */
  readonly full: string | undefined;
  /** Name behind the main package's, as written. */
  readonly suffix: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Index of the innermost conditional around the header, -1 for none. */
  readonly conditional: number;
}

/** A branch of a conditional: the line of its %if, %elif or %else, and the first line behind the branch. */
export interface SpecBranch {
  readonly kind: "if" | "ifarch" | "ifnarch" | "ifos" | "ifnos" | "elif" | "elifarch" | "elifos" | "else";
  readonly line: number;
  readonly end: number;
}

export interface SpecConditional {
  readonly branches: readonly SpecBranch[];
  /** Line of %endif, undefined when it is missing. */
  readonly endif: number | undefined;
  /** Index of the conditional around it, -1 for none. */
  readonly parent: number;
}

/** A tag of the preamble or of a %package section, as written. */
export interface SpecTag {
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly value: string;
  readonly line: number;
  readonly section: number;
  readonly conditional: number;
}

/**
 * A spec as text with its structure, nothing lost: `writeSpec` gives the input back. Structure is what rpm would see without expanding: a header
 * inside a macro's body or behind a line continuation is none.
 */
export interface SpecDocument {
  readonly lines: readonly SpecLine[];
  readonly sections: readonly SpecSection[];
  readonly conditionals: readonly SpecConditional[];
  readonly tags: readonly SpecTag[];
  /** Lines (from 0) where brackets open that never close. */
  readonly unclosed: readonly number[];
}
