import { WeirError } from "../../../core/index.ts";
import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import { type Pool, systemPackage } from "../../pool/index.ts";
import { isComplex, type NormalForm, negated, normalForm } from "../rules/normal-form.ts";

/** No package holds back more than so many alternatives of one rich dependency. */
const mostGuards = 1_000_000;

/**
 * What the packages of a prepared pool need and cannot stand, as arrays. A need is a requirement, or a part of a rich one, as the packages of
 * which one is enough; equal requirements of many packages are one need. Nothing is installed here: each package is asked for by itself.
 */
export class Universe {
  readonly pool: Pool;
  /** One more than the highest package. */
  readonly count: number;
  /** 1 for each package that may be installed. */
  readonly usable: Uint8Array;
  /** The needs of package `p` that it does not meet itself are `requires[requiresStart[p]..requiresStart[p + 1])`. */
  readonly requiresStart: Int32Array;
  requires: Int32Array;
  needs = 0;
  /** The dependency each need is (a part of). */
  needDependency: Int32Array = new Int32Array(1024);
  /** Packages that meet need `n`, ascending: `providers[needStart[n]..needStart[n + 1])`. */
  needStart: Int32Array = new Int32Array(1024);
  providers: Int32Array = new Int32Array(4096);
  /** Parts of rich dependencies with conditions: literals of which one must come true for the package, its own number left out. */
  readonly guards = new Map<number, Literals[]>();
  /** Packages with a rich dependency too large to judge: it counts as met. */
  readonly unjudged: { readonly package: number; readonly dependency: DependencyId }[] = [];
  /** For each text and each relation: its need, plus one. */
  readonly #needOfText: Int32Array;
  readonly #needOfRelation: Int32Array;
  readonly #forms = new Map<DependencyId, { readonly needs: number[]; readonly guards: number[][] }>();
  readonly #richConflicts = new Map<number, Literals[]>();
  #guardCount = 0;
  #lesser: readonly number[] | undefined;

  constructor(pool: Pool) {
    this.pool = pool;
    const { columns } = pool;
    this.count = columns.count;
    this.usable = new Uint8Array(this.count);
    for (let pkg = systemPackage + 1; pkg < this.count; pkg++) if (pool.isInstallable(pkg)) this.usable[pkg] = 1;
    this.requiresStart = new Int32Array(this.count + 1);
    this.requires = new Int32Array(this.count * 8);
    this.#needOfText = new Int32Array(columns.strings.count);
    this.#needOfRelation = new Int32Array(columns.relations);
    const { lists, list } = columns;
    let end = 0;
    for (let pkg = 0; pkg < this.count; pkg++) {
      this.requiresStart[pkg] = end;
      if (this.usable[pkg] !== 1) continue;
      for (let at = list.requires[pkg] as number; lists[at] !== 0; at++) {
        const dependency = lists[at] as number;
        const need = this.#needOf(dependency);
        if (need >= 0) {
          if (this.#meets(pkg, need)) continue;
          if (end === this.requires.length) this.requires = larger(this.requires, 2 * end);
          this.requires[end++] = need;
        } else if (need === isRich) end = this.#addRich(pkg, dependency, end);
      }
    }
    this.requiresStart[this.count] = end;
    this.#forms.clear();
  }

  /** Packages of a worse architecture than another of their name, noarch apart; ascending. */
  get lesser(): readonly number[] {
    if (this.#lesser === undefined) {
      const all: number[] = [];
      for (let pkg = systemPackage + 1; pkg < this.count; pkg++) if (this.usable[pkg] === 1) all.push(pkg);
      this.#lesser = this.lesserAmong(all);
    }
    return this.#lesser;
  }

  /** Those of some packages that are of a worse architecture than another one among them of their name. */
  lesserAmong(packages: readonly number[]): number[] {
    const { pool } = this;
    if (pool.archs === undefined) return [];
    const { name } = pool.columns;
    const best = new Map<number, number>();
    const scores = packages.map((pkg) => {
      const score = pool.archScore(pkg);
      const own = name[pkg] as number;
      if (score > (best.get(own) ?? 1)) best.set(own, score);
      return score;
    });
    return packages.filter((pkg, index) => {
      const score = scores[index] as number;
      return score > 1 && score < (best.get(name[pkg] as number) ?? 0);
    });
  }

  /** Whether a package is among those that meet a need: then it does not need anyone. */
  #meets(pkg: number, need: number): boolean {
    const { providers } = this;
    const end = this.needStart[need + 1] as number;
    for (let at = this.needStart[need] as number; at < end; at++) {
      const provider = providers[at] as number;
      if (provider >= pkg) return provider === pkg;
    }
    return false;
  }

