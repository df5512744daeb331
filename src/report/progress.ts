import { cleanText, type Outcome, type ProgressEvent, type ProgressSink } from "../core/index.ts";
import type { Style } from "./style.ts";

export interface ProgressRenderer {
  readonly sink: ProgressSink;
  /** Leaves the terminal clean; call once at the end. */
  close(): void;
}

const marks: Record<Outcome, string> = { done: "✓", unchanged: "=", skipped: "-", failed: "✗" };

interface Step {
  readonly title: string;
  readonly parent: number;
  readonly depth: number;
  readonly total: number | undefined;
  readonly start: number;
  done: number;
  note: string;
  outcome: Outcome | undefined;
}

/** Events as JSON, one a line. */
export function jsonProgress(write: (text: string) => void): ProgressRenderer {
  return { sink: (event) => write(`${JSON.stringify(event)}\n`), close: () => undefined };
}

/** One line for each step when it ends (and when a top one starts): for logs. */
export function plainProgress(write: (text: string) => void, verbose = false): ProgressRenderer {
  const steps = new Map<number, Step>();
  return {
    sink(event) {
      const step = track(steps, event, 0);
      if (event.type === "start" && step.depth === 0) write(`… ${cleanText(step.title)}\n`);
      if (event.type === "end" && (step.depth <= 1 || verbose || event.outcome === "failed")) {
        write(`${endLine(step, event)}\n`);
      }
    },
    close: () => undefined,
  };
}

/** A tree that repaints itself: ended steps scroll away above, running ones stay below with a bar or a note. */
export function liveProgress(
  terminal: { write(text: string): unknown; columns?: number },
  style: Style,
  now: () => number = () => performance.now(),
): ProgressRenderer {
  const steps = new Map<number, Step>();
  let painted = 0;
  const clear = () => {
    if (painted > 0) terminal.write(`\u001b[${painted}A\u001b[0J`);
    painted = 0;
  };
  const paint = () => {
    const width = Math.max(20, (terminal.columns ?? 80) - 1);
    const running = [...steps.values()].filter((step) => step.outcome === undefined);
    const lines = running.slice(0, 12).map((step) => fit(runningLine(step, now()), width));
    if (lines.length > 0) terminal.write(`${lines.map((line) => style.cyan(line)).join("\n")}\n`);
    painted = lines.length;
  };
  const timer = setInterval(() => {
    clear();
    paint();
  }, 200);
  timer.unref();
  return {
    sink(event) {
      const step = track(steps, event, now());
      if (event.type !== "end") return;
      clear();
      if (step.depth <= 1 || event.outcome === "failed")
        terminal.write(`${colour(style, event.outcome)(endLine(step, event))}\n`);
      paint();
    },
    close() {
      clearInterval(timer);
      clear();
    },
  };
}

function track(steps: Map<number, Step>, event: ProgressEvent, at: number): Step {
  if (event.type === "start") {
    const depth = event.parent === 0 ? 0 : (steps.get(event.parent)?.depth ?? -1) + 1;
    const step = {
      title: event.title,
      parent: event.parent,
      depth,
      total: event.total,
      start: at,
      done: 0,
      note: "",
      outcome: undefined,
    };
    steps.set(event.id, step);
    return step;
  }
  const step = steps.get(event.id);
  if (!step) throw new Error(`progress event for unknown step ${event.id}`);
  if (event.type === "update") {
    step.done = event.done ?? step.done;
    step.note = event.note ?? step.note;
  } else {
    step.outcome = event.outcome;
    steps.delete(event.id);
  }
  return step;
}

function endLine(step: Step, event: Extract<ProgressEvent, { type: "end" }>): string {
  const note = event.note === undefined ? "" : ` — ${event.note}`;
  return cleanText(
    `${"  ".repeat(step.depth)}${marks[event.outcome]} ${step.title} (${seconds(event.milliseconds)})${note}`,
  );
}

function runningLine(step: Step, now: number): string {
  const bar = step.total ? ` ${progressBar(step.done / step.total)} ${step.done}/${step.total}` : "";
  const note = step.note === "" ? "" : ` ${step.note}`;
  return cleanText(`${"  ".repeat(step.depth)}• ${step.title}${bar}${note} ${seconds(now - step.start)}`);
}

function progressBar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * 16);
  return `[${"#".repeat(full)}${".".repeat(16 - full)}]`;
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function fit(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

function colour(style: Style, outcome: Outcome): (text: string) => string {
  if (outcome === "failed") return style.red;
  return outcome === "done" ? style.green : style.dim;
}
