import { StringHeap, type StringHeapParts, WeirError } from "../../core/index.ts";
import { parseRich, type Rich } from "../rpm/index.ts";

/**
 * A dependency as one number: 0 is none, a positive one is the id of a text in `strings` (a plain name), a negative one is a relation,
 * whose index is `~id`.
 */
export type DependencyId = number;

/**
 * What a relation means. 1 to 7 are sums of `greater`, `equal` and `less`: a name and a version. The others combine two dependencies:
 * `if` and `unless` hold what, then the condition, which may be an `else` of condition and alternative. `namespace` is `name(argument)` as
 * solver test cases write it; `arch` is a name bound to an architecture.
 */
export const relationOp = {
  greater: 1,
  equal: 2,
  less: 4,
  and: 16,
  or: 17,
  with: 18,
  without: 19,
  if: 20,
  unless: 21,
  else: 22,
  namespace: 23,
  arch: 24,
  multiarch: 25,
  compat: 26,
} as const;

/** The lists a package has. `files` holds ids of paths. */
export const listKinds = [
  "provides",
  "requires",
  "conflicts",
  "obsoletes",
  "recommends",
  "suggests",
  "supplements",
  "enhances",
  "files",
] as const;
export type ListKind = (typeof listKinds)[number];

type ColumnArray = Int32Array | Float64Array | Uint8Array;

/**
 * Packages of one or several repositories as columns, without an object for any of them. Package 0 is none, package 1 stands for the system
 * itself (it is there always, and provides what is assumed); others are numbered from 2 in the order they were added.
 */
export class PackageColumns {
  readonly strings: StringHeap;
  /** How many relations there are. */
  relations = 0;
  relationName: Int32Array = new Int32Array(64);
  relationEvr: Int32Array = new Int32Array(64);
  relationOp: Uint8Array = new Uint8Array(64);
  /** Hash table of relations, one more than the index each; made again where it is too small for them, as after loading. */
  relationTable: Int32Array = new Int32Array(256);
  /** All lists, each ending in 0. Place 0 is the empty list. Lists are never changed once written. */
  lists: Int32Array = new Int32Array(256);
  listsEnd = 1;
  /** One more than the highest package number. */
  count = 2;
  name: Int32Array = new Int32Array(16);
  /** Texts `[epoch:]version-release`, the epoch only where it is not 0. */
  evr: Int32Array = new Int32Array(16);
  arch: Int32Array = new Int32Array(16);
  vendor: Int32Array = new Int32Array(16);
  /** Index of the repository. */
  repository: Int32Array = new Int32Array(16);
  #addresses: StringHeap | undefined;
  #loadAddresses: (() => StringHeapParts) | undefined;
  /** Ids in `addresses`; read them with {@link locationOf} and {@link checksumOf}. */
  location: Int32Array = new Int32Array(16);
  checksum: Int32Array = new Int32Array(16);
  /** Bytes of the package file, and installed. */
  packageSize: Float64Array = new Float64Array(16);
  installedSize: Float64Array = new Float64Array(16);
  /** Seconds since the epoch. */
  buildTime: Float64Array = new Float64Array(16);
  /** For each kind: where the list of each package begins in `lists`. */
  readonly list: Record<ListKind, Int32Array>;
  #relationsByText = new Map<number, DependencyId>();
  #crowdedRelations: Map<string, DependencyId> | undefined;

  /** `parts` are of columns made before; those of `addresses` are asked for when somebody needs them. */
  constructor(parts?: { readonly strings: StringHeapParts; readonly addresses: () => StringHeapParts }) {
    this.strings = new StringHeap(parts?.strings);
    this.#loadAddresses = parts?.addresses;
    this.list = Object.fromEntries(listKinds.map((kind) => [kind, new Int32Array(16)])) as Record<ListKind, Int32Array>;
  }

  /** Texts of which each package has its own, so that they are not interned: where its file lies and the checksum of it. */
  get addresses(): StringHeap {
    this.#addresses ??= new StringHeap(this.#loadAddresses?.());
    return this.#addresses;
  }

  /** A new package with ids of texts; its lists are empty. Gives its number. */
  addPackage(repository: number, name: number, evr: number, arch: number, vendor = 0): number {
    const index = this.count++;
    if (index >= this.name.length) this.#growPackages(Math.ceil(this.count * 1.6));
    this.name[index] = name;
    this.evr[index] = evr;
    this.arch[index] = arch;
    this.vendor[index] = vendor;
    this.repository[index] = repository;
    return index;
  }

