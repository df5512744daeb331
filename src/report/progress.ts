import { cleanText, type ProgressSink } from "../core/index.ts";
import { endLine, RunningSteps } from "./progress-steps.ts";

export interface ProgressRenderer {
  readonly sink: ProgressSink;
  /** Leaves the terminal clean; call once at the end. Events that come later are not shown. */
  close(): void;
}

/** Events as JSON, one a line. */
export function jsonProgress(write: (text: string) => void): ProgressRenderer {
  return {
    sink: (event) => {
      write(
        `${JSON.stringify(event, (_, value: unknown) => (typeof value === "string" ? cleanText(value) : value))}\n`,
      );
    },
    close: () => undefined,
  };
}

/** One line for each step when it ends (and when a top one starts): for logs. */
export function plainProgress(write: (text: string) => void, verbose = false): ProgressRenderer {
  const steps = new RunningSteps();
  return {
    sink(event) {
      const step = steps.take(event, 0);
      if (event.type === "start" && step.depth === 0) write(`… ${step.title}\n`);
      if (event.type === "end" && (step.depth <= 1 || verbose || event.outcome === "failed")) {
        write(`${endLine(step, event)}\n`);
      }
    },
    close: () => undefined,
  };
}
