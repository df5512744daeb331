import { join } from "node:path";
import { findProgram, formatCommand, run, WeirError } from "../../core/index.ts";
import type { Sandbox, SandboxRequest, SandboxResult } from "../../engine/build/index.ts";
import type { SandboxOptions } from "./types.ts";
import { checkRequest, isFolder, privateFolder, privateFolders, topEntries } from "./view.ts";

/**
 * Merges the layers and gives way to bubblewrap. Positional parameters: mount point, mount options, number of layers, the layers from
 * the highest down, then the command. The mount option string is bounded by a page, hence the one-figure link names; everything is
 * mounted in the namespace that the caller has made and vanishes with it.
 */
const mergeScript = `set -eu
trap 'exit 213' EXIT
mount -t tmpfs -o mode=0755 weir "$1"
cd "$1"
mkdir merged
options=$2
count=$3
shift 3
index=0
lower=
while [ "$index" -lt "$count" ]; do
  ln -s "$1" "$index"
  lower=$lower\${lower:+:}$index
  index=$((index + 1))
  shift
done
mount -t overlay -o "lowerdir=$lower$options" weir merged
exec "$@"
`;

/** What the merge script ends with when one of its own steps fails; no program that is run inside uses it. */
const mergeFailed = 213;

const setUpMark = /^(setpriv|unshare|bwrap): /;

const hostPath = "/usr/sbin:/usr/bin:/sbin:/bin";

/** A user namespace, overlayfs and bubblewrap: works as root and as an ordinary user. */
export function createOverlaySandbox(options: SandboxOptions): Sandbox {
  return new BubblewrapSandbox("overlay", true, options);
}

/** As `overlay` without a user namespace: for a real root on a machine that refuses user namespaces. */
export function createPlainSandbox(options: SandboxOptions): Sandbox {
  return new BubblewrapSandbox("plain", false, options);
}

class BubblewrapSandbox implements Sandbox {
  readonly networkIsolated = true;
  readonly name: string;
  readonly #userNamespace: boolean;
  readonly #scratch: string;

  constructor(name: string, userNamespace: boolean, options: SandboxOptions) {
    this.name = name;
    this.#userNamespace = userNamespace;
    this.#scratch = options.scratch;
  }

  async run(request: SandboxRequest): Promise<SandboxResult> {
    const [program, ...args] = await this.#command(request, false);
    const result = await run(program, args, {
      cwd: "/",
      env: helperEnvironment,
      timeout: request.timeout,
      signal: request.signal,
      accept: "any",
      ...(request.maxOutput === undefined ? {} : { maxOutput: request.maxOutput }),
      ...(request.logFile === undefined ? {} : { logFile: request.logFile }),
    });
    const stderr = result.stderr.toString("utf8");
    const failed = result.exitCode === mergeFailed || (result.exitCode !== 0 && setUpMark.test(stderr));
    if (failed) throw setUpFailed(this.name, stderr);
    return { exitCode: result.exitCode, stdout: result.stdout.toString("utf8"), stderr };
  }

  async commandLine(request: SandboxRequest): Promise<string> {
    const [program, ...args] = await this.#command(request, true);
    return formatCommand(program, args);
  }

  async #command(request: SandboxRequest, interactive: boolean): Promise<[string, ...string[]]> {
    await checkRequest(request);
    const merged = [...request.layers].reverse();
    const lower: string[] = [];
    for (const layer of merged) {
      const folder = request.hostUsr ? join(layer, "usr") : layer;
      if (!request.hostUsr || (await isFolder(folder))) lower.push(folder);
    }
    if (request.hostUsr) lower.push("/usr");
    const bubblewrap = requireProgram("bwrap");
    const only = lower.length === 1 ? lower[0] : undefined;
    const guard = [requireProgram("setpriv"), "--pdeathsig", "KILL"] as const;
    if (only !== undefined)
      return [...guard, bubblewrap, ...(await this.#bubblewrapArguments(request, only, interactive))];
    const mountPoint = await privateFolder(join(this.#scratch, "mount"));
    return [
      ...guard,
      requireProgram("unshare"),
      ...(this.#userNamespace ? ["--user", "--map-root-user"] : []),
      "--mount",
      "/bin/sh",
      "-c",
      mergeScript,
      "weir-merge",
      mountPoint,
      this.#userNamespace ? ",userxattr" : "",
      String(lower.length),
      ...lower,
      bubblewrap,
      ...(await this.#bubblewrapArguments(request, join(mountPoint, "merged"), interactive)),
    ];
  }

  async #bubblewrapArguments(request: SandboxRequest, root: string, interactive: boolean): Promise<string[]> {
    const args = this.#userNamespace
      ? ["--unshare-all", "--uid", "0", "--gid", "0"]
      : ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"];
    args.push("--hostname", "weir", "--die-with-parent", "--cap-drop", "ALL", "--clearenv");
    if (!interactive) args.push("--new-session");
    for (const name of Object.keys(request.env).sort()) args.push("--setenv", name, request.env[name] ?? "");
    if (request.hostUsr) args.push("--ro-bind", root, "/usr");
    for (const { name, link } of await topEntries(request)) {
      if (link !== undefined) args.push("--symlink", link, `/${name}`);
      else args.push("--ro-bind", join(root, name), `/${name}`);
    }
    if (request.etc !== undefined) args.push(request.etcWritable ? "--bind" : "--ro-bind", request.etc, "/etc");
    else if (request.hostUsr) args.push("--dir", "/etc");
    args.push("--proc", "/proc", "--dev", "/dev");
    for (const folder of [...privateFolders, ...request.tmpfs]) args.push("--tmpfs", folder);
    if (request.hostUsr && (await isFolder("/usr/local"))) args.push("--tmpfs", "/usr/local");
    for (const bind of request.binds) args.push(bind.writable ? "--bind" : "--ro-bind", bind.from, bind.to);
    args.push("--remount-ro", "/", "--chdir", request.cwd, "--", ...request.command);
    return args;
  }
}

const helperEnvironment: Readonly<Record<string, string>> = {
  PATH: hostPath,
  LC_ALL: "C",
  // The newer mount interface of util-linux takes at most 256 bytes of an option.
  LIBMOUNT_FORCE_MOUNT2: "always",
};

function requireProgram(name: string): string {
  const path = findProgram(name, hostPath);
  if (path !== undefined) return path;
  throw new WeirError("SANDBOX_FAILED", `the program ${name} is not on this machine`, {
    kind: "machine",
    hints: [`install ${name === "bwrap" ? "bubblewrap" : "util-linux"}`],
  });
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
}

function setUpFailed(name: string, stderr: string): WeirError {
  return new WeirError("SANDBOX_FAILED", `the ${name} sandbox could not be set up: ${firstLine(stderr)}`, {
    kind: "machine",
    hints: ["run `weir doctor` to see which sandboxes this machine allows"],
  });
}