  /** Sets where a package's file lies in its repository. */
  setLocation(index: number, location: string): void {
    const path = Buffer.from(location);
    this.location[index] = this.addresses.append(path, 0, path.length);
  }

  /** Sets the checksum of a package's file. It is kept as `type:` and the digest's bytes, as `type=` and text where it is no lower-case hex. */
  setChecksum(index: number, type: string, value: string): void {
    const hex = value.length % 2 === 0 && /^[0-9a-f]*$/.test(value);
    const mark = `${type.replace(/[:=]/g, "")}${hex ? ":" : "="}`;
    const packed = Buffer.concat([Buffer.from(mark), Buffer.from(value, hex ? "hex" : "utf8")]);
    this.checksum[index] = this.addresses.append(packed, 0, packed.length);
  }

  /** Path of a package's file in its repository, as primary.xml has it; empty where unknown. */
  locationOf(index: number): string {
    return this.addresses.text(this.location[index] as number);
  }

  /** Checksum of a package's file as `type:hex`; empty where unknown. */
  checksumOf(index: number): string {
    const { bytes, offsets } = this.addresses;
    const id = this.checksum[index] as number;
    return unpackChecksum(bytes.subarray(offsets[id], offsets[id + 1]));
  }

  /** Writes a list: `dependencies[from..to)`. Zeros are left out. Gives where it begins in `lists`. */
  addList(dependencies: ArrayLike<DependencyId>, from = 0, to: number = dependencies.length): number {
    if (from === to) return 0;
    const end = this.listsEnd + to - from + 1;
    if (end > this.lists.length) this.lists = larger(this.lists, new Int32Array(Math.ceil(end * 1.6)));
    const start = this.listsEnd;
    let at = start;
    for (let index = from; index < to; index++) {
      const dependency = dependencies[index] as number;
      if (dependency !== 0) this.lists[at++] = dependency;
    }
    if (at === start) return 0;
    this.lists[at++] = 0;
    this.listsEnd = at;
    return start;
  }

  /** Sets a package's list of a kind. */
  setList(kind: ListKind, index: number, dependencies: ArrayLike<DependencyId>): void {
    this.list[kind][index] = this.addList(dependencies);
  }

  /** A package's list as an array, for what is not in a hurry. */
  listOf(kind: ListKind, index: number): DependencyId[] {
    const found: DependencyId[] = [];
    for (let at = this.list[kind][index] as number; this.lists[at] !== 0; at++) found.push(this.lists[at] as number);
    return found;
  }

  /** The id of a relation, new or known. */
  relation(name: DependencyId, op: number, evr: DependencyId): DependencyId {
    if (this.relationTable.length <= this.relations) this.#rehashRelations(placesFor(this.relations));
    const place = this.#relationPlace(name, op, evr);
    if (place < 0) return this.#crowdedRelation(name, op, evr, true);
    const known = this.relationTable[place] as number;
    if (known !== 0) return ~(known - 1);
    const index = this.#addRelation(name, op, evr);
    this.relationTable[place] = index + 1;
    if (isCrowded(this.relations, this.relationTable.length)) this.#rehashRelations(this.relationTable.length * 2);
    return ~index;
  }

  /** The id of a relation, 0 where nobody made it. */
  findRelation(name: DependencyId, op: number, evr: DependencyId): DependencyId {
    if (this.relationTable.length <= this.relations) this.#rehashRelations(placesFor(this.relations));
    const place = this.#relationPlace(name, op, evr);
    if (place < 0) return this.#crowdedRelation(name, op, evr, false);
    const known = this.relationTable[place] as number;
    return known === 0 ? 0 : ~(known - 1);
  }

  /** Makes room at once for packages, relations and list entries that are about to be added. */
  reserve(packages: number, relations: number, entries: number): void {
    if (this.count + packages > this.name.length) this.#growPackages(this.count + packages);
    if (this.relations + relations > this.relationName.length) this.#growRelations(this.relations + relations);
    const places = placesFor(this.relations + relations);
    if (places > this.relationTable.length) this.#rehashRelations(places);
    const end = this.listsEnd + entries;
    if (end > this.lists.length) this.lists = larger(this.lists, new Int32Array(end));
  }

