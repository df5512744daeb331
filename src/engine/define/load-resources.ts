import type { Table } from "./load-file.ts";
import type { Issues } from "./load-issues.ts";
import type { MergedProject, Named, ResourceKind } from "./merge-project.ts";
import { resourceName } from "./schema-rules.ts";

interface Subrepository {
  readonly name: string;
  readonly subpath: string;
}

/** Layouts that every project has without defining them. */
const builtInLayouts: ReadonlyMap<string, readonly string[]> = new Map([
  ["azl-standard", ["base", "base-debug", "base-src", "sdk", "sdk-debug", "sdk-src"]],
  ["koji-dist-repo", ["binary", "debug", "src"]],
]);

/** Checks repositories, sets and layouts, and that what distributions' versions use is there. */
export function checkResources(project: MergedProject, issues: Issues): void {
  const of = (kind: ResourceKind) => project.resources.get(kind) ?? new Map<string, Named<Table>>();
  for (const repo of of("rpm-repos").values()) if (!repo.file.damaged) checkRepository(repo, issues);
  const layouts = new Map(builtInLayouts);
  for (const layout of of("rpm-repo-set-templates").values()) {
    if (layout.file.damaged) continue;
    layouts.set(layout.name, checkLayout(layout, issues));
  }
  const known = new Set(of("rpm-repos").keys());
  const localKeys = new Set([...of("rpm-repos").values()].filter(hasLocalKey).map((repo) => repo.name));
  const members = new Map<string, readonly string[]>();
  for (const set of of("rpm-repo-sets").values()) {
    if (set.file.damaged) continue;
    const made = checkSet(set, layouts, known, issues);
    members.set(set.name, made);
    if (hasLocalKey(set)) for (const name of made) localKeys.add(name);
  }
  for (const distro of project.distros.values()) {
    for (const version of distro.versions.values()) {
      if (version.file.damaged) continue;
      for (const [use, inputs] of Object.entries(version.inputs)) {
        const path = [...version.path, "inputs", use];
        checkInputs(
          inputs as readonly { repo?: string; set?: string }[],
          known,
          members,
          use === "rpm-build" ? localKeys : new Set(),
          (message, at, hint) => issues.add("DEFINITION_BAD_INPUT", message, version.file, [...path, ...at], hint),
          (name, names) => issues.didYouMean(name, names),
        );
      }
    }
  }
}

function checkRepository({ name, value, file, path }: Named<Table>, issues: Issues): void {
  const both = Boolean(value["base-uri"]) === Boolean(value["metalink"]);
  if (both) {
    issues.add("DEFINITION_BAD_RESOURCE", `repository "${name}" needs either "base-uri" or "metalink"`, file, path);
  }
  needsKey("repository", { name, value, file, path }, issues);
}

function needsKey(kind: string, { name, value, file, path }: Named<Table>, issues: Issues): void {
  if (value["gpg-key"] || value["disable-gpg-check"] === true) return;
  const message = `${kind} "${name}" needs "gpg-key": signatures are checked`;
  issues.add("DEFINITION_BAD_RESOURCE", message, file, path, "or say disable-gpg-check = true");
}

function checkLayout({ name, value, file, path }: Named<Table>, issues: Issues): readonly string[] {
  const subrepos = (value["subrepos"] ?? []) as readonly Subrepository[];
  const add = (message: string, ...at: (string | number)[]) =>
    issues.add("DEFINITION_BAD_RESOURCE", `layout "${name}": ${message}`, file, [...path, "subrepos", ...at]);
  if (subrepos.length === 0) add("it has no repositories");
  const seen = new Set<string>();
  for (const [index, { name: repo, subpath }] of subrepos.entries()) {
    if (seen.has(repo)) add(`"${repo}" is named twice`, index, "name");
    seen.add(repo);
    if (subpath.startsWith("/") || subpath.split("/").includes("..") || /[?#\r\n\0]/.test(subpath)) {
      add(`"${subpath}" must be a path below the set's URL`, index, "subpath");
    }
  }
  return [...seen];
}

function checkSet(
  set: Named<Table>,
  layouts: ReadonlyMap<string, readonly string[]>,
  known: Set<string>,
  issues: Issues,
): readonly string[] {
  const { name, value, file, path } = set;
  const add = (message: string, at: readonly (string | number)[], hint?: string) =>
    issues.add("DEFINITION_BAD_RESOURCE", `repository set "${name}": ${message}`, file, [...path, ...at], hint);
  needsKey("repository set", set, issues);
  if (/[?#]/.test(String(value["base-uri"]))) add("its URL must have no query and no fragment", ["base-uri"]);
  const layout = layouts.get(String(value["template"]));
  if (layout === undefined) {
    const hint = issues.didYouMean(String(value["template"]), layouts.keys());
    add(`layout "${String(value["template"])}" is not defined`, ["template"], hint);
    return [];
  }
  const wanted = (value["subrepos"] ?? []) as readonly string[];
  const allowed = new Set(layout);
  const seen = new Set<string>();
  for (const [index, repo] of wanted.entries()) {
    if (!allowed.has(repo)) add(`its layout has no "${repo}"`, ["subrepos", index], issues.didYouMean(repo, layout));
    if (seen.has(repo)) add(`"${repo}" is named twice`, ["subrepos", index]);
    seen.add(repo);
  }
  const used = wanted.length === 0 ? layout : layout.filter((repo) => seen.has(repo));
  const prefix = typeof value["name-prefix"] === "string" ? value["name-prefix"] : "";
  const names = used.map((repo) => `${prefix}${repo}`);
  for (const made of names) {
    const problem = resourceName.message(made);
    if (problem !== undefined) add(problem, ["name-prefix"]);
    else if (known.has(made)) add(`it makes the repository "${made}", which is there already`, ["name-prefix"]);
    known.add(made);
  }
  return names;
}

function checkInputs(
  inputs: readonly { repo?: string; set?: string }[],
  known: ReadonlySet<string>,
  members: ReadonlyMap<string, readonly string[]>,
  refused: ReadonlySet<string>,
  add: (message: string, at: readonly (string | number)[], hint?: string) => void,
  didYouMean: (name: string, names: Iterable<string>) => string | undefined,
): void {
  const seen = new Set<string>();
  for (const [index, { repo, set }] of inputs.entries()) {
    if (Boolean(repo) === Boolean(set)) {
      add('an input names either "repo" or "set"', [index]);
      continue;
    }
    if (repo && !known.has(repo)) add(`repository "${repo}" is not defined`, [index, "repo"], didYouMean(repo, known));
    const names = set ? members.get(set) : [repo as string];
    if (names === undefined) {
      add(`repository set "${set}" is not defined`, [index, "set"], didYouMean(set as string, members.keys()));
    }
    for (const name of names ?? []) {
      if (seen.has(name)) add(`repository "${name}" comes in twice`, [index]);
      seen.add(name);
      if (refused.has(name)) {
        const hint = "name the key by an https URL, or use the repository for images only";
        add(`repository "${name}" has a key on this machine, which package builds do not see`, [index], hint);
      }
    }
  }
}

function hasLocalKey({ value }: Named<Table>): boolean {
  return Boolean(value["gpg-key"]) && !/^https?:/i.test(String(value["gpg-key"]));
}
