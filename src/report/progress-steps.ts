import type { Outcome, ProgressEvent } from "../core/index.ts";
import { oneLine } from "./text.ts";

/** A step that runs. */
export interface RunningStep {
  readonly id: number;
  readonly title: string;
  /** 0 for the topmost. */
  readonly depth: number;
  readonly total: number | undefined;
  readonly start: number;
  done: number;
  note: string;
}

const marks: Record<Outcome, string> = { done: "✓", unchanged: "=", skipped: "-", failed: "✗" };

/** Follows events and knows the steps that run, in the order in which they started. */
export class RunningSteps {
  readonly #steps = new Map<number, RunningStep>();
  /** Of every step that ever started: the one above it, and how deep it is. */
  readonly #places = new Map<number, { readonly parent: number; readonly depth: number }>();

  /** Takes an event in; gives the step that it is about, ended or not. */
  take(event: ProgressEvent, at: number): RunningStep {
    if (event.type === "start") {
      const depth = (this.#places.get(event.parent)?.depth ?? -1) + 1;
      this.#places.set(event.id, { parent: event.parent, depth });
      const step: RunningStep = {
        id: event.id,
        title: oneLine(event.title),
        depth,
        total: event.total,
        start: at,
        done: 0,
        note: "",
      };
      this.#steps.set(event.id, step);
      return step;
    }
    const step = this.#steps.get(event.id);
    if (!step) throw new Error(`progress event for unknown step ${event.id}`);
    if (event.type === "end") this.#steps.delete(event.id);
    else {
      step.done = event.done ?? step.done;
      if (event.note !== undefined) step.note = oneLine(event.note);
    }
    return step;
  }

  /** The steps that run, each below the nearest one above it that still runs, else in the order in which they started. */
  tree(): RunningStep[] {
    const below = new Map<number, RunningStep[]>();
    for (const step of this.#steps.values()) {
      const parent = this.#runningAbove(step.id);
      const beside = below.get(parent);
      if (beside === undefined) below.set(parent, [step]);
      else beside.push(step);
    }
    const visit = (parent: number): RunningStep[] =>
      (below.get(parent) ?? []).flatMap((step) => [step, ...visit(step.id)]);
    return visit(0);
  }

  #runningAbove(id: number): number {
    let above = this.#places.get(id)?.parent ?? 0;
    while (above !== 0 && !this.#steps.has(above)) above = this.#places.get(above)?.parent ?? 0;
    return above;
  }
}

/** What a step leaves behind when it ends, on one line. */
export function endLine(step: RunningStep, event: Extract<ProgressEvent, { type: "end" }>): string {
  const note = event.note === undefined ? "" : ` — ${oneLine(event.note)}`;
  return `${"  ".repeat(step.depth)}${marks[event.outcome]} ${step.title} (${duration(event.milliseconds)})${note}`;
}

/** `340 ms`, `4.2 s`, `3 min 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  return wholeSeconds(milliseconds);
}

/** `4 s`, `3 min 05 s`. */
export function wholeSeconds(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000 + 0.05);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