  /** Where a relation is or belongs in the table, -1 where that has no place for it. */
  #relationPlace(name: DependencyId, op: number, evr: DependencyId): number {
    const { relationTable, relationName, relationEvr } = this;
    const mask = relationTable.length - 1;
    let place = relationHash(name, op, evr) & mask;
    for (let step = 0; step < mostSteps; step++) {
      const known = relationTable[place] as number;
      if (known === 0) return place;
      const index = known - 1;
      if (relationName[index] === name && relationEvr[index] === evr && this.relationOp[index] === op) return place;
      place = (place + 1) & mask;
    }
    return -1;
  }

  #addRelation(name: DependencyId, op: number, evr: DependencyId): number {
    const index = this.relations++;
    if (index >= this.relationName.length) this.#growRelations(Math.ceil((index + 1) * 1.6));
    this.relationName[index] = name;
    this.relationEvr[index] = evr;
    this.relationOp[index] = op;
    return index;
  }

  #growRelations(size: number): void {
    this.relationName = larger(this.relationName, new Int32Array(size));
    this.relationEvr = larger(this.relationEvr, new Int32Array(size));
    this.relationOp = larger(this.relationOp, new Uint8Array(size));
  }

  /** The relations that found no place in the table, which takes somebody who made them collide. */
  #crowdedRelation(name: DependencyId, op: number, evr: DependencyId, make: boolean): DependencyId {
    const key = (index: number) => `${this.relationName[index]} ${this.relationOp[index]} ${this.relationEvr[index]}`;
    if (this.#crowdedRelations === undefined) {
      const placed = new Uint8Array(this.relations + 1);
      for (const known of this.relationTable) placed[known] = 1;
      this.#crowdedRelations = new Map();
      for (let index = 0; index < this.relations; index++)
        if (placed[index + 1] === 0) this.#crowdedRelations.set(key(index), ~index);
    }
    const known = this.#crowdedRelations.get(`${name} ${op} ${evr}`);
    if (known !== undefined || !make) return known ?? 0;
    const index = this.#addRelation(name, op, evr);
    this.#crowdedRelations.set(key(index), ~index);
    if (isCrowded(this.relations, this.relationTable.length)) this.#rehashRelations(this.relationTable.length * 2);
    return ~index;
  }

  /**
   * The dependency that the text of a rich one stands for, given as the id of the text with its parentheses. One that cannot be read is
   * kept as a plain name, which nothing provides.
   */
  richDependency(text: number): DependencyId {
    let id = this.#relationsByText.get(text);
    if (id === undefined) {
      const tree = parseRich(this.strings.text(text));
      id = tree === undefined ? text : this.fromRich(tree);
      this.#relationsByText.set(text, id);
    }
    return id;
  }

  /** The dependency a tree stands for. */
  fromRich(tree: Rich): DependencyId {
    switch (tree.kind) {
      case "leaf": {
        const { name, op, evr } = tree.capability;
        const id = this.strings.internText(name);
        return op === undefined
          ? id
          : this.relation(id, comparisonOp(op), this.strings.internText(canonicalEvr(evr ?? "")));
      }
      case "and":
      case "or":
      case "with": {
        // To the right, so that a chain of thousands is no deeper than its pieces when it is read from the left.
        const items = tree.items.map((item) => this.fromRich(item));
        let id = items.pop() ?? 0;
        for (let item = items.pop(); item !== undefined; item = items.pop())
          id = this.relation(item, relationOp[tree.kind], id);
        return id;
      }
      case "without":
        return this.relation(this.fromRich(tree.what), relationOp.without, this.fromRich(tree.but));
      default: {
        const what = this.fromRich(tree.what);
        let condition = this.fromRich(tree.condition);
        if (tree.otherwise !== undefined)
          condition = this.relation(condition, relationOp.else, this.fromRich(tree.otherwise));
        return this.relation(what, relationOp[tree.kind], condition);
      }
    }
  }

  /** A dependency as people write it. */
  dependencyText(id: DependencyId): string {
    if (id >= 0) return this.strings.text(id);
    const index = ~id;
    const op = this.relationOp[index] as number;
    const name = this.relationName[index] as number;
    const evr = this.relationEvr[index] as number;
    if (op < 8) return `${this.dependencyText(name)} ${comparisonText(op)} ${this.dependencyText(evr)}`;
    if (op === relationOp.namespace) return `${this.dependencyText(name)}(${this.dependencyText(evr)})`;
    if (op === relationOp.arch) return `${this.dependencyText(name)}.${this.dependencyText(evr)}`;
    if (op === relationOp.multiarch) return `${this.dependencyText(name)}:${this.dependencyText(evr)}`;
    return `(${this.#richText(id)})`;
  }

  #richText(id: DependencyId): string {
    const first = this.relationOp[~id] as number;
    if (first === relationOp.and || first === relationOp.or || first === relationOp.with) {
      // A chain of one operator is written without parentheses, however it was put together.
      const words: string[] = [];
      const open: DependencyId[] = [id];
      for (let part = open.pop(); part !== undefined; part = open.pop()) {
        if (part < 0 && this.relationOp[~part] === first)
          open.push(this.relationEvr[~part] as number, this.relationName[~part] as number);
        else words.push(this.dependencyText(part));
      }
      return words.join(` ${richWords.get(first) ?? "?"} `);
    }
    const left = this.dependencyText(this.relationName[~id] as number);
    const right = this.relationEvr[~id] as number;
    const isElse = right < 0 && this.relationOp[~right] === relationOp.else;
    return `${left} ${richWords.get(first) ?? "?"} ${isElse ? this.#richText(right) : this.dependencyText(right)}`;
  }

  #growPackages(size: number): void {
    const grow = <T extends ColumnArray>(old: T, make: (size: number) => T): T => larger(old, make(size));
    const ints = (old: Int32Array) => grow(old, (length) => new Int32Array(length));
    const floats = (old: Float64Array) => grow(old, (length) => new Float64Array(length));
    this.name = ints(this.name);
    this.evr = ints(this.evr);
    this.arch = ints(this.arch);
    this.vendor = ints(this.vendor);
    this.repository = ints(this.repository);
    this.location = ints(this.location);
    this.checksum = ints(this.checksum);
    this.packageSize = floats(this.packageSize);
    this.installedSize = floats(this.installedSize);
    this.buildTime = floats(this.buildTime);
    for (const kind of listKinds) this.list[kind] = ints(this.list[kind]);
  }

  #rehashRelations(places: number): void {
    const table = new Int32Array(places);
    this.relationTable = table;
    this.#crowdedRelations = undefined;
    const mask = places - 1;
    for (let index = 0; index < this.relations; index++) {
      const name = this.relationName[index] as number;
      let place = relationHash(name, this.relationOp[index] as number, this.relationEvr[index] as number) & mask;
      let step = 0;
      while (table[place] !== 0 && step++ < mostSteps) place = (place + 1) & mask;
      if (step < mostSteps) table[place] = index + 1;
    }
  }
}

