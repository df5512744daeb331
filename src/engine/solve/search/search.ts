import type { Engine } from "../clauses/index.ts";
import type { PolicySwitches } from "../rules/switches.ts";
import type { Workspace } from "../rules/workspace.ts";
import { findCleandepsMistakes } from "./cleandeps.ts";
import { Contradictions } from "./contradictions.ts";
import { isEnhancing, isSupplementing } from "./fulfilled.ts";
import { Branches, replacesInstalled } from "./branches.ts";
import { resolveInstalled } from "./installed.ts";
import type { Policy } from "./policy.ts";
import { resolveOrphaned } from "./orphans.ts";
import { resolveWeak } from "./weak-step.ts";
import { WeakState } from "./weak-state.ts";

/** What free decisions are for, as numbers for {@link Engine.reasons}. */
export const decisionFor = {
  none: 0,
  keep: 1,
  job: 2,
  update: 3,
  cleandeps: 4,
  resolve: 5,
  weak: 6,
  orphan: 7,
} as const;

/**
 * Decides what is left open after what the rules force: first what jobs ask for, then that installed packages stay, then requirements,
 * then what is recommended; each time the best of the packages that would do, by policy. Levels below 1 mean: 0 that all decisions were
 * taken back since something was given up, -1 that there is no answer.
 */
export class Search {
  readonly work: Workspace;
  readonly engine: Engine;
  readonly policy: Policy;
  readonly weak: WeakState;
  readonly contradictions: Contradictions;
  readonly switches: PolicySwitches;
  /** Where keeping installed packages begins. */
  installedAt = 0;
  /** Choices respect what installed packages will want once they are kept. */
  #ahead = false;
  #giveUp = true;
  readonly #branches: Branches;

  constructor(work: Workspace, engine: Engine, policy: Policy, switches: PolicySwitches) {
    this.work = work;
    this.engine = engine;
    this.policy = policy;
    this.switches = switches;
    this.contradictions = new Contradictions(work, engine, switches);
    this.weak = new WeakState(work, engine);
    this.#branches = new Branches(work, engine, this.weak);
    policy.weak = this.weak;
    engine.onRevert = (level) => {
      this.weak.reverted();
      this.#branches.revert(level);
    };
  }

  /** Searches for an answer. `giveUp`: a contradiction makes what is asked for be given up; else the first one ends the search. */
  run(giveUp: boolean, withWeak: boolean): boolean {
    this.#giveUp = giveUp;
    this.installedAt = this.work.installedFrom;
    let level = 0;
    let systemLevel = 1;
    const { work } = this;
    const { settings } = work;
    const hasInstalled = work.installed >= 0;
    for (;;) {
      if (level <= 0) {
        if (level < 0) return false;
        level = this.#begin();
        if (level <= 0) continue;
        systemLevel = level + 1;
      }
      let old: number = level;
      if (level < systemLevel && !settings.focusInstalled) {
        this.#ahead = hasInstalled;
        level = this.#resolveJobs(level);
        this.#ahead = false;
        if (level < old) continue;
        systemLevel = level + 1;
      }
      if (
        level < systemLevel &&
        (settings.focusNew || settings.focusBest) &&
        !settings.focusInstalled &&
        hasInstalled
      ) {
        this.#ahead = true;
        old = level;
        level = this.#resolveRequirements(level);
        this.#ahead = false;
        if (level < old) continue;
        systemLevel = level + 1;
      }
      if (level < systemLevel && hasInstalled) {
        old = level;
        level = resolveInstalled(this, level);
        if (level < old) continue;
        systemLevel = level + 1;
      }
      if (level < systemLevel && settings.focusInstalled) {
        old = level;
        level = this.#resolveJobs(level);
        if (level < old) continue;
        systemLevel = level + 1;
      }
      if (level < systemLevel) systemLevel = level;
      old = level;
      level = this.#resolveRequirements(level);
      if (level < old) continue;
      let step = this.#dropUnneeded(level);
      level = step.level;
      if (step.again) continue;
      if (withWeak) {
        step = resolveWeak(this, level);
        level = step.level;
        if (step.again) continue;
      }
      if (hasInstalled && (work.orphaned.length > 0 || work.areas.brokenOrphans.length > 0)) {
        step = resolveOrphaned(this, level);
        level = step.level;
        if (step.again) continue;
      }
      if (hasInstalled) {
        step = this.#dropUndecided(level);
        level = step.level;
        if (step.again) continue;
      }
      if (hasInstalled && work.cleandeps !== undefined && findCleandepsMistakes(this, this.switches)) {
        this.contradictions.restart();
        level = 0;
        continue;
      }
      if (work.areas.choice.from !== work.areas.choice.to && this.contradictions.disableUnneededChoices()) {
        this.contradictions.restart();
        level = 0;
        continue;
      }
      const other = this.#branches.reconsider();
      if (other === undefined) return true;
      level = this.decide(other.level, other.pkg, other.rule, other.reason);
    }
  }

