import { spawn } from "node:child_process";
import { accessSync, constants, createWriteStream } from "node:fs";
import { delimiter, join } from "node:path";
import { finished } from "node:stream/promises";
import { systemCode, WeirError } from "./error.ts";

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the child: nothing is inherited unless named here. Default: PATH, HOME, LANG of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Milliseconds until the process group is killed. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of stdout and of stderr each that are kept (default 64 MiB); more is an error. */
  readonly maxOutput?: number;
  /** Exit codes that are no error, default `[0]`; `"any"` accepts all. */
  readonly accept?: readonly number[] | "any";
  /** Also appends stdout and stderr to this file as they come. */
  readonly logFile?: string;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

const inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME"];

/** The variables of this process that a child gets when no environment is given. */
export function baseEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Runs a program with arguments, never through a shell. The child leads a process group of its own, which is killed as a whole on
 * timeout or abort. Errors: `PROCESS_NOT_FOUND` (machine), `PROCESS_FAILED`, `PROCESS_TIMEOUT`, `PROCESS_OUTPUT_LIMIT`, `INTERRUPTED`.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const limit = options.maxOutput ?? 64 << 20;
  options.signal?.throwIfAborted();
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: "a" });
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env ?? baseEnvironment(),
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  let stopped: "timeout" | "abort" | "limit" | undefined;
  const stop = (why: "timeout" | "abort" | "limit") => {
    stopped ??= why;
    killGroup(child.pid);
  };
  const timer = options.timeout === undefined ? undefined : setTimeout(stop, options.timeout, "timeout");
  const onAbort = () => stop("abort");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const collect = (stream: NodeJS.ReadableStream) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      log?.write(chunk);
      size += chunk.length;
      if (size > limit) stop("limit");
      else chunks.push(chunk);
    });
    return () => Buffer.concat(chunks);
  };
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? (signal === null ? 1 : 128 + signalNumber(signal))));
    });
    if (stopped) throw stoppedError(command, args, stopped, options, stderr());
    const accept = options.accept ?? [0];
    if (accept !== "any" && !accept.includes(exitCode)) throw failedError(command, args, exitCode, stdout(), stderr());
    return { exitCode, stdout: stdout(), stderr: stderr() };
  } catch (error) {
    if (systemCode(error) === "ENOENT" && !(error instanceof WeirError)) {
      throw new WeirError("PROCESS_NOT_FOUND", `the program ${command} is not on this machine`, {
        kind: "machine",
        hints: ["`weir doctor` names the package that holds it"],
        cause: error,
      });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
    if (log) {
      log.end();
      await finished(log).catch(() => undefined);
    }
  }
}

function signalNumber(signal: NodeJS.Signals): number {
  return signal === "SIGKILL" ? 9 : signal === "SIGTERM" ? 15 : signal === "SIGINT" ? 2 : signal === "SIGSEGV" ? 11 : 1;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}

function stoppedError(
  command: string,
  args: readonly string[],
  why: "timeout" | "abort" | "limit",
  options: RunOptions,
  stderr: Buffer,
): WeirError {
  const again = [`run it alone: ${formatCommand(command, args)}`];
  if (why === "timeout") {
    return new WeirError("PROCESS_TIMEOUT", `${command} did not end within ${options.timeout} ms${tail(stderr)}`, {
      kind: "machine",
      hints: again,
    });
  }
  if (why === "limit") {
    return new WeirError("PROCESS_OUTPUT_LIMIT", `${command} wrote more than ${options.maxOutput ?? 64 << 20} bytes`, {
      kind: "machine",
      hints: again,
    });
  }
  return new WeirError("INTERRUPTED", `${command} was interrupted`, { kind: "refused" });
}

function failedError(
  command: string,
  args: readonly string[],
  code: number,
  stdout: Buffer,
  stderr: Buffer,
): WeirError {
  return new WeirError("PROCESS_FAILED", `${command} ended with ${code}${tail(stderr.length > 0 ? stderr : stdout)}`, {
    kind: "machine",
    hints: [`run it again: ${formatCommand(command, args)}`],
  });
}

function tail(output: Buffer): string {
  const text = output.subarray(-2000).toString("utf8").trim();
  return text === "" ? "" : `:\n${text}`;
}

/** A command as one line that a shell would take, for people to paste. */
export function formatCommand(command: string, args: readonly string[]): string {
  return [command, ...args].map(quote).join(" ");
}

function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The full path of a program on PATH (or /usr/sbin, /sbin), or undefined. */
export function findProgram(name: string, path = process.env.PATH ?? ""): string | undefined {
  if (name.includes("/")) return isExecutable(name) ? name : undefined;
  for (const folder of [...path.split(delimiter), "/usr/sbin", "/sbin"]) {
    if (folder !== "" && isExecutable(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
