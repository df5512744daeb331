import { join } from "node:path";
import { findProgram } from "../src/core/index.ts";
import type { Benchmark, Entry } from "./types.ts";

const title = "building a package of one text file";

/** What a build costs beyond rpmbuild: solving the root, the sandbox, the store. */
export const buildOverhead: Benchmark = {
  name: "build-overhead",
  about: "build a trivial package with everything warm, beside rpmbuild alone",
  prepare: async (context): Promise<readonly Entry[]> => {
    const missing = ["rpmbuild", "gcc", "bwrap"].filter((name) => findProgram(name) === undefined);
    if (missing.length > 0) return [{ kind: "skipped", title, reason: `not on this machine: ${missing.join(", ")}` }];
    const mock =
      findProgram("mock") === undefined
        ? "mock, which is not on this machine"
        : "mock, whose root would have to come from the network";
    const task = await context.task("task-build");
    return [
      {
        kind: "timing",
        title,
        input: "a noarch spec that writes one line; each round another release, so that nothing is reused",
        command: [process.execPath, task, join(context.scratch, "build"), String(context.rounds)],
        absent: [mock],
      },
    ];
  },
};