  /** Assertions and what follows from them. */
  #begin(): number {
    if (this.contradictions.decideAssertions(this.#giveUp) === "hopeless") return -1;
    const failed = this.engine.propagate(1);
    return failed === 0 ? 1 : this.#contradiction(failed, this.#giveUp);
  }

  #contradiction(failed: number, giveUp: boolean): number {
    return this.contradictions.analyze(failed, giveUp) === "again" ? 0 : -1;
  }

  valueOf(literal: number): number {
    return this.engine.valueOf(literal);
  }

  /** Decides a literal on a new level. Gives the level then; a lower one than before where that was taken back. */
  decide(level: number, literal: number, rule: number, reason: number, giveUp = this.#giveUp): number {
    const at = this.engine.decide(level, literal, rule, reason);
    return at > 0 ? at : this.#contradiction(this.engine.failed, giveUp);
  }

  /** Decides for the best of several packages that would meet a rule. */
  choose(level: number, candidates: number[], rule: number, reason: number): number {
    let left = candidates;
    if (left.length > 1) left = this.#withoutHelpers(left);
    if (left.length > 1) left = this.policy.filter(left, "choose");
    if (left.length > 1 && this.#ahead) {
      const replacing = left.filter((pkg) => replacesInstalled(this.work, pkg));
      if (replacing.length > 0) left = replacing;
      if (left.length > 1) left = this.#orderAhead(level, left);
    }
    if (left.length > 1 && this.work.areas.yumobs.to > this.work.areas.yumobs.from) left = this.#withoutFollowers(left);
    if (left.length > 1) this.branch(level, left);
    return this.decide(level, left[0] as number, rule, reason);
  }

