/** One way to do the work of a contest: a command line, measured as a process of its own. */
export interface Side {
  /** What the table calls it: `weir`, `createrepo_c, 1 worker`. */
  readonly label: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that count as done; default `[0]`. */
  readonly accept?: readonly number[];
  /** Runs before each round, unmeasured: removes a cache, an old result. */
  readonly before?: () => void;
  /** What the side found, from its stdout or its files: shown beside the times, so that a fast wrong answer is seen. */
  readonly answer?: (stdout: string) => string;
}

/** Sides that do the same work on the same input; the first is Weir's. */
export interface Contest {
  readonly kind: "contest";
  readonly title: string;
  readonly input: string;
  readonly sides: readonly [Side, ...Side[]];
  /** Peers that are not measured, and why. */
  readonly absent?: readonly string[];
}

/** Work that a task times inside its own process: it prints a JSON object of label → wall milliseconds of each round. */
export interface Timing {
  readonly kind: "timing";
  readonly title: string;
  readonly input: string;
  readonly command: readonly [string, ...string[]];
  readonly absent?: readonly string[];
}

export interface Skipped {
  readonly kind: "skipped";
  readonly title: string;
  readonly reason: string;
}

export type Entry = Contest | Timing | Skipped;

export interface BenchmarkContext {
  /** A folder of this run that is removed at its end. */
  readonly scratch: string;
  readonly rounds: number;
  /** `bin/weir` as an installed package has it: no source beside it to check before each start. */
  readonly weir: string;
  /** Bundles a task of this folder (`task-read.ts`) and gives the file for `node`. */
  readonly task: (name: string) => Promise<string>;
}

export interface Benchmark {
  readonly name: string;
  readonly about: string;
  readonly prepare: (context: BenchmarkContext) => Promise<readonly Entry[]>;
}

/** What one run of a command took: seconds, and the largest resident set of any of its processes in bytes. */
export interface Measurement {
  readonly wall: number;
  readonly cpu: number;
  readonly maxRss: number;
}

export interface SideResult {
  readonly label: string;
  readonly command: string;
  readonly answer: string;
  readonly median: Measurement;
  readonly rounds: readonly Measurement[];
  /** Median of the rounds' own peer ÷ weir; above 1 Weir is faster. Absent for Weir itself. */
  readonly ratio?: { readonly wall: number; readonly cpu: number };
}

export interface TimingResult {
  readonly label: string;
  /** Wall time, milliseconds. */
  readonly median: number;
  readonly rounds: readonly number[];
}

export type EntryResult =
  | {
      readonly kind: "contest";
      readonly title: string;
      readonly input: string;
      readonly absent: readonly string[];
      readonly sides: readonly SideResult[];
    }
  | {
      readonly kind: "timing";
      readonly title: string;
      readonly input: string;
      readonly absent: readonly string[];
      readonly command: string;
      readonly timings: readonly TimingResult[];
    }
  | Skipped;

export interface BenchmarkResult {
  readonly name: string;
  readonly entries: readonly EntryResult[];
}
