import { setFlagsFromString } from "node:v8";

/** A flag of V8 with its value for what reads, which is V8's own, and with that of `bin/start.cjs`. */
type Flag = readonly [name: string, reading: number, patient: number];

/** By Node's version; V8 complains of flags it does not know. */
const flags: Readonly<Record<string, readonly Flag[]>> = {
  20: [["interrupt-budget", 67_584, 1_000_000]],
  22: [
    ["invocation-count-for-turbofan", 3000, 120_000],
    ["invocation-count-for-osr", 800, 20_000],
  ],
  24: [
    ["invocation-count-for-turbofan", 3000, 120_000],
    ["invocation-count-for-osr", 500, 20_000],
    ["invocation-count-for-maglev", 400, 16_000],
    ["invocation-count-for-maglev-osr", 100, 4000],
  ],
};
const inlining: Flag = ["max-inlined-bytecode-size-cumulative", 120, 920];

/**
 * For the part of a run that reads for some hundred milliseconds: hot loops are optimised at once (the start script asks for patience), each
 * once and not again inside all its callers, which would cost more than it gains. Measured on the scan of 52 MB of primary.xml: 450 ms of CPU
 * without, 310 with.
 */
export function compileForShortRun(): void {
  for (const [name, reading] of changed()) setFlagsFromString(`--${name}=${reading}`);
}

/** For what follows, as the start script has it. Measured on a solution after that scan: 62 ms of CPU without, 32 with. */
export function compilePatiently(): void {
  for (const [name, , patient] of changed()) setFlagsFromString(`--${name}=${patient}`);
}

function changed(): readonly Flag[] {
  const [major = ""] = process.versions.node.split(".");
  return [...(flags[major] ?? []), inlining];
}
