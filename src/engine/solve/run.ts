import { systemPackage, type Pool } from "../pool/index.ts";
import { Engine } from "./clauses/index.ts";
import type {
  Decision,
  DecisionReason,
  SolverFlags,
  SolverJob,
  SolverProblem,
  SolverResult,
  SolverRetry,
  SolverStatistics,
  TransactionStep,
} from "./jobs.ts";
import { inArea } from "./rules/areas.ts";
import { makeRules } from "./rules/make-rules.ts";
import { PolicySwitches } from "./rules/switches.ts";
import { WorkspaceRules } from "./rules/view.ts";
import { Workspace } from "./rules/workspace.ts";
import { markCleandeps } from "./search/cleandeps.ts";
import { Policy } from "./search/policy.ts";
import { recommendations, suggestions } from "./search/recommendations.ts";
import { Search } from "./search/search.ts";
import { transactionSteps } from "./search/transaction.ts";
import { breakOrphans } from "./rules/restrictions.ts";

/**
 * Solves jobs over a pool that is prepared: what to install and to remove so that all hold, and every requirement of what is installed then.
 * The rules are those of rpm's world as libsolv has them. Equal input gives an equal answer. Errors: `SOLVE_TOO_LARGE`, `SOLVE_GAVE_UP`.
 */
export function runSolver(pool: Pool, jobs: readonly SolverJob[], flags: SolverFlags = {}): SolverResult {
  const work = new Workspace(pool, jobs, flags);
  const policy = new Policy(work);
  const packages = makeRules(work, policy);
  const engine = new Engine(work.clauses, work.variables);
  engine.watch();
  work.engine = engine;
  const switches = new PolicySwitches(work, (map) => markCleandeps(work, map));
  const search = new Search(work, engine, policy, switches);
  switches.turnOff();
  if (work.processOrphans && work.orphaned.length > 0 && work.settings.breakOrphans) breakOrphans(work);
  search.run(true, !work.settings.ignoreRecommended);
  return new Result(search, flags, packages);
}

/** Names of what {@link Engine.reasons} holds. */
const reasonNames: readonly DecisionReason[] = [
  "unrelated",
  "keep-installed",
  "job",
  "update-installed",
  "cleandeps",
  "resolve",
  "weak",
  "orphan",
];

class Result implements SolverResult {
  readonly pool: Pool;
  readonly jobs: readonly SolverJob[];
  readonly flags: SolverFlags;
  readonly decisions: readonly Decision[];
  readonly packages: readonly number[];
  readonly problems: readonly SolverProblem[];
  readonly orphaned: readonly number[];
  readonly rules: WorkspaceRules;
  readonly statistics: SolverStatistics;
  readonly retry: SolverRetry;
  readonly #search: Search;
  #recommended: readonly number[] | undefined;
  #suggested: readonly number[] | undefined;
  #steps: readonly TransactionStep[] | undefined;
  #cleaned: readonly number[] | undefined;

  constructor(search: Search, flags: SolverFlags, packages: number) {
    const { work, engine } = search;
    this.#search = search;
    this.pool = work.pool;
    this.jobs = work.jobs;
    this.flags = flags;
    this.decisions = decisionsOf(search);
    this.packages = this.decisions
      .flatMap(({ literal }) => (literal > systemPackage && literal < work.count ? [literal] : []))
      .sort((a, b) => a - b);
    this.problems = search.contradictions.problems;
    this.orphaned = [...work.orphaned];
    this.rules = new WorkspaceRules(work);
    this.statistics = {
      rules: engine.learntFrom - 1,
      packageRules: work.areas.package.to - work.areas.package.from,
      packages,
      decisions: engine.decided,
      learnt: engine.learntCount,
      conflicts: engine.conflicts,
    };
    this.retry = new Retry(search);
  }

  get steps(): readonly TransactionStep[] {
    this.#steps ??= transactionSteps(
      this.#search.work,
      this.decisions.map(({ literal }) => literal),
    );
    return this.#steps;
  }

  get recommended(): readonly number[] {
    this.#recommended ??= recommendations(this.#search);
    return this.#recommended;
  }

  get suggested(): readonly number[] {
    this.#suggested ??= suggestions(this.#search);
    return this.#suggested;
  }

  get cleaned(): readonly number[] {
    const { work, engine } = this.#search;
    this.#cleaned ??= work.installedPackages().filter((pkg) => {
      if (work.cleandeps?.[pkg] !== 1 || engine.valueOf(pkg) >= 0) return false;
      const rule = work.areas.update.from + pkg - work.installedFrom;
      return !work.clauses.literalsOf(rule).some((literal) => engine.valueOf(literal) > 0);
    });
    return this.#cleaned;
  }
}

function decisionsOf({ engine }: Search): Decision[] {
  const decisions: Decision[] = [];
  for (let at = 1; at < engine.decided; at++) {
    const literal = engine.trail[at] as number;
    const why = engine.why[at] as number;
    const level = engine.valueOf(literal);
    const reason = why > 0 ? "unit" : (reasonNames[engine.reasons[level] ?? 0] ?? "unrelated");
    decisions.push({ literal, level, reason, rule: Math.abs(why) });
  }
  return decisions;
}

class Retry implements SolverRetry {
  problems: readonly SolverProblem[] = [];
  readonly #search: Search;

  constructor(search: Search) {
    this.#search = search;
  }

  disable(element: number): void {
    const { contradictions, switches, clauses, work } = this.#search;
    const { feature, update } = work.areas;
    contradictions.disable(element);
    if (element < 0) switches.turnOnFor(~element);
    else if (inArea(update, element)) {
      const other = element - update.from + feature.from;
      if (clauses.first(other) !== 0) clauses.off[other] = 0;
    }
  }

  enable(element: number): void {
    const { contradictions, switches } = this.#search;
    contradictions.enable(element);
    if (element < 0) switches.turnOff();
  }

  reset(elements: readonly number[]): void {
    const { contradictions, switches } = this.#search;
    for (const element of elements) contradictions.enable(element);
    switches.turnOff();
    for (const element of elements) contradictions.disable(element);
  }

  solve(): boolean {
    const { contradictions } = this.#search;
    const known = contradictions.problems;
    contradictions.problems = [];
    const { clauses, areas } = this.#search.work;
    for (const rule of areas.weak) clauses.off[rule] = 0;
    for (const rule of areas.brokenOrphans) clauses.off[rule] = 1;
    contradictions.restart();
    const solved = this.#search.run(false, false);
    this.problems = contradictions.problems;
    contradictions.problems = known;
    return solved;
  }

  decided(pkg: number): -1 | 0 | 1 {
    const value = this.#search.valueOf(pkg);
    return value > 0 ? 1 : value < 0 ? -1 : 0;
  }
}
