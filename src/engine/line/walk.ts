import type { Skip } from "../../core/index.ts";
import type { Sandbox } from "../build/index.ts";
import type { RenderedComponent } from "../define/index.ts";
import type { BuiltNode } from "../build/index.ts";
import type { BuildPlan } from "../plan/index.ts";
import type { ComposeStage } from "./compose-stage.ts";
import { lazySandbox } from "./lazy-sandbox.ts";
import { StageBook } from "./stage-book.ts";
import {
  type Definition,
  type LineOptions,
  type LineTools,
  type StageName,
  stageNames,
  type StageSummary,
} from "./types.ts";

/** One distribution on its way through render, plan, build and compose. */
export interface Walked {
  readonly definition: Definition;
  readonly rendered: readonly RenderedComponent[];
  readonly plan: BuildPlan | undefined;
  readonly built: readonly BuiltNode[];
  readonly composed: ComposeStage | undefined;
}

/** One run over the line: what it works with, and what it has to say at the end. */
export class Walk {
  readonly tools: LineTools;
  readonly options: LineOptions;
  readonly sandbox: Sandbox;
  readonly stages: StageSummary[] = [];
  /** What could not be judged of the distribution. */
  readonly skips: Skip[] = [];
  /** What this machine cannot do: part of what is said of the run, not of the distribution. */
  readonly notices: Skip[] = [];

  constructor(tools: LineTools, options: LineOptions) {
    this.tools = tools;
    this.options = options;
    this.sandbox = lazySandbox(async () => {
      const chosen = await tools.chooseSandbox();
      this.notices.push(...chosen.notices);
      return chosen;
    });
  }

  /** Whether some stage was not up to date. */
  get worked(): boolean {
    return this.stages.some((stage) => stage.outcome !== "unchanged");
  }

  wants(stage: StageName): boolean {
    const { until } = this.options;
    return until === undefined || stageNames.indexOf(stage) <= stageNames.indexOf(until);
  }

  note(stage: string, ran: boolean, did: string, reason: string, look: string): void {
    const outcome = this.options.dryRun ? "planned" : "done";
    this.stages.push({ stage, outcome: ran ? outcome : "unchanged", did, reason, look });
  }

  book(out: string): StageBook {
    return new StageBook(out, this.tools.version);
  }
}

/** A number with its noun: `1 cycle`, `2 cycles`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
