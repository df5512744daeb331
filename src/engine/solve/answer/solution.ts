import { compareText } from "../../../core/index.ts";
import type { Pool } from "../../pool/index.ts";
import type { SolverResult } from "../jobs.ts";
import { type Bringer, bringersOf, type RequestCandidates } from "./reasons.ts";
import type { AnswerChange, AnswerPackage, AnswerProblem, AnswerReason, SolutionDocument } from "./types.ts";

/** A request: its words, and the packages that meet it. */
export interface AnswerRequest extends RequestCandidates {
  readonly text: string;
}

export interface AnswerParts {
  readonly arch: string;
  readonly requests: readonly AnswerRequest[];
  readonly repositories: SolutionDocument["repositories"];
  readonly problems: readonly AnswerProblem[];
}

/** A solver's result as `weir/solution/1`. With problems nothing is to be installed. */
export function solutionDocument(result: SolverResult, parts: AnswerParts): SolutionDocument {
  const { pool } = result;
  const solved = parts.problems.length === 0;
  const install = solved ? installOf(result, parts.requests) : [];
  return {
    schema: "weir/solution/1",
    arch: parts.arch,
    requests: parts.requests.map((request) => request.text),
    repositories: parts.repositories,
    install,
    changes: solved ? changesOf(pool, result) : [],
    totals: {
      packages: install.length,
      size: install.reduce((sum, item) => sum + item.size, 0),
      installedSize: install.reduce((sum, item) => sum + item.installedSize, 0),
    },
    problems: parts.problems,
  };
}

function installOf(result: SolverResult, requests: readonly AnswerRequest[]): AnswerPackage[] {
  const { pool } = result;
  const { columns } = pool;
  const bringers = bringersOf(pool, new Set(result.packages), requests);
  const replaced = new Map<number, number>();
  for (const step of result.steps)
    if (step.other !== 0 && step.type !== "obsolete") replaced.set(step.other, step.package);
  const install: AnswerPackage[] = [];
  const names = new Map<number, string>();
  const nevra = (pkg: number): string => {
    let text = names.get(pkg);
    if (text === undefined) {
      text = pool.nevra(pkg);
      names.set(pkg, text);
    }
    return text;
  };
  for (const pkg of result.packages) {
    if (pool.isInstalled(pkg)) continue;
    install.push({
      nevra: nevra(pkg),
      repo: pool.repositories[columns.repository[pkg] as number]?.id ?? "",
      reason: reasonOf(pool, bringers.get(pkg), replaced.get(pkg), requests, nevra),
      size: columns.packageSize[pkg] as number,
      installedSize: columns.installedSize[pkg] as number,
    });
  }
  return install.sort((a, b) => compareText(a.nevra, b.nevra));
}

const reasonKinds = { requires: "required", recommends: "recommended", supplements: "supplemented" } as const;

function reasonOf(
  pool: Pool,
  bringer: Bringer | undefined,
  replaces: number | undefined,
  requests: readonly AnswerRequest[],
  nevra: (pkg: number) => string,
): AnswerReason {
  if (bringer?.kind === "request") return { kind: "requested", request: requests[bringer.request]?.text ?? "" };
  if (replaces !== undefined) return { kind: "replaces", by: nevra(replaces) };
  if (bringer === undefined) return { kind: "chosen" };
  return {
    kind: reasonKinds[bringer.kind],
    by: bringer.by === 0 ? "" : nevra(bringer.by),
    dependency: pool.columns.dependencyText(bringer.dependency),
  };
}

function changesOf(pool: Pool, result: SolverResult): AnswerChange[] {
  const changes: AnswerChange[] = [];
  for (const { type, package: pkg, other } of result.steps) {
    if (type === "install" || type === "multiinstall") continue;
    const kind = type === "erase" ? "remove" : type;
    changes.push({ nevra: pool.nevra(pkg), to: other === 0 ? "" : pool.nevra(other), kind });
  }
  return changes.sort((a, b) => compareText(a.nevra, b.nevra) || compareText(a.to, b.to));
}
