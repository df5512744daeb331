import { compareText } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import { explain } from "./explain.ts";
import type { Capabilities, Formula } from "./formula.ts";
import { overlaps } from "./match.ts";
import { Pool } from "./pool.ts";
import { collectReasons } from "./reasons.ts";
import { malformedRequest, requestFormula } from "./request.ts";
import { type Capability, parseCapability } from "./rich.ts";
import { Rules } from "./rules.ts";
import { positive } from "./sat.ts";
import { Search } from "./search.ts";
import type { SolvedPackage, SolveProblem, SolveRequest, Solution } from "./types.ts";
import { chooseWeak, type WeakChoice } from "./weak.ts";

/** A request to a solver whose repositories are set. */
export type SolverRequest = Omit<SolveRequest, "repositories" | "arch">;

/** Answers requests over fixed repositories; the indexes are made once. */
export interface Solver {
  readonly pool: Pool;
  solve(request: SolverRequest): Solution;
}

const mostProblems = 8;

/** A solver for one architecture over repositories; on equal versions an earlier repository wins. Only `arch` and noarch packages count. */
export function createSolver(repositories: readonly Repository[], arch: string): Solver {
  const pool = new Pool(repositories, (candidate) => candidate === arch || candidate === "noarch");
  return { pool, solve: (request) => solveIn(pool, request) };
}

/**
 * The packages to install so that every request, and every requirement of what is installed, is met: newest versions first, weak
 * dependencies added as far as they do no harm. Equal input gives an equal answer. Where there is none, `problems` say why.
 * Errors: `SOLVE_REQUEST_MALFORMED`, `SOLVE_TOO_LARGE`, `SOLVE_GAVE_UP`.
 */
export function solve(request: SolveRequest): Solution {
  return createSolver(request.repositories, request.arch).solve(request);
}

function solveIn(pool: Pool, request: SolverRequest): Solution {
  const context: Capabilities = { pool, assumed: assumptions(request.assume ?? []) };
  const wishes = request.install.map((text) => requestFormula(text, context));
  const problems: SolveProblem[] = [];
  let open = wishes.map((_, index) => index);
  while (problems.length < mostProblems) {
    const attempt = new Attempt(context, request, wishes, open);
    const failed = attempt.run();
    if (failed === undefined) return problems.length > 0 ? refusal(problems) : attempt.solution();
    problems.push(...failed.problems);
    open = open.filter((index) => !failed.requests.has(index));
    if (open.length === 0 || failed.requests.size === 0) break;
  }
  return refusal(problems);
}

function refusal(problems: readonly SolveProblem[]): Solution {
  return { schema: "weir/solution/1", install: [], problems };
}

function assumptions(texts: readonly string[]): (capability: Capability) => boolean {
  const byName = new Map<string, Capability[]>();
  for (const text of texts) {
    const parsed = parseCapability(text);
    if (parsed?.kind !== "leaf") throw malformedRequest(text);
    const { capability } = parsed;
    byName.set(capability.name, [...(byName.get(capability.name) ?? []), capability]);
  }
  return (capability) => byName.get(capability.name)?.some((known) => overlaps(known, capability)) ?? false;
}

interface Failure {
  readonly problems: readonly SolveProblem[];
  /** What the problems are about; another try leaves these out. */
  readonly requests: ReadonlySet<number>;
}

class Attempt {
  readonly #context: Capabilities;
  readonly #request: SolverRequest;
  readonly #wishes: readonly Formula[];
  readonly #open: readonly number[];
  readonly #rules: Rules;
  readonly #selectors = new Map<number, number>();
  #weak: readonly WeakChoice[] = [];
  readonly #search: Search;

  constructor(context: Capabilities, request: SolverRequest, wishes: readonly Formula[], open: readonly number[]) {
    this.#context = context;
    this.#request = request;
    this.#wishes = wishes;
    this.#open = open;
    this.#rules = new Rules(context, new Set(request.exclude ?? []));
    this.#search = new Search(this.#rules);
  }

  run(): Failure | undefined {
    const rules = this.#rules;
    const sat = rules.sat;
    for (const index of this.#open) {
      const wish = this.#wishes[index] as Formula;
      this.#selectors.set(index, rules.demand(wish, { kind: "request", request: index }));
    }
    sat.settle();
    const impossible = this.#open.filter((index) => sat.value(positive(this.#selectors.get(index) ?? 0)) < 0);
    if (impossible.length > 0) {
      const problems = impossible.map((index) => {
        const core = sat.coreOf(positive(this.#selectors.get(index) ?? 0));
        return this.#explain(core);
      });
      return { problems, requests: new Set(impossible) };
    }
    for (const index of this.#open) {
      rules.fact(positive(this.#selectors.get(index) ?? 0), { kind: "request", request: index });
    }
    if (!this.#search.run()) {
      const core = sat.core();
      return { problems: [this.#explain(core)], requests: this.#requestsOf(core) };
    }
    sat.keep();
    if (this.#request.weak !== false) {
      this.#weak = chooseWeak(rules, this.#context, (variable) => this.#search.tryTo(variable));
    }
    return undefined;
  }

  solution(): Solution {
    const { pool } = this.#context;
    const requests = this.#open.map((index) => ({
      text: this.#request.install[index] as string,
      formula: this.#wishes[index] as Formula,
    }));
    const reasons = collectReasons(pool, this.#rules, requests, this.#weak);
    const install = [...reasons].map(
      ([index, reason]): SolvedPackage => ({
        nevra: pool.nevra(index),
        repository: pool.repository(index).id,
        package: pool.package(index),
        reason,
      }),
    );
    install.sort((a, b) => compareText(a.nevra, b.nevra));
    return { schema: "weir/solution/1", install, problems: [] };
  }

  #requestsOf(core: ReadonlySet<number>): Set<number> {
    const requests = new Set<number>();
    for (const index of core) {
      const origin = this.#rules.origins[index];
      if (origin?.kind === "request") requests.add(origin.request);
    }
    return requests;
  }

  #explain(core: ReadonlySet<number>): SolveProblem {
    const origins = [...core].sort((a, b) => a - b).map((index) => this.#rules.origins[index]);
    return explain(
      this.#context,
      this.#rules,
      origins.filter((origin) => origin !== undefined),
      (index) => ({ text: this.#request.install[index] as string, formula: this.#wishes[index] as Formula }),
    );
  }
}
