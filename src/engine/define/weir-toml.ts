import { dirname, join } from "node:path";
import { compareText } from "../../core/index.ts";
import type { Checkable } from "./load-file.ts";
import { Issues } from "./load-issues.ts";
import { defaultLimits, fileExists, findBoundary, findProjectRoot, TreeReader } from "./load-tree.ts";
import type { ValuePath } from "./load-positions.ts";
import { checkFile } from "./schema-check.ts";
import { weirTomlShape } from "./schema-weir.ts";
import type { Origin, Project } from "./types.ts";
import { MergedFiles, readWeirFiles } from "./weir-toml-files.ts";

/** A package of the base runtime: files of the machine that builds. */
export interface BasePackage {
  readonly summary: string;
  readonly license: string;
  readonly version?: string;
  readonly commands: readonly string[];
  readonly libraries: readonly string[];
  readonly files: readonly string[];
  /** Path of each symbolic link, and its target. */
  readonly links: ReadonlyMap<string, string>;
  readonly interpreter?: "python3";
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  readonly origin: Origin;
}

export interface Profile {
  /** Key of `Project.images`. */
  readonly image: string;
  readonly packages: readonly string[];
  readonly weakDependencies: boolean;
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  readonly origin: Origin;
}

/** What `weir.toml` says, relative paths made absolute; all maps are sorted by name. */
export interface WeirProject {
  readonly origin: Origin;
  /** Folder of the legacy distribution's definition. */
  readonly legacy: string | undefined;
  readonly macros: readonly string[];
  readonly base: {
    readonly version: string;
    readonly release: string;
    readonly packages: ReadonlyMap<string, BasePackage>;
  };
  /** Capability → command. */
  readonly buildrootProvides: ReadonlyMap<string, string>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly channels: ReadonlyMap<string, { readonly description: string; readonly needs: readonly string[] }>;
  readonly audit: {
    /** Absolute paths or globs; nothing has been looked up. */
    readonly dockerfiles: readonly string[];
    readonly commands: ReadonlyMap<string, string>;
    readonly paths: ReadonlyMap<string, string>;
    readonly images: ReadonlyMap<string, string>;
  };
  readonly compat: {
    readonly renames: ReadonlyMap<string, { readonly to: readonly string[]; readonly reason: string }>;
    /** Package → why it is gone. */
    readonly dropped: ReadonlyMap<string, string>;
  };
}

interface RawBasePackage extends Partial<Omit<BasePackage, "links" | "origin" | "version">> {
  readonly version?: string;
  readonly links?: Readonly<Record<string, string>>;
}

interface RawProfile {
  readonly image: string;
  readonly packages?: readonly string[];
  readonly "weak-dependencies"?: boolean;
  readonly services?: { readonly enable?: readonly string[]; readonly disable?: readonly string[] };
}

interface RawWeirToml {
  readonly legacy?: string;
  readonly macros?: readonly string[];
  readonly base?: { version?: string; release?: string; packages?: Readonly<Record<string, RawBasePackage>> };
  readonly buildroot?: { readonly provides?: Readonly<Record<string, string>> };
  readonly profiles?: Readonly<Record<string, RawProfile>>;
  readonly channels?: Readonly<Record<string, { description?: string; needs?: readonly string[] }>>;
  readonly audit?: {
    readonly dockerfiles?: readonly string[];
    readonly commands?: Readonly<Record<string, string>>;
    readonly paths?: Readonly<Record<string, string>>;
    readonly images?: Readonly<Record<string, string>>;
  };
  readonly compat?: {
    readonly renames?: Readonly<Record<string, { to: readonly string[]; reason?: string }>>;
    readonly dropped?: Readonly<Record<string, { reason: string }>>;
  };
}

/**
 * Reads the `weir.toml` beside the `azldev.toml` in `dir` or above it, and what it includes, as strictly; undefined if there is none. With
 * the project, names of images and channels are checked too. `boundary` is the folder that included files must lie in: the enclosing git
 * work tree if absent, else the folder that holds the project's (its siblings are within reach, as in `legacy = "../legacy"`).
 * Throws `DEFINITION_NOT_FOUND` or a {@link DefinitionError}.
 */
export async function loadWeirToml(
  dir: string,
  project?: Project,
  options: { readonly boundary?: string } = {},
): Promise<WeirProject | undefined> {
  const root = findProjectRoot(dir);
  const path = join(root, "weir.toml");
  if (!fileExists(path)) return undefined;
  const issues = new Issues();
  const tree = new TreeReader(root, issues, defaultLimits, options.boundary ?? findBoundary(root, dirname(root)));
  const merged = new MergedFiles(readWeirFiles(path, tree, issues));
  // What files lack together is only known when each is right by itself.
  if (!issues.any) checkFile(merged, weirTomlShape, issues);
  if (!issues.any) checkNames(merged, merged.data, project, issues);
  issues.throwIfAny(tree.order);
  return weirProject(merged, merged.data);
}

