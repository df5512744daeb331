import { describe, expect, it } from "vitest";
import { createProgress, type ProgressEvent, withStep } from "./progress.ts";

describe("progress", () => {
  it("emits nested steps in order and ends each once", async () => {
    const events: ProgressEvent[] = [];
    const root = createProgress(
      (event) => events.push(event),
      () => 0,
    );
    await withStep(root, "outer", async (outer) => {
      const inner = outer.step("inner", 2);
      inner.update({ done: 1 });
      inner.end("unchanged", "same inputs");
      inner.end("done");
    });
    expect(events).toEqual([
      { type: "start", id: 1, parent: 0, title: "outer" },
      { type: "start", id: 2, parent: 1, title: "inner", total: 2 },
      { type: "update", id: 2, done: 1 },
      { type: "end", id: 2, outcome: "unchanged", milliseconds: 0, note: "same inputs" },
      { type: "end", id: 1, outcome: "done", milliseconds: 0 },
    ]);
  });

  it("ends a step as failed when its work throws", async () => {
    const events: ProgressEvent[] = [];
    const root = createProgress(
      (event) => events.push(event),
      () => 0,
    );
    const failing = withStep(root, "x", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(events.at(-1)).toMatchObject({ type: "end", outcome: "failed" });
  });
});
