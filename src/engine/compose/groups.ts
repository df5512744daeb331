import type { Comps } from "../../formats/comps/index.ts";

/** Groups with only the packages that are there; groups left empty, and what lists only such groups, fall away. */
export function cutGroups(comps: Comps, present: ReadonlySet<string>): Comps {
  const groups = comps.groups
    .map((group) => ({ ...group, packages: group.packages.filter((item) => present.has(item.name)) }))
    .filter((group) => group.packages.length > 0);
  const known = new Set(groups.map((group) => group.id));
  const keep = (ids: readonly string[]) => ids.filter((id) => known.has(id));
  return {
    groups,
    categories: comps.categories
      .map((category) => ({ ...category, groups: keep(category.groups) }))
      .filter((category) => category.groups.length > 0),
    environments: comps.environments
      .map((environment) => ({
        ...environment,
        groups: keep(environment.groups),
        options: environment.options.filter((option) => known.has(option.id)),
      }))
      .filter((environment) => environment.groups.length > 0),
    langpacks: comps.langpacks.filter((langpack) => present.has(langpack.name)),
  };
}
