import type { Issues } from "./load-issues.ts";
import { archiveProblems } from "./load-component-rules.ts";
import {
  type Layer,
  type MergeBudget,
  mergeLayers,
  type RawComponent,
  Trace,
  traceValue,
  visitValues,
} from "./merge.ts";
import type { ValuePath } from "./load-positions.ts";
import type { DefinitionFile } from "./load-file.ts";
import type { MergedProject } from "./merge-project.ts";
import type { OverlayFileLoader, OverlayFromFile } from "./resolve-overlay-files.ts";
import { findDistro, isProblem, upstreamAddress, upstreamProblem, upstreamReference } from "./resolve-upstream.ts";
import type {
  ComponentConfig,
  ComponentLock,
  Origin,
  ResolutionInputs,
  ResolvedComponent,
  UpstreamAddress,
} from "./types.ts";

/** A component known to the project: its own table (none if only a group's specs name it), and the groups it belongs to. */
export interface ComponentSource {
  readonly name: string;
  readonly layer: Layer;
  readonly groups: readonly string[];
  /** A spec that a group's `specs` found: it replaces whatever the component says. */
  readonly specPath?: string;
  readonly lock?: ComponentLock;
  /** The pattern that found it. */
  readonly specAt?: { readonly file: DefinitionFile; readonly path: ValuePath };
}

interface Traced {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly layers: ReadonlyMap<string, string>;
}

/** What a component inherits, weakest first, without its own table. */
export class Inheritance {
  readonly #project: MergedProject;
  readonly #base: readonly Layer[];
  readonly #budget: MergeBudget;
  readonly #byGroups = new Map<string, { readonly layers: readonly Layer[]; readonly merged: RawComponent }>();

  constructor(project: MergedProject, distroDefaults: Layer | undefined, budget: MergeBudget) {
    this.#project = project;
    this.#budget = budget;
    this.#base = [...(distroDefaults === undefined ? [] : [distroDefaults]), ...project.defaults];
  }