/** Places of a table that is not crowded. */
function placesFor(relations: number): number {
  let places = 256;
  while (isCrowded(relations, places)) places *= 2;
  return places;
}

/** Whether less than a third of the places is free. */
function isCrowded(relations: number, places: number): boolean {
  return relations * 3 > places * 2;
}

/** So far from its place a relation is looked for in the table. */
const mostSteps = 128;

const richWords: ReadonlyMap<number, string> = new Map([
  [relationOp.and, "and"],
  [relationOp.or, "or"],
  [relationOp.with, "with"],
  [relationOp.without, "without"],
  [relationOp.if, "if"],
  [relationOp.unless, "unless"],
  [relationOp.else, "else"],
  [relationOp.compat, "compat"],
]);

/** The sum of bits of a comparison. Errors: `RPMMD_COMPARISON_UNKNOWN`. */
export function comparisonOp(text: string): number {
  switch (text) {
    case ">":
      return 1;
    case "=":
    case "==":
      return 2;
    case ">=":
      return 3;
    case "<":
      return 4;
    case "<>":
      return 5;
    case "<=":
      return 6;
    default:
      throw new WeirError("RPMMD_COMPARISON_UNKNOWN", `${JSON.stringify(text)} is no comparison`, {
        hints: ["comparisons are <, <=, =, >= and >"],
      });
  }
}

/** A sum of comparison bits as people write it. */
export function comparisonText(op: number): string {
  return `${op & relationOp.less ? "<" : ""}${op & relationOp.greater ? ">" : ""}${op & relationOp.equal ? "=" : ""}`;
}

/** An evr without an epoch of 0, which means the same. */
export function canonicalEvr(text: string): string {
  return text.startsWith("0:") && text.length > 2 ? text.slice(2) : text;
}

function unpackChecksum(packed: Uint8Array): string {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const mark = bytes.findIndex((byte) => byte === 58 || byte === 61);
  if (mark < 0) return "";
  return `${bytes.toString("utf8", 0, mark)}:${bytes.toString(bytes[mark] === 58 ? "hex" : "utf8", mark + 1)}`;
}

function relationHash(name: number, op: number, evr: number): number {
  const hash = Math.imul(Math.imul(name, 0x9e3779b1) ^ evr, 0x85ebca6b) ^ op;
  return hash ^ (hash >>> 15);
}

function larger<T extends ColumnArray>(old: T, made: T): T {
  made.set(old);
  return made;
}
