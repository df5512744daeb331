import { type DependencyId, relationOp } from "../../formats/rpmmd/index.ts";
import { type Pool, rangesMeet, systemPackage } from "../pool/index.ts";
import type { SolverJob, SolverResult } from "./jobs.ts";

/**
 * Judges an answer by looking at every package of it, with nothing of the solver's: sentences about what is wrong, in order of packages;
 * none where it is sound. What was broken before among installed packages that stay is no complaint, nor is what problems gave up.
 */
export function verifySolution(pool: Pool, result: SolverResult): string[] {
  return new Judge(pool, result).complaints();
}

class Judge {
  readonly #pool: Pool;
  readonly #result: SolverResult;
  readonly #multi: Set<number>;

  constructor(pool: Pool, result: SolverResult) {
    this.#pool = pool;
    this.#result = result;
    this.#multi = new Set(
      result.jobs.flatMap((job) => (job.action === "multiversion" ? this.#selected(job, undefined) : [])),
    );
  }

  complaints(): string[] {
    const { packages, jobs, problems } = this.#result;
    const after = new Present(this.#pool, packages);
    const before = new Present(this.#pool, this.#installed());
    const givenUp = new Set(problems.flatMap((problem) => problem.elements));
    const found: string[] = [];
    for (const pkg of packages) found.push(...this.#judge(pkg, after, before));
    for (const [index, job] of jobs.entries()) {
      if (job.flags?.includes("weak") || givenUp.has(~index)) continue;
      const complaint = this.#judgeJob(job, after);
      if (complaint !== undefined) found.push(complaint);
    }
    return found;
  }

  #installed(): number[] {
    const found: number[] = [];
    for (let pkg = systemPackage + 1; pkg < this.#pool.columns.count; pkg++)
      if (this.#pool.isInstalled(pkg)) found.push(pkg);
    return found;
  }

  #judge(pkg: number, after: Present, before: Present): string[] {
    const pool = this.#pool;
    const { columns } = pool;
    const found: string[] = [];
    const name = pool.nevra(pkg);
    const text = (id: DependencyId): string => columns.dependencyText(id);
    const wasThere = pool.isInstalled(pkg);
    if (!wasThere && !pool.isInstallable(pkg) && !pool.isSource(pkg)) found.push(`${name} may not be installed`);
    for (const id of columns.listOf("requires", pkg)) {
      if (!after.meets(id) && !(wasThere && !before.meets(id))) found.push(`${name} requires ${text(id)}`);
    }
    if (pool.isSource(pkg)) return found;
    for (const id of columns.listOf("conflicts", pkg)) {
      const hits = (set: Present): boolean =>
        isComplex(pool, id) ? set.meets(id) : set.providers(id).some((other) => other !== pkg);
      // A package may stand against itself, unless the settings forbid that.
      const alone = new Present(pool, [pkg]);
      const isOwn = this.#result.flags.forbidRichSelfConflicts !== true && isComplex(pool, id) && alone.meets(id);
      const hit = !isOwn && hits(after);
      const had = wasThere && hits(before);
      if (hit && !had) found.push(`${name} conflicts with ${text(id)}`);
    }
    for (const id of columns.listOf("obsoletes", pkg)) {
      const { keepExplicitObsoletes, noInstalledObsoletes, obsoleteUsesColours } = this.#result.flags;
      if ((keepExplicitObsoletes === false && this.#multi.has(pkg)) || (wasThere && noInstalledObsoletes)) continue;
      for (const other of after.named(baseName(pool, id)))
        if (
          other !== pkg &&
          pool.isNamed(other, id) &&
          !(wasThere && pool.isInstalled(other)) &&
          !(obsoleteUsesColours && (pool.colour(pkg) & pool.colour(other)) === 0)
        )
          found.push(`${name} obsoletes ${pool.nevra(other)}`);
    }
    for (const other of after.named(columns.name[pkg] as number)) {
      if (other <= pkg || (wasThere && pool.isInstalled(other)) || !this.#excludes(pkg, other)) continue;
      found.push(`${name} and ${pool.nevra(other)} stand side by side`);
    }
    return found;
  }

  /** Whether two packages of one name cannot both be there. */
  #excludes(a: number, b: number): boolean {
    const { evr, arch } = this.#pool.columns;
    const { implicitObsoleteUsesColours } = this.#result.flags;
    if (implicitObsoleteUsesColours && (this.#pool.colour(a) & this.#pool.colour(b)) === 0) return false;
    return !(this.#multi.has(a) && this.#multi.has(b)) || (evr[a] === evr[b] && arch[a] === arch[b]);
  }

  #judgeJob(job: SolverJob, after: Present): string | undefined {
    const selected = new Set(this.#selected(job, after));
    const present = after.packages.filter((pkg) => selected.has(pkg));
    const { select } = job;
    const what = "dependency" in select ? this.#pool.columns.dependencyText(select.dependency) : select.kind;
    if (job.action === "erase" && "dependency" in select && isComplex(this.#pool, select.dependency))
      return after.meets(select.dependency) ? `${what} was to be erased` : undefined;
    if (job.action === "erase" && present.length > 0)
      return `${this.#pool.nevra(present[0] as number)} was to be erased`;
    if (job.action !== "install" || present.length > 0) return undefined;
    if (select.kind === "oneof" && select.packages.length === 0) return undefined;
    if ("dependency" in select && after.meets(select.dependency)) return undefined;
    return `${what} was to be installed`;
  }

  /** Packages of a selection, of a set or of all. */
  #selected({ select }: SolverJob, among: Present | undefined): number[] {
    const { columns } = this.#pool;
    const packages = among?.packages ?? Array.from({ length: Math.max(0, columns.count - 2) }, (_, index) => index + 2);
    switch (select.kind) {
      case "package":
        return [select.package];
      case "oneof":
        return [...select.packages];
      case "all":
        return [...packages];
      case "repository":
        return packages.filter((pkg) => columns.repository[pkg] === select.repository);
      case "name":
        return packages.filter((pkg) => this.#pool.isNamed(pkg, select.dependency));
      case "provides": {
        const of = among ?? new Present(this.#pool, packages);
        return of.providers(select.dependency);
      }
    }
  }
}

/** A set of packages, by what they provide. */
class Present {
  readonly packages: readonly number[];
  readonly #pool: Pool;
  #named: Map<number, number[]> | undefined;
  readonly #byName = new Map<number, { readonly pkg: number; readonly op: number; readonly evr: number }[]>();

  constructor(pool: Pool, packages: readonly number[]) {
    this.#pool = pool;
    this.packages = packages;
    const { columns } = pool;
    const add = (name: number, pkg: number, op: number, evr: number): void => {
      const entry = { pkg, op, evr };
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [entry]);
      else known.push(entry);
    };
    for (const pkg of [systemPackage, ...packages]) {
      for (const id of columns.listOf("provides", pkg)) {
        if (id >= 0) add(id, pkg, 0, 0);
        else
          add(
            columns.relationName[~id] as number,
            pkg,
            columns.relationOp[~id] as number,
            columns.relationEvr[~id] as number,
          );
      }
      for (const path of columns.listOf("files", pkg)) add(path, pkg, 0, 0);
    }
  }

  named(name: number): readonly number[] {
    if (this.#named === undefined) {
      this.#named = new Map();
      for (const pkg of this.packages) {
        const own = this.#pool.columns.name[pkg] as number;
        const known = this.#named.get(own);
        if (known === undefined) this.#named.set(own, [pkg]);
        else known.push(pkg);
      }
    }
    return this.#named.get(name) ?? [];
  }

  /** Packages that provide a dependency, together for boolean ones. */
  providers(id: DependencyId): number[] {
    const { columns } = this.#pool;
    if (id >= 0) return unique((this.#byName.get(id) ?? []).map(({ pkg }) => pkg));
    const op = columns.relationOp[~id] as number;
    const left = columns.relationName[~id] as number;
    const right = columns.relationEvr[~id] as number;
    switch (op) {
      case relationOp.with:
        return this.providers(left).filter((pkg) => this.providers(right).includes(pkg));
      case relationOp.without:
        return this.providers(left).filter((pkg) => !this.providers(right).includes(pkg));
      case relationOp.or:
      case relationOp.and:
        return unique([...this.providers(left), ...this.providers(right)]);
      case relationOp.arch:
        return this.providers(left).filter((pkg) => columns.arch[pkg] === right);
      case relationOp.namespace:
        return this.#pool.providersOf(id).filter((pkg) => pkg === systemPackage || this.packages.includes(pkg));
      default:
        break;
    }
    if (op > 7) return this.providers(left);
    const fits = (entry: { readonly op: number; readonly evr: number }): boolean =>
      entry.op === 0 || (entry.op < 8 && rangesMeet(columns.strings, entry.op, entry.evr, op, right));
    return unique((this.#byName.get(left) ?? []).filter(fits).map(({ pkg }) => pkg));
  }

  meets(dependency: DependencyId): boolean {
    const { columns } = this.#pool;
    let id = dependency;
    // Chains lean to the right and may be long.
    for (const op of [relationOp.and, relationOp.or]) {
      while (id < 0 && columns.relationOp[~id] === op) {
        const isMet = this.meets(columns.relationName[~id] as number);
        if (isMet === (op === relationOp.or)) return isMet;
        id = columns.relationEvr[~id] as number;
      }
      if (id !== dependency) return this.meets(id);
    }
    if (id >= 0) return this.#byName.has(id);
    const left = columns.relationName[~id] as number;
    const right = columns.relationEvr[~id] as number;
    const isElse = right < 0 && columns.relationOp[~right] === relationOp.else;
    const condition = isElse ? (columns.relationName[~right] as number) : right;
    const otherwise = (): boolean => this.meets(columns.relationEvr[~right] as number);
    switch (columns.relationOp[~id]) {
      case relationOp.if:
        return this.meets(condition) ? this.meets(left) : !isElse || otherwise();
      case relationOp.unless:
        return this.meets(condition) ? isElse && otherwise() : this.meets(left);
      default:
        return this.providers(id).length > 0;
    }
  }
}

/** Whether a dependency is more than a set of packages. */
function isComplex(pool: Pool, dependency: DependencyId): boolean {
  const { relationOp: ops, relationName, relationEvr } = pool.columns;
  let id = dependency;
  for (; id < 0 && ops[~id] === relationOp.or; id = relationEvr[~id] as number)
    if (isComplex(pool, relationName[~id] as number)) return true;
  const op = id < 0 ? ops[~id] : 0;
  return op === relationOp.and || op === relationOp.if || op === relationOp.unless;
}

function baseName(pool: Pool, id: DependencyId): number {
  let base = id;
  while (base < 0) base = pool.columns.relationName[~base] as number;
  return base;
}

function unique(packages: readonly number[]): number[] {
  return [...new Set(packages)];
}
