import { parseNevra } from "../../src/core/index.ts";
import type { Comparison, Dependency } from "../../src/formats/rpm/index.ts";
import type { PackageMetadata, Repository } from "../../src/formats/rpmmd/index.ts";

export interface PackagePlan {
  /** `name op evr` or plain names; the package's own name is provided without being said. */
  readonly provides?: readonly string[];
  readonly requires?: readonly string[];
  readonly obsoletes?: readonly string[];
  readonly files?: readonly string[];
  readonly source?: string;
}

function dependency(text: string): Dependency {
  const [name = "", op, evr] = text.split(" ");
  return op === undefined || evr === undefined ? { name, flags: 0 } : { name, op: op as Comparison, evr, flags: 0 };
}

/** Metadata of a package that exists nowhere: `name-[epoch:]version-release.arch` and what matters of the rest. */
export function makePackage(text: string, plan: PackagePlan = {}): PackageMetadata {
  const nevra = parseNevra(text);
  if (!nevra) throw new Error(`no NEVRA: ${text}`);
  const evr = `${nevra.epoch === 0 ? "" : `${nevra.epoch}:`}${nevra.version}-${nevra.release}`;
  return {
    ...nevra,
    summary: "",
    description: "",
    license: "",
    url: "",
    vendor: "",
    packager: "",
    group: "",
    buildHost: "",
    sourceRpm: `${plan.source ?? nevra.name}-${nevra.version}-${nevra.release}.src.rpm`,
    pkgid: Buffer.from(text).toString("hex").padEnd(64, "0").slice(0, 64),
    location: `Packages/${text}.rpm`,
    size: { package: 1, installed: 1, archive: 1 },
    time: { file: 0, build: 0 },
    headerRange: { start: 0, end: 0 },
    provides: [`${nevra.name} = ${evr}`, ...(plan.provides ?? [])].map(dependency),
    requires: (plan.requires ?? []).map(dependency),
    conflicts: [],
    recommends: [],
    suggests: [],
    supplements: [],
    enhances: [],
    obsoletes: (plan.obsoletes ?? []).map(dependency),
    files: (plan.files ?? []).map((path) => ({ path, type: "file" })),
    changelog: [],
  };
}

/** A repository value over such packages. */
export function makeRepository(id: string, packages: readonly PackageMetadata[]): Repository {
  return { id, root: "/nonexistent", revision: "1", packages, filesComplete: true };
}
