import type { Policy } from "../search/policy.ts";
import { isIllegal, updateLiterals } from "./updates.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Adds weak rules for requirements that installed packages, or updates of them, can meet as well as others: rather these, so that an
 * update does not bring something new in the place of what is there.
 */
export function addChoiceRules(work: Workspace, policy: Policy): void {
  const { clauses, areas } = work;
  areas.choice.from = clauses.count;
  if (work.installed >= 0) {
    const maker = new ChoiceRules(work, policy);
    for (let rule = areas.package.from; rule < areas.package.to; rule++) maker.add(rule);
  }
  areas.choice.to = clauses.count;
}

interface Candidate {
  /** The installed package that it is, or that it updates. */
  installed: number;
  readonly pkg: number;
}

class ChoiceRules {
  readonly #work: Workspace;
  readonly #policy: Policy;
  readonly #checksDowngrades: boolean;
  /** Packages that infarch and distribution upgrade rules keep out. */
  readonly #out = new Set<number>();
  #lastAdded: readonly number[] = [];
  #checked: { readonly pkg: number; readonly all: number[]; best: number[] | undefined } | undefined;

  constructor(work: Workspace, policy: Policy) {
    this.#work = work;
    this.#policy = policy;
    const dup = work.dupInvolvedAll || work.dupInvolved !== undefined;
    this.#checksDowngrades = work.settings.allowDowngrade || (dup && work.settings.dupAllowDowngrade);
    const { clauses, areas } = work;
    for (const area of [areas.infarch, areas.distupgrade]) {
      for (let rule = area.from; rule < area.to; rule++)
        if (clauses.lengthOf(rule) === 1 && clauses.first(rule) < 0) this.#out.add(-clauses.first(rule));
    }
  }

  add(rule: number): void {
    const work = this.#work;
    const { clauses, areas } = work;
    const start = clauses.start[rule] as number;
    const end = clauses.end[rule] as number;
    const first = clauses.literals[start] as number;
    if (first >= 0 || end - start < 2 || (end - start === 2 && (clauses.literals[start + 1] as number) <= 0)) return;
    const literals = clauses.literalsOf(rule);
    let isKept = false;
    let hasChoice = false;
    let found: Candidate[] = [];
    for (const literal of literals) {
      if (literal < 0) {
        if (work.isInstalled(-literal) && !work.isUpdated(-literal)) isKept = true;
        continue;
      }
      if (literal < 2) continue;
      if (work.isInstalled(literal)) {
        found.push({ installed: literal, pkg: literal });
        continue;
      }
      const installed = this.#updatedBy(literal);
      if (installed === 0) hasChoice = true;
      else if (!this.#out.has(literal) && !isIllegal(work, installed, literal)) found.push({ installed, pkg: literal });
    }
    if (!hasChoice || found.length === 0) return;
    const positive = new Set(literals.filter((literal) => literal > 0));
    if (!isKept) found = found.filter((candidate) => this.#stillProvides(candidate, positive));
    if (found.length === 0) return;
    const needed = new Set(found.map((candidate) => candidate.installed));
    const updatesMeet = [...needed].every((installed) =>
      updateLiterals(work, installed).every((literal) => positive.has(literal)),
    );
    if (updatesMeet) return;
    const made = [...literals.filter((literal) => literal < 0), ...found.map((candidate) => candidate.pkg)];
    if (made.length === this.#lastAdded.length && made.every((literal, at) => literal === this.#lastAdded[at])) return;
    this.#lastAdded = made;
    areas.weak.add(clauses.add(made));
    areas.choiceOf.push(rule);
  }

  /** Whether an update or downgrade of the installed package would still meet the requirement. */
  #stillProvides({ installed, pkg }: Candidate, positive: ReadonlySet<number>): boolean {
    const work = this.#work;
    const isDowngrade = this.#checksDowngrades && work.sameName(installed, pkg) && work.compareEvr(installed, pkg) > 0;
    if (!isDowngrade && !work.isUpdated(installed)) return true;
    if (this.#checked?.pkg !== installed) {
      const all = updateLiterals(work, installed).filter((literal) => literal > 0);
      this.#checked = { pkg: installed, all, best: undefined };
    }
    const { all } = this.#checked;
    if (all.length === 0) return true;
    if (all.length === 1) return positive.has(all[0] as number);
    if (this.#checked.best === undefined) {
      if (all.every((other) => positive.has(other))) return true;
      this.#checked.best = this.#policy.filter(all, "choose");
    }
    return this.#checked.best.some((other) => positive.has(other));
  }

  /** The installed package that a package updates, 0 for none. */
  #updatedBy(pkg: number): number {
    const work = this.#work;
    const { pool, settings, columns } = work;
    const from = pool.whatProvides(columns.name[pkg] as number);
    const lists = pool.providerLists;
    for (let at = from; lists[at] !== 0; at++) {
      const other = lists[at] as number;
      if (!work.isInstalled(other)) continue;
      if (!settings.implicitObsoleteUsesProvides && !work.sameName(pkg, other)) continue;
      if (settings.implicitObsoleteUsesColours && !work.coloursMeet(pkg, other)) continue;
      return other;
    }
    for (const dependency of pool.dependencies(pkg, "obsoletes")) {
      for (const other of pool.providersOf(dependency))
        if (work.isInstalled(other) && work.obsoletes(pkg, other, dependency)) return other;
    }
    return 0;
  }
}
