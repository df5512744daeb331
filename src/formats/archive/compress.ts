import { spawn } from "node:child_process";
import * as zlib from "node:zlib";
import { baseEnvironment, findProgram, messageOf, WeirError } from "../../core/index.ts";
import { zstdModule } from "./decompress.ts";
import type { Compressor } from "./types.ts";

/** Bytes that go into one zstd frame: the whole memory it takes is a few times that. */
const FRAME = 16 << 20;

const levels: Readonly<Record<Compressor, readonly [least: number, most: number, usual: number]>> = {
  gzip: [1, 9, 9],
  zstd: [1, 22, 3],
  xz: [0, 9, 6],
  bzip2: [1, 9, 9],
  none: [0, 0, 0],
};

/** The level that a compressor works with; its usual one unless given. Errors: `ARCHIVE_LEVEL`. */
export function levelOf(compressor: Compressor, level: number | undefined): number {
  const [least, most, usual] = levels[compressor];
  if (level === undefined) return usual;
  if (Number.isInteger(level) && level >= least && level <= most) return level;
  throw new WeirError("ARCHIVE_LEVEL", `${compressor} has no level ${level}`, {
    hints: [`give a level from ${least} to ${most}`],
  });
}

/**
 * Compresses chunk by chunk with bounded memory; the same input gives the same bytes (gzip: with the same Node). zstd is written in
 * frames of 16 MiB of content each; xz and bzip2 need the programs of those names. Errors: `ARCHIVE_LEVEL`, `ARCHIVE_NO_COMPRESSOR`,
 * `ARCHIVE_COMPRESSION_FAILED`.
 */
export async function* compressStream(
  source: AsyncIterable<Uint8Array>,
  compressor: Compressor,
  level?: number,
): AsyncGenerator<Uint8Array> {
  const used = levelOf(compressor, level);
  switch (compressor) {
    case "none":
      yield* source;
      return;
    case "gzip":
      yield* throughStream(source, zlib.createGzip({ level: used }));
      return;
    case "zstd":
      yield* zstdFramesOf(source, used);
      return;
    default:
      yield* throughProgram(source, compressor, used);
  }
}

async function* zstdFramesOf(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  const { compress } = await zstdModule();
  const buffer = Buffer.allocUnsafe(FRAME);
  let filled = 0;
  let frames = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const take = Math.min(chunk.length - at, FRAME - filled);
      buffer.set(chunk.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled < FRAME) continue;
      yield compress(buffer, level);
      frames++;
      filled = 0;
    }
  }
  if (filled > 0 || frames === 0) yield compress(buffer.subarray(0, filled), level);
}

async function* throughStream(source: AsyncIterable<Uint8Array>, transform: zlib.Gzip): AsyncGenerator<Uint8Array> {
  const feeding = feed(source, transform).catch((error: unknown) => {
    transform.destroy(error instanceof Error ? error : new Error(messageOf(error)));
  });
  try {
    yield* transform as AsyncIterable<Uint8Array>;
  } finally {
    transform.destroy();
    await feeding;
  }
}

async function* throughProgram(
  source: AsyncIterable<Uint8Array>,
  name: "xz" | "bzip2",
  level: number,
): AsyncGenerator<Uint8Array> {
  const program = findProgram(name);
  if (program === undefined) {
    throw new WeirError("ARCHIVE_NO_COMPRESSOR", `the program ${name} is not on this machine`, {
      kind: "machine",
      hints: [`install ${name}, or compress with zstd or gzip, which need no program`],
    });
  }
  const args = name === "xz" ? ["-c", `-${level}`, "-T1", "--check=crc32"] : ["-c", `-${level}`];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], env: baseEnvironment() });
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(messageOf(error)));
    child.on("close", (code) => resolve(code === 0 ? "" : `it ended with ${code ?? "a signal"}`));
  });
  let trouble: unknown;
  const feeding = feed(source, child.stdin).catch((error: unknown) => {
    trouble = error;
    child.kill("SIGKILL");
  });
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    await feeding;
    const problem = await ended;
    if (trouble instanceof WeirError) throw trouble;
    if (problem !== "" || trouble !== undefined) {
      throw new WeirError("ARCHIVE_COMPRESSION_FAILED", `${name} failed: ${problem || messageOf(trouble)}`, {
        kind: "machine",
        hints: ["compress with zstd or gzip"],
        cause: trouble,
      });
    }
  } finally {
    child.kill("SIGKILL");
    await feeding;
  }
}

/** Writes all of a source, as fast as it is taken. Ends quietly where the other end is gone. */
async function feed(source: AsyncIterable<Uint8Array>, target: NodeJS.WritableStream): Promise<void> {
  let gone = false;
  let wake: () => void = () => undefined;
  const stop = () => {
    gone = true;
    wake();
  };
  target.on("error", stop).on("close", stop);
  target.on("drain", () => wake());
  for await (const chunk of source) {
    if (gone) return;
    if (target.write(Uint8Array.prototype.slice.call(chunk))) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (gone) resolve();
    });
  }
  if (!gone) target.end();
}
