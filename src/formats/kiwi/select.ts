import { compareText, WeirError } from "../../core/index.ts";
import type { KiwiImage, KiwiPackages, KiwiPackagesType, KiwiSelection, KiwiType } from "./types.ts";

/**
 * What a description says for the given profiles and architecture. No profile: those marked for import, as kiwi does. `container` takes
 * the first type that makes a container, else the first type of all is taken. Errors: `KIWI_PROFILE_UNKNOWN`, `KIWI_TYPE_MISSING`.
 */
export function selectKiwi(
  image: KiwiImage,
  options: { readonly profiles?: readonly string[]; readonly arch: string; readonly container?: boolean },
): KiwiSelection {
  const profiles = withRequired(image, options.profiles ?? imported(image));
  const chosen = new Set(profiles);
  const applies = (section: { readonly profiles: readonly string[] }) =>
    section.profiles.length === 0 || section.profiles.some((name) => chosen.has(name));
  const preferences = image.preferences.filter(applies);
  const sections = image.packages.filter(applies);
  const ignored = new Set(sections.flatMap((section) => namesOf(section.ignored, options.arch)));
  const names = (type: KiwiPackagesType) => {
    const all = sections
      .filter((section) => section.type === type)
      .flatMap((section) => namesOf(section.packages, options.arch))
      .filter((name) => !ignored.has(name));
    return [...new Set(all)].sort(compareText);
  };
  const last = <T>(values: readonly (T | undefined)[]) => values.filter((value) => value !== undefined).at(-1);
  return {
    name: image.name,
    profiles,
    version: last(preferences.map((section) => section.version)) ?? "",
    excludeDocs: last(preferences.map((section) => section.excludeDocs)) ?? false,
    type: typeOf(
      image,
      preferences.flatMap((section) => section.types),
      profiles,
      options.container === true,
    ),
    install: names("image"),
    bootstrap: names("bootstrap"),
    delete: names("delete"),
    uninstall: names("uninstall"),
    ignored: [...ignored].sort(compareText),
    collections: [
      ...new Set(sections.filter((section) => section.type === "image").flatMap((section) => section.collections)),
    ].sort(compareText),
  };
}

function namesOf(packages: KiwiPackages["packages"], arch: string): string[] {
  return packages
    .filter((item) => item.arch === undefined || item.arch.split(",").includes(arch))
    .map((item) => item.name);
}

function imported(image: KiwiImage): string[] {
  return image.profiles.filter((profile) => profile.import).map((profile) => profile.name);
}

function withRequired(image: KiwiImage, wanted: readonly string[]): string[] {
  const known = new Map(image.profiles.map((profile) => [profile.name, profile]));
  const found = new Set<string>();
  const open = [...wanted];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const profile = known.get(name);
    if (!profile) {
      throw new WeirError("KIWI_PROFILE_UNKNOWN", `the image description has no profile ${name}`, {
        where: image.name,
        hints: [`it has: ${[...known.keys()].sort(compareText).join(", ") || "none"}`],
      });
    }
    found.add(name);
    open.push(...profile.requires);
  }
  return [...found].sort(compareText);
}

const containerTypes = new Set(["oci", "docker", "appx", "wsl"]);

function typeOf(
  image: KiwiImage,
  types: readonly KiwiType[],
  profiles: readonly string[],
  container: boolean,
): KiwiType {
  const type = container ? types.find((item) => containerTypes.has(item.image)) : types[0];
  if (type) return type;
  const others = image.preferences.filter((section) => section.types.length > 0).flatMap((section) => section.profiles);
  throw new WeirError(
    "KIWI_TYPE_MISSING",
    `the image description makes no ${container ? "container" : "image"} with ${
      profiles.length === 0 ? "no profile" : `the profiles ${profiles.join(", ")}`
    }`,
    {
      where: image.name,
      hints:
        others.length === 0 ? [] : [`these profiles have a type: ${[...new Set(others)].sort(compareText).join(", ")}`],
    },
  );
}
