import { setFlagsFromString } from "node:v8";

/** By Node's version; V8 complains of flags it does not know. Those of `bin/start.cjs`, as V8 has them by itself. */
const impatience: Readonly<Record<string, readonly string[]>> = {
  20: ["--interrupt-budget=67584"],
  22: ["--invocation-count-for-turbofan=3000", "--invocation-count-for-osr=800"],
  24: [
    "--invocation-count-for-turbofan=3000",
    "--invocation-count-for-osr=500",
    "--invocation-count-for-maglev=400",
    "--invocation-count-for-maglev-osr=100",
  ],
};

/**
 * For the part of a run that reads for some hundred milliseconds: hot loops are optimised at once (the start script asks for patience), each
 * once and not again inside all its callers, which would cost more than it gains. Measured on the scan of 52 MB of primary.xml: 450 ms of CPU
 * without, 310 with.
 */
export function compileForShortRun(): void {
  const [major = ""] = process.versions.node.split(".");
  for (const flag of impatience[major] ?? []) setFlagsFromString(flag);
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=120");
}
