import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import { systemPackage } from "../../pool/index.ts";
import type { RuleInfo, RuleInfoType, RuleKind, RuleView } from "../jobs.ts";
import { inArea, kindOf } from "./areas.ts";
import { PackageRules, type RuleSink } from "./package-rules.ts";
import type { Workspace } from "./workspace.ts";

/** Meanings of package rules, the more telling first. */
const infoOrder: readonly RuleInfoType[] = [
  "not-installable",
  "nothing-provides",
  "requires",
  "self-conflict",
  "conflicts",
  "same-name",
  "obsoletes",
  "implicit-obsoletes",
  "installed-obsoletes",
  "recommends",
];

/** The rules of a workspace for those that want to explain them. Meanings are found by making a package's rules again. */
export class WorkspaceRules implements RuleView {
  readonly #work: Workspace;
  readonly #infos = new Map<number, RuleInfo[]>();

  constructor(work: Workspace) {
    this.#work = work;
  }

  get count(): number {
    return this.#work.clauses.count;
  }

  kind(rule: number): RuleKind {
    return kindOf(this.#work.areas, rule);
  }

  literals(rule: number): number[] {
    return this.#work.clauses.literalsOf(rule);
  }

  infos(rule: number): RuleInfo[] {
    let found = this.#infos.get(rule);
    if (found === undefined) {
      found = this.kind(rule) === "package" ? this.#packageInfos(rule) : [this.#otherInfo(rule)];
      this.#infos.set(rule, found);
    }
    return found;
  }

  job(rule: number): number {
    const { areas } = this.#work;
    if (inArea(areas.job, rule)) return areas.jobOf[rule - areas.job.from] as number;
    if (inArea(areas.best, rule)) {
      const of = areas.bestFor[rule - areas.best.from] as number;
      if (of < 0) return areas.jobOf[-of - areas.job.from] as number;
    }
    return -1;
  }

  package(rule: number): number {
    const { areas, clauses, installedFrom } = this.#work;
    if (inArea(areas.feature, rule)) return installedFrom + rule - areas.feature.from;
    if (inArea(areas.update, rule)) return installedFrom + rule - areas.update.from;
    if (inArea(areas.best, rule)) return Math.max(0, areas.bestFor[rule - areas.best.from] as number);
    return inArea(areas.distupgrade, rule) ? -clauses.first(rule) : 0;
  }

  isWeak(rule: number): boolean {
    return this.#work.areas.weak.has(rule);
  }

  isDisabled(rule: number): boolean {
    return this.#work.clauses.off[rule] === 1;
  }

  learntFrom(rule: number): readonly number[] {
    return this.#work.engine?.learntReasons(rule) ?? [];
  }

  /** The package rule that a choice or recommends rule was made of; 0 for others. */
  original(rule: number): number {
    const { areas } = this.#work;
    if (inArea(areas.choice, rule)) return areas.choiceOf[rule - areas.choice.from] as number;
    if (inArea(areas.recommends, rule)) return areas.recommendsOf[rule - areas.recommends.from] as number;
    return 0;
  }

  #packageInfos(rule: number): RuleInfo[] {
    const wanted = this.literals(rule);
    const found: RuleInfo[] = [];
    const sink = new InfoSink(wanted, found);
    const maker = new PackageRules(this.#work, sink);
    for (const literal of wanted) if (literal < 0) maker.add(-literal);
    const order = ({ type }: RuleInfo): number => (type === "same-name" ? -1 : infoOrder.indexOf(type));
    found.sort((a, b) => order(a) - order(b));
    const keys = new Set<string>();
    return found.filter(({ type, from, to, dependency }) => {
      const key = `${type} ${from} ${to} ${dependency}`;
      return !keys.has(key) && keys.add(key);
    });
  }

  #otherInfo(rule: number): RuleInfo {
    const { areas, clauses, columns } = this.#work;
    const first = -clauses.first(rule);
    const info = (type: RuleInfoType, from = 0, to = 0, dependency: DependencyId = 0): RuleInfo => ({
      type,
      from,
      to,
      dependency,
    });
    switch (this.kind(rule)) {
      case "job":
        return info(this.#jobType(rule), 0, 0, this.#jobDependency(rule));
      case "update":
        return info("update", this.package(rule));
      case "feature":
        return info("feature", this.package(rule));
      case "distupgrade":
        return info("distupgrade", first, 0, columns.name[first]);
      case "infarch":
        return info("infarch", first, 0, columns.name[first]);
      case "best":
        return info("best", this.package(rule));
      case "yumobs":
        return info("yumobs", first, clauses.second(rule), areas.yumobsFor[rule - areas.yumobs.from]);
      case "black":
        return info("black", first);
      case "strictrepopriority":
        return info("strictrepopriority", first);
      case "choice":
        return info("choice", first);
      case "recommends":
        return info("recommends", first);
      default:
        return info("learnt");
    }
  }

  /** What the job of a rule names, 0 where it lists packages. */
  #jobDependency(rule: number): DependencyId {
    const select = this.#work.jobs[this.job(rule)]?.select;
    return select?.kind === "name" || select?.kind === "provides" ? select.dependency : 0;
  }

  #jobType(rule: number): RuleInfoType {
    const { clauses, jobs } = this.#work;
    if (clauses.lengthOf(rule) !== 1 || clauses.first(rule) !== -systemPackage) return "job";
    const job = jobs[this.job(rule)];
    const kind = job?.select.kind;
    if (job?.action === "install" && kind === "name") return "job-unknown-package";
    if (job?.action === "install" && kind === "provides") return "job-nothing-provides";
    if (job?.action === "erase" && (kind === "name" || kind === "provides")) return "job-provided-by-system";
    return "job-unsupported";
  }
}

/** Takes down which of the rules it is given are the wanted one. */
class InfoSink implements RuleSink {
  readonly #wanted: readonly number[];
  readonly #found: RuleInfo[];

  constructor(wanted: readonly number[], found: RuleInfo[]) {
    this.#wanted = wanted;
    this.#found = found;
  }

  pair(first: number, second: number, type: RuleInfoType, from: number, dependency: DependencyId): void {
    const [low, high] = second !== 0 && second < first ? [second, first] : [first, second];
    const wanted = this.#wanted;
    if (wanted.length > 2 || wanted[0] !== low || (wanted[1] ?? 0) !== high) return;
    // The first of two of one name is told first.
    if (type === "same-name") this.#add(type, -low, high < 0 ? -high : 0, dependency);
    else {
      const other = -first === from ? second : first;
      const to = other < 0 ? -other : 0;
      this.#add(type, from, type === "conflicts" && second === 0 ? systemPackage : to, dependency);
    }
  }

  list(first: number, list: Int32Array, at: number, type: RuleInfoType, from: number, dependency: DependencyId): void {
    const second = list[at] as number;
    if (second === 0 || list[at + 1] === 0) {
      this.pair(first, second, type, from, dependency);
      return;
    }
    const wanted = this.#wanted;
    if (wanted.length < 3 || wanted[0] !== first) return;
    let place = at;
    for (let index = 1; index < wanted.length; index++) if (list[place++] !== wanted[index]) return;
    if (list[place] !== 0) return;
    const other = first === -from ? second : first;
    this.#add(type, from, type === "conflicts" && other < 0 ? -other : 0, dependency);
  }

  #add(type: RuleInfoType, from: number, to: number, dependency: DependencyId): void {
    this.#found.push({ type, from, to, dependency });
  }
}
