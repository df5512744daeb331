import { compareEvr, compareText, formatNevra } from "../../core/index.ts";
import type { PackageMetadata, Repository } from "../../formats/rpmmd/index.ts";
import { evrOf } from "./versions.ts";

/** A repository by what one asks for. Of several versions of a name and architecture only the newest counts. */
export class PackageIndex {
  readonly repository: Repository;
  /** Newest of each name and architecture, by name, the main architecture of a name first. */
  readonly byName = new Map<string, PackageMetadata[]>();
  readonly provides = new Map<string, PackageMetadata[]>();
  readonly #requires = new Map<string, PackageMetadata[]>();
  readonly #files = new Map<string, PackageMetadata[]>();
  readonly obsoletes = new Map<string, PackageMetadata[]>();
  readonly sources = new Set<string>();

  constructor(repository: Repository) {
    this.repository = repository;
    const newest = new Map<string, PackageMetadata>();
    for (const pkg of repository.packages) {
      if (pkg.arch === "src" || pkg.arch === "nosrc") continue;
      const key = `${pkg.name}\n${pkg.arch}`;
      const known = newest.get(key);
      const order = known ? compareEvr(evrOf(pkg), evrOf(known)) : 1;
      if (order > 0 || (order === 0 && known && compareText(pkg.pkgid, known.pkgid) < 0)) newest.set(key, pkg);
    }
    const packages = [...newest.values()].sort(
      (a, b) => compareText(a.name, b.name) || rank(a.arch) - rank(b.arch) || compareText(a.arch, b.arch),
    );
    for (const pkg of packages) {
      push(this.byName, pkg.name, pkg);
      this.sources.add(sourceName(pkg));
      for (const { name } of pkg.provides) push(this.provides, name, pkg);
      for (const { name } of pkg.requires) push(this.#requires, name, pkg);
      for (const { name } of pkg.obsoletes) push(this.obsoletes, name, pkg);
      for (const { path } of pkg.files) push(this.#files, plainPath(path), pkg);
    }
  }

  /** The package of a name on its main architecture. */
  main(name: string): PackageMetadata | undefined {
    return this.byName.get(name)?.[0];
  }

  *packages(): Iterable<PackageMetadata> {
    for (const list of this.byName.values()) yield* list;
  }

  /** NEVRAs of those who require one of the names, sorted, `except` one name left out. */
  requirers(names: Iterable<string>, except?: string): string[] {
    const found = new Set<string>();
    for (const name of names) {
      for (const pkg of this.#requires.get(name) ?? []) if (pkg.name !== except) found.add(formatNevra(pkg));
    }
    return [...found].sort(compareText);
  }

  requiringPackages(name: string): readonly PackageMetadata[] {
    return this.#requires.get(name) ?? [];
  }

  /** Packages that list a path, links of a merged /usr taken as one. */
  owners(path: string): readonly PackageMetadata[] {
    return this.#files.get(plainPath(path)) ?? [];
  }

  /** Whether a name or path is provided by anything. */
  has(capability: string): boolean {
    return this.provides.has(capability) || (capability.startsWith("/") && this.#files.has(plainPath(capability)));
  }
}

/** 32-bit companions come after the rest. */
function rank(arch: string): number {
  return /^(?:i[3-6]86|armv7hl|s390|ppc)$/.test(arch) ? 1 : 0;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (list[list.length - 1] !== value) list.push(value);
}

/** The name of the source package that a package was built from. */
export function sourceName(pkg: Pick<PackageMetadata, "sourceRpm" | "name">): string {
  return /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(pkg.sourceRpm)?.[1] ?? "";
}

/** A path as it is under a merged /usr with a merged sbin: `/sbin/x` and `/usr/sbin/x` are `/usr/bin/x`. */
export function plainPath(path: string): string {
  const merged = /^\/(?:bin|sbin|lib|lib64)\//.test(path) ? `/usr${path}` : path;
  return merged.startsWith("/usr/sbin/") ? `/usr/bin/${merged.slice(10)}` : merged;
}
