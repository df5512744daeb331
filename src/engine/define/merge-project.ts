import type { DefinitionFile, Table } from "./load-file.ts";
import { isTable } from "./load-file.ts";
import type { Issues } from "./load-issues.ts";
import type { ValuePath } from "./load-positions.ts";
import { type Layer, type RawComponent, type RawDistroReference, resolvePath } from "./merge.ts";
import type { PinDialect, PublishConfig } from "./types.ts";

/** A named thing and where its table stands. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
  readonly file: DefinitionFile;
  readonly path: ValuePath;
}

export interface RawGroup {
  readonly description?: string;
  readonly components?: readonly string[];
  readonly specs?: readonly string[];
  readonly "excluded-paths"?: readonly string[];
  readonly "default-component-config"?: RawComponent;
}

export interface RawPackagePublish {
  readonly "rpm-channel"?: string;
  readonly "debuginfo-channel"?: string;
  readonly channel?: string;
}

export interface RawPackageGroup {
  readonly packages?: readonly string[];
  readonly "default-package-config"?: { readonly publish?: RawPackagePublish };
}

export interface RawImage {
  readonly description?: string;
  readonly definition?: { readonly type?: string; readonly path?: string; readonly profile?: string };
  readonly capabilities?: Readonly<Record<string, boolean>>;
  readonly tests?: { readonly "test-suites"?: readonly { readonly name: string }[] };
  readonly publish?: { readonly channels?: readonly string[] };
}

export interface DistroVersion {
  readonly name: string;
  readonly releaseVersion: string;
  readonly branch: string;
  readonly defaults: Layer | undefined;
  readonly inputs: Table;
  readonly file: DefinitionFile;
  readonly path: ValuePath;
}

export interface Distro {
  readonly name: string;
  defaultVersion: string;
  defaultVersionAt: { readonly file: DefinitionFile; readonly path: ValuePath };
  distGitBaseUri: string;
  /** As written. */
  distGitTemplate: string;
  lookasideBaseUri: string;
  readonly versions: Map<string, DistroVersion>;
  /** Of its first definition. */
  readonly file: DefinitionFile;
  readonly path: ValuePath;
}

/** All files of a definition merged, before components inherit. */
export interface MergedProject {
  description: string;
  defaultDistro: RawDistroReference;
  defaultDistroAt: { readonly file: DefinitionFile; readonly path: ValuePath } | undefined;
  renderedSpecsDir: string;
  lockDir: string;
  lockDirAt: { readonly file: DefinitionFile; readonly path: ValuePath } | undefined;
  defaultPublish: RawPackagePublish;
  readonly defaults: Layer[];
  readonly distros: Map<string, Distro>;
  readonly components: Map<string, Layer>;
  readonly groups: Map<string, Named<RawGroup>>;
  readonly images: Map<string, Named<RawImage>>;
  readonly packageGroups: Map<string, Named<RawPackageGroup>>;
  readonly testSuites: Map<string, Named<Table>>;
  readonly resources: ReadonlyMap<ResourceKind, Map<string, Named<Table>>>;
}

export const resourceKinds = ["rpm-repos", "rpm-repo-set-templates", "rpm-repo-sets"] as const;
export type ResourceKind = (typeof resourceKinds)[number];

export function emptyProject(): MergedProject {
  return {
    description: "",
    defaultDistro: {},
    defaultDistroAt: undefined,
    renderedSpecsDir: "",
    lockDir: "",
    lockDirAt: undefined,
    defaultPublish: {},
    defaults: [],
    distros: new Map(),
    components: new Map(),
    groups: new Map(),
    images: new Map(),
    packageGroups: new Map(),
    testSuites: new Map(),
    resources: new Map(resourceKinds.map((kind) => [kind, new Map()])),
  };
}

/** Adds one file to what came before it: settings that are set replace, named things must be new (but distributions and resources). */
export function mergeFile(project: MergedProject, file: DefinitionFile, issues: Issues, pins: PinDialect): void {
  const data = file.data;
  mergeInfo(project, file);
  for (const [name, value] of tables(data["distros"])) mergeDistro(project, name, value, file);
  const define = <T>(kind: string, code: string, key: string, known: Map<string, Named<T>>) => {
    for (const [name, value] of tables(data[key])) {
      const old = known.get(name);
      if (old === undefined) known.set(name, { name, value: value as T, file, path: [key, name] });
      else duplicate(issues, code, kind, name, file, [key, name], old);
    }
  };
  define("component group", "DEFINITION_DUPLICATE_COMPONENT_GROUP", "component-groups", project.groups);
  for (const [name, raw] of tables(data["components"])) {
    const old = project.components.get(name);
    const layer = { raw, file, path: ["components", name] };
    if (old === undefined) project.components.set(name, layer);
    else if (pins === "upstream-commits") {
      project.components.set(name, { ...old, more: [...(old.more ?? []), layer] });
    } else duplicate(issues, "DEFINITION_DUPLICATE_COMPONENT", "component", name, file, ["components", name], old);
  }
  define("image", "DEFINITION_DUPLICATE_IMAGE", "images", project.images);
  define("package group", "DEFINITION_DUPLICATE_PACKAGE_GROUP", "package-groups", project.packageGroups);
  define("test suite", "DEFINITION_DUPLICATE_TEST_SUITE", "test-suites", project.testSuites);
  const defaults = data["default-component-config"];
  if (isTable(defaults)) project.defaults.push({ raw: defaults, file, path: ["default-component-config"] });
  const publish = (data["default-package-config"] as { publish?: RawPackagePublish } | undefined)?.publish;
  project.defaultPublish = overlaid(project.defaultPublish, publish);
  for (const kind of resourceKinds) {
    for (const [name, value] of tables((data["resources"] as Table | undefined)?.[kind])) {
      project.resources.get(kind)?.set(name, { name, value, file, path: ["resources", kind, name] });
    }
  }
}

