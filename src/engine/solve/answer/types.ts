/** Why a package is in the answer. */
export type AnswerReason =
  | { readonly kind: "requested"; readonly request: string }
  | {
      readonly kind: "required" | "recommended" | "supplemented";
      /** NEVRA of the package that asks. */
      readonly by: string;
      readonly dependency: string;
    }
  /** It comes in the place of an installed package. */
  | { readonly kind: "replaces"; readonly by: string }
  /** Nothing that is there any more asks for it. */
  | { readonly kind: "chosen" };

/** A package of an answer. */
export interface AnswerPackage {
  /** `name-[epoch:]version-release.arch`. */
  readonly nevra: string;
  readonly repo: string;
  readonly reason: AnswerReason;
  /** Bytes of the package file. */
  readonly size: number;
  /** Bytes it takes once installed. */
  readonly installedSize: number;
}

/** A line of a tree that people read; children are indented below it. */
export interface TreeNode {
  readonly text: string;
  readonly children: readonly TreeNode[];
}

/** Something to do about a problem, found by looking at what there is. */
export interface Hint {
  /** One sentence. */
  readonly text: string;
  /** Whether the request was solved again with it and came out. */
  readonly verified: boolean;
  /** Options of `weir solve` that do it, where there are some. */
  readonly options?: readonly string[];
}

/** What a problem comes down to. */
export interface ProblemCause {
  readonly kind:
    | "nothing-provides"
    | "conflict"
    | "obsoletes"
    | "same-name"
    | "excluded"
    | "not-installable"
    | "unknown-request"
    | "refused";
  /** The sentence. */
  readonly text: string;
  /** Packages that say so, as NEVRA, sorted. */
  readonly packages: readonly string[];
  /** The dependency, as text; empty where none is behind it. */
  readonly dependency: string;
}

export interface AnswerProblem {
  /** What cannot be met: requests, joined by commas. */
  readonly subject: string;
  readonly message: string;
  /** From the request down to the cause, one sentence each. */
  readonly chain: readonly string[];
  readonly tree: readonly TreeNode[];
  readonly hints: readonly Hint[];
  readonly causes: readonly ProblemCause[];
}

/** What happens to an installed package. */
export interface AnswerChange {
  readonly nevra: string;
  /** What comes in its place; empty for a removal. */
  readonly to: string;
  readonly kind: "upgrade" | "downgrade" | "change" | "reinstall" | "remove" | "obsolete";
}

/** `weir/solution/1`: an answer as programs read it. */
export interface SolutionDocument {
  readonly schema: "weir/solution/1";
  readonly arch: string;
  readonly requests: readonly string[];
  /** The repositories that were looked at, in the order given. */
  readonly repositories: readonly { readonly id: string; readonly revision: string; readonly packages: number }[];
  /** Sorted by NEVRA. What was installed before is not in it. */
  readonly install: readonly AnswerPackage[];
  /** Changes to what was installed before, sorted by NEVRA. */
  readonly changes: readonly AnswerChange[];
  readonly totals: { readonly packages: number; readonly size: number; readonly installedSize: number };
  readonly problems: readonly AnswerProblem[];
}
