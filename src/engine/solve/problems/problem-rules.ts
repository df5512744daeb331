import { systemPackage } from "../../pool/index.ts";
import type { RuleView, SolverProblem, SolverResult } from "../jobs.ts";

/** All rules behind a problem that are not learnt, each once, in the order they are met. */
export function problemRules(result: SolverResult, problem: SolverProblem): number[] {
  const { rules } = result;
  const seen = new Set<number>();
  const found: number[] = [];
  const open = [...problem.proof].reverse();
  for (let rule = open.pop(); rule !== undefined; rule = open.pop()) {
    if (seen.has(rule)) continue;
    seen.add(rule);
    if (rules.kind(rule) !== "learnt") found.push(rule);
    else open.push(...[...rules.learntFrom(rule)].reverse());
  }
  return found;
}

/** The first rule of each sort that a proof holds, 0 for none; of several requirements and conflicts the one that says most. */
interface Candidates {
  requirement: number;
  conflict: number;
  update: number;
  job: number;
  black: number;
  priority: number;
}

/**
 * The one rule that tells a problem best: a requirement before a conflict before what policies and jobs say. Which requirement it is follows
 * libsolv, so that messages of both can be compared: one that nothing can meet, else one of what a job asks for, else of what is installed.
 */
export function tellingRule(result: SolverResult, problem: SolverProblem): number {
  const found = candidates(result, problem.proof, new Set());
  const { requirement, conflict } = found;
  if (requirement !== 0 && conflict !== 0 && clashesWithInstalled(result, requirement, conflict)) return conflict;
  return requirement || conflict || found.black || found.priority || found.update || found.job;
}

function candidates(result: SolverResult, proof: readonly number[], seen: Set<number>): Candidates {
  const { rules } = result;
  const found = none();
  const nested = none();
  const asked = assertedByJob(rules, proof);
  const rank = { requirement: 0, conflict: 0 };
  for (const rule of proof) {
    const kind = rules.kind(rule);
    switch (kind) {
      case "learnt":
        if (seen.has(rule)) break;
        seen.add(rule);
        fill(nested, candidates(result, rules.learntFrom(rule), seen));
        break;
      case "job":
      case "infarch":
      case "distupgrade":
      case "best":
      case "yumobs":
        found.job ||= rule;
        break;
      case "update":
        found.update ||= rule;
        break;
      case "black":
        found.black ||= rule;
        break;
      case "strictrepopriority":
        found.priority ||= rule;
        break;
      default:
        takePackageRule(result, rule, asked, found, rank);
    }
  }
  fill(found, nested);
  return found;
}

function takePackageRule(
  result: SolverResult,
  rule: number,
  asked: number,
  found: Candidates,
  rank: { requirement: number; conflict: number },
): void {
  const { rules, pool } = result;
  const literals = rules.literals(rule);
  const [first = 0, second = 0] = literals;
  const isInstalled = (literal: number): boolean => literal < 0 && pool.isInstalled(-literal);
  if (literals.length === 2 && second < 0) {
    if (rank.conflict === 0 && first < 0 && (isInstalled(first) || isInstalled(second))) {
      found.conflict = rule;
      rank.conflict = 1;
    }
    found.conflict ||= rule;
    return;
  }
  if (literals.length === 1 && rank.requirement < 3) {
    if (found.requirement !== 0 && first < -systemPackage && otherArch(result, found.requirement, -first)) return;
    found.requirement = rule;
    rank.requirement = 3;
  } else if (asked !== 0 && first === -asked) {
    found.requirement = rule;
    rank.requirement = 2;
  } else if (rank.requirement <= 1 && isInstalled(first)) {
    found.requirement = rule;
    rank.requirement = 1;
  } else found.requirement ||= rule;
}

/** Whether the package of the requirement is of another architecture than one that is not noarch. */
function otherArch({ rules, pool }: SolverResult, requirement: number, pkg: number): boolean {
  const owner = -(rules.literals(requirement)[0] ?? 0);
  if (owner <= systemPackage) return false;
  const { arch, strings } = pool.columns;
  return arch[owner] !== arch[pkg] && strings.text(arch[pkg] as number) !== "noarch";
}

/** The package that a job alone asks for, 0 for none. */
function assertedByJob(rules: RuleView, proof: readonly number[]): number {
  for (const rule of proof) {
    if (rules.kind(rule) !== "job") continue;
    const literals = rules.literals(rule);
    if (literals.length === 1 && (literals[0] as number) > 0) return literals[0] as number;
  }
  return 0;
}

/** Whether a package that is not installed requires an installed one that it conflicts with: then the conflict says more. */
function clashesWithInstalled({ rules, pool }: SolverResult, requirement: number, conflict: number): boolean {
  const needs = rules.literals(requirement);
  const owner = -(needs[0] ?? 0);
  const [a = 0, b = 0] = rules.literals(conflict).map((literal) => -literal);
  if (owner <= 0 || a <= 0 || b <= 0) return false;
  const other = owner === a ? b : owner === b ? a : 0;
  if (other === 0 || !pool.isInstalled(other) || pool.isInstalled(owner)) return false;
  const { name } = pool.columns;
  return name[a] !== name[b] && needs.includes(other);
}

function none(): Candidates {
  return { requirement: 0, conflict: 0, update: 0, job: 0, black: 0, priority: 0 };
}

function fill(found: Candidates, other: Candidates): void {
  found.requirement ||= other.requirement;
  found.conflict ||= other.conflict;
  found.update ||= other.update;
  found.job ||= other.job;
  found.black ||= other.black;
  found.priority ||= other.priority;
}