function checkNames(file: Checkable, raw: RawWeirToml, project: Project | undefined, issues: Issues): void {
  const channels = raw.channels ?? {};
  for (const [name, { needs = [] }] of Object.entries(channels)) {
    for (const [index, needed] of needs.entries()) {
      if (Object.hasOwn(channels, needed)) continue;
      const hint = issues.didYouMean(needed, Object.keys(channels));
      issues.add(
        "DEFINITION_CHANNEL_UNKNOWN",
        `channel "${needed}" is not defined`,
        file,
        ["channels", name, "needs", index],
        hint,
      );
    }
  }
  for (const [name, { to }] of Object.entries(raw.compat?.renames ?? {})) {
    if (to.length === 0)
      issues.add("DEFINITION_MISSING_KEY", '"to" names no package', file, ["compat", "renames", name, "to"]);
  }
  for (const [name, { files = [] }] of Object.entries(raw.base?.packages ?? {})) {
    for (const [index, pattern] of files.entries()) {
      if (pattern.startsWith("/") && !pattern.split("/").includes("..")) continue;
      const message = `"${pattern}" must be an absolute path`;
      issues.add("DEFINITION_BAD_PATH", message, file, ["base", "packages", name, "files", index]);
    }
  }
  if (project === undefined) return;
  for (const [name, { image }] of Object.entries(raw.profiles ?? {})) {
    if (project.images.has(image)) continue;
    const hint = issues.didYouMean(image, project.images.keys());
    issues.add("DEFINITION_IMAGE_UNKNOWN", `image "${image}" is not defined`, file, ["profiles", name, "image"], hint);
  }
  if (raw.channels === undefined) return;
  for (const channel of usedChannels(project)) {
    if (channel === "none" || Object.hasOwn(channels, channel)) continue;
    const hint = issues.didYouMean(channel, Object.keys(channels));
    const message = `packages are published to the channel "${channel}", which is not described`;
    issues.add("DEFINITION_CHANNEL_UNKNOWN", message, file, ["channels"], hint);
  }
}

/** Channels of package groups and of the project's default: those known without resolving each component. */
function usedChannels(project: Project): string[] {
  const used = new Set<string>();
  for (const publish of new Set([project.defaultPublish, ...project.packageChannels.values()])) {
    for (const channel of Object.values(publish)) used.add(channel);
  }
  return [...used].sort(compareText);
}

function weirProject(file: Checkable, raw: RawWeirToml): WeirProject {
  const { base = {}, audit = {}, compat = {} } = raw;
  return {
    origin: file.place([]),
    legacy: raw.legacy || undefined,
    macros: raw.macros ?? [],
    base: {
      version: base.version ?? "",
      release: base.release ?? "",
      packages: sorted(base.packages, (one, name) => basePackage(one, file.place(["base", "packages", name]))),
    },
    buildrootProvides: sorted(raw.buildroot?.provides, (command) => command),
    profiles: sorted(raw.profiles, (one, name) => profile(one, file, ["profiles", name])),
    channels: sorted(raw.channels, ({ description = "", needs = [] }) => ({ description, needs })),
    audit: {
      dockerfiles: audit.dockerfiles ?? [],
      commands: sorted(audit.commands, (to) => to),
      paths: sorted(audit.paths, (to) => to),
      images: sorted(audit.images, (to) => to),
    },
    compat: {
      renames: sorted(compat.renames, ({ to, reason = "" }) => ({ to, reason })),
      dropped: sorted(compat.dropped, ({ reason }) => reason),
    },
  };
}

function basePackage(raw: RawBasePackage, origin: Origin): BasePackage {
  return {
    summary: raw.summary ?? "",
    license: raw.license ?? "",
    ...(raw.version ? { version: raw.version } : {}),
    commands: raw.commands ?? [],
    libraries: raw.libraries ?? [],
    files: raw.files ?? [],
    links: sorted(raw.links, (target) => target),
    ...(raw.interpreter ? { interpreter: raw.interpreter } : {}),
    provides: raw.provides ?? [],
    requires: raw.requires ?? [],
    origin,
  };
}

function profile(raw: RawProfile, file: Checkable, path: ValuePath): Profile {
  return {
    image: raw.image,
    packages: raw.packages ?? [],
    weakDependencies: raw["weak-dependencies"] ?? false,
    enable: raw.services?.enable ?? [],
    disable: raw.services?.disable ?? [],
    origin: file.place(path),
  };
}

function sorted<S, T>(
  raw: Readonly<Record<string, S>> | undefined,
  make: (value: S, name: string) => T,
): Map<string, T> {
  const entries = Object.entries(raw ?? {}).sort(([a], [b]) => compareText(a, b));
  return new Map(entries.map(([name, value]) => [name, make(value, name)]));
}
