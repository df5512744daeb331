import type { Severity } from "../core/index.ts";

/** Rules of commands that judge by themselves, for reports and for the generated reference. */
export const commandRules = {
  CLOSURE001: {
    id: "CLOSURE001",
    title: "Requirement that nothing provides",
    severity: "high",
    explanation:
      "A package of the repository requires what no package of the repositories given provides. It cannot be installed from them.",
    remedy: "Add the repository that provides it, or publish a package that does.",
  },
  CLOSURE002: {
    id: "CLOSURE002",
    title: "Needs that cannot stand together",
    severity: "high",
    explanation:
      "Each need of the package can be met, but not all of them at once: what meets them conflicts, obsoletes the other, or is two versions " +
      "of one name.",
    remedy:
      "Rebuild the packages that the chain names against each other, or take the stale one out of the repository.",
  },
  DOCTOR001: {
    id: "DOCTOR001",
    title: "Program missing",
    severity: "high",
    explanation: "A rebuild calls this program. Where only tests or the fallback need it, the severity is low.",
    remedy: "Install the package that the finding names.",
  },
  DOCTOR002: {
    id: "DOCTOR002",
    title: "No way to keep builds apart",
    severity: "high",
    explanation: "Neither namespaces nor tracing work on this machine, so nothing can be built.",
    remedy: "Install bubblewrap and allow user namespaces, or install proot.",
  },
  SOLVE001: {
    id: "SOLVE001",
    title: "Request that cannot be met",
    severity: "high",
    explanation: "No set of packages of the repositories given meets the request and all that it needs.",
    remedy: "Do what the hints say, each of which was tried, or ask for something else.",
  },
} as const satisfies Readonly<
  Record<string, { id: string; title: string; severity: Severity; explanation: string; remedy: string }>
>;
