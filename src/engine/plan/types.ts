import type { Place, Skip } from "../../core/index.ts";

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
  readonly external: readonly { readonly capability: string; readonly neededBy: readonly string[]; readonly providedBy: string }[];
  readonly skips: readonly Skip[];
}
