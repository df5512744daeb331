import { join, resolve } from "node:path";
import { compareText, messageOf } from "../../core/index.ts";
import type { RegexUse } from "./load-component-rules.ts";
import { nameBelow, type DefinitionFile } from "./load-file.ts";
import { compileGlob, globMatches, hasWildcard } from "./load-glob.ts";
import { Issues } from "./load-issues.ts";
import { readLocks } from "./load-locks.ts";
import { checkFileRules, checkProjectRules } from "./load-project-rules.ts";
import { checkResources } from "./load-resources.ts";
import { defaultLimits, findBoundary, findProjectRoot, type LoadLimits, tooLarge, TreeReader } from "./load-tree.ts";
import { MergeBudget, resolvePath } from "./merge.ts";
import { emptyProject, type MergedProject, mergeFile, packagePublish } from "./merge-project.ts";
import { LazyMap } from "./resolve-lazy-map.ts";
import { type ComponentSource, Inheritance, Resolver } from "./resolve.ts";
import { OverlayFileLoader } from "./resolve-overlay-files.ts";
import { findDistro, isProblem } from "./resolve-upstream.ts";
import { definitionShape } from "./schema-azldev.ts";
import { checkFile } from "./schema-check.ts";
import type { ImageConfig, PinDialect, Project } from "./types.ts";

export interface LoadOptions {
  /** Further root files, read after the project's own in this order: what they set wins. The user's own file is one only if named here. */
  readonly configFiles?: readonly string[];
  /** False: lock files are not looked at. */
  readonly locks?: boolean;
  /** True: a lock that contradicts a pin of the definition is no error; for what brings locks up to date. */
  readonly staleLocks?: boolean;
  /** Which dialect of pins the definition is in. Default: `upstream-commits` where it includes a file from a folder of that name. */
  readonly pins?: PinDialect;
  /** Unknown keys are no errors. */
  readonly permissive?: boolean;
  /** Folder that no file may lie outside of, links followed. The enclosing git work tree if absent, else the project's folder. */
  readonly boundary?: string;
  readonly limits?: Partial<LoadLimits>;
}

/**
 * Loads the definition whose `azldev.toml` is in `dir` or above it, as azldev reads it: includes, merge rules, inheritance. Everything
 * is checked before it gives a project; components are put together when asked for.
 *
 * Throws `DEFINITION_NOT_FOUND`, `DEFINITION_TOO_LARGE`, or a {@link DefinitionError} with all issues of the tree.
 */
export async function loadProject(dir: string, options: LoadOptions = {}): Promise<Project> {
  const root = findProjectRoot(dir);
  const issues = new Issues();
  const limits = { ...defaultLimits, ...options.limits };
  const tree = new TreeReader(root, issues, limits, options.boundary ?? findBoundary(root));
  const permissive = options.permissive ?? false;
  const files: DefinitionFile[] = [];
  const regexes: RegexUse[] = [];
  const roots = [join(root, "azldev.toml"), ...(options.configFiles ?? []).map((file) => resolve(file))];
  for (const path of roots) readWithIncludes(path, tree, issues, files, permissive);

  const pins = options.pins ?? (files.some((file) => isPinFile(file.name)) ? "upstream-commits" : "lock-files");
  const merged = emptyProject();
  for (const file of files) {
    if (!file.damaged) checkFileRules(file, issues, regexes, pins === "upstream-commits");
    mergeFile(merged, file, issues, pins);
  }
  // With a file missing, names would seem undefined that are not: what is already wrong is enough.
  if (tree.broken) issues.throwIfAny(tree.order);
  const packageChannels = checkProjectRules(merged, issues);
  checkResources(merged, issues);

  const found = findDistro(merged, merged.defaultDistro, issues);
  if (isProblem(found)) {
    const place = merged.defaultDistroAt?.file.place(merged.defaultDistroAt.path) ?? { file: "azldev.toml" };
    issues.addAt(found.code, `default distribution: ${found.message}`, place, found.hint);
  }
  const lockDir = merged.lockDir || join(root, "locks");
  const sources = componentSources(merged, tree, issues);
  if (options.locks !== false) addLocks(sources, merged, lockDir, tree, issues, options.staleLocks ?? false);
  const budget = new MergeBudget(limits.values);
  const inheritance = new Inheritance(merged, isProblem(found) ? undefined : found.version.defaults, budget);
  const overlayFiles = new OverlayFileLoader(tree, issues, regexes, permissive);
  const resolver = new Resolver(merged, inheritance, overlayFiles, issues);
  if (!issues.any) checkComponents(sources, resolver, budget);
  await checkRegexes(regexes, issues);
  issues.throwIfAny(tree.order);
  if (isProblem(found)) throw new Error("unreachable");

  return {
    root,
    description: merged.description,
    defaultDistro: { name: found.distro.name, version: found.version.name },
    components: new LazyMap(
      sources.map((source) => source.name),
      new Map(sources.map((source) => [source.name, source])),
      (source) => resolver.resolve(source),
    ),
    images: images(merged),
    packageChannels,
    defaultPublish: packagePublish(merged.defaultPublish),
    files: tree.order,
    releaseVersion: found.version.releaseVersion,
    groups: members(merged, sources),
    renderedSpecsDir: merged.renderedSpecsDir || join(root, "specs"),
    lockDir,
    pins,
  };
}

