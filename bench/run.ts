// Runs Weir and its peers in turn on the same input and prints medians and ratios. Usage: npx tsx bench/run.ts [NAME…] [--rounds N] [--json]
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { WeirError } from "../src/core/index.ts";
import { benchmarks } from "./benchmarks.ts";
import { bundleTask, installWeir } from "./install.ts";
import { cannotMeasure } from "./measure.ts";
import { runEntry } from "./contest.ts";
import { printResult } from "./table.ts";
import type { BenchmarkContext, BenchmarkResult } from "./types.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "5" } },
});

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof WeirError)) throw error;
  process.stderr.write(
    `error ${error.message} [${error.code}]\n${error.hints.map((hint) => `  → ${hint}\n`).join("")}`,
  );
  process.exitCode = error.exitCode;
}

async function main(): Promise<number> {
  const rounds = Number(values.rounds);
  const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000 || unknown.length > 0) {
    const names = benchmarks.map(({ name, about }) => `  ${name.padEnd(16)} ${about}\n`).join("");
    process.stderr.write(`usage: npx tsx bench/run.ts [NAME…] [--rounds N] [--json]\n${names}`);
    return 2;
  }
  const why = cannotMeasure();
  if (why !== undefined) {
    process.stderr.write(`${why}\n`);
    return 3;
  }
  const scratch = mkdtempSync(join(tmpdir(), "weir-bench-"));
  try {
    const context: BenchmarkContext = {
      scratch,
      rounds,
      weir: await installWeir(scratch),
      task: (name) => bundleTask(scratch, name),
    };
    const results: BenchmarkResult[] = [];
    if (!values.json) process.stdout.write(`${machine()}; ${rounds} rounds, medians\n`);
    for (const benchmark of benchmarks) {
      if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
      const entries = [];
      for (const entry of await benchmark.prepare(context)) entries.push(await runEntry(entry, rounds));
      const result = { name: benchmark.name, entries };
      results.push(result);
      if (!values.json) process.stdout.write(printResult(result));
    }
    if (values.json) {
      process.stdout.write(
        `${JSON.stringify({ schema: "weir/bench/1", machine: machine(), rounds, results }, null, 2)}\n`,
      );
    }
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function machine(): string {
  const cores = cpus();
  return `${cores.length} vCPU ${process.arch} (${cores[0]?.model.trim() ?? "unknown"}), Node ${process.versions.node}, Linux ${release()}`;
}