  of(groups: readonly string[]): { readonly layers: readonly Layer[]; readonly merged: RawComponent } {
    const key = groups.join("\0");
    let known = this.#byGroups.get(key);
    if (known === undefined) {
      const layers = [...this.#base];
      for (const name of groups) {
        const group = this.#project.groups.get(name);
        const raw = group?.value["default-component-config"];
        if (group !== undefined && raw !== undefined) {
          layers.push({ raw, file: group.file, path: [...group.path, "default-component-config"] });
        }
      }
      known = { layers, merged: mergeLayers(layers, this.#budget) };
      this.#byGroups.set(key, known);
    }
    return known;
  }

  merged(source: ComponentSource, budget?: MergeBudget): RawComponent {
    const inherited = this.of(source.groups);
    if (Object.keys(source.layer.raw).length === 0 && source.layer.more === undefined) return inherited.merged;
    return mergeLayers([...inherited.layers, source.layer], budget);
  }
}

/** Resolves components one at a time, when they are asked for; {@link Resolver.check} finds beforehand what could go wrong. */
export class Resolver {
  readonly #project: MergedProject;
  readonly #inheritance: Inheritance;
  readonly #overlayFiles: OverlayFileLoader;
  readonly #issues: Issues;
  readonly #plain = new Map<RawComponent, ComponentConfig>();

  constructor(project: MergedProject, inheritance: Inheritance, overlayFiles: OverlayFileLoader, issues: Issues) {
    this.#project = project;
    this.#inheritance = inheritance;
    this.#overlayFiles = overlayFiles;
    this.#issues = issues;
  }

  /** Adds an issue for whatever would keep a component from being resolved. */
  check(source: ComponentSource, budget: MergeBudget): void {
    const merged = this.#inheritance.merged(source, budget);
    const { file, path } = source.layer;
    const add = (code: string, message: string, hint?: string) =>
      this.#issues.add(code, `component "${source.name}": ${message}`, file, path, hint);
    const overlays = [...(merged.overlays ?? []), ...this.#fromFiles(source, merged).map((one) => one.overlay)];
    budget.spend(overlays.length);
    for (const message of archiveProblems(overlays, merged["source-files"] ?? []))
      add("DEFINITION_ARCHIVE_MISMATCH", message);
    if (source.specPath !== undefined) {
      const own = merged.spec?.path;
      if (own && own !== source.specPath)
        add("DEFINITION_SPEC_PATH_MISMATCH", "its spec is not the one that a group found");
      return;
    }
    const type = merged.spec?.type;
    if (!type) add("DEFINITION_SPEC_TYPE_MISSING", "neither it nor what it inherits says where its spec comes from");
    if (type === "local" && !merged.spec?.path) add("DEFINITION_MISSING_KEY", 'a local spec needs "path"');
    if (type !== "upstream") {
      for (const key of ["upstream-name", "upstream-commit"] as const)
        if (source.layer.more !== undefined && merged.spec?.[key])
          add("DEFINITION_UPSTREAM_KEY_WITHOUT_UPSTREAM", `"${key}" is for upstream specs only`);
      return;
    }
    const found = findDistro(this.#project, upstreamReference(this.#project, merged), this.#issues);
    const problem = isProblem(found) ? found : upstreamProblem(found);
    if (problem !== undefined) add(problem.code, problem.message, problem.hint);
  }

  resolve(source: ComponentSource): ResolvedComponent {
    const merged = this.#inheritance.merged(source);
    const fromFiles = this.#fromFiles(source, merged);
    const config = this.#config(source, merged, fromFiles);
    const { name, layer, groups } = source;
    let traced: Traced | undefined;
    const trace = () => (traced ??= this.#trace(source, config, fromFiles));
    return {
      name,
      get origin() {
        return layer.file.place(layer.path);
      },
      groups,
      config,
      get origins() {
        return trace().origins;
      },
      get layers() {
        return trace().layers;
      },
      upstream: source.specPath === undefined ? this.#upstream(source, merged) : undefined,
      ...(source.specPath === undefined ? { resolution: this.#resolution(merged) } : {}),
      ...(source.lock === undefined ? {} : { lock: source.lock }),
    };
  }

  #upstream({ name, lock }: ComponentSource, merged: RawComponent): UpstreamAddress | undefined {
    if (merged.spec?.type !== "upstream") return undefined;
    const found = findDistro(this.#project, upstreamReference(this.#project, merged), this.#issues);
    if (isProblem(found)) return undefined;
    const address = upstreamAddress(name, merged, found);
    return lock?.upstreamCommit === undefined ? address : { ...address, commit: lock.upstreamCommit };
  }

  #resolution(merged: RawComponent): ResolutionInputs | undefined {
    if (merged.spec?.type !== "upstream") return undefined;
    const reference = upstreamReference(this.#project, merged);
    const found = findDistro(this.#project, reference, this.#issues);
    if (isProblem(found)) return undefined;
    return {
      snapshot: merged.spec["upstream-distro"]?.snapshot ?? "",
      distroName: reference.name ?? "",
      distroVersion: reference.version ?? "",
      branch: found.version.branch,
      baseUri: found.distro.distGitTemplate,
      pin: merged.spec["upstream-commit"] ?? "",
      upstreamName: merged.spec["upstream-name"] ?? "",
    };
  }

  #fromFiles(source: ComponentSource, merged: RawComponent): readonly OverlayFromFile[] {
    const patterns = merged["overlay-files"];
    return patterns === undefined || patterns.length === 0
      ? []
      : this.#overlayFiles.load(source.layer.file, source.layer.path, patterns);
  }

  #config(source: ComponentSource, merged: RawComponent, fromFiles: readonly OverlayFromFile[]): ComponentConfig {
    if (fromFiles.length > 0 || source.specPath !== undefined) {
      const overlays = [...(merged.overlays ?? []), ...fromFiles.map((one) => one.overlay)];
      return this.#fill({ ...merged, overlays }, source.specPath);
    }
    let config = this.#plain.get(merged);
    if (config === undefined) {
      config = this.#fill(merged, undefined);
      this.#plain.set(merged, config);
    }
    return config;
  }

  /** Puts in the defaults of the format. */
  #fill(merged: RawComponent, specPath: string | undefined): ComponentConfig {
    const { spec, build = {}, overlays = [], packages = {}, publish = {} } = merged;
    return {
      spec: specPath === undefined ? this.#spec(spec ?? {}, merged) : { type: "local", path: specPath },
      release: { calculation: merged.release?.calculation || "auto" },
      build: {
        with: build.with ?? [],
        without: build.without ?? [],
        defines: build.defines ?? {},
        undefines: build.undefines ?? [],
        check: { ...build.check, skip: build.check?.skip ?? false },
        ...(build["emit-upstream-provenance"] ? { "emit-upstream-provenance": true } : {}),
        ...(build.failure === undefined ? {} : { failure: build.failure }),
        ...(build.hints === undefined ? {} : { hints: build.hints }),
      },
      overlays,
      "source-files": merged["source-files"] ?? [],
      packages,
      publish,
      render: { "skip-file-filter": merged.render?.["skip-file-filter"] ?? false },
    };
  }

  #spec(spec: NonNullable<RawComponent["spec"]>, merged: RawComponent): ComponentConfig["spec"] {
    const { type = "local", "upstream-distro": own, ...rest } = spec;
    const isLocal = type !== "upstream";
    // A local component keeps the distribution that it inherits: azldev takes the source cache from there.
    const reference = isLocal ? own : upstreamReference(this.#project, merged);
    const found = reference?.name ? findDistro(this.#project, reference, this.#issues) : undefined;
    if (found === undefined || isProblem(found)) return { ...rest, type: isLocal ? "local" : type };
    const { snapshot } = found;
    const distro = {
      name: found.distro.name,
      version: found.version.name,
      ...(snapshot === undefined ? {} : { snapshot }),
    };
    return { ...rest, type: isLocal ? "local" : type, "upstream-distro": distro };
  }

  #trace(source: ComponentSource, config: ComponentConfig, fromFiles: readonly OverlayFromFile[]): Traced {
    const trace = new Trace();
    const project = this.#project;
    const merged = mergeLayers([...this.#inheritance.of(source.groups).layers, source.layer], undefined, trace);
    let index = merged.overlays?.length ?? 0;
    for (const { raw, file, path, metadata } of fromFiles) {
      traceValue(trace, `overlays[${index}]`, raw, file, path);
      if (metadata !== undefined) traceValue(trace, `overlays[${index}].metadata`, metadata, file, ["metadata"]);
      index++;
    }
    if (source.specAt !== undefined) {
      for (const key of ["spec.type", "spec.path"]) trace.set(key, source.specAt.file, source.specAt.path);
    }
    const own = merged.spec?.["upstream-distro"];
    const inherited = project.defaultDistroAt;
    if (!own?.name && inherited !== undefined) {
      for (const key of ["name", "version", "snapshot"]) {
        trace.set(`spec.upstream-distro.${key}`, inherited.file, [...inherited.path, key]);
      }
    }
    const reference = upstreamReference(project, merged);
    const distro = project.distros.get(reference.name ?? "");
    if (!reference.version && distro !== undefined) {
      trace.set("spec.upstream-distro.version", distro.defaultVersionAt.file, distro.defaultVersionAt.path);
    }
    const keys: string[] = [];
    visitValues(config, (key) => keys.push(key));
    return { origins: trace.origins(keys), layers: trace.layers(keys) };
  }
}