/** Whether a file, by its name below the project, holds nothing but pins in the dialect `upstream-commits`. */
export function isPinFile(name: string): boolean {
  return name.split("/").slice(0, -1).includes("upstream-commits");
}

/** Reads a root file and, depth first, what it includes: its own content comes before that of its includes. */
function readWithIncludes(
  root: string,
  tree: TreeReader,
  issues: Issues,
  files: DefinitionFile[],
  permissive: boolean,
): void {
  const seen = new Set([root]);
  const read = (path: string, depth: number) => {
    const file = tree.read(path);
    if (file === undefined) return;
    files.push(file);
    checkFile(file, definitionShape, issues, { permissive });
    for (const [index, pattern] of ((file.data["includes"] ?? []) as string[]).entries()) {
      if (pattern === "" || issues.full) continue;
      const at = ["includes", index];
      const { matches, refused } = tree.glob(file.dir, pattern);
      for (const name of refused) {
        issues.add("DEFINITION_PATH_ESCAPE", `include "${pattern}" leads out of the project: ${name}`, file, at);
      }
      if (matches.length === 0 && refused.length === 0 && !hasWildcard(pattern)) {
        issues.add("DEFINITION_INCLUDE_MISSING", `included file "${pattern}" does not exist`, file, at);
      }
      for (const match of matches) {
        if (seen.has(match)) {
          const message = `include "${pattern}" reads ${nameBelow(tree.root, match)} a second time`;
          issues.add(
            "DEFINITION_INCLUDE_CYCLE",
            message,
            file,
            at,
            "include each file once, and none that includes this one",
          );
        } else if (depth >= 100) {
          issues.add("DEFINITION_INCLUDE_CYCLE", "includes are nested more than 100 deep", file, at);
        } else {
          seen.add(match);
          read(match, depth + 1);
        }
      }
    }
  };
  read(root, 0);
}