function duplicate(
  issues: Issues,
  code: string,
  kind: string,
  name: string,
  file: DefinitionFile,
  path: ValuePath,
  old: { readonly file: DefinitionFile; readonly path: ValuePath },
): void {
  const { file: oldFile, line } = old.file.place(old.path);
  issues.add(code, `${kind} "${name}" is defined twice`, file, path, `the other is at ${oldFile}:${line ?? 1}`);
}

function mergeInfo(project: MergedProject, file: DefinitionFile): void {
  const info = file.data["project"];
  if (!isTable(info)) return;
  const text = (key: string) => (typeof info[key] === "string" ? info[key] : "");
  project.description = text("description") || project.description;
  project.renderedSpecsDir = resolvePath(file.dir, text("rendered-specs-dir")) || project.renderedSpecsDir;
  if (text("lock-dir") !== "") {
    project.lockDir = resolvePath(file.dir, text("lock-dir"));
    project.lockDirAt = { file, path: ["project", "lock-dir"] };
  }
  const distro = info["default-distro"] as RawDistroReference | undefined;
  if (distro !== undefined) {
    project.defaultDistro = overlaid(project.defaultDistro, distro);
    project.defaultDistroAt = { file, path: ["project", "default-distro"] };
  }
}

function mergeDistro(project: MergedProject, name: string, raw: Table, file: DefinitionFile): void {
  const text = (table: Table, key: string) => (typeof table[key] === "string" ? table[key] : "");
  const path = ["distros", name];
  let distro = project.distros.get(name);
  if (distro === undefined) {
    distro = {
      name,
      defaultVersion: "",
      defaultVersionAt: { file, path },
      distGitBaseUri: "",
      distGitTemplate: "",
      lookasideBaseUri: "",
      versions: new Map(),
      file,
      path,
    };
    project.distros.set(name, distro);
  }
  const defaultVersion = text(raw, "default-version");
  if (defaultVersion !== "") {
    distro.defaultVersion = defaultVersion;
    distro.defaultVersionAt = { file, path: [...path, "default-version"] };
  }
  distro.distGitBaseUri = resolveUri(file.dir, text(raw, "dist-git-base-uri")) || distro.distGitBaseUri;
  distro.distGitTemplate = text(raw, "dist-git-base-uri") || distro.distGitTemplate;
  distro.lookasideBaseUri = resolveUri(file.dir, text(raw, "lookaside-base-uri")) || distro.lookasideBaseUri;
  for (const [version, value] of tables(raw["versions"])) {
    const at = [...path, "versions", version];
    const defaults = value["default-component-config"];
    distro.versions.set(version, {
      name: version,
      releaseVersion: text(value, "release-ver"),
      branch: text(value, "dist-git-branch"),
      defaults: isTable(defaults) ? { raw: defaults, file, path: [...at, "default-component-config"] } : undefined,
      inputs: isTable(value["inputs"]) ? value["inputs"] : {},
      file,
      path: at,
    });
  }
}

/** A template without scheme or host part is a path: it becomes absolute, relative to the file that says it. */
function resolveUri(dir: string, template: string): string {
  return /^[^/]*:/.test(template) ? template : resolvePath(dir, template);
}

function overlaid<T extends object>(base: T, over: T | undefined): T {
  const set = Object.entries(over ?? {}).filter(([, value]) => value !== "");
  return { ...base, ...(Object.fromEntries(set) as Partial<T>) };
}

function tables(value: unknown): [string, Table][] {
  return isTable(value) ? (Object.entries(value) as [string, Table][]) : [];
}

/** The publish settings of packages with the older key folded in. */
export function packagePublish(raw: RawPackagePublish | undefined): PublishConfig {
  const rpm = raw?.["rpm-channel"] || raw?.channel;
  const debug = raw?.["debuginfo-channel"];
  return { ...(rpm ? { "rpm-channel": rpm } : {}), ...(debug ? { "debuginfo-channel": debug } : {}) };
}
