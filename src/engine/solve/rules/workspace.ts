import type { DependencyId, PackageColumns } from "../../../formats/rpmmd/index.ts";
import { compareEvrIds, type Pool, systemPackage } from "../../pool/index.ts";
import { Clauses, type Engine } from "../clauses/index.ts";
import type { JobFlag, Selection, SolverFlags, SolverJob } from "../jobs.ts";
import { emptyAreas, type RuleAreas } from "./areas.ts";
import { factsOf, type PackageFacts } from "./facts.ts";
import { isComplex, type NormalForm, negated, normalForm } from "./normal-form.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { VendorClasses } from "./vendor.ts";

/** What all makers of rules and the search work on: the pool, the jobs, and which packages the jobs mark how. */
export class Workspace {
  readonly pool: Pool;
  readonly columns: PackageColumns;
  readonly jobs: readonly SolverJob[];
  readonly settings: Settings;
  readonly vendors: VendorClasses;
  /** One more than the highest package. */
  readonly count: number;
  /** Index of the repository of installed packages, -1 for none, or none in it. */
  readonly installed: number;
  /** Installed packages lie in this range, others may as well. */
  readonly installedFrom: number;
  readonly installedTo: number;
  readonly clauses: Clauses = new Clauses();
  readonly areas: RuleAreas = emptyAreas();
  /** How many variables there are beside packages; they are numbered from `count` up. */
  helpers = 0;
  readonly #forms = new Map<DependencyId, NormalForm>();
  readonly #namedForms = new Map<DependencyId, NormalForm>();
  readonly #conflictForms = new Map<DependencyId, NormalForm>();
  /** Packages that have rules, ascending. */
  added: Int32Array = new Int32Array(0);
  /** Set when all rules are made. */
  engine: Engine | undefined;

  /** Packages that stand beside others of their name. */
  multiversion: Uint8Array | undefined;
  /** Packages to repair. */
  fixAll = false;
  fix: Uint8Array | undefined;
  /** Installed packages to update. */
  updateAll = false;
  update: Uint8Array | undefined;
  /** Installed packages to update to the best there is. */
  bestUpdateAll = false;
  bestUpdate: Uint8Array | undefined;
  /** Where an update may go: for each installed package that has targets, these, ascending. */
  updateTargets: Map<number, number[]> | undefined;
  /** Distribution upgrade: packages it is about, and those of them that are good to install or to keep. */
  dupInvolvedAll = false;
  dupInvolved: Uint8Array | undefined;
  dup: Uint8Array | undefined;
  processOrphans = false;
  dropOrphanedAll = false;
  dropOrphaned: Uint8Array | undefined;
  allowUninstallAll = false;
  allowUninstall: Uint8Array | undefined;
  excludeFromWeak: Uint8Array | undefined;
  /** For each package: index of its job and 1 where it is favoured, minus that where it is disfavoured. */
  favor: Int32Array | undefined;
  hasDisfavored = false;
  /** Installed packages that jobs with `cleandeps` may drop; there only where a job asks for it. */
  cleandeps: Uint8Array | undefined;
  cleandepsUpdates: number[] | undefined;
  cleandepsMistakes: number[] | undefined;
  /** Installed packages that are not to be updated: they are to go. */
  readonly noUpdate: Uint8Array;
  /** Installed packages that no repository has. */
  readonly orphaned: number[] = [];
  /** For installed packages that stand beside others of their name: what would update them otherwise. */
  specialUpdaters: Map<number, number[]> | undefined;
  /** Namespace dependencies that jobs ask for. */
  namespaceJobs: DependencyId[] | undefined;
  /** For each installed package: packages of other names that obsolete it, ascending. Undefined where nothing is installed. */
  obsoletedBy: Map<number, number[]> | undefined;
  #scratch: Int32Array | undefined;
  readonly #facts: PackageFacts;

