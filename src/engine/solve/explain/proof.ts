import { systemPackage } from "../../pool/index.ts";
import type { RuleInfo, RuleKind, RuleView } from "../jobs.ts";

/** A rule of a contradiction: one of its literals must come true. */
export interface ProofClause {
  readonly rule: number;
  readonly kind: RuleKind;
  readonly literals: readonly number[];
  /** What it means, the most telling first. */
  readonly info: RuleInfo;
}

/** How a package came to be wanted or ruled out. */
export interface ProofStep {
  /** True: has to be installed; false: cannot be. */
  readonly value: boolean;
  /** The clause that left nothing else. */
  readonly clause: ProofClause | undefined;
  /** Ruled out because assuming it ends in this contradiction. */
  readonly cases: Contradiction | undefined;
  /** Supposed, to see where that leads. */
  readonly assumed: boolean;
}

/** Steps by package; those of the scope around it hold as well. */
export interface ProofScope {
  readonly steps: Map<number, ProofStep>;
  readonly within: ProofScope | undefined;
}

/** What follows from the clauses one after the other, up to a clause that nothing can meet any more. */
export interface Contradiction extends ProofScope {
  readonly clause: ProofClause;
}

/** The step about a package, here or around. */
export function stepOf(scope: ProofScope, pkg: number): ProofStep | undefined {
  for (let at: ProofScope | undefined = scope; at !== undefined; at = at.within) {
    const step = at.steps.get(pkg);
    if (step !== undefined) return step;
  }
  return undefined;
}

const mostDepth = 10;
const mostVisits = 4_000_000;

/** The clauses behind a problem, learnt ones left out since they follow from the others; what no job is behind comes first. */
export function proofClauses(rules: RuleView, proof: readonly number[]): ProofClause[] {
  const clauses: ProofClause[] = [];
  for (const rule of new Set(proof)) {
    const kind = rules.kind(rule);
    if (kind === "learnt") continue;
    const [info] = rules.infos(rule);
    const meaning: RuleInfo = info ?? { type: kind === "package" ? "requires" : kind, from: 0, to: 0, dependency: 0 };
    // The system is always there: it stands in clauses that nothing can meet.
    const all = rules.literals(rule);
    if (all.includes(systemPackage)) continue;
    const literals = all.filter((literal) => literal !== -systemPackage);
    clauses.push({ rule, kind, literals, info: meaning });
  }
  const rank = (clause: ProofClause) => (clause.kind === "package" ? 0 : clause.kind === "job" ? 2 : 1);
  return clauses.sort((a, b) => rank(a) - rank(b) || a.rule - b.rule);
}

/**
 * Shows anew that clauses contradict each other, in steps that can be told: first what follows from the packages alone, then from what is
 * asked for; where nothing follows, a package is supposed and refuted. Undefined where they do not contradict, or not within bounds.
 */
export function derive(clauses: readonly ProofClause[]): Contradiction | undefined {
  return new Derivation(clauses).run();
}

class Derivation {
  readonly #clauses: readonly ProofClause[];
  readonly #byLiteral = new Map<number, number[]>();
  readonly #value = new Map<number, boolean>();
  #visits = 0;
  /** What is asked for waits until all is known that follows from the packages. */
  #jobsToo = false;

  constructor(clauses: readonly ProofClause[]) {
    this.#clauses = clauses;
    for (const [index, clause] of clauses.entries()) {
      for (const literal of clause.literals) {
        const list = this.#byLiteral.get(literal);
        if (list === undefined) this.#byLiteral.set(literal, [index]);
        else list.push(index);
      }
    }
  }

  run(): Contradiction | undefined {
    const steps = new Map<number, ProofStep>();
    const queue: number[] = [];
    for (const clause of this.#clauses) {
      if (clause.kind !== "package") this.#jobsToo = true;
      const found = this.#look(clause, steps, queue) ?? this.#spread(steps, queue);
      if (found !== undefined) return { steps, within: undefined, clause: found };
    }
    return this.#split({ steps, within: undefined }, 0);
  }

  /** Takes the clause's last open literal; gives the clause where none can be met. */
  #look(clause: ProofClause, steps: Map<number, ProofStep>, queue: number[]): ProofClause | undefined {
    let open = 0;
    this.#visits += clause.literals.length;
    for (const literal of clause.literals) {
      const value = this.#value.get(Math.abs(literal));
      if (value === undefined) {
        if (open !== 0 && open !== literal) return undefined;
        open = literal;
      } else if (value === literal > 0) return undefined;
    }
    if (open === 0) return clause;
    this.#set(open, { value: open > 0, clause, cases: undefined, assumed: false }, steps, queue);
    return undefined;
  }

  #set(literal: number, step: ProofStep, steps: Map<number, ProofStep>, queue: number[]): void {
    this.#value.set(Math.abs(literal), literal > 0);
    steps.set(Math.abs(literal), step);
    queue.push(literal);
  }

  #spread(steps: Map<number, ProofStep>, queue: number[]): ProofClause | undefined {
    for (let next = 0; next < queue.length; next++) {
      for (const index of this.#byLiteral.get(-(queue[next] as number)) ?? []) {
        const clause = this.#clauses[index] as ProofClause;
        if (!this.#jobsToo && clause.kind !== "package") continue;
        const found = this.#look(clause, steps, queue);
        if (found !== undefined) return found;
      }
    }
    queue.length = 0;
    return undefined;
  }

  #split(here: ProofScope, depth: number): Contradiction | undefined {
    if (depth >= mostDepth) return undefined;
    while (this.#visits < mostVisits) {
      const literal = this.#choose();
      if (literal === undefined) return undefined;
      const inner = { steps: new Map<number, ProofStep>(), within: here };
      const queue: number[] = [];
      this.#set(
        literal,
        { value: literal > 0, clause: undefined, cases: undefined, assumed: true },
        inner.steps,
        queue,
      );
      const found = this.#spread(inner.steps, queue);
      const cases: Contradiction | undefined =
        found === undefined ? this.#split(inner, depth + 1) : { ...inner, clause: found };
      for (const pkg of inner.steps.keys()) this.#value.delete(pkg);
      if (cases === undefined) return undefined;
      queue.length = 0;
      this.#set(-literal, { value: literal < 0, clause: undefined, cases, assumed: false }, here.steps, queue);
      const end = this.#spread(here.steps, queue);
      if (end !== undefined) return { ...here, clause: end };
    }
    return undefined;
  }

  /** A literal of the clause with the fewest ways left, its first one; positive ways, since a package is easier to suppose than its absence. */
  #choose(): number | undefined {
    let best: number | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const clause of this.#clauses) {
      let open = 0;
      let first = 0;
      let met = false;
      let negative = 0;
      for (const literal of clause.literals) {
        const value = this.#value.get(Math.abs(literal));
        if (value === undefined) {
          open++;
          if (literal < 0) negative++;
          else if (first === 0) first = literal;
        } else if (value === literal > 0) met = true;
      }
      this.#visits += clause.literals.length;
      if (met || open === 0) continue;
      const weight = open + (negative > 0 ? 1000 : 0);
      if (weight >= fewest) continue;
      fewest = weight;
      best = first !== 0 ? first : clause.literals.find((literal) => !this.#value.has(Math.abs(literal)));
    }
    return best;
  }
}
