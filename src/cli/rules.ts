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
  DEFINE001: {
    id: "DEFINE001",
    title: "Pinned commit that upstream no longer has",
    severity: "high",
    explanation:
      "Upstream rewrote its history, and the commit that a component is pinned to is gone. The component cannot be rendered from upstream.",
    remedy:
      "Move the pin with `weir component update NAME`, or name another commit where the definition itself names it.",
  },
  DEFINE002: {
    id: "DEFINE002",
    title: "Pinned commit off the branch's first-parent line",
    severity: "medium",
    explanation:
      "The commit came to the branch through a merge, or was never on it. A snapshot never resolves to such a commit, and the history behind it " +
      "is not the branch's.",
    remedy: "Move the pin to a commit on the first-parent line.",
  },
  DEFINE003: {
    id: "DEFINE003",
    title: "Overlay placed where it was not meant",
    severity: "low",
    explanation:
      "By the spec's structure the edit would land elsewhere than azldev puts it: in a conditional that follows, behind a header that a macro " +
      "only quotes, on a tag of another branch.",
    remedy: "Look at the difference; say the place with a spec-search-replace overlay where it matters.",
  },
  DEFINE004: {
    id: "DEFINE004",
    title: "Overlay that does not apply",
    severity: "high",
    explanation:
      "What the overlay edits is not there, on the pinned upstream or on the newer one that was asked about.",
    remedy: "Adapt the overlay, or drop it where upstream made it needless.",
  },
  DEFINE005: {
    id: "DEFINE005",
    title: "Overlay with nothing left to do",
    severity: "low",
    explanation: "Upstream already is what the overlay would make of it.",
    remedy: "Drop the overlay when the component moves there.",
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
  RPM001: {
    id: "RPM001",
    title: "Package that is not what it states",
    severity: "blocker",
    explanation: "A digest or size that the package states of its own header or payload is not what its bytes give.",
    remedy: "Fetch the package again, or build it again.",
  },
  RPM002: {
    id: "RPM002",
    title: "Signature that is not genuine",
    severity: "blocker",
    explanation: "The package carries a signature that was not made over these bytes, or that cannot be read.",
    remedy: "Do not install the package; fetch it again from where it was published.",
  },
  RPM003: {
    id: "RPM003",
    title: "Signature that is not trusted",
    severity: "high",
    explanation: "The signature is genuine, but its key had expired or was revoked, or its algorithms can be forged.",
    remedy: "Have the package signed again with a sound key.",
  },
  RPM004: {
    id: "RPM004",
    title: "No signature by a known key",
    severity: "high",
    explanation: "A keyring was given, and no signature by one of its keys covers header and payload of the package.",
    remedy: "Sign the package, or add the key that signed it to the keyring.",
  },
  RPM005: {
    id: "RPM005",
    title: "File that is not what the header states",
    severity: "blocker",
    explanation: "The content of a file in the payload does not have the digest that the package's header states.",
    remedy: "Fetch the package again, or build it again.",
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
