import { type Pool, systemPackage } from "../../pool/index.ts";

/** What is asked about packages again and again, whatever the jobs. */
export interface PackageFacts {
  readonly count: number;
  readonly archs: readonly string[] | undefined;
  /** For each package the score of its architecture, and {@link sourceMark} for a source package. */
  readonly marks: Uint8Array;
  /** 1 for 32 bits, 2 for 64, 3 for any. */
  readonly colours: Uint8Array;
  /** Packages that supplement or enhance something, ascending. */
  readonly supplementing: readonly number[];
  /** For lists of packages: how many steps each is behind in what they provide; empty where none is. */
  readonly stepsBehind: Map<string, readonly number[]>;
}

export const scoreBits = 127;
export const sourceMark = 128;

const known = new WeakMap<Pool, PackageFacts>();

/** The facts of a pool, kept as long as no package comes and the architectures stay. */
export function factsOf(pool: Pool): PackageFacts {
  const old = known.get(pool);
  const { columns } = pool;
  if (old?.count === columns.count && old.archs === pool.archs) return old;
  const marks = new Uint8Array(columns.count);
  const colours = new Uint8Array(columns.count);
  const supplementing: number[] = [];
  const ofArch = new Map<number, { readonly mark: number; readonly colour: number }>();
  const { lists, list } = columns;
  for (let pkg = 1; pkg < columns.count; pkg++) {
    const arch = columns.arch[pkg] as number;
    let facts = ofArch.get(arch);
    if (facts === undefined) {
      const score = pkg === systemPackage ? 1 : Math.min(pool.archScore(pkg), scoreBits);
      const isSource = pkg !== systemPackage && pool.isSource(pkg);
      facts = { mark: score + (isSource ? sourceMark : 0), colour: pool.colour(pkg) };
      if (pkg !== systemPackage) ofArch.set(arch, facts);
    }
    marks[pkg] = facts.mark;
    colours[pkg] = facts.colour;
    if (lists[list.supplements[pkg] as number] !== 0 || lists[list.enhances[pkg] as number] !== 0)
      supplementing.push(pkg);
  }
  const facts = { count: columns.count, archs: pool.archs, marks, colours, supplementing, stepsBehind: new Map() };
  known.set(pool, facts);
  return facts;
}
