import { systemPackage } from "../../pool/index.ts";
import { Clauses } from "../clauses/index.ts";
import { Cones } from "./cones.ts";
import type { Deaths } from "./propagate.ts";
import type { Universe } from "./universe.ts";

/** From so many builds of a name on, helpers say that one of them excludes the others instead of a clause for each two. */
const mostPairs = 12;

/**
 * Living packages as clauses. Variables are packages, then one helper for each need with several living providers, for each rich part with
 * a condition, and others that nothing is decided about. Nothing installed meets all of them: only negative facts follow from the clauses alone.
 */
export class Formula {
  readonly universe: Universe;
  readonly clauses = new Clauses();
  /** One more than the highest variable. */
  variables: number;
  /** For helpers, at `variable - universe.count`: the need, or `-1 - place` in `guards`; `isPlain` for others. */
  readonly helperOf: number[] = [];
  readonly guards: { readonly helper: number; readonly literals: readonly number[] }[] = [];
  /** For each package that a condition names: the guards that may come to count when it is installed. */
  readonly guardsOf = new Map<number, number[]>();
  /** Packages that the clauses are about. */
  readonly within: Uint8Array;
  /** Living providers of the needs that have a helper, by need: where they begin in `choices`, each list ending in 0; 0 for other needs. */
  readonly choicesOf: Int32Array;
  choices: Int32Array = new Int32Array(1024);
  readonly #helperOfNeed: Int32Array;
  #choicesEnd = 1;

  /** `about`: the packages to judge; clauses are made for all that they lead to. */
  constructor(universe: Universe, deaths: Deaths, about: readonly number[]) {
    this.universe = universe;
    this.variables = universe.count;
    this.within = new Uint8Array(universe.count);
    for (const pkg of new Cones(universe, living(universe, deaths)).of(about)) this.within[pkg] = 1;
    this.#helperOfNeed = new Int32Array(universe.needs);
    this.choicesOf = new Int32Array(universe.needs);
    const { within } = this;
    for (let pkg = 0; pkg < universe.count; pkg++) if (within[pkg] === 1) this.#addRequires(pkg);
    for (let pkg = 0; pkg < universe.count; pkg++) if (within[pkg] === 1) this.#addExclusions(pkg);
    this.#addNames();
  }

  /** A new variable that nothing is decided about. */
  addPlain(): number {
    this.helperOf.push(isPlain);
    return this.variables++;
  }

  /** Literals of which one must come true, whatever else. */
  demand(literals: readonly number[]): void {
    const { within } = this;
    if (literals.some((literal) => literal < 0 && within[-literal] !== 1)) return;
    const open = literals.filter((literal) => literal < 0 || within[literal] === 1);
    const helper = this.#addCondition(open);
    this.clauses.addPair(helper);
  }

  /** Takes marked packages wherever they are among others that meet a need. */
  prefer(marked: Uint8Array): void {
    for (const [place, need] of this.helperOf.entries()) {
      const helper = this.universe.count + place;
      const list: number[] = [];
      if (need >= 0)
        for (let at = this.choicesOf[need] as number; this.choices[at] !== 0; at++)
          list.push(this.choices[at] as number);
      else if (need !== isPlain) list.push(...(this.guards[-1 - need]?.literals ?? []));
      const better = list.filter((literal) => literal > 0 && marked[literal] === 1);
      if (better.length === 0 || better.length === list.length || list.some((literal) => literal < 0)) continue;
      this.clauses.add([-helper, ...better]);
    }
  }

  #addRequires(pkg: number): void {
    const { universe, within } = this;
    const { requires, requiresStart, needStart, providers } = universe;
    for (let at = requiresStart[pkg] as number; at < (requiresStart[pkg + 1] as number); at++) {
      const need = requires[at] as number;
      const helper = this.#helperOfNeed[need] as number;
      if (helper === 0) {
        let living = 0;
        let only = 0;
        for (let place = needStart[need] as number; place < (needStart[need + 1] as number); place++) {
          const provider = providers[place] as number;
          if (within[provider] !== 1) continue;
          living++;
          only = provider;
        }
        this.#helperOfNeed[need] = living > 1 ? this.#addNeed(need) : -only;
      }
      const target = Math.abs(this.#helperOfNeed[need] as number);
      if (target !== pkg) this.clauses.addPair(-pkg, target);
    }
    for (const guard of universe.guards.get(pkg) ?? []) this.addGuard(pkg, guard);
  }

