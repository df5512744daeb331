import { systemPackage } from "../../pool/index.ts";
import type { Engine } from "../clauses/index.ts";
import type { SolverProblem } from "../jobs.ts";
import { inArea, type RuleArea } from "../rules/areas.ts";
import type { PolicySwitches } from "../rules/switches.ts";
import type { Workspace } from "../rules/workspace.ts";

/** What becomes of a contradiction: given up something, so that the search begins again, or nothing to be done. */
export type Outcome = "again" | "hopeless";

/** Finds what is behind contradictions, and gives up what can be: weak rules, installed packages that may go, or what is asked for. */
export class Contradictions {
  /** Those found so far, as far as nothing weak was behind them. */
  problems: SolverProblem[] = [];
  /** Contradictions met on level 1. */
  count = 0;
  readonly #work: Workspace;
  readonly #engine: Engine;
  readonly #switches: PolicySwitches;
  /** Clauses of one literal, ascending. */
  readonly #assertions: number[] = [];

  constructor(work: Workspace, engine: Engine, switches: PolicySwitches) {
    this.#work = work;
    this.#engine = engine;
    this.#switches = switches;
    const { clauses } = work;
    for (let rule = 1; rule < clauses.count; rule++) if (clauses.lengthOf(rule) === 1) this.#assertions.push(rule);
    engine.onAssertion = (rule) => this.#assertions.push(rule);
  }

  /** What of a problem a rule stands for: `~index` for a job, the first of its name for rules that come by name. */
  elementOf(rule: number): number {
    const { areas } = this.#work;
    if (inArea(areas.job, rule)) return ~(areas.jobOf[rule - areas.job.from] as number);
    if (rule >= areas.best.from && rule < areas.bestUpdates) {
      const job = -(areas.bestFor[rule - areas.best.from] as number);
      return ~(areas.jobOf[job - areas.job.from] as number);
    }
    const area = this.#byName(rule);
    return area === undefined ? rule : this.#runOf(rule, area)[0];
  }