/** All components by name: those defined, and those that only a group's `specs` finds. */
function componentSources(project: MergedProject, tree: TreeReader, issues: Issues): ComponentSource[] {
  const groups = new Map<string, Set<string>>();
  const specs = new Map<string, Required<Pick<ComponentSource, "specPath" | "specAt">>>();
  const found = new Map<string, ComponentSource["layer"]>(project.components);
  const join = (component: string, group: string) => {
    const known = groups.get(component);
    if (known === undefined) groups.set(component, new Set([group]));
    else known.add(group);
  };
  for (const group of project.groups.values()) {
    for (const member of group.value.components ?? []) join(member, group.name);
    const excluded = (group.value["excluded-paths"] ?? []).map((one) => compileGlob(resolvePath(group.file.dir, one)));
    for (const [index, pattern] of (group.value.specs ?? []).entries()) {
      if (pattern === "") continue;
      const path = [...group.path, "specs", index];
      const { matches, refused } = tree.glob(group.file.dir, pattern);
      for (const name of refused) {
        issues.add("DEFINITION_PATH_ESCAPE", `"${pattern}" leads out of the project: ${name}`, group.file, path);
      }
      for (const match of matches) {
        if (excluded.some((one) => globMatches(one, match))) continue;
        const name = (match.split("/").at(-1) ?? "").replace(/(?!^)\.[^.]*$/, "");
        join(name, group.name);
        specs.set(name, { specPath: match, specAt: { file: group.file, path } });
        if (!found.has(name)) found.set(name, { raw: {}, file: group.file, path });
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, layer]) => {
      return { name, layer, groups: [...(groups.get(name) ?? [])].sort(compareText), ...specs.get(name) };
    });
}

function addLocks(
  sources: ComponentSource[],
  project: MergedProject,
  lockDir: string,
  tree: TreeReader,
  issues: Issues,
  stale: boolean,
): void {
  const names = new Set(sources.map((source) => source.name));
  const locks = readLocks(project, lockDir, (name) => names.has(name), tree, issues, stale);
  for (const [index, source] of sources.entries()) {
    const lock = locks.get(source.name);
    if (lock !== undefined) sources[index] = { ...source, lock };
  }
}

/** Checks each component, but of those that say nothing themselves only the first with the same groups in the same folder. */
function checkComponents(sources: readonly ComponentSource[], resolver: Resolver, budget: MergeBudget): void {
  const checked = new Set<string>();
  for (const source of sources) {
    const { raw, more } = source.layer;
    if (Object.keys(raw).length === 0 && more === undefined && source.specPath === undefined) {
      const key = `${source.layer.file.dir}\0${source.groups.join("\0")}`;
      if (checked.has(key)) continue;
      checked.add(key);
    }
    resolver.check(source, budget);
  }
}

const maximumExpressions = 20_000;

function problemOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    return messageOf(error).replace(/^error parsing regexp: /, "");
  }
}

async function checkRegexes(regexes: readonly RegexUse[], issues: Issues): Promise<void> {
  if (regexes.length === 0) return;
  const { RE2JS } = await import("re2js");
  const problems = new Map<string, string | undefined>();
  for (const { regex, file, path } of regexes) {
    if (!problems.has(regex)) {
      if (problems.size >= maximumExpressions) throw tooLarge("too many expressions", file.name);
      problems.set(
        regex,
        problemOf(() => RE2JS.compile(regex)),
      );
    }
    const problem = problems.get(regex);
    if (problem !== undefined) {
      issues.add("DEFINITION_BAD_REGEX", `bad expression: ${problem}`, file, path, "RE2 syntax, as in Go");
    }
  }
}

function images(project: MergedProject): Map<string, ImageConfig> {
  const sorted = [...project.images.values()].sort((a, b) => compareText(a.name, b.name));
  return new Map(
    sorted.map(({ name, value, file, path }): [string, ImageConfig] => {
      const { type = "", path: definitionPath = "", profile } = value.definition ?? {};
      const definition = { type, path: resolvePath(file.dir, definitionPath), ...(profile ? { profile } : {}) };
      return [
        name,
        {
          name,
          description: value.description ?? "",
          definition: value.definition === undefined ? undefined : definition,
          capabilities: value.capabilities ?? {},
          publish: { channels: value.publish?.channels ?? [] },
          origin: file.place(path),
        },
      ];
    }),
  );
}

function members(project: MergedProject, sources: readonly ComponentSource[]): Map<string, readonly string[]> {
  const names = new Map([...project.groups.keys()].sort(compareText).map((name): [string, string[]] => [name, []]));
  for (const { name, groups } of sources) for (const group of groups) names.get(group)?.push(name);
  return names;
}
