import type { Progress } from "../../core/index.ts";

/** How a command is run apart from the rest of the machine. Implemented by adapters. */
export interface Sandbox {
  /** `overlay`, `plain`, `proot`: part of messages, never of cache keys. */
  readonly name: string;
  /** Whether a command inside is cut off from the network; where it is not, reports say so. */
  readonly networkIsolated: boolean;
  /**
   * Runs the command to its end. A non-zero exit is a result, not an error. Errors: `PROCESS_TIMEOUT`, `PROCESS_OUTPUT_LIMIT`,
   * `INTERRUPTED`, `SANDBOX_FAILED` (the sandbox itself could not be set up). Whatever happens, nothing stays mounted or running.
   */
  run(request: SandboxRequest): Promise<SandboxResult>;
  /** The line that a person pastes into a shell to run the request's command by hand, with the terminal attached. */
  commandLine(request: SandboxRequest): Promise<string>;
}

/**
 * What the command sees: `layers` merged read-only, binds and memory file systems on top, private /tmp, /var/tmp, /proc and /dev,
 * uid 0, host name `weir`, no variable of the caller's environment.
 */
export interface SandboxRequest {
  /**
   * Absolute folders, lowest first. With `hostUsr` each holds a `usr/` that is merged above the machine's /usr; without, each is a
   * part of a whole root and nothing of the machine is seen.
   */
  readonly layers: readonly string[];
  /** The machine's own /usr, read-only, below all layers. /usr/local is hidden. */
  readonly hostUsr: boolean;
  /** A folder seen at /etc; undefined: the root's own (empty with `hostUsr`). */
  readonly etc?: string | undefined;
  /** Sees /etc writable, which is how its caches are made. */
  readonly etcWritable?: boolean;
  readonly binds: readonly SandboxBind[];
  /** Folders on a private memory file system (or, where there is none, in a private folder that is removed afterwards). */
  readonly tmpfs: readonly string[];
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly command: readonly [string, ...string[]];
  /** Milliseconds until everything inside is killed. */
  readonly timeout: number;
  /** Bytes of output kept of each stream (default 64 MiB); more is an error. */
  readonly maxOutput?: number;
  /** Both streams are appended here as they come. */
  readonly logFile?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file or folder of the machine seen inside; its place there must exist, or lie below `/build` or at the top. */
export interface SandboxBind {
  readonly from: string;
  readonly to: string;
  readonly writable: boolean;
}

export interface SandboxResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A package file in the store. */
export interface Artifact {
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly nevra: string;
}

/** The outcome of one node. `reused` when nothing had to run. */
export interface BuiltNode {
  readonly node: string;
  readonly key: string;
  readonly reused: boolean;
  /** Why it ran: which input differs from the last time, or that it was never built. */
  readonly reason: string;
  readonly srpm: Artifact | undefined;
  readonly rpms: readonly Artifact[];
  /** Absolute path of rpmbuild's log. */
  readonly log: string;
  /** Every input by name (`spec`, `source flow-1.0.tar.gz`, `buildroot libflow-devel-2.1-1.x86_64`) with its digest or value; sorted. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

export interface BuildContext {
  readonly sandbox: Sandbox;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}
