import { compareEvr, compareText, type Evr, formatNevra } from "../../core/index.ts";
import type { PackageMetadata, Repository } from "../../formats/rpmmd/index.ts";
import { contains, overlaps } from "./match.ts";
import type { Capability } from "./rich.ts";

const none: readonly number[] = Object.freeze([]);

/**
 * All packages that may be chosen on an architecture, numbered from 0 in the order of the repositories, with indexes over what they
 * provide. A NEVRA that several repositories hold counts once, from the first. Source packages are left out.
 */
export class Pool {
  readonly repositories: readonly Repository[];
  readonly packages: readonly PackageMetadata[];
  /** Index into `repositories` of each package. */
  readonly repositoryOf: Int32Array;
  readonly evrs: readonly Evr[];
  /** Packages by name, best first: version, then repository order. */
  readonly byName: ReadonlyMap<string, readonly number[]>;
  /** Place of each package among those of its name, best 0. */
  readonly rank: Int32Array;
  /** name → package, index of the provide, alternating; index -1 is a package's own name. */
  readonly #provides = new Map<string, number[]>();
  /** 1 for packages that another one takes the place of: it obsoletes them and provides their name. */
  readonly #replaced: Uint8Array;
  readonly #inOrder = new Set<string>();
  #files: Map<string, number[]> | undefined;
  readonly #answers = new Map<string, readonly number[]>();

  constructor(repositories: readonly Repository[], fits: (arch: string) => boolean) {
    const packages: PackageMetadata[] = [];
    const places: number[] = [];
    const seen = new Set<string>();
    for (const [place, repository] of repositories.entries()) {
      for (const pkg of repository.packages) {
        if (!fits(pkg.arch)) continue;
        const key = formatNevra(pkg);
        if (seen.has(key)) continue;
        seen.add(key);
        packages.push(pkg);
        places.push(place);
      }
    }
    this.repositories = repositories;
    this.packages = packages;
    this.repositoryOf = Int32Array.from(places);
    this.evrs = packages.map((pkg) => ({ epoch: pkg.epoch, version: pkg.version, release: pkg.release }));
    this.rank = new Int32Array(packages.length);
    this.byName = this.#rankNames();
    this.#indexProvides();
    this.#replaced = this.#findReplaced();
  }

  /** `name-evr.arch` of a package. */
  nevra(index: number): string {
    return formatNevra(this.package(index));
  }

  package(index: number): PackageMetadata {
    return this.packages[index] as PackageMetadata;
  }

  repository(index: number): Repository {
    return this.repositories[this.repositoryOf[index] as number] as Repository;
  }

  /** Packages that provide a capability, in order of preference: replaced ones last, else those of that very name
   * first, then by rank, repository, name. */
  providers(capability: Capability): readonly number[] {
    const key = capability.op === undefined ? capability.name : `${capability.name}\0${capability.op}${capability.evr}`;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#find(capability);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** Packages of that name in that range: what an Obsoletes means. */
  named(capability: Capability): readonly number[] {
    const all = this.byName.get(capability.name) ?? none;
    return capability.op === undefined ? all : all.filter((index) => contains(capability, this.evrs[index] as Evr));
  }

  /** Every name that anybody provides. */
  providedNames(): IterableIterator<string> {
    return this.#provides.keys();
  }

  #rankNames(): Map<string, number[]> {
    const names = new Map<string, number[]>();
    for (const [index, pkg] of this.packages.entries()) {
      const list = names.get(pkg.name);
      if (list === undefined) names.set(pkg.name, [index]);
      else list.push(index);
    }
    for (const list of names.values()) {
      if (list.length > 1) {
        list.sort((a, b) => compareEvr(this.evrs[b] as Evr, this.evrs[a] as Evr) || a - b);
      }
      for (const [place, index] of list.entries()) this.rank[index] = place;
    }
    return names;
  }

  #indexProvides(): void {
    for (const [index, pkg] of this.packages.entries()) {
      let own = false;
      for (let at = 0; at < pkg.provides.length; at++) {
        const name = (pkg.provides[at] as Capability).name;
        if (name === pkg.name) own = true;
        this.#add(name, index, at);
      }
      if (!own) this.#add(pkg.name, index, -1);
    }
  }

  #findReplaced(): Uint8Array {
    const replaced = new Uint8Array(this.packages.length);
    for (const pkg of this.packages) {
      for (const obsolete of pkg.obsoletes) {
        if (obsolete.name === pkg.name || !this.byName.has(obsolete.name)) continue;
        if (!pkg.provides.some((provide) => provide.name === obsolete.name)) continue;
        for (const index of this.named(obsolete)) replaced[index] = 1;
      }
    }
    return replaced;
  }

  #add(name: string, index: number, at: number): void {
    const list = this.#provides.get(name);
    if (list === undefined) this.#provides.set(name, [index, at]);
    else list.push(index, at);
  }

  #find(capability: Capability): readonly number[] {
    const { name } = capability;
    const found: number[] = [];
    const entries = this.#sorted(name);
    for (let at = 0; at < entries.length; at += 2) {
      const index = entries[at] as number;
      if (found[found.length - 1] === index) continue;
      const provide = entries[at + 1] as number;
      const fits =
        provide < 0
          ? contains(capability, this.evrs[index] as Evr)
          : overlaps(this.package(index).provides[provide] as Capability, capability);
      if (fits) found.push(index);
    }
    if (!name.startsWith("/")) return found.length === 0 ? none : found;
    const all = [...new Set([...found, ...this.#withFile(name)])];
    return all.sort((a, b) => this.#compare(a, b, name));
  }

  /** Who provides a name at all, in order of preference, which is the same for every range of it. */
  #sorted(name: string): readonly number[] {
    const entries = this.#provides.get(name);
    if (entries === undefined || entries.length === 2 || this.#inOrder.has(name)) return entries ?? none;
    const places = Array.from({ length: entries.length / 2 }, (_, place) => place * 2);
    places.sort((a, b) => this.#compare(entries[a] as number, entries[b] as number, name) || a - b);
    const sorted = places.flatMap((place) => [entries[place] as number, entries[place + 1] as number]);
    this.#provides.set(name, sorted);
    this.#inOrder.add(name);
    return sorted;
  }

  #compare(a: number, b: number, name: string): number {
    const [x, y] = [this.package(a).name, this.package(b).name];
    const replaced = (this.#replaced[a] as number) - (this.#replaced[b] as number);
    if (replaced !== 0) return replaced;
    const own = Number(y === name) - Number(x === name);
    if (own !== 0) return own;
    const rank = (this.rank[a] as number) - (this.rank[b] as number);
    return rank || (this.repositoryOf[a] as number) - (this.repositoryOf[b] as number) || compareText(x, y) || a - b;
  }

  #withFile(path: string): readonly number[] {
    if (this.#files === undefined) {
      this.#files = new Map();
      for (const [index, pkg] of this.packages.entries()) {
        for (const file of pkg.files) {
          const list = this.#files.get(file.path);
          if (list === undefined) this.#files.set(file.path, [index]);
          else if (list[list.length - 1] !== index) list.push(index);
        }
      }
    }
    return this.#files.get(path) ?? none;
  }
}
