import { relationOp } from "../../../formats/rpmmd/index.ts";
import { systemPackage } from "../../pool/index.ts";
import type { SolverJob } from "../jobs.ts";
import { isComplex, type NormalForm, negated, normalForm } from "./normal-form.ts";
import type { Workspace } from "./workspace.ts";

/** What job rules tell about the jobs. */
export interface JobRuleFacts {
  /** A job wants the best package or none. */
  readonly hasBestInstall: boolean;
  readonly hasLock: boolean;
}

/** Adds the rules that jobs stand for. `candidates` are marked for what jobs install. */
export function addJobRules(work: Workspace, candidates: Uint8Array): JobRuleFacts {
  const { areas, clauses } = work;
  areas.job.from = clauses.count;
  let hasBestInstall = false;
  let hasLock = false;
  for (const [index, job] of work.jobs.entries()) {
    const maker = new JobRules(work, job, index);
    if (work.hasFlag(job, "cleandeps") && work.installed >= 0 && (job.action === "install" || job.action === "erase"))
      work.cleandeps = work.map(work.cleandeps);
    switch (job.action) {
      case "install":
        if (maker.install() && work.hasFlag(job, "forcebest")) hasBestInstall = true;
        break;
      case "erase":
        maker.erase(candidates);
        break;
      case "lock":
        if (maker.lock()) hasLock = true;
        break;
      case "weakendeps":
        if (job.select.kind === "package") weaken(work, job.select.package);
        break;
      default:
    }
  }
  areas.job.to = clauses.count;
  return { hasBestInstall, hasLock };
}

/** Requirements of a package become rules that are given up rather than be a problem. */
function weaken(work: Workspace, pkg: number): void {
  const { clauses, areas } = work;
  for (let rule = areas.package.from; rule < areas.package.to; rule++) {
    if (clauses.first(rule) !== -pkg) continue;
    if (clauses.lengthOf(rule) === 2 && clauses.second(rule) < 0) continue;
    areas.weak.add(rule);
  }
}

class JobRules {
  readonly #work: Workspace;
  readonly #job: SolverJob;
  readonly #index: number;
  readonly #weak: boolean;

  constructor(work: Workspace, job: SolverJob, index: number) {
    this.#work = work;
    this.#job = job;
    this.#index = index;
    this.#weak = work.hasFlag(job, "weak");
  }

  #add(literals: readonly number[]): void {
    const rule = this.#work.clauses.add(literals);
    this.#work.areas.jobOf.push(this.#index);
    if (this.#weak) this.#work.areas.weak.add(rule);
  }

  /** False where nothing can come of it. */
  install(): boolean {
    const { select } = this.#job;
    const work = this.#work;
    const form = work.installForm(this.#job);
    if (form !== undefined) return this.#form(form);
    const packages = work.selected(select);
    if (packages.length === 0) {
      // Nothing to choose from is nothing to do; a name that nothing has is a contradiction.
      if (select.kind === "oneof") return false;
      packages.push(-systemPackage);
    }
    const [only] = packages;
    if (select.kind === "provides" && packages.length === 1 && (only === 1 || only === -1) && this.#namespace())
      packages[0] = systemPackage;
    this.#add(packages);
    return true;
  }

  /** Whether the job asks for a namespace, which then counts as new. */
  #namespace(): boolean {
    const { select } = this.#job;
    const work = this.#work;
    if (select.kind !== "provides") return false;
    const id = select.dependency;
    if (id >= 0 || work.columns.relationOp[~id] !== relationOp.namespace) return false;
    work.namespaceJobs ??= [];
    const all = work.columns.relationEvr[~id] === 0;
    work.namespaceJobs.push(all ? (work.columns.relationName[~id] as number) : id);
    return true;
  }

  #form(form: NormalForm): boolean {
    if (form === false) this.#add([-systemPackage]);
    if (typeof form === "boolean") return false;
    for (const block of form) this.#add(block);
    return true;
  }

  erase(candidates: Uint8Array): void {
    const { select } = this.#job;
    const work = this.#work;
    if (select.kind === "all" || select.kind === "repository") {
      for (const pkg of work.allSelected(select)) this.#add([-pkg]);
      return;
    }
    if ((select.kind === "provides" || select.kind === "name") && isComplex(work.pool, select.dependency)) {
      const options = { alternatives: true, byName: select.kind === "name", helper: work.helper };
      this.#form(negated(normalForm(work.pool, select.dependency, options)));
      return;
    }
    const packages = work.selected(select);
    for (const pkg of packages) this.#add([-pkg]);
    const single = select.kind === "package" || (select.kind === "name" && select.dependency < 0);
    const installed = packages.filter((pkg) => work.isInstalled(pkg));
    if (single && installed.length === 1) this.#eraseOthers(installed[0] as number, packages, candidates);
  }

  /** One package given exactly goes: others of its name must not come in its place. */
  #eraseOthers(pkg: number, erased: readonly number[], candidates: Uint8Array): void {
    const work = this.#work;
    for (const other of work.pool.providersOf(work.columns.name[pkg] as number)) {
      if (!work.sameName(pkg, other) || work.isInstalled(other) || candidates[other] === 1) continue;
      if (work.settings.implicitObsoleteUsesColours && !work.coloursMeet(pkg, other)) continue;
      if (!erased.includes(other)) this.#add([-other]);
    }
  }

  /** Whether there is anything to lock. */
  lock(): boolean {
    const work = this.#work;
    const packages = work.allSelected(this.#job.select);
    for (const pkg of packages) this.#add([work.isInstalled(pkg) ? pkg : -pkg]);
    return packages.length > 0;
  }
}
