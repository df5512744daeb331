import { type Cell, formatPlace, makeReport, type Report } from "../../core/index.ts";
import { nameBelow } from "./load-file.ts";
import { type Nevrs, unknownComponent } from "./list.ts";
import { visitValues } from "./merge.ts";
import type { Origin, Project } from "./types.ts";

/** One resolved value: its path in the component, and where it was written; null for defaults of the format. */
export interface ShownValue {
  readonly key: string;
  readonly value: string | number | boolean;
  readonly from: Origin | null;
}

/**
 * Everything that a component resolves to, each value with the file and line it came from. Data: schema `weir/component/1`.
 * Throws `COMPONENT_UNKNOWN`.
 */
export function showComponent(project: Project, name: string, told?: Nevrs): Report {
  const component = project.components.get(name);
  if (component === undefined) throw unknownComponent(project, name);
  const { config, origins, groups, origin, upstream } = component;
  const values: ShownValue[] = [];
  visitValues(config, (key, value) => {
    values.push({
      key,
      value: isPathKey(key) ? nameBelow(project.root, String(value)) : value,
      from: origins.get(key) ?? null,
    });
  });
  const address = upstream === undefined ? null : { ...upstream, ...relativeUris(project, upstream) };
  const sets: Cell[][] = values.map(({ key, value, from }) => [
    key,
    value,
    from === null ? "default" : formatPlace(from),
  ]);
  const source = Object.entries(address ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return makeReport("component", `Component ${name}`, {
    summary: [
      ...(told?.nevrs.has(name) === true ? [`After its overlays it is ${told.nevrs.get(name)}.`] : []),
      `${name} is defined at ${formatPlace(origin)}${groups.length === 0 ? "" : `; groups: ${groups.join(", ")}`}.`,
    ],
    tables: [
      { id: "values", title: "Values", columns: ["key", "value", "from"], rows: sets },
      ...(source.length === 0
        ? []
        : [
            {
              id: "upstream",
              title: "Upstream",
              columns: ["key", "value"],
              rows: source.map(([key, value]): Cell[] => [key, value as string]),
            },
          ]),
    ],
    ...(told === undefined ? {} : { skips: told.skips }),
    data: {
      schema: "weir/component/1",
      name,
      origin,
      groups,
      values,
      upstream: address,
      ...(told === undefined ? {} : { nevr: told.nevrs.get(name) ?? null }),
    },
  });
}

function isPathKey(key: string): boolean {
  return key === "spec.path" || /^overlays\[\d+\]\.source$/.test(key);
}

/** Local URIs as paths relative to the project: reports hold no absolute paths. */
function relativeUris(
  project: Project,
  upstream: { readonly distGitUri: string; readonly lookasideUri: string | undefined },
) {
  const relative = (uri: string) => (uri.startsWith("/") ? nameBelow(project.root, uri) : uri);
  return {
    distGitUri: relative(upstream.distGitUri),
    lookasideUri: upstream.lookasideUri === undefined ? null : relative(upstream.lookasideUri),
    snapshot: (upstream as { snapshot?: string }).snapshot ?? null,
    commit: (upstream as { commit?: string }).commit ?? null,
  };
}
