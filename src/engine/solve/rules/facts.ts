import { type Pool, systemPackage } from "../../pool/index.ts";

export const scoreBits = 127;
const sourceMark = 128;
/** Bytes that are looked at together. */
const block = 1024;
const nothing = Buffer.alloc(block);

const known = new WeakMap<Pool, PackageFacts>();

/** The facts of a pool, kept as long as no package comes and the architectures stay. */
export function factsOf(pool: Pool): PackageFacts {
  const old = known.get(pool);
  if (old?.count === pool.columns.count && old.archs === pool.archs) return old;
  const facts = new PackageFacts(pool);
  known.set(pool, facts);
  return facts;
}

/** What is asked about packages again and again, whatever the jobs. Looked up when it is asked first. */
export class PackageFacts {
  readonly count: number;
  readonly archs: readonly string[] | undefined;
  /** For lists of packages: how many steps each is behind in what they provide; empty where none is. */
  readonly stepsBehind = new Map<string, readonly number[]>();
  readonly #pool: Pool;
  /** For each architecture, by id of its text: the score, and {@link sourceMark} for source packages. */
  readonly #marks = new Map<number, number>();
  readonly #colours = new Map<number, number>();
  #supplementing: readonly number[] | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.count = pool.columns.count;
    this.archs = pool.archs;
  }

  #mark(pkg: number): number {
    if (pkg === systemPackage) return 1;
    const arch = this.#pool.columns.arch[pkg] as number;
    let mark = this.#marks.get(arch);
    if (mark === undefined) {
      mark = Math.min(this.#pool.archScore(pkg), scoreBits) + (this.#pool.isSource(pkg) ? sourceMark : 0);
      this.#marks.set(arch, mark);
    }
    return mark;
  }

  isSource(pkg: number): boolean {
    return this.#mark(pkg) >= sourceMark;
  }

  /** As the pool has it: 0 does not run here, 1 noarch, higher is better. */
  archScore(pkg: number): number {
    return this.#mark(pkg) & scoreBits;
  }

  /** Whether a package runs here and is no source package. */
  runs(pkg: number): boolean {
    const mark = this.#mark(pkg);
    return mark > 0 && mark < sourceMark;
  }

  /** 1 for 32 bits, 2 for 64, 3 for any. */
  colour(pkg: number): number {
    if (pkg === systemPackage) return 3;
    const arch = this.#pool.columns.arch[pkg] as number;
    let colour = this.#colours.get(arch);
    if (colour === undefined) {
      colour = this.#pool.colour(pkg);
      this.#colours.set(arch, colour);
    }
    return colour;
  }

  /** Packages that supplement or enhance something, ascending. */
  get supplementing(): readonly number[] {
    if (this.#supplementing === undefined) {
      const { list } = this.#pool.columns;
      const found = new Set([
        ...filledPlaces(list.supplements, this.count),
        ...filledPlaces(list.enhances, this.count),
      ]);
      this.#supplementing = [...found].sort((a, b) => a - b);
    }
    return this.#supplementing;
  }
}

/** Places below `count` that are not 0, where most are: whole blocks of zeros are passed over at once. */
function filledPlaces(array: Int32Array, count: number): number[] {
  const bytes = Buffer.from(array.buffer, array.byteOffset, 4 * count);
  const found: number[] = [];
  for (let from = 0; from < bytes.length; from += block) {
    const end = Math.min(from + block, bytes.length);
    if (bytes.compare(nothing, 0, end - from, from, end) === 0) continue;
    for (let place = from >> 2; place < end >> 2; place++) if (array[place] !== 0) found.push(place);
  }
  return found;
}
