import { compareText, digestOf, WeirError } from "../../core/index.ts";
import { formatDependency } from "../../formats/rpm/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import { type Solution, solve } from "../solve/index.ts";
import { hostEtc } from "./etc.ts";
import { fingerprintHost, type HostToolchain } from "./host-toolchain.ts";
import { packageInput } from "./inputs.ts";
import { type MacroLayer, makeMacroLayer } from "./macro-layer.ts";
import type { CandidatePackage } from "./packages.ts";
import type { BuildStore } from "./store.ts";
import type { BuildContext, SandboxRequest } from "./types.ts";

/** What a build is run in: the part of a sandbox request that says so, and the inputs it adds to the key. */
export interface PreparedRoot {
  readonly view: Pick<SandboxRequest, "layers" | "hostUsr" | "etc">;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Finds and makes the roots of builds. */
export interface Buildroot {
  readonly mode: "host" | "repository";
  readonly arch: string;
  /**
   * The closure of requirements over what was built and what the buildroot has of itself. Errors: `BUILDROOT_UNSOLVABLE`, and those of
   * unpacking packages.
   */
  solve(requires: readonly string[], built: readonly CandidatePackage[], where: string): SolvedRoot;
  /** The same once the base runtime is built: what of it counts as present. */
  withBase(base: readonly CandidatePackage[]): Buildroot;
  /** Unpacks a closure so that a sandbox can show it. */
  prepare(solved: SolvedRoot, context: BuildContext): Promise<PreparedRoot["view"]>;
}

/** A closure, before anything is unpacked. */
export interface SolvedRoot {
  /** Packages to unpack, sorted by NEVRA. */
  readonly packages: readonly CandidatePackage[];
  readonly inputs: Readonly<Record<string, string>>;
}

export interface HostBuildrootOptions {
  readonly store: BuildStore;
  readonly arch: string;
  /** Folders laid over rpm's own, later over earlier. */
  readonly macros: readonly string[];
  /** Capability → command of the machine. */
  readonly provides: ReadonlyMap<string, string>;
}

/** A buildroot that is the machine's own /usr with built packages above it. */
export async function openHostBuildroot(options: HostBuildrootOptions): Promise<HostBuildroot> {
  const toolchain = await fingerprintHost(options.store, options.provides.values());
  const macros = await makeMacroLayer(options.store, options.macros);
  return new HostBuildroot(options, toolchain, macros, undefined);
}

interface BaseLayer {
  readonly digest: string;
  readonly provides: readonly string[];
}

export class HostBuildroot implements Buildroot {
  readonly mode = "host";
  readonly arch: string;
  readonly toolchain: HostToolchain;
  readonly #options: HostBuildrootOptions;
  readonly #macros: MacroLayer;
  readonly #base: BaseLayer | undefined;

  constructor(
    options: HostBuildrootOptions,
    toolchain: HostToolchain,
    macros: MacroLayer,
    base: BaseLayer | undefined,
  ) {
    this.#options = options;
    this.arch = options.arch;
    this.toolchain = toolchain;
    this.#macros = macros;
    this.#base = base;
  }

  /**
   * The same above a base runtime. Its files are the machine's own, so all that it provides counts as present, nothing of it is unpacked,
   * and the whole of it is an input of every build.
   */
  withBase(base: readonly CandidatePackage[]): HostBuildroot {
    const provides = new Set<string>();
    for (const { metadata } of base) {
      for (const dependency of metadata.provides) provides.add(formatDependency(dependency));
      for (const file of metadata.files) provides.add(file.path);
    }
    const digest = digestOf(
      base
        .map(({ artifact }) => `${artifact.nevra} ${artifact.sha256}\n`)
        .sort(compareText)
        .join(""),
    );
    return new HostBuildroot(this.#options, this.toolchain, this.#macros, { digest, provides: [...provides] });
  }

  solve(requires: readonly string[], built: readonly CandidatePackage[], where: string): SolvedRoot {
    const assume = new Set<string>([...this.#options.provides.keys(), ...(this.#base?.provides ?? unprovided(built))]);
    const repositories = [repositoryOf("built", built)];
    const solution = solve({ install: requires, repositories, arch: this.arch, weak: false, assume: [...assume] });
    refuseProblems(solution, where);
    const byId = new Map(built.map((candidate) => [candidate.metadata.pkgid, candidate]));
    const packages: CandidatePackage[] = [];
    const inputs: Record<string, string> = { toolchain: this.toolchain.digest, macros: this.#macros.digest };
    if (this.#base !== undefined) inputs["base runtime"] = this.#base.digest;
    for (const { package: chosen } of solution.install) {
      const candidate = byId.get(chosen.pkgid);
      if (candidate === undefined) continue;
      const [name, value] = packageInput(candidate.artifact.nevra, chosen.name, chosen.arch, chosen.pkgid);
      inputs[name] = value;
      packages.push(candidate);
    }
    return { packages, inputs };
  }

  async prepare(solved: SolvedRoot, context: BuildContext): Promise<PreparedRoot["view"]> {
    const { store } = this.#options;
    const trees: string[] = [];
    for (const { artifact } of solved.packages) trees.push(await store.tree(artifact));
    const layers = [this.#macros.folder, ...trees];
    return { layers, hostUsr: true, etc: await hostEtc(store, layers, this.toolchain.digest, context) };
  }
}

/** Candidates as a repository that the solver takes. */
export function repositoryOf(id: string, candidates: readonly CandidatePackage[]): Repository {
  const packages = candidates.map((candidate) => candidate.metadata);
  return { id, root: "", revision: "0", packages, filesComplete: true };
}

/** Requirements that no candidate provides: what the machine must be trusted to have where nothing is known of it. */
function unprovided(candidates: readonly CandidatePackage[]): string[] {
  const provided = new Set<string>();
  for (const { metadata } of candidates) {
    for (const dependency of metadata.provides) provided.add(dependency.name);
    for (const file of metadata.files) provided.add(file.path);
  }
  const names = new Set<string>();
  for (const { metadata } of candidates) {
    for (const { name } of metadata.requires) if (!provided.has(name) && !name.startsWith("(")) names.add(name);
  }
  return [...names];
}

/** Errors: `BUILDROOT_UNSOLVABLE` with the chain of the first problem. */
export function refuseProblems(solution: Solution, where: string): void {
  const first = solution.problems[0];
  if (first === undefined) return;
  throw new WeirError("BUILDROOT_UNSOLVABLE", `the buildroot cannot be put together: ${first.message}`, {
    where,
    kind: "refused",
    hints: [...(first.chain.length > 1 ? [first.chain.join(" → ")] : []), ...first.hints],
  });
}
