import type { JobFlag, Selection } from "../jobs.ts";

/** Which packages, and what choosing them that way fixes of them (`setarch` for `name.arch`, `setevr` for `name-1-2`, …). */
export interface Selected {
  readonly select: Selection;
  readonly flags: readonly JobFlag[];
}

/**
 * How a pattern is read. The first of `filelist`, `name`, `provides`, `canon` that finds anything decides. Without the `with…` settings only
 * packages that can be installed here, and installed ones, are found.
 */
export interface SelectionOptions {
  /** The pattern is a package's name. */
  readonly name?: boolean;
  /** … something it provides. */
  readonly provides?: boolean;
  /** … the path of a file of it. */
  readonly filelist?: boolean;
  /** … name-version, name-version-release, each with .arch or without. An epoch may be left out. */
  readonly canon?: boolean;
  /** A name may end in `.arch`. */
  readonly dotArch?: boolean;
  /** A comparison may follow: `name >= 1`. */
  readonly relation?: boolean;
  readonly installedOnly?: boolean;
  /** `*`, `?` and `[…]` stand for what they do in shells. */
  readonly glob?: boolean;
  /** One answer that lists all packages, in place of one for each name. */
  readonly flat?: boolean;
  readonly noCase?: boolean;
  readonly sourceOnly?: boolean;
  readonly withSource?: boolean;
  /** Names match without what stands before a colon. */
  readonly skipKind?: boolean;
  /** Dependencies are compared as texts. */
  readonly dependencyText?: boolean;
  readonly withDisabled?: boolean;
  readonly withBadArch?: boolean;
}
