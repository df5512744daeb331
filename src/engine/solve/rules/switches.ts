import { relationOp } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds } from "../../pool/index.ts";
import type { JobFlag, SolverJob } from "../jobs.ts";
import type { RuleArea } from "./areas.ts";
import { illegalChanges } from "./updates.ts";
import type { Workspace } from "./workspace.ts";

/** Rules of policy that stand against a job: of a kind, for an installed package or a name. */
interface Switch {
  readonly kind: "update" | "infarch" | "distupgrade" | "black" | "strictrepopriority";
  /** A package for `update` and `black`, a name for the others. */
  readonly subject: number;
}

/** Turns off and on the rules of policy that stand against jobs. */
export class PolicySwitches {
  readonly #work: Workspace;
  readonly #cleandeps: (map: Uint8Array) => void;

  /** `cleandeps` fills the map of what jobs with that flag may drop. */
  constructor(work: Workspace, cleandeps: (map: Uint8Array) => void) {
    this.#work = work;
    this.#cleandeps = cleandeps;
  }

  /** Turns off all that stands against a job that counts. */
  turnOff(): void {
    const work = this.#work;
    const switches = this.#activeJobs().flatMap((job) => this.#switchesOf(job));
    for (const pkg of this.#dropped()) switches.push({ kind: "update", subject: pkg });
    work.noUpdate.fill(0);
    for (const { kind, subject } of switches) this.#set(kind, subject, 1);
  }

  /** A job counts no more: turns on again what was off for it alone. */
  turnOnFor(job: number): void {
    const own = this.#switchesOf(job);
    if (own.length === 0) return;
    const keyOf = ({ kind, subject }: Switch): string => `${kind} ${subject}`;
    const others = new Set(this.#dropped().map((pkg) => keyOf({ kind: "update", subject: pkg })));
    for (const other of this.#activeJobs()) for (const entry of this.#switchesOf(other)) others.add(keyOf(entry));
    for (const entry of own) if (!others.has(keyOf(entry))) this.#set(entry.kind, entry.subject, 0);
  }

  /** A package is dropped no more: turns its update rules on again unless a job is against them. */
  turnOnForKept(pkg: number): void {
    const isOff = this.#activeJobs().some((job) =>
      this.#switchesOf(job).some((entry) => entry.kind === "update" && entry.subject === pkg),
    );
    if (!isOff) this.#set("update", pkg, 0);
  }

  /** Indexes of jobs with rules that count; a job whose rules do not lie together may come twice. */
  #activeJobs(): number[] {
    const { areas, clauses } = this.#work;
    const found: number[] = [];
    for (const [place, job] of areas.jobOf.entries())
      if (clauses.off[areas.job.from + place] === 0 && found[found.length - 1] !== job) found.push(job);
    return found;
  }

  #dropped(): number[] {
    const { cleandeps } = this.#work;
    if (cleandeps === undefined) return [];
    this.#cleandeps(cleandeps);
    return this.#work.installedPackages().filter((pkg) => cleandeps[pkg] === 1);
  }

