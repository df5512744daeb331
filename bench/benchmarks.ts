import { buildOverhead } from "./build-overhead.ts";
import { closure } from "./closure.ts";
import { componentList } from "./component-list.ts";
import { repoCreate } from "./repo-create.ts";
import { repoRead } from "./repo-read.ts";
import { solve } from "./solve.ts";
import type { Benchmark } from "./types.ts";

/** Every benchmark, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [componentList, repoCreate, repoRead, buildOverhead, solve, closure];
