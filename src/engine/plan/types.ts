import type { Place, Skip } from "../../core/index.ts";
import type { MacroContext } from "../../formats/macro/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";

/** One build of one component. A component that a cycle needs twice has two nodes, `name#bootstrap` first. */
export interface BuildNode {
  readonly id: string;
  readonly component: string;
  readonly nevr: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly buildRequires: readonly string[];
  readonly dynamicBuildRequires: boolean;
  readonly edges: readonly BuildEdge[];
  /** Names of the binary packages it is expected to give. */
  readonly packages: readonly string[];
  /** Earliest wave it can be built in, from 0. */
  readonly wave: number;
}

/** This node needs `on` built first, because of `capability`, written at `place`. */
export interface BuildEdge {
  readonly on: string;
  readonly capability: string;
  readonly place: Place;
  /** `build`: a BuildRequires; `runtime`: a Requires of something it installs into the buildroot. */
  readonly kind: "build" | "runtime";
  /** The package of `on` that provides it. */
  readonly package: string;
  /** How the provider was found, where not by an equal capability: a name rule, or a choice among several. */
  readonly rule?: string;
}

export interface BuildCycle {
  readonly components: readonly string[];
  /** The nodes whose bootstrap condition breaks it. */
  readonly cut: readonly string[];
  readonly explanation: string;
}

export interface BuildPlan {
  readonly schema: "weir/plan/1";
  readonly arch: string;
  /** In an order in which each node follows what it needs. */
  readonly nodes: readonly BuildNode[];
  readonly cycles: readonly BuildCycle[];
  /** Capabilities that no component provides and the buildroot itself must. */
  readonly external: readonly {
    readonly capability: string;
    readonly neededBy: readonly string[];
    readonly providedBy: string;
  }[];
  /** The base runtime that was taken for given: its packages with the sha256 of each. Absent where there is none. */
  readonly base?: readonly { readonly nevra: string; readonly sha256: string }[];
  readonly skips: readonly Skip[];
}

/** A component to build: its rendered spec and how it is configured. */
export interface PlanComponent {
  readonly component: string;
  readonly specText: string;
  /** What places name: relative to the project. */
  readonly specFile: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  readonly defines?: Readonly<Record<string, string>>;
  readonly undefines?: readonly string[];
  /** Text of a file beside the spec. */
  readonly readSource?: (name: string) => string | undefined;
}

export interface PlanInput {
  readonly arch: string;
  readonly components: readonly PlanComponent[];
  /** The macro set of the buildroot, `dist` and the like included. */
  readonly macros: MacroContext;
  /**
   * Packages known from repositories. Those of a component (same package name and source) add the provides and requires that only a build
   * finds out; others stand for what is prebuilt.
   */
  readonly packages?: readonly PackageMetadata[];
  /** Capabilities that packages give beyond their spec: package name → capabilities. */
  readonly provides?: ReadonlyMap<string, readonly string[]>;
  /** Capabilities that the buildroot has of itself; a `*` at the end stands for any rest. */
  readonly assume?: readonly string[];
  /** Names of build conditions that may be switched on to break a cycle; default: `bootstrap` and its usual spellings. */
  readonly bootstrapConditions?: readonly string[];
}

/** Why a node is in a plan and where in the order. */
export interface PlanReason {
  readonly node: string;
  readonly wave: number;
  readonly reason: string;
}
