/** One step of work: shows itself, may hold steps, ends once. Steps know nothing of how they are shown. */
export interface Progress {
  /** Starts a step below this one. `total` (a count) makes a bar possible. */
  step(title: string, total?: number): Progress;
  /** Sets how far a counted step is, or what it does just now. */
  update(change: { readonly done?: number; readonly note?: string }): void;
  /** Ends the step. */
  end(outcome: Outcome, note?: string): void;
}

export type Outcome = "done" | "unchanged" | "skipped" | "failed";

/** What happened to a step, in order; a sink turns these into a live tree, plain lines or JSON lines. */
export type ProgressEvent =
  | {
      readonly type: "start";
      readonly id: number;
      readonly parent: number;
      readonly title: string;
      readonly total?: number;
    }
  | { readonly type: "update"; readonly id: number; readonly done?: number; readonly note?: string }
  | {
      readonly type: "end";
      readonly id: number;
      readonly outcome: Outcome;
      readonly milliseconds: number;
      readonly note?: string;
    };

export type ProgressSink = (event: ProgressEvent) => void;

/** A progress whose events go to `sink`. The root has id 0 and emits no events of its own. */
export function createProgress(sink: ProgressSink, now: () => number = () => performance.now()): Progress {
  let next = 1;
  const make = (id: number, start: number): Progress => {
    let ended = false;
    return {
      step(title, total) {
        const child = next++;
        sink({ type: "start", id: child, parent: id, title, ...(total === undefined ? {} : { total }) });
        return make(child, now());
      },
      update(change) {
        if (!ended && id !== 0) sink({ type: "update", id, ...change });
      },
      end(outcome, note) {
        if (ended || id === 0) return;
        ended = true;
        sink({
          type: "end",
          id,
          outcome,
          milliseconds: Math.round(now() - start),
          ...(note === undefined ? {} : { note }),
        });
      },
    };
  };
  return make(0, 0);
}

/** Shows nothing. */
export const silentProgress: Progress = createProgress(() => undefined);

/** Runs work as a step that ends as `done`, or as `failed` when the work throws. */
export async function withStep<T>(parent: Progress, title: string, work: (step: Progress) => Promise<T>): Promise<T> {
  const step = parent.step(title);
  try {
    const value = await work(step);
    step.end("done");
    return value;
  } catch (error) {
    step.end("failed");
    throw error;
  }
}