  /** The need of a dependency, `isMet` for one that the system meets, `isRich` for one that is more than a set of packages. */
  #needOf(dependency: DependencyId): number {
    const known = dependency < 0 ? this.#needOfRelation : this.#needOfText;
    const place = dependency < 0 ? ~dependency : dependency;
    const found = known[place] as number;
    if (found !== 0) return found - 1;
    const { pool } = this;
    let need: number;
    if (dependency < 0 && (pool.columns.relationOp[place] as number) > 7 && isComplex(pool, dependency)) need = isRich;
    else {
      const from = pool.whatProvides(dependency);
      need = pool.providerLists[from] === systemPackage ? isMet : this.#addNeed(dependency, pool.providerLists, from);
    }
    known[place] = need + 1;
    return need;
  }

  #addNeed(dependency: DependencyId, list: ArrayLike<number>, from: number): number {
    const need = this.needs++;
    if (need + 2 > this.needStart.length) {
      this.needStart = larger(this.needStart, 2 * need + 2);
      this.needDependency = larger(this.needDependency, 2 * need + 2);
    }
    this.needDependency[need] = dependency;
    let end = this.needStart[need] as number;
    for (let at = from; at < list.length && list[at] !== 0; at++) {
      if (end === this.providers.length) this.providers = larger(this.providers, 2 * end);
      this.providers[end++] = list[at] as number;
    }
    this.needStart[need + 1] = end;
    return need;
  }

  #addRich(pkg: number, dependency: DependencyId, from: number): number {
    let form = this.#forms.get(dependency);
    if (form === undefined) {
      try {
        form = this.#split(dependency);
      } catch (error) {
        if (!(error instanceof WeirError)) throw error;
        this.unjudged.push({ package: pkg, dependency });
        return from;
      }
      this.#forms.set(dependency, form);
    }
    let end = from;
    for (const need of form.needs) {
      if (this.#meets(pkg, need)) continue;
      if (end === this.requires.length) this.requires = larger(this.requires, 2 * end);
      this.requires[end++] = need;
    }
    for (const literals of form.guards) this.#addGuard(pkg, literals);
    return end;
  }

  #split(dependency: DependencyId): { readonly needs: number[]; readonly guards: number[][] } {
    const form = normalForm(this.pool, dependency);
    if (form === true) return { needs: [], guards: [] };
    if (form === false) return { needs: [this.#addNeed(dependency, [], 0)], guards: [] };
    const needs: number[] = [];
    const guards: number[][] = [];
    for (const block of form) {
      if ((block[0] ?? 0) > 0) needs.push(this.#addNeed(dependency, block, 0));
      else guards.push(block);
    }
    return { needs, guards };
  }

  #addGuard(pkg: number, guard: readonly number[]): void {
    // One that names the package itself as installed holds whenever it counts.
    if (guard.includes(pkg)) return;
    this.#guardCount += guard.length;
    if (this.#guardCount > mostGuards) throw tooMany();
    const known = this.guards.get(pkg);
    if (known === undefined) this.guards.set(pkg, [guard]);
    else known.push(guard);
  }

  /** Calls back with each package that cannot stand beside a package by a conflict or obsoletes of the latter. */
  exclusions(pkg: number, visit: (other: number) => void): void {
    const { pool } = this;
    const { columns } = pool;
    const { lists } = columns;
    for (let place = columns.list.conflicts[pkg] as number; lists[place] !== 0; place++) {
      const dependency = lists[place] as number;
      if (dependency < 0 && (columns.relationOp[~dependency] as number) > 7 && isComplex(pool, dependency)) continue;
      const from = pool.whatProvides(dependency);
      const providers = pool.providerLists;
      for (let at = from; providers[at] !== 0; at++) if (providers[at] !== pkg) visit(providers[at] as number);
    }
    for (let place = columns.list.obsoletes[pkg] as number; lists[place] !== 0; place++) {
      const dependency = lists[place] as number;
      const from = pool.whatProvides(dependency);
      const providers = pool.providerLists;
      for (let at = from; providers[at] !== 0; at++) {
        const other = providers[at] as number;
        if (other !== pkg && other !== systemPackage && pool.isNamed(other, dependency)) visit(other);
      }
    }
  }

  /** Whether some conflict of a package is more than a set of packages. */
  #hasRichConflicts(pkg: number): boolean {
    const { lists, list, relationOp } = this.pool.columns;
    for (let place = list.conflicts[pkg] as number; lists[place] !== 0; place++) {
      const dependency = lists[place] as number;
      if (dependency < 0 && (relationOp[~dependency] as number) > 7 && isComplex(this.pool, dependency)) return true;
    }
    return false;
  }

  /** What rich conflicts of a package come to: literals of which one must come true when it is installed; none for what always hurts. */
  richConflicts(pkg: number): readonly Literals[] {
    if (!this.#hasRichConflicts(pkg)) return none;
    let known = this.#richConflicts.get(pkg);
    if (known === undefined) {
      known = this.#findRichConflicts(pkg);
      this.#richConflicts.set(pkg, known);
    }
    return known;
  }

  #findRichConflicts(pkg: number): Literals[] {
    const { pool } = this;
    const { columns } = pool;
    const found: Literals[] = [];
    for (let place = columns.list.conflicts[pkg] as number; columns.lists[place] !== 0; place++) {
      const dependency = columns.lists[place] as number;
      if (dependency >= 0 || (columns.relationOp[~dependency] as number) <= 7) continue;
      if (!isComplex(pool, dependency)) continue;
      let form: NormalForm;
      try {
        form = negated(normalForm(pool, dependency, { alternatives: true }));
      } catch (error) {
        if (!(error instanceof WeirError)) throw error;
        this.unjudged.push({ package: pkg, dependency });
        continue;
      }
      if (form === true) continue;
      if (form === false) found.push([]);
      else {
        for (const literals of form) {
          // A conflict does not count against the package that has it.
          if (literals.includes(pkg) || (literals.length === 1 && literals[0] === -pkg)) continue;
          found.push(literals);
        }
      }
    }
    return found;
  }
}

/** Literals of which one must come true when a package is installed. */
type Literals = readonly number[];

const none: readonly Literals[] = [];
const isMet = -2;
const isRich = -3;

function larger(old: Int32Array, size: number): Int32Array {
  const made = new Int32Array(size);
  made.set(old);
  return made;
}

function tooMany(): WeirError {
  return new WeirError("SOLVE_TOO_LARGE", `rich dependencies multiply to more than ${mostGuards} alternatives`, {
    hints: ["leave out the packages that have them"],
  });
}