  constructor(pool: Pool, jobs: readonly SolverJob[], flags: SolverFlags) {
    this.pool = pool;
    this.columns = pool.columns;
    this.jobs = jobs;
    this.settings = settingsOf(flags);
    this.vendors = new VendorClasses(pool.columns.strings, flags.vendorClasses ?? []);
    this.count = pool.columns.count;
    let from = 0;
    let to = 0;
    if (pool.installed >= 0) {
      const { repository } = pool.columns;
      for (let pkg = systemPackage + 1; pkg < this.count; pkg++) {
        if (repository[pkg] !== pool.installed) continue;
        if (from === 0) from = pkg;
        to = pkg + 1;
      }
    }
    this.installedFrom = from;
    this.installedTo = to;
    this.installed = from === 0 ? -1 : pool.installed;
    this.noUpdate = new Uint8Array(to);
    this.#facts = factsOf(pool);
  }

  isInstalled(pkg: number): boolean {
    return (
      pkg >= this.installedFrom &&
      pkg < this.installedTo &&
      this.columns.repository[pkg] === this.installed &&
      pkg !== 0
    );
  }

  /** One more than the highest variable. */
  get variables(): number {
    return this.count + this.helpers;
  }

  readonly helper = (): number => this.count + this.helpers++;

  /** What must hold for a requirement, as clauses. */
  requirementForm(dependency: DependencyId): NormalForm {
    let form = this.#forms.get(dependency);
    if (form === undefined) {
      form = normalForm(this.pool, dependency, { helper: this.helper });
      this.#forms.set(dependency, form);
    }
    return form;
  }

  /** What an install job of a boolean dependency asks for, as clauses; undefined for other jobs. */
  installForm({ action, select }: SolverJob): NormalForm | undefined {
    if (action !== "install" || (select.kind !== "provides" && select.kind !== "name")) return undefined;
    const { dependency } = select;
    if (!isComplex(this.pool, dependency)) return undefined;
    if (select.kind === "provides") return this.requirementForm(dependency);
    let form = this.#namedForms.get(dependency);
    if (form === undefined) {
      form = normalForm(this.pool, dependency, { byName: true, helper: this.helper });
      this.#namedForms.set(dependency, form);
    }
    return form;
  }

  /** What must hold so that a conflict does not, as clauses. */
  conflictForm(dependency: DependencyId): NormalForm {
    let form = this.#conflictForms.get(dependency);
    if (form === undefined) {
      form = negated(normalForm(this.pool, dependency, { alternatives: true, helper: this.helper }));
      this.#conflictForms.set(dependency, form);
    }
    return form;
  }

  /** Packages that supplement or enhance something, ascending. */
  get supplementing(): readonly number[] {
    return this.#facts.supplementing;
  }

  get stepsBehind(): Map<string, readonly number[]> {
    return this.#facts.stepsBehind;
  }

