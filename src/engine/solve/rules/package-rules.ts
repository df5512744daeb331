import { type DependencyId, relationOp } from "../../../formats/rpmmd/index.ts";
import { systemPackage } from "../../pool/index.ts";
import type { RuleInfoType } from "../jobs.ts";
import { isComplex, wantedPackages } from "./normal-form.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Takes the rules of packages as they are made: a first literal, then a second one (0 for none) or a list that ends in 0. Rules that hold by
 * themselves come as well. `from` is the package that asks.
 */
export interface RuleSink {
  pair(first: number, second: number, type: RuleInfoType, from: number, dependency: DependencyId): void;
  list(first: number, list: Int32Array, at: number, type: RuleInfoType, from: number, dependency: DependencyId): void;
}

/** Makes the rules that packages bring along, and finds what packages they lead to. */
export class PackageRules {
  readonly #work: Workspace;
  readonly #sink: RuleSink;
  /** 1 for each package that has its rules; undefined to follow nothing. */
  readonly #added: Uint8Array | undefined;
  readonly #queue: number[] = [];
  /** The packages that got rules, in that order. */
  readonly done: number[] = [];

  constructor(work: Workspace, sink: RuleSink, added?: Uint8Array) {
    this.#work = work;
    this.#sink = sink;
    this.#added = added;
  }

  /** Rules of a package and of all that it leads to. */
  add(pkg: number): void {
    const added = this.#added;
    if (added === undefined) {
      this.#addOne(pkg);
      return;
    }
    const queue = this.#queue;
    queue.push(pkg);
    for (let at = 0; at < queue.length; at++) {
      const next = queue[at] as number;
      if (added[next] === 1) continue;
      added[next] = 1;
      this.done.push(next);
      this.#addOne(next);
    }
    queue.length = 0;
  }

  #want(pkg: number): void {
    if (this.#added !== undefined && this.#added[pkg] === 0) this.#queue.push(pkg);
  }

  #addOne(pkg: number): void {
    const work = this.#work;
    const { pool, settings } = work;
    const { lists, list } = work.columns;
    const isInstalled = work.isInstalled(pkg);
    // What is broken already in an installed package is not repaired unless a job asks for that.
    const lenient = isInstalled && !work.fixAll && work.fix?.[pkg] !== 1;
    const isSource = work.isSource(pkg);
    if (!lenient && pkg !== systemPackage && (isSource ? !pool.isConsidered(pkg) : !work.isInstallable(pkg)))
      this.#sink.pair(-pkg, 0, "not-installable", pkg, 0);
    for (let at = list.requires[pkg] as number; lists[at] !== 0; at++)
      this.#requires(pkg, lists[at] as number, lenient);
    if (settings.strongRecommends) {
      for (let at = list.recommends[pkg] as number; lists[at] !== 0; at++)
        this.#recommends(pkg, lists[at] as number, lenient);
    }
    if (isSource) return;
    for (let at = list.conflicts[pkg] as number; lists[at] !== 0; at++)
      this.#conflicts(pkg, lists[at] as number, lenient);
    if (!isInstalled || !settings.noInstalledObsoletes) this.#obsoletes(pkg, isInstalled, lenient);
    if (this.#added === undefined) return;
    if (settings.implicitObsoleteUsesColours && work.archScore(pkg) > 1) this.#followLockstep(pkg);
    this.#follow(list.recommends[pkg] as number);
    this.#follow(list.suggests[pkg] as number);
  }

  #requires(pkg: number, dependency: DependencyId, lenient: boolean): void {
    const { pool } = this.#work;
    if (dependency < 0 && isComplex(pool, dependency)) {
      this.#complex(pkg, dependency, "requires", lenient);
      return;
    }
    const from = pool.whatProvides(dependency);
    const lists = pool.providerLists;
    const first = lists[from] as number;
    if (first === systemPackage) return;
    if (first === 0) {
      if (!lenient) this.#sink.pair(-pkg, 0, "nothing-provides", pkg, dependency);
      return;
    }
    let hasInstalled = false;
    for (let at = from; lists[at] !== 0; at++) {
      if (lists[at] === pkg) return;
      if (lenient && this.#work.isInstalled(lists[at] as number)) hasInstalled = true;
    }
    if (lenient && !hasInstalled) return;
    this.#sink.list(-pkg, lists, from, "requires", pkg, dependency);
    this.#wantList(lists, from);
  }

