import { compareEvr, type Evr, parseEvr } from "../../src/core/index.ts";
import type { Pool } from "../../src/engine/pool/index.ts";
import type { SolverJob } from "../../src/engine/solve/jobs.ts";
import { type DependencyId, relationOp } from "../../src/formats/rpmmd/index.ts";

interface Range {
  readonly op: number;
  readonly evr: string;
}

/**
 * Judges a set of packages by its dependencies alone, with none of the solver's or the pool's code: sentences about what does not hold,
 * empty where it is sound.
 */
export class SetCheck {
  readonly #pool: Pool;
  readonly #packages: readonly number[];
  /** What each name or path is provided with: the package and the range, if it has one. */
  readonly #provided = new Map<string, { pkg: number; range: Range | undefined }[]>();

  constructor(pool: Pool, packages: readonly number[]) {
    this.#pool = pool;
    this.#packages = packages;
    const { columns } = pool;
    const add = (name: string, pkg: number, range: Range | undefined): void => {
      const known = this.#provided.get(name);
      if (known === undefined) this.#provided.set(name, [{ pkg, range }]);
      else known.push({ pkg, range });
    };
    for (const pkg of packages) {
      for (const id of columns.listOf("provides", pkg)) {
        if (id >= 0) add(columns.strings.text(id), pkg, undefined);
        else add(columns.dependencyText(columns.relationName[~id] as number), pkg, this.#rangeOf(id));
      }
      for (const path of columns.listOf("files", pkg)) add(columns.strings.text(path), pkg, undefined);
    }
  }

  complaints(jobs: readonly SolverJob[]): string[] {
    const { columns } = this.#pool;
    const found: string[] = [];
    const text = (pkg: number): string => this.#pool.nevra(pkg);
    const of = (id: DependencyId): string => columns.dependencyText(id);
    for (const { select } of jobs) {
      if (select.kind === "provides" && !this.#holds(select.dependency))
        found.push(`${of(select.dependency)} was asked for`);
      if (select.kind === "name" && !this.#packages.some((pkg) => this.#isNamed(pkg, select.dependency)))
        found.push(`a package ${of(select.dependency)} was asked for`);
    }
    const names = new Map<number, number>();
    for (const pkg of this.#packages) {
      const name = columns.name[pkg] as number;
      const twin = names.get(name);
      if (twin !== undefined) found.push(`${text(twin)} and ${text(pkg)} are both there`);
      names.set(name, pkg);
      for (const need of columns.listOf("requires", pkg))
        if (!this.#holds(need)) found.push(`${text(pkg)} requires ${of(need)}`);
      for (const bad of columns.listOf("conflicts", pkg))
        if (this.#holds(bad, pkg)) found.push(`${text(pkg)} conflicts with ${of(bad)}`);
    }
    for (const pkg of this.#packages)
      for (const bad of columns.listOf("obsoletes", pkg)) {
        const base = bad < 0 ? (columns.relationName[~bad] as number) : bad;
        const other = names.get(base);
        if (other !== undefined && other !== pkg && this.#isNamed(other, bad))
          found.push(`${text(pkg)} obsoletes ${text(other)}`);
      }
    return found;
  }

  /** Whether a dependency holds in the set, or in what is there besides one package. */
  #holds(id: DependencyId, without = 0): boolean {
    const { columns } = this.#pool;
    if (id < 0 && (columns.relationOp[~id] as number) > 7) {
      const left = columns.relationName[~id] as number;
      const right = columns.relationEvr[~id] as number;
      const holds = (part: DependencyId): boolean => this.#holds(part, without);
      switch (columns.relationOp[~id]) {
        case relationOp.and:
          return holds(left) && holds(right);
        case relationOp.or:
          return holds(left) || holds(right);
        case relationOp.if:
        case relationOp.unless: {
          const hasElse = right < 0 && columns.relationOp[~right] === relationOp.else;
          const condition = holds(hasElse ? (columns.relationName[~right] as number) : right);
          const otherwise = hasElse ? holds(columns.relationEvr[~right] as number) : undefined;
          if (columns.relationOp[~id] === relationOp.if) return condition ? holds(left) : (otherwise ?? true);
          return condition ? (otherwise ?? false) : holds(left);
        }
      }
    }
    return this.#providers(id).some((pkg) => pkg !== without);
  }

  #providers(id: DependencyId): number[] {
    const { columns } = this.#pool;
    if (id >= 0) return (this.#provided.get(columns.strings.text(id)) ?? []).map(({ pkg }) => pkg);
    const left = columns.relationName[~id] as number;
    const right = columns.relationEvr[~id] as number;
    switch (columns.relationOp[~id]) {
      case relationOp.with: {
        const others = new Set(this.#providers(right));
        return this.#providers(left).filter((pkg) => others.has(pkg));
      }
      case relationOp.without: {
        const others = new Set(this.#providers(right));
        return this.#providers(left).filter((pkg) => !others.has(pkg));
      }
      case relationOp.or:
      case relationOp.and:
        return [...this.#providers(left), ...this.#providers(right)];
      case relationOp.arch:
        return this.#providers(left).filter((pkg) => columns.arch[pkg] === right);
    }
    const wanted = this.#rangeOf(id);
    const entries = this.#provided.get(columns.dependencyText(left)) ?? [];
    return entries.filter(({ range }) => range === undefined || meets(range, wanted)).map(({ pkg }) => pkg);
  }

  #isNamed(pkg: number, id: DependencyId): boolean {
    const { columns } = this.#pool;
    if (id >= 0) return columns.name[pkg] === id;
    if (!this.#isNamed(pkg, columns.relationName[~id] as number)) return false;
    if (columns.relationOp[~id] === relationOp.arch) return columns.arch[pkg] === columns.relationEvr[~id];
    const own = { op: relationOp.equal, evr: columns.strings.text(columns.evr[pkg] as number) };
    return meets(own, this.#rangeOf(id));
  }

  #rangeOf(id: DependencyId): Range {
    const { columns } = this.#pool;
    return {
      op: columns.relationOp[~id] as number,
      evr: columns.strings.text(columns.relationEvr[~id] as number),
    };
  }
}

/** Whether two ranges have a version in common, where one without a release stands for all releases of it. */
function meets(a: Range, b: Range): boolean {
  const { less, equal, greater } = relationOp;
  const [x, y]: [Evr, Evr] = [parseEvr(a.evr), parseEvr(b.evr)];
  const order = compareEvr(x, y);
  if ((a.op & b.op & (less | greater)) !== 0) return true;
  if (order < 0) return (a.op & greater) !== 0 || (b.op & less) !== 0;
  if (order > 0) return (a.op & less) !== 0 || (b.op & greater) !== 0;
  if (x.release === undefined && y.release !== undefined) return (a.op & equal) !== 0;
  if (x.release !== undefined && y.release === undefined) return (b.op & equal) !== 0;
  return (a.op & b.op & equal) !== 0;
}
