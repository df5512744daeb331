import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { findProgram, formatCommand, partialMark, run, WeirError } from "../../core/index.ts";
import type { Sandbox, SandboxRequest, SandboxResult } from "../../engine/build/index.ts";
import { BindList, mergeLayers } from "./proot-view.ts";
import { olderSystemCalls } from "./system-call-filter.ts";
import type { SandboxOptions } from "./types.ts";
import { checkRequest, isFolder, privateFolder, privateFolders, topEntries } from "./view.ts";

/**
 * System call tracing instead of namespaces: for containers and restricted machines. Slower by the cost of two context switches a
 * call, and not cut off from the network.
 */
export function createProotSandbox(options: SandboxOptions): Sandbox {
  return new ProotSandbox(options);
}

class ProotSandbox implements Sandbox {
  readonly name = "proot";
  readonly networkIsolated = false;
  readonly #scratch: string;

  constructor(options: SandboxOptions) {
    this.#scratch = options.scratch;
  }

  async run(request: SandboxRequest): Promise<SandboxResult> {
    await checkRequest(request);
    const scratch = await privateFolder(this.#scratch);
    const folder = await mkdtemp(join(scratch, partialMark));
    try {
      const command = await this.#command(request, folder);
      return await runTraced(command, { ...prootEnvironment(folder), ...request.env }, folder, request);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async commandLine(request: SandboxRequest): Promise<string> {
    await checkRequest(request);
    const folder = join(await privateFolder(this.#scratch), "shell");
    await rm(folder, { recursive: true, force: true });
    const [program, ...args] = await this.#command(request, folder);
    const env = Object.keys(request.env)
      .sort()
      .map((name) => `${name}=${request.env[name] ?? ""}`);
    const own = Object.entries(prootEnvironment(folder)).map(([name, value]) => `${name}=${value}`);
    return formatCommand("env", ["-i", ...own, ...env, program, ...args]);
  }

  async #command(request: SandboxRequest, folder: string): Promise<[string, ...string[]]> {
    const program = requireProgram("proot", "proot");
    const root = join(folder, "root");
    await mkdir(root, { recursive: true });
    await mkdir(join(folder, "glue"));
    const list = new BindList(folder);
    await this.#bindRoot(request, list, folder);
    if (request.etc !== undefined) await list.add(request.etc, "/etc");
    for (const path of ["/proc", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"]) {
      await list.add(path, path);
    }
    await symlink("/proc/self/fd", join(root, "dev/fd"));
    const memory = [...privateFolders, ...request.tmpfs];
    if (request.hostUsr && (await isFolder("/usr/local"))) memory.push("/usr/local");
    for (const [index, to] of memory.entries()) {
      const from = join(folder, `private-${index}`);
      await mkdir(from);
      await list.add(from, to);
    }
    for (const { from, to } of request.binds) await list.add(from, to);
    const args = ["--pdeathsig", "QUIT", ...olderSystemCalls(), program, "-0", "-r", root];
    for (const [from, to] of list.binds) args.push("-b", `${from}:${to}`);
    args.push("-w", request.cwd, ...request.command);
    return [requireProgram("setpriv", "util-linux"), ...args];
  }

  async #bindRoot(request: SandboxRequest, list: BindList, folder: string): Promise<void> {
    const merged = join(folder, "merged");
    if (request.hostUsr) {
      const layers: string[] = [];
      for (const layer of request.layers) if (await isFolder(join(layer, "usr"))) layers.push(join(layer, "usr"));
      if (layers.length === 0) await list.add("/usr", "/usr");
      else {
        const untouched = await mergeLayers(layers, "/usr", merged, "/usr", this.#scratch);
        for (const [from, to] of [[merged, "/usr"] as const, ...untouched]) await list.add(from, to);
      }
    } else if (request.layers.length > 1) {
      await mergeLayers(request.layers, undefined, merged, "/", this.#scratch);
    }
    const only = request.hostUsr ? undefined : request.layers.length === 1 ? request.layers[0] : merged;
    for (const { name, link } of await topEntries(request)) {
      if (link !== undefined) await symlink(link, join(folder, "root", name));
      else if (only !== undefined) await list.add(join(only, name), `/${name}`);
    }
  }
}

/**
 * Widespread versions of proot confuse the threads of one program with each other when these use paths at the same time, as rpmbuild's
 * threads do when they look at files; one thread gives the same packages.
 */
function prootEnvironment(folder: string): Record<string, string> {
  return { PROOT_TMP_DIR: join(folder, "glue"), OMP_THREAD_LIMIT: "1" };
}

/**
 * Runs proot so that nothing outlives it. On SIGQUIT proot kills all it traces, programs that have left the process group included;
 * killed outright it would let them go on untraced, on the machine's own paths.
 */
async function runTraced(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  folder: string,
  request: SandboxRequest,
): Promise<SandboxResult> {
  const [program, ...args] = command;
  const group = new AbortController();
  let stopped: "timeout" | "abort" | undefined;
  const stop = (why: "timeout" | "abort") => {
    stopped ??= why;
    void quitTracer(folder).finally(() => setTimeout(() => group.abort(), 500).unref());
  };
  const onAbort = () => stop("abort");
  request.signal?.throwIfAborted();
  request.signal?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(stop, request.timeout, "timeout");
  try {
    const result = await run(program, args, {
      cwd: "/",
      env,
      signal: group.signal,
      accept: "any",
      ...(request.maxOutput === undefined ? {} : { maxOutput: request.maxOutput }),
      ...(request.logFile === undefined ? {} : { logFile: request.logFile }),
    });
    if (stopped !== undefined) throw stoppedError(stopped, request);
    const stderr = result.stderr.toString("utf8");
    if (result.exitCode !== 0 && /^(proot error|setpriv|weir-filter): /.test(stderr)) throw setUpFailed(stderr);
    return { exitCode: result.exitCode, stdout: result.stdout.toString("utf8"), stderr };
  } catch (error) {
    throw stopped === undefined ? error : stoppedError(stopped, request);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", onAbort);
  }
}

/** Sends SIGQUIT to the child of this process whose arguments name the run's private folder. */
async function quitTracer(folder: string): Promise<void> {
  for (const name of await readdir("/proc").catch(() => [] as string[])) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, "utf8").catch(() => "");
    if (!status.includes(`\nPPid:\t${process.pid}\n`)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (!line.includes(folder)) continue;
    try {
      process.kill(Number(name), "SIGQUIT");
    } catch {
      // Ended meanwhile.
    }
  }
}

function stoppedError(why: "timeout" | "abort", request: SandboxRequest): WeirError {
  const program = request.command[0];
  if (why === "abort") return new WeirError("INTERRUPTED", `${program} was interrupted`, { kind: "refused" });
  return new WeirError("PROCESS_TIMEOUT", `${program} did not end within ${request.timeout} ms`, {
    kind: "machine",
    hints: ["allow it more time"],
  });
}

function requireProgram(name: string, packageName: string): string {
  const path = findProgram(name, "/usr/bin:/bin");
  if (path !== undefined) return path;
  throw new WeirError("SANDBOX_FAILED", `the program ${name} is not on this machine`, {
    kind: "machine",
    hints: [`install ${packageName}`],
  });
}

function setUpFailed(stderr: string): WeirError {
  return new WeirError("SANDBOX_FAILED", `the proot sandbox could not be set up: ${stderr.split("\n", 1)[0] ?? ""}`, {
    kind: "machine",
    hints: ["run `weir doctor` to see which sandboxes this machine allows"],
  });
}
