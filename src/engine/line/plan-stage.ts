import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, compareText, digestOf, type Progress, writeFileIfChanged } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import type { CandidatePackage } from "../build/index.ts";
import type { RenderedComponent } from "../define/index.ts";
import { type BuildPlan, planBuild } from "../plan/index.ts";
import type { MacroSet } from "./macro-set.ts";
import { textOf } from "./render-stage.ts";
import type { StageBook } from "./stage-book.ts";
import type { Definition } from "./types.ts";

export interface PlanStageInput {
  readonly definition: Definition;
  readonly rendered: readonly RenderedComponent[];
  readonly macros: MacroSet;
  readonly arch: string;
  /** Repositories that the buildroot is made of, empty with the machine's own toolchain. */
  readonly repositories: readonly Repository[];
  /** The base runtime, where it has been made; without it what `weir.toml` says of it is taken. */
  readonly base?: readonly CandidatePackage[] | undefined;
}

export interface PlanStage {
  readonly plan: BuildPlan;
  readonly fresh: boolean;
  readonly reason: string;
}

/** Plans the builds of what was rendered, or takes the plan that is in `<out>/plan.json` when nothing it was made from changed. */
export async function planStage(
  input: PlanStageInput,
  out: string,
  book: StageBook,
  progress: Progress,
  write: boolean,
): Promise<PlanStage> {
  const step = progress.step("plan");
  const state = await book.check("plan", planInputs(input));
  if (state.fresh) {
    const plan = JSON.parse(await readFile(join(out, planFile), "utf8")) as BuildPlan;
    step.end("unchanged", `${plan.nodes.length} builds, same inputs`);
    return { plan, ...state };
  }
  const plan = makePlan(input);
  if (write) {
    await writeFileIfChanged(join(out, planFile), `${canonicalJson(plan, 1)}\n`);
    await book.finish("plan", planInputs(input), [planFile]);
  }
  step.end("done", `${plan.nodes.length} builds in ${waveCount(plan)} waves; ${state.reason}`);
  return { plan, fresh: false, reason: state.reason };
}

const planFile = "plan.json";

export function waveCount(plan: BuildPlan): number {
  return plan.nodes.reduce((most, node) => Math.max(most, node.wave + 1), 0);
}

/** Plans without remembering anything. */
export function makePlan(input: PlanStageInput): BuildPlan {
  const { project } = input.definition;
  const plan = planBuild({
    arch: input.arch,
    components: input.rendered.map((item) => {
      const build = project.components.get(item.name)?.config.build;
      return {
        component: item.name,
        specText: textOf(item.files.get(item.specFile)) ?? "",
        specFile: item.specFile,
        with: build?.with ?? [],
        without: build?.without ?? [],
        readSource: (name) => textOf(item.files.get(name)),
      };
    }),
    macros: input.macros.context,
    packages: input.repositories.flatMap((repository) => repository.packages),
    assume: assumedCapabilities(input.definition, input.base),
  });
  if (input.base === undefined) return plan;
  const base = input.base.map(({ artifact }) => ({ nevra: artifact.nevra, sha256: artifact.sha256 }));
  return { ...plan, base: base.sort((a, b) => compareText(a.nevra, b.nevra)) };
}

/** What a buildroot has of itself: the base runtime and the machine's toolchain. Sorted. */
export function assumedCapabilities({ weir }: Definition, base?: readonly CandidatePackage[]): string[] {
  const assumed = new Set<string>();
  if (!weir) return [];
  for (const capability of weir.buildrootProvides.keys()) assumed.add(capability);
  for (const { metadata } of base ?? []) {
    for (const provided of metadata.provides) assumed.add(provided.name);
    for (const file of metadata.files) assumed.add(file.path);
  }
  if (base !== undefined) return [...assumed].sort(compareText);
  for (const [name, pkg] of weir.base.packages) {
    assumed.add(name);
    for (const provided of pkg.provides) assumed.add(provided);
    for (const command of pkg.commands) for (const folder of commandFolders) assumed.add(`${folder}/${command}`);
    for (const link of pkg.links.keys()) assumed.add(link);
    for (const library of pkg.libraries) assumed.add(`${library}*`);
    if (pkg.interpreter !== undefined) for (const item of ["python(abi)*", "/usr/bin/python3"]) assumed.add(item);
  }
  return [...assumed].sort(compareText);
}

const commandFolders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

function planInputs(input: PlanStageInput): Record<string, string> {
  const inputs: Record<string, string> = {
    "macro set": input.macros.digest,
    architecture: input.arch,
    "buildroot's own capabilities": digestOf(assumedCapabilities(input.definition, input.base).join("\n")),
  };
  for (const { artifact } of input.base ?? []) inputs[`base package ${artifact.nevra}`] = artifact.sha256;
  for (const item of input.rendered) inputs[`component ${item.name}`] = item.fingerprint;
  for (const repository of input.repositories) {
    inputs[`repository ${repository.id}`] = digestOf(
      repository.packages
        .map((pkg) => pkg.pkgid)
        .sort()
        .join("\n"),
    );
  }
  return inputs;
}
