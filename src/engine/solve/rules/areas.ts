import type { DependencyId } from "../../../formats/rpmmd/index.ts";
import type { RuleKind } from "../jobs.ts";

/** Rules of one kind lie together, from a number up to, not with, another. */
export interface RuleArea {
  from: number;
  to: number;
}

/** Where the rules of each kind lie, in this order, and what is known about single ones. */
export interface RuleAreas {
  readonly package: RuleArea;
  /** One rule for each number between the first and the last installed package, empty for what has none. */
  readonly feature: RuleArea;
  /** Likewise. */
  readonly update: RuleArea;
  readonly job: RuleArea;
  readonly infarch: RuleArea;
  readonly distupgrade: RuleArea;
  readonly best: RuleArea;
  readonly yumobs: RuleArea;
  readonly black: RuleArea;
  readonly recommends: RuleArea;
  readonly strictrepopriority: RuleArea;
  readonly choice: RuleArea;
  /** Index of the job of each job rule. */
  readonly jobOf: number[];
  /** For each best rule: the installed package it updates, or minus the job rule it is for. The former begin at `bestUpdates`. */
  readonly bestFor: number[];
  bestUpdates: number;
  readonly yumobsFor: DependencyId[];
  /** The package rules that choice and recommends rules were made of. */
  readonly choiceOf: number[];
  readonly recommendsOf: number[];
  /** Package rules made of recommends. */
  recommended: number[];
  /** Rules to be given up rather than be a problem. */
  readonly weak: Set<number>;
  /** Package rules of orphans that are turned off. */
  brokenOrphans: number[];
}

export function emptyAreas(): RuleAreas {
  const area = (): RuleArea => ({ from: 0, to: 0 });
  return {
    package: area(),
    feature: area(),
    update: area(),
    job: area(),
    infarch: area(),
    distupgrade: area(),
    best: area(),
    yumobs: area(),
    black: area(),
    recommends: area(),
    strictrepopriority: area(),
    choice: area(),
    jobOf: [],
    bestFor: [],
    bestUpdates: 0,
    yumobsFor: [],
    choiceOf: [],
    recommendsOf: [],
    recommended: [],
    weak: new Set(),
    brokenOrphans: [],
  };
}

const kinds = [
  "package",
  "feature",
  "update",
  "job",
  "infarch",
  "distupgrade",
  "best",
  "yumobs",
  "black",
  "recommends",
  "strictrepopriority",
  "choice",
] as const satisfies readonly RuleKind[];

export function inArea(area: RuleArea, rule: number): boolean {
  return rule >= area.from && rule < area.to;
}

/** The kind of a rule. */
export function kindOf(areas: RuleAreas, rule: number): RuleKind {
  for (const kind of kinds) if (inArea(areas[kind], rule)) return kind;
  return "learnt";
}
