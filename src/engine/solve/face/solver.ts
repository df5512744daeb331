import { compareText } from "../../../core/index.ts";
import type { PackageMetadata, Repository } from "../../../formats/rpmmd/index.ts";
import { addMetadata, dependencyId, Pool, systemPackage } from "../../pool/index.ts";
import { bringersOf, type RequestCandidates } from "../answer/reasons.ts";
import type { SolverJob, SolverResult } from "../jobs.ts";
import { parseCapability } from "../rich.ts";
import { runSolver } from "../run.ts";
import type { SolvedPackage, SolveProblem, SolveReason, SolveRequest, Solution } from "../types.ts";
import { problemsOf } from "./problems.ts";
import { malformedRequest, namesakes, readCapability } from "./request.ts";

/** A request to a solver whose repositories are set. */
export type SolverRequest = Omit<SolveRequest, "repositories" | "arch">;

/** Answers requests over fixed repositories; the indexes are made once. */
export interface Solver {
  solve(request: SolverRequest): Solution;
}

/** A solver for one architecture over repositories; on equal versions an earlier repository wins. Only `arch` and noarch packages count. */
export function createSolver(repositories: readonly Repository[], arch: string): Solver {
  return new RepositorySolver(repositories, arch);
}

/**
 * The packages to install so that every request, and every requirement of what is installed, is met: newest versions first, weak
 * dependencies added as far as they do no harm. Equal input gives an equal answer. Where there is none, `problems` say why.
 * Errors: `SOLVE_REQUEST_MALFORMED`, `SOLVE_TOO_LARGE`, `SOLVE_GAVE_UP`.
 */
export function solve(request: SolveRequest): Solution {
  return createSolver(request.repositories, request.arch).solve(request);
}

const mostProblems = 8;

class RepositorySolver implements Solver {
  readonly #repositories: readonly Repository[];
  readonly #pool: Pool;
  /** The packages as they were given, by number. */
  readonly #packages: (PackageMetadata | undefined)[] = [];
  #assumed = "";

  constructor(repositories: readonly Repository[], arch: string) {
    this.#repositories = repositories;
    const pool = new Pool(undefined, { archs: [arch] });
    // Packages that a request leaves out are forbidden then, not unknown.
    pool.providersWithDisabled = true;
    for (const { id, packages } of repositories) {
      const { index } = pool.addRepository({ id, priority: 0, subPriority: 0 });
      let pkg = addMetadata(pool, index, packages);
      for (const one of packages) this.#packages[pkg++] = one;
    }
    pool.prepare();
    this.#pool = pool;
  }

  solve(request: SolverRequest): Solution {
    const pool = this.#pool;
    this.#assume(request.assume ?? []);
    this.#leaveOut(request.exclude ?? []);
    const requests: (RequestCandidates & { readonly text: string })[] = [];
    const jobs: SolverJob[] = [];
    const narrow: SolverJob[] = [];
    for (const text of request.install) {
      const select = readCapability(pool, text);
      jobs.push({ action: "install", select });
      const own = select.kind === "provides" ? namesakes(pool, select.dependency) : [];
      narrow.push(
        own.length > 0
          ? { action: "install", select: { kind: "oneof", packages: own } }
          : { action: "install", select },
      );
      requests.push({
        text,
        packages: select.kind === "provides" ? pool.providersOf(select.dependency) : select.packages,
      });
    }
    const run = (of: readonly SolverJob[]): SolverResult =>
      runSolver(pool, of, {
        systemMeetsOnly: true,
        forbidRichSelfConflicts: true,
        ignoreRecommended: request.weak === false,
      });
    // A package of the very name first; whatever provides it where that cannot be.
    const isNarrow = narrow.some((job, index) => job.select.kind !== jobs[index]?.select.kind);
    const first = run(isNarrow ? narrow : jobs);
    const result = isNarrow && first.problems.length > 0 ? run(jobs) : first;
    if (result.problems.length > 0) {
      const problems = problemsOf(result, {
        repositories: this.#repositories,
        requestOf: (job) => request.install[job] ?? "",
        excluded: request.exclude ?? [],
      });
      return refusal(problems.slice(0, mostProblems));
    }
    return { schema: "weir/solution/1", install: this.#install(result, requests), problems: [] };
  }

  #assume(texts: readonly string[]): void {
    const pool = this.#pool;
    const ids = texts.map((text) => {
      const parsed = parseCapability(text);
      if (parsed?.kind !== "leaf") throw malformedRequest(text);
      return dependencyId(pool, { flags: 0, ...parsed.capability }, "provides");
    });
    const key = ids.join();
    if (key === this.#assumed) return;
    pool.columns.setList("provides", systemPackage, ids);
    pool.considered = undefined;
    pool.prepare();
    this.#assumed = key;
  }

  #leaveOut(names: readonly string[]): void {
    const pool = this.#pool;
    pool.considered = undefined;
    if (names.length === 0) return;
    const { columns } = pool;
    const out = new Set(names.map((name) => columns.strings.find(name)).filter((id) => id > 0));
    const considered = new Uint8Array(columns.count).fill(1);
    for (let pkg = systemPackage + 1; pkg < columns.count; pkg++)
      if (out.has(columns.name[pkg] as number)) considered[pkg] = 0;
    pool.considered = considered;
  }

  #install(
    result: SolverResult,
    requests: readonly (RequestCandidates & { readonly text: string })[],
  ): SolvedPackage[] {
    const pool = this.#pool;
    const { columns } = pool;
    const bringers = bringersOf(pool, new Set(result.packages), requests);
    const forced = new Map(result.decisions.map(({ literal, rule }) => [literal, rule]));
    const reasonOf = (pkg: number): SolveReason => {
      const bringer = bringers.get(pkg);
      if (bringer?.kind === "request") return { kind: "requested", request: requests[bringer.request]?.text ?? "" };
      if (bringer === undefined) {
        // Nothing asks for it by itself: it came in to meet a rule.
        const [info] = result.rules.infos(forced.get(pkg) ?? 0);
        const by = info === undefined || info.from === 0 ? "" : pool.nevra(info.from);
        const dependency = info === undefined ? "" : columns.dependencyText(info.dependency);
        return { kind: "required", by, dependency: info?.type === "conflicts" ? `not ${dependency}` : dependency };
      }
      return {
        kind: kinds[bringer.kind],
        by: bringer.by === 0 ? "" : pool.nevra(bringer.by),
        dependency: columns.dependencyText(bringer.dependency),
      };
    };
    const install = result.packages.map((pkg): SolvedPackage => {
      const given = this.#packages[pkg];
      if (given === undefined) throw new Error(`no package ${pkg}`);
      return {
        nevra: pool.nevra(pkg),
        repository: pool.repositories[columns.repository[pkg] as number]?.id ?? "",
        package: given,
        reason: reasonOf(pkg),
      };
    });
    return install.sort((a, b) => compareText(a.nevra, b.nevra));
  }
}

const kinds = { requires: "required", recommends: "recommended", supplements: "supplemented" } as const;

function refusal(problems: readonly SolveProblem[]): Solution {
  return { schema: "weir/solution/1", install: [], problems };
}
