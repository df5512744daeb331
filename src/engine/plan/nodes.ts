import { compareText, formatEvr, type Skip, WeirError } from "../../core/index.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import { type EvaluatedSpec, evaluateSpec } from "../../formats/spec/index.ts";
import type { PlanComponent, PlanInput } from "./types.ts";
import { builtPackages, flattenNeeds, type PlacedNeed, type Universe } from "./universe.ts";

/** A build in the making. */
export interface Node {
  readonly id: string;
  readonly component: PlanComponent;
  readonly spec: EvaluatedSpec;
  readonly with: readonly string[];
  readonly bootstrap: boolean;
  readonly needs: readonly PlacedNeed[];
  /** Package name → index in the universe. */
  readonly packages: ReadonlyMap<string, number>;
  /** Node → the bootstrap build that stands in for it in this node's buildroot. */
  readonly standIns: Map<number, number>;
  /** In this node's buildroot what the machine itself has comes before what these nodes give. */
  readonly leftToBuildroot: Set<number>;
}

/** Evaluates the specs and fills the universe: one node a component, sorted by name. What cannot be evaluated or is for other architectures is a Skip. */
export function makeNodes(input: PlanInput, universe: Universe, skips: Skip[]): Node[] {
  const known = new Map<string, PackageMetadata>();
  for (const one of input.packages ?? []) known.set(one.name, one);
  const nodes: Node[] = [];
  const own = new Set<string>();
  for (const component of [...input.components].sort((a, b) => compareText(a.component, b.component))) {
    if (nodes.length > 0 && nodes[nodes.length - 1]?.id === component.component) {
      throw new WeirError("PLAN_COMPONENT_TWICE", `the component ${component.component} is given twice`, {
        where: { file: component.specFile },
        hints: ["give each component once"],
      });
    }
    let spec: EvaluatedSpec;
    try {
      spec = evaluate(input, component, component.with ?? []);
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      const where = typeof error.where === "object" ? `${error.where.file}:${error.where.line ?? 1}: ` : "";
      skips.push({ subject: component.component, reason: `${where}${error.message}` });
      continue;
    }
    const reason = otherArch(spec, input.arch);
    if (reason !== undefined) {
      skips.push({ subject: component.component, reason });
      continue;
    }
    for (const taint of spec.tainted) {
      if (!matters(taint.subject)) continue;
      skips.push({
        subject: component.component,
        reason: `${component.specFile}:${taint.line}: ${taint.subject} is not fully known: ${taint.reason}`,
      });
    }
    for (const one of builtPackages(spec)) own.add(one.name);
    nodes.push(addNode(input, universe, nodes.length, component, spec, component.with ?? [], undefined, known));
  }
  for (const one of input.packages ?? []) if (!own.has(one.name) && one.arch !== "src") universe.addPrebuilt(one);
  return nodes;
}

/** The same component with a bootstrap condition on; its packages are found only through the node. */
export function makeBootstrapNode(
  input: PlanInput,
  universe: Universe,
  index: number,
  full: Node,
  condition: string,
): Node {
  const withConditions = [...full.with, condition];
  const spec = evaluate(input, full.component, withConditions);
  return addNode(input, universe, index, full.component, spec, withConditions, full, new Map());
}

function evaluate(input: PlanInput, component: PlanComponent, withConditions: readonly string[]): EvaluatedSpec {
  return evaluateSpec(component.specText, input.macros, {
    file: component.specFile,
    arch: input.arch,
    with: withConditions,
    without: component.without ?? [],
    defines: component.defines ?? {},
    undefines: component.undefines ?? [],
    ...(component.readSource === undefined ? {} : { readSource: component.readSource }),
  });
}

function addNode(
  input: PlanInput,
  universe: Universe,
  index: number,
  component: PlanComponent,
  spec: EvaluatedSpec,
  withConditions: readonly string[],
  full: Node | undefined,
  known: ReadonlyMap<string, PackageMetadata>,
): Node {
  const packages = new Map<string, number>();
  for (const one of builtPackages(spec)) {
    const earlier = known.get(one.name);
    const extra = input.provides?.get(one.name) ?? [];
    packages.set(one.name, universe.addBuilt(index, one, component.specFile, earlier, extra, full === undefined));
  }
  const needs = spec.buildRequires.map((need) => ({ need, place: { file: component.specFile, line: need.line } }));
  return {
    id: full === undefined ? component.component : `${component.component}#bootstrap`,
    component,
    spec,
    with: withConditions,
    bootstrap: full !== undefined,
    needs: flattenNeeds(needs),
    packages,
    standIns: new Map(),
    leftToBuildroot: new Set(),
  };
}

/** Taints that can hide an edge, a package or the identity of the build. */
function matters(subject: string): boolean {
  return /^(?:BuildRequires|BuildPreReq|Requires|Provides|Name|Version|Release|Epoch|%if|%elif|%package|%files|%include|BuildArch|line|%\w+)/i.test(
    subject,
  );
}

function otherArch(spec: EvaluatedSpec, arch: string): string | undefined {
  if (spec.exclusiveArch.length > 0 && !spec.exclusiveArch.includes(arch) && !spec.exclusiveArch.includes("noarch")) {
    return `ExclusiveArch names ${spec.exclusiveArch.slice(0, 6).join(", ")}, not ${arch}`;
  }
  return spec.excludeArch.includes(arch) ? `ExcludeArch names ${arch}` : undefined;
}

export function nevrOf(spec: EvaluatedSpec): string {
  return `${spec.name}-${formatEvr(spec)}`;
}
