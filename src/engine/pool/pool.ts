import {
  canonicalEvr,
  type DependencyId,
  type ListKind,
  PackageColumns,
  relationOp,
} from "../../formats/rpmmd/index.ts";
import { archColour, compatibleArchs } from "./arch.ts";
import { rangesMeet } from "./evr-order.ts";
import { indexProviders, noProviders, ownList } from "./provider-index.ts";
import type { PoolOptions, PoolRepository, PreparedProviders } from "./types.ts";

/** The package that stands for the system. */
export const systemPackage = 1;

/** So many numbers of lists can be added to a kept pool before all lists are copied. */
const roomForLists = 4096;

/** So many lookups of ranges go through the packages themselves; then an index of all entries pays. */
const lookupsBeforeIndex = 1000;

/**
 * Packages of repositories and what is installed, as columns, with an index of who provides what. Add repositories and packages, then
 * {@link prepare}; after that add no more without preparing again.
 */
export class Pool {
  readonly columns: PackageColumns;
  readonly repositories: PoolRepository[] = [];
  /** Index of the repository of installed packages, -1 for none. */
  installed = -1;
  /** 1 for each package that may be used, undefined where all may. Set before {@link prepare}. */
  considered: Uint8Array | undefined;
  /** Packages that are not considered still count as providers of what they provide (the solver then forbids them). Set before {@link prepare}. */
  providersWithDisabled = false;
  /** Lists of packages in ascending order, each ending in 0. Lists are never changed once written: a reference taken before a call stays good. */
  providerLists: Int32Array = new Int32Array(1024);
  #providersEnd = 2;
  /** How many packages there were when the index was made. */
  #preparedCount = 0;
  /** For each text: where its list begins in `providerLists`; 0 is unknown. */
  #byName: Int32Array = new Int32Array(0);
  /** For each relation, likewise; 0 is not looked for yet. */
  #byRelation: Int32Array = new Int32Array(0);
  readonly #namespaces = new Map<DependencyId, Int32Array>();
  #rangeLookups = 0;
  /** For each text: where its entries begin, pairs of a package and what it provides. Made when many ranges are looked up. */
  #entryStart: Int32Array | undefined;
  #entries: Int32Array = new Int32Array(0);
  /** Paths that some dependency names and nobody here provides, as far as is known. */
  #missing = new Set<number>();
  /**
   * Whether somebody asked who provides a path that nobody here does, so that file lists should be read and the question asked again. Set by
   * {@link whatProvides}, unset by {@link prepare}.
   */
  askedMissing = false;
  #archs: readonly string[] | undefined;
  /** For each text: 0 for an architecture that does not run here, 1 for noarch, higher for better. Undefined where everything runs. */
  #archScore: Map<number, number> | undefined;

  constructor(columns: PackageColumns = new PackageColumns(), options: PoolOptions = {}) {
    this.columns = columns;
    if (options.arch !== undefined) this.setArch(options.arch);
    else if (options.archs !== undefined) this.setArchs(options.archs);
  }

  /** The machine's architecture: what it runs by itself and by its 32-bit side. */
  setArch(arch: string): void {
    this.setArchs(compatibleArchs(arch));
  }

  /** Architectures that run here, best first, without noarch. */
  setArchs(archs: readonly string[]): void {
    this.#archs = archs;
    this.#archScore = undefined;
  }

  /** The architectures that run here, or undefined where all do. */
  get archs(): readonly string[] | undefined {
    return this.#archs;
  }

  /** Adds a repository; packages get its index. */
  addRepository(repository: Omit<PoolRepository, "index">): PoolRepository {
    const made = { ...repository, index: this.repositories.length };
    this.repositories.push(made);
    return made;
  }

  /** 0 for a package that does not run here, 1 for noarch, higher for better. */
  archScore(pkg: number): number {
    if (this.#archs === undefined) return 1;
    this.#archScore ??= this.#scoreArchs(this.#archs);
    return this.#archScore.get(this.columns.arch[pkg] as number) ?? 0;
  }

  #scoreArchs(archs: readonly string[]): Map<number, number> {
    const scores = new Map<number, number>();
    for (const [place, arch] of archs.entries())
      scores.set(this.columns.strings.internText(arch), archs.length + 1 - place);
    scores.set(this.columns.strings.internText("noarch"), 1);
    return scores;
  }

  /** 1 for 32 bits, 2 for 64, 3 for noarch. */
  colour(pkg: number): number {
    return archColour(this.columns.strings.text(this.columns.arch[pkg] as number));
  }

  isInstalled(pkg: number): boolean {
    return this.installed >= 0 && this.columns.repository[pkg] === this.installed && pkg !== systemPackage;
  }

  isConsidered(pkg: number): boolean {
    return this.considered === undefined || this.considered[pkg] === 1;
  }