  #addNeed(need: number): number {
    const { universe, within } = this;
    const { needStart, providers } = universe;
    const helper = this.variables++;
    this.helperOf.push(need);
    const from = this.#choicesEnd;
    const length = (needStart[need + 1] as number) - (needStart[need] as number);
    if (from + length + 1 > this.choices.length) {
      const larger = new Int32Array(2 * (from + length + 1));
      larger.set(this.choices);
      this.choices = larger;
    }
    let end = from;
    for (let place = needStart[need] as number; place < (needStart[need + 1] as number); place++) {
      const provider = providers[place] as number;
      if (within[provider] === 1) this.choices[end++] = provider;
    }
    this.choices[end++] = 0;
    this.#choicesEnd = end;
    this.choicesOf[need] = from;
    this.clauses.addList(-helper, this.choices, from);
    return helper;
  }

  /** Adds literals of which one must come true when a package is installed. */
  addGuard(pkg: number, literals: readonly number[]): void {
    const { within } = this;
    // What cannot be installed, or nothing leads to, is not there.
    if (literals.some((literal) => literal < 0 && within[-literal] !== 1)) return;
    const open = literals.filter((literal) => literal !== -pkg && (literal < 0 || within[literal] === 1));
    const [only = 0] = open;
    this.clauses.addPair(-pkg, open.length < 2 ? only : this.#addCondition(open));
  }

  /** A helper that asks for one of some literals. */
  #addCondition(open: readonly number[]): number {
    const helper = this.variables++;
    const place = this.guards.length;
    this.helperOf.push(-1 - place);
    this.guards.push({ helper, literals: open });
    for (const literal of open) {
      if (literal > 0) continue;
      const known = this.guardsOf.get(-literal);
      if (known === undefined) this.guardsOf.set(-literal, [place]);
      else known.push(place);
    }
    this.clauses.add([-helper, ...open]);
    return helper;
  }

  #addExclusions(pkg: number): void {
    const { universe, within } = this;
    universe.exclusions(pkg, (other) => {
      if (other === systemPackage) this.clauses.addPair(-pkg);
      else if (within[other] === 1) this.clauses.addPair(-pkg, -other);
    });
    for (const guard of universe.richConflicts(pkg)) this.addGuard(pkg, guard);
  }

  #addNames(): void {
    const { universe, within } = this;
    const { name } = universe.pool.columns;
    const first = new Map<number, number>();
    const groups = new Map<number, number[]>();
    for (let pkg = 0; pkg < universe.count; pkg++) {
      if (within[pkg] !== 1) continue;
      const own = name[pkg] as number;
      const other = first.get(own);
      if (other === undefined) first.set(own, pkg);
      else {
        const group = groups.get(own);
        if (group === undefined) groups.set(own, [other, pkg]);
        else group.push(pkg);
      }
    }
    for (const group of groups.values()) this.#atMostOne(group);
  }

  #atMostOne(group: readonly number[]): void {
    if (group.length <= mostPairs) {
      for (let i = 0; i < group.length; i++)
        for (let j = i + 1; j < group.length; j++) this.clauses.addPair(-(group[i] as number), -(group[j] as number));
      return;
    }
    // A counter of one (Sinz 2005): each package says that it or one before it is there, and none after that may be.
    let before = 0;
    for (const pkg of group) {
      if (before !== 0) this.clauses.addPair(-pkg, -before);
      const here = this.addPlain();
      this.clauses.addPair(-pkg, here);
      if (before !== 0) this.clauses.addPair(-before, here);
      before = here;
    }
  }
}

function living(universe: Universe, { dead }: Deaths): Uint8Array {
  return universe.usable.map((usable, pkg) => (usable === 1 && dead[pkg] !== 1 ? 1 : 0));
}

/** A helper that asks for nothing. */
export const isPlain = Number.MIN_SAFE_INTEGER;
