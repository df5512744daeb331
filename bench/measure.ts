import { spawn } from "node:child_process";
import { findProgram, formatCommand, WeirError } from "../src/core/index.ts";
import type { Measurement, Side } from "./types.ts";

/**
 * Node tells the CPU time of itself alone, so a small Python process starts the command and asks the kernel with wait4, which counts
 * every descendant that was waited for. Its own start lies outside the measurement; the resident set has its few MB as a floor.
 */
const wait4 = `
import json, os, sys, time
start = time.monotonic()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, 3)])
_, status, usage = os.wait4(pid, 0)
wall = time.monotonic() - start
code = os.waitstatus_to_exitcode(status)
os.write(3, json.dumps([code, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]).encode())
`;

const longest = 10 * 60_000;

/** Why nothing can be measured here, or undefined. */
export function cannotMeasure(): string | undefined {
  return findProgram("python3") === undefined ? "measuring needs python3, for wait4" : undefined;
}

/** Runs a side once. Errors: `BENCH_FAILED` with the end of what the command said. */
export async function measure(side: Side): Promise<{ readonly measurement: Measurement; readonly stdout: string }> {
  side.before?.();
  const child = spawn("python3", ["-c", wait4, ...side.command], {
    cwd: side.cwd ?? process.cwd(),
    env: { ...process.env, LC_ALL: "C.UTF-8", NO_COLOR: "1", ...side.env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    timeout: longest,
  });
  const texts = await Promise.all([
    collect(child.stdio[1] as NodeJS.ReadableStream),
    collect(child.stdio[2] as NodeJS.ReadableStream),
    collect(child.stdio[3] as NodeJS.ReadableStream),
    new Promise((resolve, reject) => child.on("error", reject).on("close", resolve)),
  ]);
  const [stdout, stderr, facts] = texts;
  const [code, wall, cpu, maxRss] = facts === "" ? [] : (JSON.parse(facts) as number[]);
  if (code === undefined || wall === undefined || cpu === undefined || maxRss === undefined) {
    throw failed(side, `could not be started or took longer than ${longest / 60_000} minutes`, stderr);
  }
  if (!(side.accept ?? [0]).includes(code)) throw failed(side, `ended with ${code}`, stderr === "" ? stdout : stderr);
  return { measurement: { wall, cpu, maxRss }, stdout };
}

function failed(side: Side, what: string, output: string): WeirError {
  const [command, ...args] = side.command;
  return new WeirError("BENCH_FAILED", `${side.label} ${what}: ${output.trim().slice(-600)}`, {
    kind: "machine",
    hints: [`run it alone: ${formatCommand(command, args)}`],
  });
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