  /** Whether a package may be installed here: its architecture runs, it is no source package and it is considered. */
  isInstallable(pkg: number): boolean {
    return this.archScore(pkg) > 0 && this.isConsidered(pkg) && !this.isSource(pkg);
  }

  isSource(pkg: number): boolean {
    const arch = this.columns.strings.text(this.columns.arch[pkg] as number);
    return arch === "src" || arch === "nosrc";
  }

  /** `name-[epoch:]version-release.arch`. */
  nevra(pkg: number): string {
    const { strings, name, evr, arch } = this.columns;
    const version = strings.text(evr[pkg] as number);
    return `${strings.text(name[pkg] as number)}-${canonicalEvr(version)}.${strings.text(arch[pkg] as number)}`;
  }

  /** Says what a namespace dependency is provided by. */
  setNamespace(id: DependencyId, packages: readonly number[]): void {
    this.#namespaces.set(id, Int32Array.from([...packages].sort((a, b) => a - b)));
    if (id < 0 && ~id < this.#byRelation.length) this.#byRelation[~id] = 0;
  }

  /** Builds the index of who provides what: each name, and each path that some dependency names, with the packages that hold it. */
  prepare(): void {
    const { columns } = this;
    this.#entryStart = undefined;
    if (this.#archs !== undefined) this.#archScore = this.#scoreArchs(this.#archs);
    const usable = this.#usable();
    const wanted = this.#wantedPaths();
    const index = indexProviders(columns, usable, wanted);
    this.providerLists = index.lists;
    this.#providersEnd = index.end;
    this.#byName = index.byName;
    this.#byRelation = new Int32Array(columns.relations);
    this.#missing = index.missing;
    this.askedMissing = false;
    this.#preparedCount = columns.count;
  }

  /** The index as arrays that can be written to a file, with all that was looked up so far. */
  prepared(): PreparedProviders {
    const found: number[] = [];
    const byRelation = this.#byRelation;
    for (let index = 0; index < byRelation.length; index++)
      if (byRelation[index] !== 0) found.push(index, byRelation[index] as number);
    const lists = new Int32Array(this.#providersEnd + roomForLists);
    lists.set(this.providerLists.subarray(0, this.#providersEnd));
    return {
      lists,
      end: this.#providersEnd,
      byName: this.#byName,
      byRelation: Int32Array.from(found),
      missing: Int32Array.from(this.#missing),
    };
  }

  /** Paths that some dependency names and nobody here provides. */
  missingPaths(): string[] {
    return [...this.#missing].map((id) => this.columns.strings.text(id));
  }

  /** Takes an index made by {@link prepare} over equal columns instead of building it. */
  usePrepared(prepared: PreparedProviders): void {
    const { columns } = this;
    this.providerLists = prepared.lists;
    this.#providersEnd = prepared.end;
    this.#preparedCount = columns.count;
    this.#byName = prepared.byName;
    this.#byRelation = new Int32Array(columns.relations);
    for (let at = 0; at < prepared.byRelation.length; at += 2)
      this.#byRelation[prepared.byRelation[at] as number] = prepared.byRelation[at + 1] as number;
    this.#missing = new Set(prepared.missing);
    this.askedMissing = false;
  }

  /** Packages that provide a dependency: where the list begins in {@link providerLists}. It ends in 0. */
  whatProvides(id: DependencyId): number {
    if (id >= 0) {
      const start = id < this.#byName.length ? (this.#byName[id] as number) : noProviders;
      if (start === noProviders && this.#missing.has(id)) this.askedMissing = true;
      return start;
    }
    const index = ~id;
    if (index >= this.#byRelation.length) {
      const larger = new Int32Array(Math.max(this.columns.relations, index + 1) + 256);
      larger.set(this.#byRelation);
      this.#byRelation = larger;
    }
    let start = this.#byRelation[index] as number;
    if (start === 0) {
      start = this.#keep(this.#find(index, 0));
      this.#byRelation[index] = start;
    }
    return start;
  }

  /** The same as an array, for what is not in a hurry. */
  providersOf(id: DependencyId): number[] {
    const found: number[] = [];
    const start = this.whatProvides(id);
    const lists = this.providerLists;
    for (let at = start; lists[at] !== 0; at++) found.push(lists[at] as number);
    return found;
  }

  /** Writes a list of packages, ascending, and gives where it begins. */
  addProviderList(packages: readonly number[]): number {
    return this.#keep(packages);
  }

  /** Whether a package itself provides a dependency, files apart. */
  provides(pkg: number, id: DependencyId): boolean {
    const lists = this.columns.lists;
    for (let at = this.columns.list.provides[pkg] as number; lists[at] !== 0; at++) {
      if (this.matches(lists[at] as number, id)) return true;
    }
    return false;
  }

  /** Whether a provided dependency meets a wanted one that is a name or a name with a range. */
  matches(provided: DependencyId, wanted: DependencyId): boolean {
    if (provided === wanted) return true;
    const { columns } = this;
    const [a, b] = [~provided, ~wanted];
    const aOp = provided < 0 ? (columns.relationOp[a] as number) : 0;
    const bOp = wanted < 0 ? (columns.relationOp[b] as number) : 0;
    const aName = provided < 0 ? (columns.relationName[a] as number) : provided;
    const bName = wanted < 0 ? (columns.relationName[b] as number) : wanted;
    if (aName !== bName || aOp > 7 || bOp > 7) return false;
    if (aOp === 0 || bOp === 0) return true;
    return rangesMeet(columns.strings, aOp, columns.relationEvr[a] as number, bOp, columns.relationEvr[b] as number);
  }

  /** Whether a package has the name and an evr in the range of a dependency, whatever it provides. */
  isNamed(pkg: number, id: DependencyId): boolean {
    const { columns } = this;
    const name = columns.name[pkg] as number;
    if (id >= 0) return name === id;
    const index = ~id;
    const op = columns.relationOp[index] as number;
    const left = columns.relationName[index] as number;
    if (op === relationOp.arch) return columns.arch[pkg] === columns.relationEvr[index] && this.isNamed(pkg, left);
    // A range stands on a name, or on a name of one architecture.
    if (op > 7 || (left < 0 ? !this.isNamed(pkg, left) : left !== name)) return false;
    return rangesMeet(
      columns.strings,
      relationOp.equal,
      columns.evr[pkg] as number,
      op,
      columns.relationEvr[index] as number,
    );
  }

  /** Runs over the dependencies of a list kind of a package. */
  *dependencies(pkg: number, kind: ListKind): IterableIterator<DependencyId> {
    const { lists } = this.columns;
    for (let at = this.columns.list[kind][pkg] as number; lists[at] !== 0; at++) yield lists[at] as number;
  }

  #find(index: number, depth: number): number[] {
    const { columns } = this;
    if (depth > 64) return [];
    const op = columns.relationOp[index] as number;
    const name = columns.relationName[index] as number;
    const evr = columns.relationEvr[index] as number;
    const ofPart = (part: DependencyId): number[] => (part < 0 ? this.#find(~part, depth + 1) : this.providersOf(part));
    switch (op) {
      case relationOp.namespace:
        return this.#inNamespace(~index, name, evr);
      case relationOp.with: {
        const right = new Set(ofPart(evr));
        return ofPart(name).filter((pkg) => right.has(pkg));
      }
      case relationOp.without: {
        const right = new Set(ofPart(evr));
        return ofPart(name).filter((pkg) => !right.has(pkg));
      }
      case relationOp.and:
      case relationOp.or:
      case relationOp.else: {
        // Chains lean to the right and may be long.
        const found = new Set(ofPart(name));
        let rest = evr;
        for (; rest < 0 && columns.relationOp[~rest] === op; rest = columns.relationEvr[~rest] as number)
          for (const pkg of ofPart(columns.relationName[~rest] as number)) found.add(pkg);
        for (const pkg of ofPart(rest)) found.add(pkg);
        return [...found].sort((a, b) => a - b);
      }
      case relationOp.if:
      case relationOp.unless: {
        const isElse = evr < 0 && columns.relationOp[~evr] === relationOp.else;
        return isElse ? union(ofPart(name), ofPart(columns.relationEvr[~evr] as number)) : ofPart(name);
      }
      case relationOp.arch:
        return ofPart(name).filter((pkg) => columns.arch[pkg] === evr);
      case relationOp.multiarch:
      case relationOp.compat:
        return ofPart(name);
      default:
        return op > 7 ? [] : this.#inRange(name, op, evr, ofPart);
    }
  }

  /** What a namespace was said to be provided by; `otherproviders` means the providers of its argument. */
  #inNamespace(id: DependencyId, name: DependencyId, argument: DependencyId): number[] {
    const known = this.#namespaces.get(id) ?? this.#namespaces.get(name);
    if (known !== undefined) return [...known];
    return this.columns.dependencyText(name) === "namespace:otherproviders" ? this.providersOf(argument) : [];
  }

  #inRange(name: DependencyId, op: number, evr: number, ofPart: (part: DependencyId) => number[]): number[] {
    const { columns } = this;
    if (op === 0) return [];
    if (name > 0 && ++this.#rangeLookups > lookupsBeforeIndex) return this.#inRangeByIndex(name, op, evr);
    const { lists } = columns;
    const base = this.#baseName(name);
    return ofPart(name).filter((pkg) => {
      for (let at = columns.list.provides[pkg] as number; lists[at] !== 0; at++) {
        if (this.#meets(lists[at] as number, base, op, evr)) return true;
      }
      return false;
    });
  }

  /** As {@link #inRange}, over the provides of that name alone: some packages have thousands of others. */
  #inRangeByIndex(name: number, op: number, evr: number): number[] {
    if (this.#entryStart === undefined) this.#indexEntries();
    const starts = this.#entryStart as Int32Array;
    const found: number[] = [];
    if (name + 1 >= starts.length) return found;
    for (let at = starts[name] as number; at < (starts[name + 1] as number); at += 2) {
      const pkg = this.#entries[at] as number;
      if (found[found.length - 1] !== pkg && this.#meets(this.#entries[at + 1] as number, name, op, evr))
        found.push(pkg);
    }
    return found;
  }

  #meets(provided: DependencyId, name: DependencyId, op: number, evr: number): boolean {
    if (provided === name) return true;
    if (provided > 0) return false;
    const { columns } = this;
    const index = ~provided;
    const providedOp = columns.relationOp[index] as number;
    if (columns.relationName[index] !== name || providedOp > 7) return false;
    return rangesMeet(columns.strings, providedOp, columns.relationEvr[index] as number, op, evr);
  }

  #indexEntries(): void {
    const { columns } = this;
    const { lists } = columns;
    const usable = this.#usable();
    const starts = new Int32Array(columns.strings.count + 2);
    const each = (visit: (name: number, pkg: number, provided: number) => void): void => {
      for (let pkg = systemPackage; pkg < columns.count; pkg++) {
        if (usable[pkg] === 0) continue;
        for (let at = columns.list.provides[pkg] as number; lists[at] !== 0; at++) {
          const provided = lists[at] as number;
          visit(this.#baseName(provided), pkg, provided);
        }
      }
    };
    each((name) => {
      starts[name + 2] = (starts[name + 2] as number) + 2;
    });
    for (let name = 2; name < starts.length; name++)
      starts[name] = (starts[name] as number) + (starts[name - 1] as number);
    const entries = new Int32Array(starts[starts.length - 1] as number);
    each((name, pkg, provided) => {
      const at = starts[name + 1] as number;
      entries[at] = pkg;
      entries[at + 1] = provided;
      starts[name + 1] = at + 2;
    });
    this.#entryStart = starts;
    this.#entries = entries;
  }

  #keep(packages: readonly number[]): number {
    if (packages.length === 0) return noProviders;
    if (packages.length === 1 && (packages[0] as number) < this.#preparedCount) return ownList(packages[0] as number);
    const start = this.#providersEnd;
    const end = start + packages.length + 1;
    if (end > this.providerLists.length) {
      const larger = new Int32Array(Math.ceil(end * 1.6));
      larger.set(this.providerLists);
      this.providerLists = larger;
    }
    this.providerLists.set(packages, start);
    this.providerLists[end - 1] = 0;
    this.#providersEnd = end;
    return start;
  }

  #usable(): Uint8Array {
    const { columns } = this;
    const usable = new Uint8Array(columns.count);
    usable[systemPackage] = 1;
    for (let pkg = systemPackage + 1; pkg < columns.count; pkg++) {
      if (this.isInstalled(pkg)) usable[pkg] = 1;
      else if (
        this.archScore(pkg) > 0 &&
        (this.#archs !== undefined || !this.isSource(pkg)) &&
        (this.providersWithDisabled || this.isConsidered(pkg))
      )
        usable[pkg] = 1;
    }
    return usable;
  }

  /** 1 for each text that is a path some dependency names. */
  #wantedPaths(): Uint8Array {
    const { columns } = this;
    const { strings, lists } = columns;
    const wanted = new Uint8Array(strings.count);
    const { bytes, offsets } = strings;
    const slash = 47;
    for (const kind of [
      "requires",
      "conflicts",
      "obsoletes",
      "recommends",
      "suggests",
      "supplements",
      "enhances",
    ] as const) {
      const starts = columns.list[kind];
      for (let pkg = 1; pkg < columns.count; pkg++) {
        let at = starts[pkg] as number;
        for (let id = lists[at] as number; id !== 0; id = lists[++at] as number)
          if (id > 0 && bytes[offsets[id] as number] === slash) wanted[id] = 1;
      }
    }
    const want = (id: DependencyId): void => {
      if (id > 0 && bytes[offsets[id] as number] === slash) wanted[id] = 1;
    };
    for (let index = 0; index < columns.relations; index++) {
      want(columns.relationName[index] as number);
      if ((columns.relationOp[index] as number) > 7) want(columns.relationEvr[index] as number);
    }
    return wanted;
  }

  #baseName(id: DependencyId): number {
    let base = id;
    while (base < 0) base = this.columns.relationName[~base] as number;
    return base;
  }
}

function union(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}