  #recommends(pkg: number, dependency: DependencyId, lenient: boolean): void {
    const { pool } = this.#work;
    if (isComplex(pool, dependency)) {
      this.#complex(pkg, dependency, "recommends", lenient);
      return;
    }
    const from = pool.whatProvides(dependency);
    const lists = pool.providerLists;
    if (lists[from] === 0 || lists[from] === systemPackage) return;
    for (let at = from; lists[at] !== 0; at++) if (lists[at] === pkg) return;
    this.#sink.list(-pkg, lists, from, "recommends", pkg, dependency);
    this.#wantList(lists, from);
  }

  #wantList(lists: Int32Array, from: number): void {
    const added = this.#added;
    if (added === undefined) return;
    for (let at = from; lists[at] !== 0; at++) {
      const provider = lists[at] as number;
      if (added[provider] === 0) this.#queue.push(provider);
    }
  }

  #conflicts(pkg: number, dependency: DependencyId, lenient: boolean): void {
    const work = this.#work;
    const { pool } = work;
    const isPatch = this.#isPatch(pkg);
    if (!isPatch && isComplex(pool, dependency)) {
      this.#complex(pkg, dependency, "conflicts", lenient);
      return;
    }
    const from = pool.whatProvides(dependency);
    const lists = pool.providerLists;
    for (let at = from; lists[at] !== 0; at++) {
      const other = lists[at] as number;
      if (other === systemPackage && work.settings.systemMeetsOnly) continue;
      if (isPatch && !pool.isNamed(other, dependency)) continue;
      if (lenient && work.isInstalled(other)) continue;
      if (other === pkg) {
        if (this.#forbidsItself(dependency)) this.#sink.pair(-pkg, 0, "self-conflict", pkg, dependency);
        continue;
      }
      if (isPatch && dependency < 0 && work.isMultiversion(other)) {
        const others = this.#unharmed(other, dependency);
        if (others !== undefined) {
          this.#sink.list(-pkg, others, 0, "conflicts", pkg, dependency);
          continue;
        }
      }
      this.#sink.pair(-pkg, other === systemPackage ? 0 : -other, "conflicts", pkg, dependency);
    }
  }

  #isPatch(pkg: number): boolean {
    const { name, strings } = this.#work.columns;
    const id = name[pkg] as number;
    return strings.firstByte(id) === 112 && strings.text(id).startsWith("patch:");
  }

  /** A patch is content if a version that it does not conflict with stands beside the one that it does. */
  #unharmed(pkg: number, dependency: DependencyId): Int32Array | undefined {
    const { pool, columns } = this.#work;
    const others = pool
      .providersOf(columns.name[pkg] as number)
      .filter(
        (other) =>
          columns.name[other] === columns.name[pkg] &&
          columns.arch[other] === columns.arch[pkg] &&
          this.#work.isMultiversion(other) &&
          !pool.isNamed(other, dependency),
      );
    return others.length === 0 ? undefined : Int32Array.from([-pkg, ...others, 0]);
  }

  /** Whether a conflict counts against the package that has it. */
  #forbidsItself(dependency: DependencyId): boolean {
    const { settings, columns } = this.#work;
    const op = dependency < 0 ? (columns.relationOp[~dependency] as number) : 0;
    if (settings.forbidRichSelfConflicts && op >= relationOp.and && op <= relationOp.else) return true;
    if (!settings.forbidSelfConflicts) return false;
    if (dependency >= 0 || columns.relationOp[~dependency] !== relationOp.namespace) return true;
    return columns.dependencyText(columns.relationName[~dependency] as number) !== "namespace:otherproviders";
  }

  #obsoletes(pkg: number, isInstalled: boolean, lenient: boolean): void {
    const work = this.#work;
    const { pool, settings, columns } = work;
    const multi = work.isMultiversion(pkg);
    if (!multi || settings.keepExplicitObsoletes) {
      const { lists } = columns;
      for (let place = columns.list.obsoletes[pkg] as number; lists[place] !== 0; place++) {
        const dependency = lists[place] as number;
        const from = pool.whatProvides(dependency);
        const providers = pool.providerLists;
        for (let at = from; providers[at] !== 0; at++) {
          const other = providers[at] as number;
          if (other === pkg || (lenient && work.isInstalled(other))) continue;
          if (!work.obsoletes(pkg, other, dependency)) continue;
          const type = isInstalled ? "installed-obsoletes" : "obsoletes";
          this.#sink.pair(-pkg, other === systemPackage ? 0 : -other, type, pkg, dependency);
        }
      }
    }
    // Of installed packages only those among themselves: the others are seen from the other side.
    if (!isInstalled || !lenient) this.#sameName(pkg, isInstalled, multi);
  }

  #sameName(pkg: number, isInstalled: boolean, multi: boolean): void {
    const work = this.#work;
    const { pool, settings, columns } = work;
    const added = this.#added;
    const name = columns.name[pkg] as number;
    const from = pool.whatProvides(name);
    const providers = pool.providerLists;
    for (let at = from; providers[at] !== 0; at++) {
      const other = providers[at] as number;
      if (other === pkg) continue;
      const isOtherInstalled = work.isInstalled(other);
      if (isInstalled && !isOtherInstalled) continue;
      if (multi && !work.sameNevra(pkg, other)) {
        if (isInstalled || !isOtherInstalled || work.isMultiversion(other)) continue;
      }
      const same = columns.name[other] === name;
      if (!same && !settings.implicitObsoleteUsesProvides) continue;
      if (settings.implicitObsoleteUsesColours && !work.coloursMeet(pkg, other)) continue;
      const literal = other === systemPackage ? 0 : -other;
      if (!same) this.#sink.pair(-pkg, literal, "implicit-obsoletes", pkg, name);
      else {
        // The other package made this rule if it had its turn before.
        if (
          literal !== 0 &&
          added !== undefined &&
          !isOtherInstalled &&
          added[other] === 1 &&
          !work.isSource(other) &&
          !work.isMultiversion(other)
        )
          continue;
        this.#sink.pair(-pkg, literal, "same-name", pkg, 0);
      }
    }
  }

  /** Packages of the same name and version for better architectures may have to change together with this one. */
  #followLockstep(pkg: number): void {
    const work = this.#work;
    const { pool, columns } = work;
    const own = work.archScore(pkg);
    for (const other of pool.providersOf(columns.name[pkg] as number)) {
      if (!work.sameName(pkg, other) || columns.evr[pkg] !== columns.evr[other]) continue;
      const score = work.archScore(other);
      if (score > 1 && score > own) this.#want(other);
    }
  }

  #follow(place: number): void {
    const { pool, columns } = this.#work;
    const { lists } = columns;
    for (let at = place; lists[at] !== 0; at++) {
      const dependency = lists[at] as number;
      if (dependency < 0 && isComplex(pool, dependency)) wantedPackages(pool, dependency, (pkg) => this.#want(pkg));
      else {
        const from = pool.whatProvides(dependency);
        this.#wantList(pool.providerLists, from);
      }
    }
  }

  #complex(
    pkg: number,
    dependency: DependencyId,
    type: "requires" | "recommends" | "conflicts",
    lenient: boolean,
  ): void {
    const work = this.#work;
    const form = type === "conflicts" ? work.conflictForm(dependency) : work.requirementForm(dependency);
    if (form === true) return;
    if (form === false) {
      if (!lenient) this.#sink.pair(-pkg, 0, type === "requires" ? "nothing-provides" : type, pkg, dependency);
      return;
    }
    for (const block of form) this.#block(pkg, block, dependency, type, lenient);
  }

  #block(
    pkg: number,
    block: readonly number[],
    dependency: DependencyId,
    type: "requires" | "recommends" | "conflicts",
    lenient: boolean,
  ): void {
    const work = this.#work;
    if (lenient && !block.some((literal) => work.isInstalled(Math.abs(literal)) === literal > 0)) return;
    if (block.includes(pkg)) return;
    const [only] = block;
    if (block.length === 1 && only !== undefined) {
      if (only === -pkg) {
        if (type !== "conflicts") this.#sink.pair(-pkg, 0, type, pkg, dependency);
        else if (this.#forbidsItself(dependency)) this.#sink.pair(-pkg, 0, "self-conflict", pkg, dependency);
        return;
      }
      this.#sink.pair(-pkg, only, type, pkg, dependency);
    } else {
      const literals = block.includes(-pkg) ? [...block] : [-pkg, ...block].sort((a, b) => a - b);
      literals.push(0);
      this.#sink.list(literals[0] ?? 0, Int32Array.from(literals), 1, type, pkg, dependency);
    }
    for (const literal of block) if (literal > 0 && literal < work.count) this.#want(literal);
  }
}

/** A sink that adds rules to the workspace's clauses. */
export function clauseSink(work: Workspace): RuleSink {
  const { clauses } = work;
  return {
    pair(first, second) {
      if (second !== 0 && second < first) clauses.addPair(second, first);
      else if (first !== -second) clauses.addPair(first, second);
    },
    list(first, list, at) {
      const second = list[at] as number;
      if (second === 0) clauses.addPair(first);
      else if (list[at + 1] === 0) this.pair(first, second, "requires", 0, 0);
      else {
        for (let place = at; list[place] !== 0; place++) if (list[place] === -first) return;
        clauses.addList(first, list, at);
      }
    },
  };
}