  /** Places for so many numbers, 0 between uses. */
  scratch(length: number): Int32Array {
    if (this.#scratch === undefined || this.#scratch.length < length) this.#scratch = new Int32Array(length);
    return this.#scratch;
  }

  isSource(pkg: number): boolean {
    return this.#facts.isSource(pkg);
  }

  /** As the pool has it: 0 does not run here, 1 noarch, higher is better. */
  archScore(pkg: number): number {
    return this.#facts.archScore(pkg);
  }

  isInstallable(pkg: number): boolean {
    return this.#facts.runs(pkg) && this.pool.isConsidered(pkg);
  }

  /** All installed packages, ascending. */
  installedPackages(): number[] {
    const found: number[] = [];
    for (let pkg = this.installedFrom; pkg < this.installedTo; pkg++) if (this.isInstalled(pkg)) found.push(pkg);
    return found;
  }

  packagesOf(repository: number): number[] {
    const found: number[] = [];
    for (let pkg = systemPackage + 1; pkg < this.count; pkg++)
      if (this.columns.repository[pkg] === repository) found.push(pkg);
    return found;
  }

  /** Whether a package is one of those that may not be used. */
  isDisabled(pkg: number): boolean {
    return pkg !== systemPackage && !this.pool.isConsidered(pkg);
  }

  /** The packages a selection names one by one; none for a whole repository or all. */
  selected(select: Selection): number[] {
    switch (select.kind) {
      case "package":
        return [select.package];
      case "oneof":
        return [...select.packages];
      case "provides":
        return this.pool.providersOf(select.dependency);
      case "name":
        return this.pool.providersOf(select.dependency).filter((pkg) => this.pool.isNamed(pkg, select.dependency));
      default:
        return [];
    }
  }

  /** As {@link selected}, and all of a repository or of all. */
  allSelected(select: Selection): number[] {
    if (select.kind === "repository") return this.packagesOf(select.repository);
    if (select.kind !== "all") return this.selected(select);
    return Array.from({ length: Math.max(0, this.count - 2) }, (_, index) => index + 2);
  }

  /** Whether a selection is all that is installed. */
  selectsInstalled(select: Selection): boolean {
    return select.kind === "all" || (select.kind === "repository" && select.repository === this.installed);
  }

  hasFlag(job: SolverJob, flag: JobFlag): boolean {
    return job.flags?.includes(flag) ?? false;
  }

  isUpdated(pkg: number): boolean {
    return this.updateAll || this.update?.[pkg] === 1;
  }

  isDupInvolved(pkg: number): boolean {
    return this.dupInvolvedAll || this.dupInvolved?.[pkg] === 1;
  }

  isDroppedOrphan(pkg: number): boolean {
    return this.dropOrphanedAll || this.dropOrphaned?.[pkg] === 1;
  }

  isMultiversion(pkg: number): boolean {
    return this.multiversion?.[pkg] === 1;
  }

  /** A map of all packages, made when it is needed first. */
  map(old: Uint8Array | undefined): Uint8Array {
    return old ?? new Uint8Array(this.count);
  }

  compareEvr(a: number, b: number): number {
    const { evr, strings } = this.columns;
    const [x, y] = [evr[a] as number, evr[b] as number];
    return x === y ? 0 : compareEvrIds(strings, x, y, "order");
  }

  sameName(a: number, b: number): boolean {
    return this.columns.name[a] === this.columns.name[b];
  }

  sameNevra(a: number, b: number): boolean {
    const { name, evr, arch } = this.columns;
    return name[a] === name[b] && evr[a] === evr[b] && arch[a] === arch[b];
  }

  /** Whether two packages are of one word size, or one of them of any. */
  coloursMeet(a: number, b: number): boolean {
    if (this.pool.archs === undefined) return true;
    return (this.#facts.colour(a) & this.#facts.colour(b)) !== 0;
  }

  /** Whether two packages are builds of the same: equal in name, version, architecture, vendor, and build time or requirements. */
  identical(a: number, b: number): boolean {
    const { vendor, buildTime } = this.columns;
    if (!this.sameNevra(a, b) || vendor[a] !== vendor[b]) return false;
    if (buildTime[a] !== 0 && buildTime[b] !== 0) return buildTime[a] === buildTime[b];
    return this.#sameRequires(a, b);
  }

  /** Whether a package obsoletes another by a dependency of its. */
  obsoletes(pkg: number, other: number, dependency: DependencyId): boolean {
    const { settings } = this;
    if (!settings.obsoleteUsesProvides && !this.pool.isNamed(other, dependency)) return false;
    return !settings.obsoleteUsesColours || this.coloursMeet(pkg, other);
  }

  #sameRequires(a: number, b: number): boolean {
    const own = new Set(this.pool.dependencies(a, "requires"));
    const other = new Set(this.pool.dependencies(b, "requires"));
    return own.size === other.size && [...own].every((dependency) => other.has(dependency));
  }
}
