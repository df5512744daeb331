import type { DependencyId } from "../../formats/rpmmd/index.ts";
import type { Pool } from "../pool/index.ts";

/** What a job asks for. `lock` keeps packages as they are, installed or not; `noop` asks for nothing. */
export type JobAction =
  | "install"
  | "erase"
  | "update"
  | "distupgrade"
  | "verify"
  | "lock"
  | "multiversion"
  | "favor"
  | "disfavor"
  | "blacklist"
  | "weakendeps"
  | "allowuninstall"
  | "droporphaned"
  | "userinstalled"
  | "excludefromweak"
  | "noop";

/** Which packages a job is about. */
export type Selection =
  | { readonly kind: "package"; readonly package: number }
  /** Packages of that name, and in that range. */
  | { readonly kind: "name"; readonly dependency: DependencyId }
  | { readonly kind: "provides"; readonly dependency: DependencyId }
  | { readonly kind: "oneof"; readonly packages: readonly number[] }
  | { readonly kind: "repository"; readonly repository: number }
  | { readonly kind: "all" };

/**
 * Details of a job. `weak`: rather no problem than met. `essential`: never given up in a proposed solution. `cleandeps`: with an erasure
 * goes what only it needed. `orupdate`: an installed package does not meet an install job by itself. `forcebest`: the best candidate or a
 * problem. `targeted`: the selection names what to update to, not what to update. `notbyuser`: does not count as wished for. `set*`: the
 * selection fixes that property of a package, so that policy allows it to change. `noautoset`: properties are not guessed from the selection.
 */
export type JobFlag =
  | "weak"
  | "essential"
  | "cleandeps"
  | "orupdate"
  | "forcebest"
  | "targeted"
  | "notbyuser"
  | "setev"
  | "setevr"
  | "setarch"
  | "setvendor"
  | "setrepo"
  | "setname"
  | "noautoset";

export interface SolverJob {
  readonly action: JobAction;
  readonly select: Selection;
  readonly flags?: readonly JobFlag[];
}

/** Settings of the solver; off unless said otherwise. Names follow what package managers of this family call them. */
export interface SolverFlags {
  readonly allowDowngrade?: boolean;
  /** On unless turned off. */
  readonly allowNameChange?: boolean;
  readonly allowArchChange?: boolean;
  readonly allowVendorChange?: boolean;
  readonly allowUninstall?: boolean;
  /** These four are on unless turned off, in distribution upgrades. */
  readonly dupAllowDowngrade?: boolean;
  readonly dupAllowNameChange?: boolean;
  readonly dupAllowArchChange?: boolean;
  readonly dupAllowVendorChange?: boolean;
  /** Updates need not provide the name of what they replace. */
  readonly noUpdateProvide?: boolean;
  readonly needUpdateProvide?: boolean;
  readonly splitProvides?: boolean;
  readonly ignoreRecommended?: boolean;
  /** What installed packages recommend is installed too. */
  readonly addAlreadyRecommended?: boolean;
  /** Recommends are followed like requirements where they can be met. */
  readonly strongRecommends?: boolean;
  readonly onlyNamespaceRecommended?: boolean;
  readonly noInfArchCheck?: boolean;
  /** What stands beside other versions still obsoletes what it says it does; on unless turned off. */
  readonly keepExplicitObsoletes?: boolean;
  readonly bestObeyPolicy?: boolean;
  readonly noAutoTarget?: boolean;
  readonly focusInstalled?: boolean;
  readonly focusNew?: boolean;
  readonly focusBest?: boolean;
  readonly yumObsoletes?: boolean;
  readonly urpmReorder?: boolean;
  readonly installAlsoUpdates?: boolean;
  readonly strictRepoPriority?: boolean;
  readonly keepOrphans?: boolean;
  readonly breakOrphans?: boolean;
  /** A package that conflicts with itself cannot be installed. */
  readonly forbidSelfConflicts?: boolean;
  /** Likewise, of boolean dependencies alone. */
  readonly forbidRichSelfConflicts?: boolean;
  readonly obsoleteUsesProvides?: boolean;
  readonly implicitObsoleteUsesProvides?: boolean;
  readonly obsoleteUsesColours?: boolean;
  /** Packages of one name and of different word size stand side by side. */
  readonly implicitObsoleteUsesColours?: boolean;
  readonly noInstalledObsoletes?: boolean;
  /** What the system itself provides meets requirements, but nothing conflicts with it. */
  readonly systemMeetsOnly?: boolean;
  /** Vendors that count as one, class by class; by themselves vendors are equal by name. A leading `!` takes out, `*` at the end is any rest. */
  readonly vendorClasses?: readonly (readonly string[])[];
}

/** Where a rule comes from. */
export type RuleKind =
  | "package"
  | "feature"
  | "update"
  | "job"
  | "infarch"
  | "distupgrade"
  | "best"
  | "yumobs"
  | "black"
  | "strictrepopriority"
  | "choice"
  | "recommends"
  | "learnt";

