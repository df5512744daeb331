import { join } from "node:path";
import { findProgram } from "../src/core/index.ts";
import { setUpDnf } from "./dnf.ts";
import { sharedRepository } from "./inputs.ts";
import type { Benchmark, BenchmarkContext, Entry } from "./types.ts";

const inputs = [
  ["cs9-appstream-2025-01", "CentOS Stream 9 AppStream (its file lists are empty here)"],
  ["cs9-baseos-2022-02", "CentOS Stream 9 BaseOS"],
] as const;

/** Reading primary and filelists of real repositories. */
export const repoRead: Benchmark = {
  name: "repo-read",
  about: "read primary and filelists from scratch, beside dnf without a cache",
  prepare: async (context): Promise<readonly Entry[]> => {
    const task = await context.task("task-read");
    return inputs.map(([folder, title]) => entry(context, task, folder, title));
  },
};

function entry(context: BenchmarkContext, task: string, name: string, title: string): Entry {
  const repository = sharedRepository(name);
  if ("missing" in repository) return { kind: "skipped", title, reason: repository.missing };
  if (findProgram("dnf") === undefined) return { kind: "skipped", title, reason: "no dnf on this machine" };
  const dnf = setUpDnf({ folder: join(context.scratch, `dnf-${name}`), repositories: { [name]: repository.path } });
  const query = dnf.cold("dnf repoquery, no cache", [
    "repoquery",
    "-q",
    `--setopt=${name}.module_hotfixes=1`,
    "--qf",
    "%{epoch}:%{name}-%{version}-%{release}.%{arch}",
  ]);
  return {
    kind: "contest",
    title,
    input: `primary and filelists of ../shared/data/repodata/${name}`,
    sides: [
      { label: "weir", command: [process.execPath, task, repository.path], answer: (text) => text.trim() },
      { ...query, answer: (text) => `${text.trim().split("\n").length} packages` },
    ],
    absent: findProgram("rpmmd2solv") === undefined ? ["libsolv's rpmmd2solv, which is not on this machine"] : [],
  };
}