  /** Packages before variables that only help to write rules. */
  #withoutHelpers(candidates: number[]): number[] {
    const { count } = this.work;
    if (!candidates.some((pkg) => pkg >= count)) return candidates;
    const packages = candidates.filter((pkg) => pkg < count);
    return packages.length > 0 ? packages : candidates.slice(0, 1);
  }

  /** Remembers what could have been chosen instead. */
  branch(level: number, candidates: readonly number[]): void {
    this.#branches.add(level, candidates);
  }

  /** Orders by what is recommended and suggested as if all installed packages that may stay did. */
  #orderAhead(level: number, candidates: number[]): number[] {
    const { work, engine } = this;
    const length = engine.decided;
    const { propagated } = engine;
    for (let pkg = work.installedFrom; pkg < work.installedTo; pkg++) {
      if (work.isInstalled(pkg) && work.noUpdate[pkg] !== 1 && engine.valueOf(pkg) === 0)
        engine.assign(pkg, level + 1, 0);
    }
    if (engine.decided === length) return candidates;
    this.weak.refresh();
    const partition = (list: readonly number[], isFirst: (pkg: number) => boolean): number[] => {
      const first = list.map(isFirst);
      return [...list.filter((_, at) => first[at]), ...list.filter((_, at) => !first[at])];
    };
    const { suggested, recommended } = this.weak;
    let left = partition(candidates, (pkg) => work.isInstalled(pkg) || suggested[pkg] === 1 || isEnhancing(work, pkg));
    left = partition(left, (pkg) => work.isInstalled(pkg) || recommended[pkg] === 1 || isSupplementing(work, pkg));
    engine.revertTo(length);
    engine.propagated = propagated;
    this.weak.restart();
    return this.policy.preferFavored(left);
  }

  /** Leaves out packages that come along with an earlier one because they obsolete the same. */
  #withoutFollowers(candidates: readonly number[]): number[] {
    const { areas, clauses } = this.work;
    const out = new Set<number>();
    for (const [at, pkg] of candidates.entries()) {
      if (out.has(pkg)) continue;
      const followers = new Set<number>();
      for (let rule = areas.yumobs.from; rule < areas.yumobs.to; rule++) {
        if (clauses.first(rule) === -pkg)
          for (const literal of clauses.literalsOf(rule)) if (literal > 0) followers.add(literal);
      }
      for (const other of candidates.slice(at + 1)) if (followers.has(other)) out.add(other);
    }
    return candidates.filter((pkg) => !out.has(pkg));
  }

  #resolveJobs(from: number): number {
    const { work } = this;
    const { clauses, areas } = work;
    let level = from;
    for (let rule = areas.job.from; rule < areas.job.to; rule++) {
      if (clauses.off[rule] === 1) continue;
      let candidates = this.openLiterals(rule);
      if (candidates.length === 0) continue;
      if (candidates.length > 1 && this.#keepsInstalled(rule, candidates)) {
        const installed = candidates.filter((pkg) => work.isInstalled(pkg));
        if (installed.length > 0) candidates = installed;
      }
      const old = level;
      level = this.choose(level, candidates, rule, decisionFor.job);
      if (level > old) continue;
      if (level === old) rule--;
      else if (level < from) return level;
      else rule = areas.job.from - 1;
    }
    return level;
  }

  #keepsInstalled(rule: number, candidates: readonly number[]): boolean {
    const { work } = this;
    if (work.installed < 0 || work.updateAll || work.settings.installAlsoUpdates) return false;
    const job = work.jobs[work.areas.jobOf[rule - work.areas.job.from] as number];
    if (job === undefined || work.hasFlag(job, "orupdate")) return false;
    return !candidates.some((pkg) => work.isInstalled(pkg) && work.update?.[pkg] === 1);
  }

  /** The undecided positive literals of a rule that only they can meet; none where it is met. */
  openLiterals(rule: number): number[] {
    const { clauses, engine } = this;
    const found: number[] = [];
    for (let at = clauses.start[rule] as number; at < (clauses.end[rule] as number); at++) {
      const literal = clauses.literals[at] as number;
      const value = engine.valueOf(literal);
      if (value > 0 || (value === 0 && literal < 0)) return [];
      if (value === 0) found.push(literal);
    }
    return found;
  }

  get clauses() {
    return this.work.clauses;
  }

  #resolveRequirements(from: number): number {
    const { work, engine, clauses } = this;
    const { areas } = work;
    const { value, variables } = engine;
    const focused = (work.settings.focusNew || work.settings.focusBest) && this.#ahead;
    let level = from;
    /** The first rule put off because policy leaves several packages; -1 when nothing is put off any more. */
    let postponed = 0;
    let rule = 1;
    for (let steps = 1; ; rule++, steps++) {
      if (steps >= clauses.count) {
        if (postponed <= 0) break;
        rule = postponed;
        postponed = -1;
        steps = 1;
      }
      if (rule >= clauses.count) rule = 1;
      if (clauses.off[rule] === 1 || (focused && rule >= areas.feature.from)) continue;
      const start = clauses.start[rule] as number;
      const length = (clauses.end[rule] as number) - start;
      if (length < 2) continue;
      const first = clauses.literals[start] as number;
      if (first < 0 && (length === 2 || (value[variables + first] as number) >= 0)) continue;
      if (focused && length > 2 && !this.#isNew(rule)) continue;
      let candidates = this.openLiterals(rule);
      if (candidates.length < 2) continue;
      if (work.cleandeps !== undefined && work.installed >= 0) candidates = this.#preferDropped(candidates);
      if (candidates.length > 1 && postponed >= 0) {
        candidates = this.policy.filter(this.#withoutHelpers(candidates), "prune");
        if (candidates.length > 1) {
          if (postponed === 0) postponed = rule;
          continue;
        }
      }
      level = this.choose(level, candidates, rule, decisionFor.resolve);
      if (level < from) break;
      steps = 0;
    }
    return level;
  }

  /** Whether a rule is about a requirement of something new, that nothing installed meets where only new things count. */
  #isNew(rule: number): boolean {
    const { work } = this;
    const literals = this.clauses.literalsOf(rule);
    const asks = literals.some(
      (literal) => literal < 0 && this.engine.valueOf(-literal) > 0 && !work.isInstalled(-literal),
    );
    if (!asks) return false;
    return work.settings.focusBest || !literals.some((literal) => literal > 1 && work.isInstalled(literal));
  }

  /** Packages that would be dropped otherwise come first. */
  #preferDropped(candidates: number[]): number[] {
    const { work } = this;
    const { cleandeps } = work;
    if (cleandeps === undefined) return candidates;
    let updated = false;
    for (const pkg of candidates) {
      if (!work.isInstalled(pkg) || cleandeps[pkg] !== 1) continue;
      if (!work.isUpdated(pkg)) return [pkg];
      updated = true;
    }
    return updated ? this.#droppedUpdates(candidates, cleandeps) : candidates;
  }

  /** Packages that would be dropped but are to be updated, and their updates. */
  #droppedUpdates(candidates: readonly number[], cleandeps: Uint8Array): number[] {
    const { work, engine, clauses } = this;
    const marked = new Set<number>();
    for (const pkg of candidates) {
      if (!work.isInstalled(pkg) || cleandeps[pkg] !== 1) continue;
      const special = work.specialUpdaters?.get(pkg);
      const rule = work.areas.update.from + pkg - work.installedFrom;
      const targets = work.updateTargets?.get(pkg);
      const updates = (special ?? clauses.literalsOf(rule)).filter(
        (other) => engine.valueOf(other) >= 0 && (targets === undefined || targets.includes(other)),
      );
      marked.add(pkg);
      for (const other of updates) marked.add(other);
    }
    return candidates.filter((pkg) => marked.has(pkg));
  }

  #dropUnneeded(from: number): { level: number; again: boolean } {
    const { work } = this;
    const { cleandeps } = work;
    if (work.installed < 0 || cleandeps === undefined) return { level: from, again: false };
    let level = from;
    for (const pkg of work.installedPackages()) {
      if (this.engine.valueOf(pkg) !== 0 || cleandeps[pkg] !== 1) continue;
      const old = level;
      level = this.decide(level, -pkg, 0, decisionFor.cleandeps, false);
      if (level < old) return { level, again: true };
    }
    return { level, again: false };
  }

  #dropUndecided(from: number): { level: number; again: boolean } {
    let level = from;
    for (const pkg of this.work.installedPackages()) {
      if (this.engine.valueOf(pkg) !== 0) continue;
      const old = level;
      level = this.decide(level, -pkg, 0, decisionFor.cleandeps, false);
      if (level < old) return { level, again: true };
    }
    return { level, again: false };
  }
}