  #set(kind: Switch["kind"], subject: number, off: 0 | 1): void {
    const { areas, clauses, columns } = this.#work;
    if (kind === "update") {
      this.#setUpdate(subject, off);
      return;
    }
    const area: RuleArea = areas[kind];
    for (let rule = area.from; rule < area.to; rule++) {
      const pkg = -clauses.first(rule);
      if (kind === "black" ? pkg === subject : pkg > 0 && columns.name[pkg] === subject) clauses.off[rule] = off;
    }
  }

  #setUpdate(pkg: number, off: 0 | 1): void {
    const { areas, clauses, noUpdate, installedFrom } = this.#work;
    noUpdate[pkg] = off;
    const update = areas.update.from + pkg - installedFrom;
    const feature = areas.feature.from + pkg - installedFrom;
    if (off === 1) {
      if (clauses.first(update) !== 0) clauses.off[update] = 1;
      if (clauses.first(feature) !== 0) clauses.off[feature] = 1;
    } else if (clauses.first(update) !== 0) clauses.off[update] = 0;
    else if (clauses.first(feature) !== 0) clauses.off[feature] = 0;
    for (let rule = areas.bestUpdates; rule < areas.best.to; rule++)
      if (areas.bestFor[rule - areas.best.from] === pkg) clauses.off[rule] = off;
  }

  #switchesOf(index: number): Switch[] {
    const job = this.#work.jobs[index];
    switch (job?.action) {
      case "install":
        return this.#ofInstall(job);
      case "erase":
        return this.#ofErase(job);
      case "lock":
        return this.#ofLock(job);
      default:
        return [];
    }
  }

  /** What of a package an install job fixes: what its flags say, and what its selection says by itself. */
  #fixed(job: SolverJob): Set<JobFlag> {
    const { columns } = this.#work;
    const { select } = job;
    const fixed = new Set<JobFlag>((job.flags ?? []).filter((flag) => flag.startsWith("set")));
    if (this.#work.hasFlag(job, "noautoset")) return fixed;
    if (select.kind === "name") fixed.add("setname");
    if (select.kind === "package")
      for (const flag of ["setname", "setarch", "setvendor", "setrepo", "setevr"] as const) fixed.add(flag);
    else if ((select.kind === "name" || select.kind === "provides") && select.dependency < 0) {
      let id = select.dependency;
      const op = columns.relationOp[~id] as number;
      if (op === relationOp.equal && select.kind === "name") {
        const evr = columns.strings.text(columns.relationEvr[~id] as number);
        fixed.add(evr.includes("-") ? "setevr" : "setev");
      }
      if (op <= 7 && (columns.relationName[~id] as number) < 0) id = columns.relationName[~id] as number;
      if (columns.relationOp[~id] === relationOp.arch) fixed.add("setarch");
    }
    return fixed;
  }

  #ofInstall(job: SolverJob): Switch[] {
    const work = this.#work;
    const { areas, clauses, columns } = work;
    const { select } = job;
    const fixed = this.#fixed(job);
    if (fixed.size === 0) return [];
    const packages = work.selected(select);
    const names = [...new Set(packages.map((pkg) => columns.name[pkg] as number))];
    const found: Switch[] = [];
    const isEmpty = (area: RuleArea): boolean => area.from === area.to;
    if (fixed.has("setarch") && !isEmpty(areas.infarch)) {
      const out = new Set<number>();
      for (let rule = areas.infarch.from; rule < areas.infarch.to; rule++) out.add(-clauses.first(rule));
      const affected = new Set(packages.filter((pkg) => out.has(pkg)).map((pkg) => columns.name[pkg] as number));
      for (const subject of affected) found.push({ kind: "infarch", subject });
    }
    if (fixed.has("setrepo")) {
      if (!isEmpty(areas.distupgrade)) for (const subject of names) found.push({ kind: "distupgrade", subject });
      if (!isEmpty(areas.strictrepopriority))
        for (const subject of names) found.push({ kind: "strictrepopriority", subject });
    }
    if (fixed.has("setevr") && !isEmpty(areas.black))
      for (const subject of packages) found.push({ kind: "black", subject });
    if (work.installed < 0) return found;
    const [only] = packages;
    if (
      select.kind === "package" &&
      only !== undefined &&
      work.isInstalled(only) &&
      areas.bestFor.length > 0 &&
      fixed.has("setevr") &&
      fixed.has("setarch") &&
      fixed.has("setvendor")
    ) {
      if (areas.bestFor.some((of) => of === only)) found.push({ kind: "update", subject: only });
      return found;
    }
    const bothStay = (pkg: number): boolean =>
      work.isInstalled(pkg) || (work.isMultiversion(pkg) && !work.settings.keepExplicitObsoletes);
    if (packages.some(bothStay)) return found;
    const obsolete = commonlyObsoleted(work, packages);
    const allFixed = fixed.has("setevr") && fixed.has("setarch") && fixed.has("setvendor");
    for (const subject of obsolete)
      if (allFixed || packages.every((pkg) => this.#mayReplace(subject, pkg, fixed)))
        found.push({ kind: "update", subject });
    return found;
  }

  /** Whether policy allows a package in the place of an installed one, properties that the job fixes apart. */
  #mayReplace(installed: number, pkg: number, fixed: ReadonlySet<JobFlag>): boolean {
    const { columns } = this.#work;
    const illegal = illegalChanges(this.#work, installed, pkg);
    const others =
      (illegal.arch && !fixed.has("setarch")) ||
      (illegal.vendor && !fixed.has("setvendor")) ||
      (illegal.name && !fixed.has("setname"));
    if (others) return false;
    if (!illegal.downgrade || fixed.has("setevr")) return true;
    if (!fixed.has("setev")) return false;
    // The release is not fixed: a downgrade is meant where the version differs.
    const order = compareEvrIds(
      columns.strings,
      withoutRelease(this.#work, installed),
      withoutRelease(this.#work, pkg),
      "order",
    );
    return order !== 0;
  }

  #ofErase(job: SolverJob): Switch[] {
    const work = this.#work;
    const { areas, columns, settings } = work;
    const { select } = job;
    if (work.installed < 0) return [];
    const found: Switch[] = [];
    const lockstep = settings.implicitObsoleteUsesColours && areas.infarch.from !== areas.infarch.to;
    const archFixed = lockstep && this.#eraseFixesArch(job);
    if (work.selectsInstalled(select))
      for (const subject of work.installedPackages()) found.push({ kind: "update", subject });
    for (const pkg of work.selected(select)) {
      if (!work.isInstalled(pkg)) continue;
      found.push({ kind: "update", subject: pkg });
      if (archFixed && this.#isInLockstep(pkg)) found.push({ kind: "infarch", subject: columns.name[pkg] as number });
    }
    return found;
  }

  #eraseFixesArch(job: SolverJob): boolean {
    const { columns } = this.#work;
    const { select } = job;
    if (this.#work.hasFlag(job, "setarch")) return true;
    if (this.#work.hasFlag(job, "noautoset")) return false;
    if (select.kind === "package") return true;
    if ((select.kind !== "name" && select.kind !== "provides") || select.dependency >= 0) return false;
    let id = select.dependency;
    const left = columns.relationName[~id] as number;
    if ((columns.relationOp[~id] as number) <= 7 && left < 0) id = left;
    return columns.relationOp[~id] === relationOp.arch;
  }

  /** Whether an installed package has to change together with another installed one. */
  #isInLockstep(pkg: number): boolean {
    const { areas, clauses } = this.#work;
    for (let rule = areas.infarch.from; rule < areas.infarch.to; rule++) {
      const first = clauses.first(rule);
      if (first < 0 && this.#work.isInstalled(-first) && clauses.literalsOf(rule).includes(pkg)) return true;
    }
    return false;
  }

  #ofLock(job: SolverJob): Switch[] {
    const work = this.#work;
    if (work.installed < 0) return [];
    const packages = work.selectsInstalled(job.select) ? work.installedPackages() : work.selected(job.select);
    const names = new Set(packages.flatMap((pkg) => (work.isInstalled(pkg) ? [work.columns.name[pkg] as number] : [])));
    return [...names].map((subject) => ({ kind: "distupgrade", subject }));
  }
}

function withoutRelease(work: Workspace, pkg: number): number {
  const text = work.columns.strings.text(work.columns.evr[pkg] as number);
  const dash = text.lastIndexOf("-");
  return dash < 0 ? (work.columns.evr[pkg] as number) : work.columns.strings.internText(text.slice(0, dash));
}

/** Installed packages that each of the given ones, which are not installed, takes the place of. */
export function commonlyObsoleted(work: Workspace, packages: readonly number[]): number[] {
  let common: number[] | undefined;
  for (const pkg of packages) {
    const obsolete = obsoletedBy(work, pkg);
    common = common === undefined ? [...new Set(obsolete)] : common.filter((other) => obsolete.includes(other));
    if (common.length === 0) break;
  }
  return common ?? [];
}

export function obsoletedBy(work: Workspace, pkg: number): number[] {
  const { pool, settings, columns } = work;
  const found: number[] = [];
  if (!settings.keepExplicitObsoletes || !work.isMultiversion(pkg)) {
    for (const other of pool.providersOf(columns.name[pkg] as number)) {
      if (!work.isInstalled(other)) continue;
      if (!settings.implicitObsoleteUsesProvides && !work.sameName(pkg, other)) continue;
      if (settings.implicitObsoleteUsesColours && !work.coloursMeet(pkg, other)) continue;
      found.push(other);
    }
  }
  for (const dependency of pool.dependencies(pkg, "obsoletes")) {
    for (const other of pool.providersOf(dependency))
      if (work.isInstalled(other) && work.obsoletes(pkg, other, dependency)) found.push(other);
  }
  return found;
}