  #byName(rule: number): RuleArea | undefined {
    const { infarch, distupgrade } = this.#work.areas;
    return inArea(infarch, rule) ? infarch : inArea(distupgrade, rule) ? distupgrade : undefined;
  }

  /** The rules of one name that lie together. */
  #runOf(rule: number, area: RuleArea): [from: number, to: number] {
    const { clauses, columns } = this.#work;
    const nameOf = (of: number): number => columns.name[-clauses.first(of)] as number;
    const name = nameOf(rule);
    let from = rule;
    let to = rule + 1;
    while (from > area.from && nameOf(from - 1) === name) from--;
    while (to < area.to && nameOf(to) === name) to++;
    return [from, to];
  }

  disable(element: number): void {
    this.#set(element, 1);
  }

  enable(element: number): void {
    const { clauses, areas } = this.#work;
    const length = areas.update.from - areas.feature.from;
    // Of the two rules of an installed package only one counts.
    if (inArea(areas.feature, element) && clauses.off[element + length] === 0) return;
    this.#set(element, 0);
    if (inArea(areas.update, element) && clauses.first(element - length) !== 0) clauses.off[element - length] = 1;
  }

  #set(element: number, off: 0 | 1): void {
    const { clauses, areas } = this.#work;
    if (element > 0) {
      const area = this.#byName(element);
      const [from, to] = area === undefined ? [element, element + 1] : this.#runOf(element, area);
      clauses.off.fill(off, from, to);
      return;
    }
    const job = ~element;
    for (let rule = areas.best.from; rule < areas.bestUpdates; rule++) {
      const of = -(areas.bestFor[rule - areas.best.from] as number);
      if (areas.jobOf[of - areas.job.from] === job) clauses.off[rule] = off;
    }
    for (const [place, of] of areas.jobOf.entries()) if (of === job) clauses.off[areas.job.from + place] = off;
  }

  /** Gives up a rule, and lets policy have its way again where a job stood against it. */
  fix(rule: number): void {
    const element = this.elementOf(rule);
    this.disable(element);
    if (element < 0) this.#switches.turnOnFor(~element);
  }

  /**
   * Puts what is asserted on level 1. A contradiction among that becomes a problem, and what is behind it is given up if `giveUp`.
   */
  decideAssertions(giveUp: boolean): Outcome {
    const engine = this.#engine;
    const { clauses, areas } = this.#work;
    let changed = false;
    engine.assign(systemPackage, 1, 0);
    const start = engine.decided;
    for (;;) {
      engine.revertTo(start);
      const failed = this.#decideFirm(changed);
      if (failed === 0) {
        const weak = this.#decideWeak();
        if (weak === 0) return "again";
        this.fix(weak);
        changed = true;
        continue;
      }
      changed = true;
      if (failed >= engine.learntFrom) {
        clauses.off[failed] = 1;
        changed = false;
        continue;
      }
      const literal = clauses.first(failed);
      const other = literal === -systemPackage ? 0 : this.#whyOf(-literal);
      const behind =
        other < areas.package.to
          ? [failed]
          : this.#assertions.filter((rule) => {
              if (rule < areas.package.to || rule >= engine.learntFrom || clauses.off[rule] === 1) return false;
              return Math.abs(clauses.first(rule)) === Math.abs(literal) && !areas.weak.has(rule);
            });
      const elements = [...new Set(behind.map((rule) => this.elementOf(rule)))];
      const ofInstalled = behind.some((rule) => rule >= areas.feature.from && rule < areas.update.to);
      if (ofInstalled && this.#uninstall(elements)) continue;
      this.problems.push({ elements, proof: other === 0 ? [failed] : [failed, other] });
      if (!giveUp) return "hopeless";
      for (const element of elements) this.disable(element);
    }
  }

  #whyOf(literal: number): number {
    const { trail, why, decided } = this.#engine;
    for (let at = 0; at < decided; at++) if (trail[at] === literal) return why[at] as number;
    return 0;
  }

  /** Assertions that are not weak; the first that contradicts, or 0. */
  #decideFirm(changed: boolean): number {
    const engine = this.#engine;
    const { clauses, areas } = this.#work;
    let refresh = changed;
    for (const rule of this.#assertions) {
      if (refresh && rule >= engine.learntFrom) {
        engine.refreshLearnt();
        refresh = false;
      }
      if (clauses.off[rule] === 1 || clauses.lengthOf(rule) !== 1) continue;
      if (rule < engine.learntFrom && areas.weak.has(rule)) continue;
      const literal = clauses.first(rule);
      const value = engine.valueOf(literal);
      if (value === 0) engine.assign(literal, 1, rule);
      else if (value < 0) return rule;
    }
    return 0;
  }

  #decideWeak(): number {
    const engine = this.#engine;
    const { clauses, areas } = this.#work;
    if (areas.weak.size === 0) return 0;
    for (const rule of this.#assertions) {
      if (rule >= engine.learntFrom || clauses.off[rule] === 1 || !areas.weak.has(rule)) continue;
      if (clauses.lengthOf(rule) !== 1) continue;
      const literal = clauses.first(rule);
      const value = engine.valueOf(literal);
      if (value === 0) engine.assign(literal, 1, rule);
      else if (value < 0) return rule;
    }
    return 0;
  }

  /** Takes in a clause that failed on level 1. */
  analyze(failed: number, giveUp: boolean): Outcome {
    this.count++;
    const proof = this.#proofOf(failed);
    const { elements, weak } = this.#behind(proof);
    if (weak.length > 0) {
      this.#giveUpWeak(weak);
      this.restart();
      return "again";
    }
    if (this.#mayUninstall() && this.#uninstall(elements)) {
      this.restart();
      return "again";
    }
    this.problems.push({ elements, proof });
    if (!giveUp || elements.length === 0) return "hopeless";
    for (const element of elements) this.disable(element);
    this.restart();
    return "again";
  }

  /** Forgets all decisions; clauses learnt from what is given up do not count any more. */
  restart(): void {
    this.#engine.reset();
    this.#engine.refreshLearnt();
  }

  /** The clauses a contradiction on level 1 follows from, nearest first. */
  #proofOf(failed: number): number[] {
    const { clauses, trail, why, decided } = this.#engine;
    const involved = new Set(clauses.literalsOf(failed).map(Math.abs));
    const proof = [failed];
    for (let at = decided - 1; at >= 0; at--) {
      const literal = trail[at] as number;
      const rule = why[at] as number;
      if (rule <= 0 || !involved.has(Math.abs(literal))) continue;
      proof.push(rule);
      for (const other of clauses.literalsOf(rule)) if (other !== literal) involved.add(Math.abs(other));
    }
    return proof;
  }

  /** What may be given up of a proof, and the weak rules among all that it follows from. */
  #behind(proof: readonly number[]): { elements: number[]; weak: number[] } {
    const { areas } = this.#work;
    const engine = this.#engine;
    const elements = new Set<number>();
    const weak: number[] = [];
    const seen = new Set<number>();
    const open = [...proof].reverse();
    for (let rule = open.pop(); rule !== undefined; rule = open.pop()) {
      if (rule >= engine.learntFrom) {
        if (seen.has(rule)) continue;
        seen.add(rule);
        open.push(...engine.learntReasons(rule).reverse());
        continue;
      }
      if (areas.weak.has(rule)) weak.push(rule);
      if (rule >= areas.package.to) elements.add(this.elementOf(rule));
    }
    return { elements: [...elements], weak };
  }

  /** Gives up the weak rule that was made last, with what goes along. */
  #giveUpWeak(weak: readonly number[]): void {
    const { areas } = this.#work;
    let last = Math.max(...weak);
    const recommended = new Set(areas.recommended);
    if (inArea(areas.recommends, last)) {
      last = Math.max(0, ...weak.filter((rule) => rule < areas.recommends.from));
      if (last < areas.package.to) {
        this.#giveUpRecommends(weak, recommended);
        return;
      }
    }
    if (last < areas.package.to && recommended.has(last)) this.#giveUpRecommends(weak, recommended);
    else if (inArea(areas.choice, last)) this.disableChoice(last);
    else this.fix(last);
  }

  #giveUpRecommends(weak: readonly number[], recommended: ReadonlySet<number>): void {
    const { areas, clauses } = this.#work;
    for (const rule of weak) if (inArea(areas.recommends, rule) || recommended.has(rule)) clauses.off[rule] = 1;
  }

  /** Gives up a choice rule, and all others that keep out one of the packages it kept out: so that the best can be chosen. */
  disableChoice(rule: number): void {
    const { areas, clauses } = this.#work;
    const positive = (of: number): number[] => clauses.literalsOf(of).filter((literal) => literal > 0);
    const original = (of: number): number => areas.choiceOf[of - areas.choice.from] as number;
    clauses.off[rule] = 1;
    const kept = new Set(positive(rule));
    const freed = new Set(positive(original(rule)).filter((pkg) => !kept.has(pkg)));
    for (let other = areas.choice.from; other < areas.choice.to; other++) {
      if (clauses.off[other] === 0 && positive(original(other)).some((pkg) => freed.has(pkg))) clauses.off[other] = 1;
    }
  }

  /** Gives up choice rules that a package which is installed now goes against; whether there were any. */
  disableUnneededChoices(): boolean {
    const { areas, clauses } = this.#work;
    let any = false;
    for (let rule = areas.choice.from; rule < areas.choice.to; rule++) {
      const original = areas.choiceOf[rule - areas.choice.from] as number;
      if (clauses.off[rule] === 1 || clauses.off[original] === 1) continue;
      const kept = clauses.literalsOf(rule);
      const broken = clauses
        .literalsOf(original)
        .some((literal) => literal > 0 && this.#engine.valueOf(literal) > 0 && !kept.includes(literal));
      if (!broken) continue;
      this.disableChoice(rule);
      any = true;
    }
    return any;
  }

  #mayUninstall(): boolean {
    const work = this.#work;
    return work.settings.allowUninstall || work.allowUninstallAll || work.allowUninstall !== undefined;
  }

  /** Lets an installed package go, if one of those behind a problem may; whether one was found. */
  #uninstall(elements: readonly number[]): boolean {
    const work = this.#work;
    const { areas, clauses, settings } = work;
    if (!this.#mayUninstall()) return false;
    const any = settings.allowUninstall || work.allowUninstallAll;
    let lastFeature = 0;
    let lastUpdate = 0;
    const jobs = elements.filter((element) => element < 0).map((element) => work.jobs[~element]);
    for (const element of elements) {
      if (!inArea(areas.update, element)) continue;
      const pkg = work.installedFrom + element - areas.update.from;
      if (!any && work.allowUninstall?.[pkg] !== 1) continue;
      if (work.pool.considered !== undefined && work.isDisabled(pkg)) continue;
      const isBest = (other: number): boolean =>
        inArea(areas.best, other) && areas.bestFor[other - areas.best.from] === pkg;
      if (elements.some(isBest)) continue;
      const feature = element - areas.update.from + areas.feature.from;
      if (clauses.first(feature) === 0) {
        lastFeature = Math.max(lastFeature, element);
        if (settings.keepOrphans && clauses.lengthOf(element) === 1 && clauses.first(element) === pkg) {
          lastFeature = element;
          lastUpdate = 0;
          break;
        }
      } else lastUpdate = Math.max(lastUpdate, element);
    }
    const chosen = lastUpdate || lastFeature;
    if (chosen === 0) return false;
    this.disable(chosen);
    const clean = jobs.length > 0 && jobs.every((job) => job !== undefined && work.hasFlag(job, "cleandeps"));
    const pkg = clauses.first(chosen);
    if (clean && work.cleandeps !== undefined && pkg > 0) {
      work.cleandepsUpdates ??= [];
      if (!work.cleandepsUpdates.includes(pkg)) {
        work.cleandepsUpdates.push(pkg);
        this.#switches.turnOff();
      }
    }
    return true;
  }
}
