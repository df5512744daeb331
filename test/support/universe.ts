import { parseCapability } from "../../src/engine/solve/index.ts";
import type { Dependency, DependencySet } from "../../src/formats/rpm/index.ts";
import type { PackageMetadata, Repository } from "../../src/formats/rpmmd/index.ts";

type Kind = keyof DependencySet;

/**
 * A package of a tiny universe: `name-version` or `name-[epoch:]version-release[.arch]`, then lines such as `requires b >= 2`,
 * `provides c = 1`, `file /usr/bin/c`. Its own name is provided as rpmbuild does.
 */
export type TinyPackage = readonly [string, ...string[]];

export function tinyRepository(id: string, packages: readonly TinyPackage[]): Repository {
  return { id, root: `/${id}`, revision: "1", packages: packages.map(tinyPackage), filesComplete: true };
}

export function tinyPackage([spec, ...lines]: TinyPackage): PackageMetadata {
  const match = /^([^-]+(?:-[a-z][^-]*)*)-(?:(\d+):)?([^-]+?)(?:-([^-.]+))?(?:\.([a-z]\w+))?$/.exec(spec);
  if (!match) throw new Error(`no package: ${spec}`);
  const [, name = "", epoch = "0", version = "", release = "1", arch = "x86_64"] = match;
  const kinds: Record<Kind, Dependency[]> = {
    provides: [],
    requires: [],
    conflicts: [],
    obsoletes: [],
    recommends: [],
    suggests: [],
    supplements: [],
    enhances: [],
  };
  const files: { path: string; type: "file" }[] = [];
  for (const line of lines) {
    const [word = "", ...rest] = line.split(" ");
    const text = rest.join(" ");
    if (word === "file") files.push({ path: text, type: "file" });
    else if (word in kinds) kinds[word as Kind].push(tinyDependency(text));
    else throw new Error(`no line of a package: ${line}`);
  }
  const evr = `${epoch === "0" ? "" : `${epoch}:`}${version}-${release}`;
  kinds.provides.push({ name, op: "=", evr, flags: 8 });
  return {
    name,
    epoch: Number(epoch),
    version,
    release,
    arch,
    summary: "",
    description: "",
    license: "",
    url: "",
    vendor: "",
    packager: "",
    group: "",
    buildHost: "",
    sourceRpm: "",
    pkgid: "",
    location: `${spec}.rpm`,
    size: { package: 0, installed: 0, archive: 0 },
    time: { file: 0, build: 0 },
    headerRange: { start: 0, end: 0 },
    ...kinds,
    files,
    changelog: [],
  };
}

export function tinyDependency(text: string): Dependency {
  if (text.startsWith("(")) return { name: text, flags: 0 };
  const parsed = parseCapability(text);
  if (parsed?.kind !== "leaf") throw new Error(`no dependency: ${text}`);
  const { name, op, evr } = parsed.capability;
  return op === undefined || evr === undefined ? { name, flags: 0 } : { name, op, evr, flags: 0 };
}
