import { type Cell, makeReport, type Report, type Skip, WeirError } from "../../core/index.ts";
import { compileGlob, globMatches, globProblem, hasWildcard } from "./load-glob.ts";
import { suggest } from "./load-suggest.ts";
import type { Project, ResolvedComponent } from "./types.ts";

/** Which components are meant; nothing given means all. What is given must hold together. */
export interface ComponentFilter {
  /** Names or globs; one of them must match. A name without wildcard must exist. */
  readonly names?: readonly string[];
  /** Groups; the component must be in one of them. */
  readonly groups?: readonly string[];
  readonly type?: "upstream" | "local";
  /** Only components with, or without, overlays. */
  readonly overlays?: boolean;
}

/** The components that a filter means, by name. Throws `COMPONENT_UNKNOWN`, `COMPONENT_GROUP_UNKNOWN`, `COMPONENT_BAD_PATTERN`. */
export function selectComponents(project: Project, filter: ComponentFilter = {}): ResolvedComponent[] {
  const wanted = filter.names === undefined ? undefined : namesMatching(project, filter.names);
  const members = filter.groups === undefined ? undefined : groupMembers(project, filter.groups);
  const selected: ResolvedComponent[] = [];
  for (const name of project.components.keys()) {
    if (wanted?.has(name) === false || members?.has(name) === false) continue;
    const component = project.components.get(name) as ResolvedComponent;
    if (filter.type !== undefined && component.config.spec.type !== filter.type) continue;
    if (filter.overlays !== undefined && component.config.overlays.length > 0 !== filter.overlays) continue;
    selected.push(component);
  }
  return selected;
}

function namesMatching(project: Project, patterns: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const pattern of patterns) {
    if (!hasWildcard(pattern)) {
      if (!project.components.has(pattern)) throw unknownComponent(project, pattern);
      names.add(pattern);
      continue;
    }
    const problem = globProblem(pattern);
    if (problem !== undefined) throw new WeirError("COMPONENT_BAD_PATTERN", `bad pattern "${pattern}": ${problem}`);
    const glob = compileGlob(pattern);
    for (const name of project.components.keys()) if (globMatches(glob, name)) names.add(name);
  }
  return names;
}

function groupMembers(project: Project, groups: readonly string[]): Set<string> {
  const members = new Set<string>();
  for (const group of groups) {
    const known = project.groups.get(group);
    if (known === undefined) {
      const near = suggest(group, project.groups.keys());
      const hint =
        near === undefined ? `groups: ${[...project.groups.keys()].join(", ") || "none"}` : `did you mean "${near}"?`;
      throw new WeirError("COMPONENT_GROUP_UNKNOWN", `no component group "${group}"`, { hints: [hint] });
    }
    for (const member of known) members.add(member);
  }
  return members;
}

export function unknownComponent(project: Project, name: string): WeirError {
  const near = suggest(name, project.components.keys());
  const hints = near === undefined ? ["list them with: weir component list"] : [`did you mean "${near}"?`];
  return new WeirError("COMPONENT_UNKNOWN", `no component "${name}"`, { hints });
}

/** One component as `weir component list -o json` prints it; schema `weir/components/1`. */
export interface ListedComponent {
  readonly name: string;
  readonly type: "upstream" | "local";
  readonly upstream: {
    readonly distro: string;
    readonly version: string;
    readonly name: string;
    readonly branch: string;
    readonly commit: string | null;
    readonly snapshot: string | null;
  } | null;
  /** How many. */
  readonly overlays: number;
  readonly release: string;
  readonly groups: readonly string[];
  readonly origin: { readonly file: string; readonly line: number };
  /** Of the source package after overlays; null where it cannot be told, absent where nobody asked. */
  readonly nevr?: string | null;
}

const columns = ["name", "type", "upstream", "commit", "overlays", "release", "groups", "from"];

/** Name, version and release after overlays, by component, and for whom they cannot be told. */
export interface Nevrs {
  readonly nevrs: ReadonlyMap<string, string>;
  readonly skips: readonly Skip[];
}

/** The components of a project as a table and as data. */
export function listComponents(project: Project, filter: ComponentFilter = {}, told?: Nevrs): Report {
  const components = selectComponents(project, filter).map((component) => {
    const one = listed(component);
    return told === undefined ? one : { ...one, nevr: told.nevrs.get(one.name) ?? null };
  });
  const upstream = components.filter((one) => one.upstream !== null).length;
  const changed = components.filter((one) => one.overlays > 0).length;
  return makeReport("components", `Components of ${project.description || "the project"}`, {
    summary: [
      `${components.length} of ${project.components.size} components: ${upstream} upstream, ${components.length - upstream} local; ${changed} with overlays.`,
    ],
    tables: [
      {
        id: "components",
        title: "Components",
        columns: told === undefined ? columns : ["name", "nevr", ...columns.slice(1)],
        rows: components.map((one) => {
          const [name = "", ...rest] = row(one);
          return told === undefined ? [name, ...rest] : [name, one.nevr ?? "", ...rest];
        }),
      },
    ],
    ...(told === undefined ? {} : { skips: told.skips }),
    data: { schema: "weir/components/1", components },
  });
}

function listed(component: ResolvedComponent): ListedComponent {
  const { name, config, groups, origin, upstream } = component;
  return {
    name,
    type: config.spec.type,
    upstream:
      upstream === undefined
        ? null
        : {
            distro: upstream.distro,
            version: upstream.version,
            name: upstream.name,
            branch: upstream.branch,
            commit: upstream.commit ?? null,
            snapshot: upstream.snapshot ?? null,
          },
    overlays: config.overlays.length,
    release: config.release.calculation,
    groups,
    origin: { file: origin.file, line: origin.line ?? 1 },
  };
}

function row(component: ListedComponent): Cell[] {
  const { name, type, upstream, overlays, release, groups, origin } = component;
  const from = upstream === null ? "" : `${upstream.distro} ${upstream.version}`;
  const renamed = upstream !== null && upstream.name !== name ? `${from} (${upstream.name})` : from;
  return [
    name,
    type,
    renamed,
    upstream?.commit ?? "",
    overlays,
    release,
    groups.join(" "),
    `${origin.file}:${origin.line}`,
  ];
}