/** One meaning of a rule. */
export type RuleInfoType =
  | "not-installable"
  | "nothing-provides"
  | "requires"
  | "self-conflict"
  | "conflicts"
  | "same-name"
  | "obsoletes"
  | "implicit-obsoletes"
  | "installed-obsoletes"
  | "recommends"
  | "update"
  | "feature"
  | "job"
  | "job-nothing-provides"
  | "job-provided-by-system"
  | "job-unknown-package"
  | "job-unsupported"
  | "distupgrade"
  | "infarch"
  | "best"
  | "yumobs"
  | "black"
  | "strictrepopriority"
  | "choice"
  | "learnt";

export interface RuleInfo {
  readonly type: RuleInfoType;
  /** The package that asks, 0 for none. */
  readonly from: number;
  /** The other package of a conflict, obsoletes or same name, 0 for none. */
  readonly to: number;
  /** 0 for none. */
  readonly dependency: DependencyId;
}

/** The rules of a solve; a rule is a number from 1 up. */
export interface RuleView {
  /** One more than the highest rule. */
  readonly count: number;
  kind(rule: number): RuleKind;
  /** Packages, positive for installed and negative for not; one of them must come true. Numbers from the pool's count up are helpers. */
  literals(rule: number): number[];
  /** What the rule stands for: several meanings may share one rule. The first is the one to tell. */
  infos(rule: number): RuleInfo[];
  /** Index of the job a job rule (or best rule of an install job) is for, -1 for none. */
  job(rule: number): number;
  /** The installed package an update, feature, distupgrade or best rule is for, 0 for none. */
  package(rule: number): number;
  /** The package rule that a choice or recommends rule was made of, 0 for others. */
  original(rule: number): number;
  isWeak(rule: number): boolean;
  isDisabled(rule: number): boolean;
  /** For a learnt rule: the rules it follows from, learnt ones among them. */
  learntFrom(rule: number): readonly number[];
}

/** Why a package was decided. */
export type DecisionReason =
  | "unrelated"
  | "unit"
  | "keep-installed"
  | "job"
  | "update-installed"
  | "cleandeps"
  | "resolve"
  | "weak"
  | "orphan";

export interface Decision {
  /** Positive: is installed at the end; negative: is not. */
  readonly literal: number;
  /** Level of the free choice it follows from; 1 follows from the jobs alone. */
  readonly level: number;
  readonly reason: DecisionReason;
  /** The rule that forced it (`unit`), or that it was chosen to meet; 0 for none. */
  readonly rule: number;
}

export type StepType =
  | "install"
  | "multiinstall"
  | "erase"
  | "upgrade"
  | "downgrade"
  | "change"
  | "reinstall"
  /** The package goes because `other` obsoletes it. */
  | "obsolete";

/** One change. For upgrade, downgrade, change and reinstall `package` is the old one and `other` the new one. */
export interface TransactionStep {
  readonly type: StepType;
  readonly package: number;
  /** 0 for none. */
  readonly other: number;
}

/** A contradiction. */
export interface SolverProblem {
  /** What would have to be given up: rules, a job as `~index`. In ascending order as the solver found them. */
  readonly elements: readonly number[];
  /** All rules behind it, learnt ones among them, nearest to the contradiction first. */
  readonly proof: readonly number[];
}

export interface SolverStatistics {
  readonly rules: number;
  readonly packageRules: number;
  /** Packages that rules were made for. */
  readonly packages: number;
  readonly decisions: number;
  readonly learnt: number;
  readonly conflicts: number;
}

/** What {@link runSolver} finds. With problems the steps are those of the solve without what the problems name. */
export interface SolverResult {
  readonly pool: Pool;
  readonly jobs: readonly SolverJob[];
  readonly flags: SolverFlags;
  readonly decisions: readonly Decision[];
  /** What is installed at the end, ascending. */
  readonly packages: readonly number[];
  /** Sorted by package, then other. */
  readonly steps: readonly TransactionStep[];
  readonly problems: readonly SolverProblem[];
  /** Recommended, and suggested, by what is installed at the end; ascending. */
  readonly recommended: readonly number[];
  readonly suggested: readonly number[];
  /** Installed packages that no repository has any more. */
  readonly orphaned: readonly number[];
  /** What `cleandeps` jobs took away. */
  readonly cleaned: readonly number[];
  readonly rules: RuleView;
  readonly statistics: SolverStatistics;
  /** To try what would be if elements of a problem were given up. */
  readonly retry: SolverRetry;
}

/** Solving again over the same rules, for the search for solutions. It changes the {@link SolverResult} it belongs to: ask that first. */
export interface SolverRetry {
  /**
   * Gives up a rule, or all rules of a job (`~index`); rules of policy that stood against the job count again, and for an update rule its
   * feature rule does. `enable` takes that back.
   */
  disable(element: number): void;
  enable(element: number): void;
  /** Gives up just these elements of a problem, without what else goes along with each: as it was when the problem was found. */
  reset(elements: readonly number[]): void;
  /** Forgets all decisions, lets weak rules count again, and solves without weak dependencies; false where a contradiction comes, which `problems` then holds. */
  solve(): boolean;
  /** Problems of the last {@link solve}. */
  readonly problems: readonly SolverProblem[];
  /** 1 installed, -1 not, 0 undecided after the last {@link solve}. */
  decided(pkg: number): -1 | 0 | 1;
}
