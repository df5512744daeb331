import type { Severity } from "../../core/index.ts";

export interface CompatRuleInfo {
  readonly id: string;
  readonly title: string;
  /** The severity unless what is found lowers or raises it. */
  readonly severity: Severity;
  readonly explanation: string;
  readonly remedy: string;
}

/** The rules of a comparison, for reports and for the generated reference. */
export const compatRules = {
  COMPAT001: {
    id: "COMPAT001",
    title: "Nothing was compared",
    severity: "high",
    explanation:
      "One side has no packages, or not one file of any package could be compared. A comparison of nothing proves nothing.",
    remedy: "Check that both repositories are the right ones and that their package files are at hand.",
  },
  COMPAT002: {
    id: "COMPAT002",
    title: "Package removed",
    severity: "high",
    explanation:
      "No package of this name is left, none obsoletes or provides it, and no curated rule names a successor.",
    remedy: "Bring the package back, or let its successor obsolete and provide it.",
  },
  COMPAT003: {
    id: "COMPAT003",
    title: "Package renamed",
    severity: "low",
    explanation:
      "Another package takes its place. Where the new one does not provide the old name, requests and dependencies by the old name fail.",
    remedy: "Let the new package carry a versioned Provides of the old name.",
  },
  COMPAT004: {
    id: "COMPAT004",
    title: "Capability lost",
    severity: "medium",
    explanation: "A name that the package provided is provided by nothing any more.",
    remedy: "Provide the name again, or move those who require it.",
  },
  COMPAT005: {
    id: "COMPAT005",
    title: "Shared library lost or renamed",
    severity: "medium",
    explanation: "A soname is provided by nothing any more: what was linked against it does not start.",
    remedy: "Rebuild those who need it against the new library, or keep the old one in a compatibility package.",
  },
  COMPAT006: {
    id: "COMPAT006",
    title: "Symbol removed from a shared library",
    severity: "medium",
    explanation:
      "The library keeps its soname but no longer exports a symbol: programs that use it fail when they start or when they call it.",
    remedy: "Restore the symbol, or raise the soname.",
  },
  COMPAT007: {
    id: "COMPAT007",
    title: "Symbol version lost or moved",
    severity: "medium",
    explanation:
      "A symbol is no longer there under the version that programs were linked with, or a whole version node is gone.",
    remedy: "Keep the old version node, with the symbol in it.",
  },
  COMPAT008: {
    id: "COMPAT008",
    title: "Exported object changed its size or kind",
    severity: "medium",
    explanation:
      "Programs that hold a copy of a library's data object reserve its old size; thread-local data, functions and objects cannot stand for each other.",
    remedy: "Keep the size, or raise the soname.",
  },
  COMPAT009: {
    id: "COMPAT009",
    title: "Command lost",
    severity: "high",
    explanation: "A program in the search path is in no package any more.",
    remedy: "Ship the command or a link of its name.",
  },
  COMPAT010: {
    id: "COMPAT010",
    title: "Files lost or moved",
    severity: "low",
    explanation:
      "Files outside the search path, documentation and translations left out, are gone or are now in another package.",
    remedy: "Check whether anybody refers to the paths.",
  },
  COMPAT011: {
    id: "COMPAT011",
    title: "Configuration changed",
    severity: "low",
    explanation:
      "A configuration file is gone, has other defaults, or is no longer kept when an administrator changed it.",
    remedy: "Read the difference of the defaults; keep %config(noreplace).",
  },
  COMPAT012: {
    id: "COMPAT012",
    title: "Unit lost",
    severity: "high",
    explanation: "A systemd unit is in no package any more: enabling or ordering after it fails.",
    remedy: "Ship the unit, or an alias of its name.",
  },
  COMPAT013: {
    id: "COMPAT013",
    title: "Preset changed",
    severity: "medium",
    explanation: "A unit that was enabled by default no longer is, or the other way round.",
    remedy: "State the wanted preset in the image or in the distribution's preset file.",
  },
  COMPAT014: {
    id: "COMPAT014",
    title: "System user changed",
    severity: "medium",
    explanation: "A user or group of sysusers.d is gone or has another number: files on disk keep the old number.",
    remedy: "Keep the user with its number, or change the ownership of its files.",
  },
  COMPAT015: {
    id: "COMPAT015",
    title: "Scriptlet interpreter changed",
    severity: "low",
    explanation: "A scriptlet runs under another program, which has to be installed before the package.",
    remedy: "Check that minimal images hold the interpreter.",
  },
  COMPAT016: {
    id: "COMPAT016",
    title: "Owner, mode or capabilities changed",
    severity: "medium",
    explanation: "A file that kept its path has other permissions, another owner or other POSIX capabilities.",
    remedy: "Check that the change is meant; set-user-id bits and capabilities decide what a command may do.",
  },
  COMPAT017: {
    id: "COMPAT017",
    title: "Version goes backwards",
    severity: "medium",
    explanation:
      "The package is older than before: an update keeps the old one, and a fresh installation lacks what the newer one had.",
    remedy: "Update the package, or raise its epoch when going back is meant.",
  },
  COMPAT018: {
    id: "COMPAT018",
    title: "Left behind",
    severity: "blocker",
    explanation: "A package of the new distribution itself requires what only the old one had: it cannot be installed.",
    remedy: "Rebuild the package.",
  },
  COMPAT019: {
    id: "COMPAT019",
    title: "Other machine or word size",
    severity: "high",
    explanation: "A library or program is now for another machine or word size under the same path.",
    remedy: "Build the package for the right architecture.",
  },
} as const satisfies Record<string, CompatRuleInfo>;

export type CompatRule = keyof typeof compatRules;
