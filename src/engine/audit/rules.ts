import type { Severity } from "../../core/index.ts";

export interface AuditRuleInfo {
  readonly id: string;
  readonly title: string;
  /** The severity unless what is found lowers or raises it. */
  readonly severity: Severity;
  readonly explanation: string;
  readonly remedy: string;
}

function rule(id: string, severity: Severity, title: string, explanation: string, remedy: string): AuditRuleInfo {
  return { id, title, severity, explanation, remedy };
}

/** The rules of an audit, for reports and for the generated reference. */
export const auditRules = {
  AUDIT001: rule(
    "AUDIT001",
    "medium",
    "Nothing to judge",
    "No stage builds on the legacy distribution and no package command was understood. That is no clean result.",
    "Check that it is the right file, and that the facts about the legacy distribution name its images.",
  ),
  PKG001: rule(
    "PKG001",
    "high",
    "Dropped package",
    "The target has no package of this name, nothing obsoletes or provides it.",
    "Remove it, or find what replaces it.",
  ),
  PKG002: rule("PKG002", "medium", "Renamed package", "Another package takes its place.", "Use the new name."),
  PKG004: rule(
    "PKG004",
    "medium",
    "Split or merged package",
    "Its contents are now in other packages.",
    "Install the packages that hold what is used.",
  ),
  PKG005: rule(
    "PKG005",
    "medium",
    "Subpackage gone",
    "The source package is still there, but no longer builds this package.",
    "Install the package of the same source that holds what is used.",
  ),
  PKG006: rule(
    "PKG006",
    "medium",
    "Virtual name lost",
    "The name was provided by a package before and is provided by nothing now.",
    "Ask for the package itself.",
  ),
  PKG007: rule(
    "PKG007",
    "low",
    "Version goes backwards",
    "The target has an older version; severe where the first number is lower.",
    "Check that the older version is enough.",
  ),
  PKG009: rule(
    "PKG009",
    "high",
    "Pinned to the legacy distribution",
    "A version or file with the legacy dist tag does not exist on the target.",
    "Remove the pin, or pin to a version of the target.",
  ),
  PKG010: rule(
    "PKG010",
    "medium",
    "Package of a foreign distribution",
    "The dist tag belongs to neither distribution.",
    "Take the package from the target, or from its vendor's repository for it.",
  ),
  PKG014: rule(
    "PKG014",
    "blocker",
    "Cannot be installed on the target",
    "A solve of the request on the target's packages has no answer.",
    "Change the request as the explanation says.",
  ),
  PKG017: rule(
    "PKG017",
    "high",
    "Tool not in the new base image",
    "The legacy base image holds a tool that the file uses and the new one does not.",
    "Install the package that holds it.",
  ),
  REPO001: rule(
    "REPO001",
    "high",
    "Repository of the legacy distribution",
    "The URL belongs to the legacy distribution.",
    "Use the target's repositories.",
  ),
  REPO002: rule(
    "REPO002",
    "high",
    "Repository id of the legacy distribution",
    "The target's package manager fails on a repository id that it does not know.",
    "Name the target's repository, or leave the option out.",
  ),
  REPO003: rule(
    "REPO003",
    "medium",
    "Key file of the legacy distribution",
    "The file is not on the target.",
    "Use the target's key file.",
  ),
  REPO005: rule(
    "REPO005",
    "high",
    "Signatures are not checked",
    "Packages are installed without a check of their signatures.",
    "Import the key and check signatures.",
  ),
  PM001: rule(
    "PM001",
    "low",
    "Legacy package manager",
    "The command is at best a link to another program.",
    "Call the target's package manager.",
  ),
  PM002: rule(
    "PM002",
    "blocker",
    "autoremove with packages",
    "The target's autoremove takes no package names.",
    "Use remove.",
  ),
  PM003: rule(
    "PM003",
    "high",
    "Output or exit codes of another program",
    "Listing takes options instead of words, and exit codes differ.",
    "Use list --installed, --available or --upgrades, and test for the exit codes of dnf.",
  ),
  PM004: rule(
    "PM004",
    "high",
    "Release of the legacy distribution, or of an install root",
    "A release number of the legacy distribution means nothing to the target's repositories; with --installroot they are read from the root unless told otherwise.",
    "Leave --releasever out; with --installroot add --use-host-config.",
  ),
  PM005: rule(
    "PM005",
    "medium",
    "Path of the legacy distribution",
    "The path does not exist on the target, or means nothing there.",
    "Use the target's path.",
  ),
  PM006: rule(
    "PM006",
    "medium",
    "Option that is gone",
    "The target's package manager has no such option.",
    "Leave it out, or use its successor.",
  ),
  IMG001: rule(
    "IMG001",
    "medium",
    "Base image of the legacy distribution",
    "The stage builds on an image of the distribution being left.",
    "Build on the target's image.",
  ),
  IMG002: rule(
    "IMG002",
    "high",
    "Legacy image without a counterpart",
    "The target has no image of this kind.",
    "Build on the target's base image and install what is needed.",
  ),
  IMG003: rule(
    "IMG003",
    "info",
    "Image pinned by digest",
    "The digest keeps the old content whatever the tag says.",
    "Take the digest of the target's image.",
  ),
  ABI003: rule(
    "ABI003",
    "high",
    "Library by a soname that is gone",
    "The file names a shared library that the target does not have under this soname.",
    "Link against the library by its plain name and build again on the target.",
  ),
  ABI004: rule(
    "ABI004",
    "high",
    "Interpreter version of the legacy distribution",
    "The target has another minor version of the interpreter: folders, commands and compiled modules of the old one are not found.",
    "Call the interpreter without its minor version, and install modules again on the target.",
  ),
  FILE001: rule(
    "FILE001",
    "medium",
    "File or command gone",
    "A package of the legacy distribution held it; no package of the target does.",
    "Use what replaces it.",
  ),
  OS001: rule(
    "OS001",
    "high",
    "Test for the legacy distribution",
    "Scripts that test the id or name in os-release take another branch on the target.",
    "Test for the target's ID or ID_LIKE as well, or for what is really needed.",
  ),
  SVC001: rule(
    "SVC001",
    "high",
    "Unit missing on the target",
    "No package of the target holds the unit.",
    "Use the unit that replaces it.",
  ),
  USR001: rule(
    "USR001",
    "low",
    "Home directory made twice",
    "useradd makes the home directory on the target, so that a plain mkdir of it fails.",
    "Use mkdir -p, or useradd --no-create-home.",
  ),
} as const satisfies Record<string, AuditRuleInfo>;

export type AuditRule = keyof typeof auditRules;
