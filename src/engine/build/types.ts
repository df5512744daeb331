import type { Progress } from "../../core/index.ts";

/** How a command is run apart from the rest of the machine. Implemented by adapters. */
export interface Sandbox {
  /** `overlay`, `plain`, `proot` …: part of messages, never of cache keys. */
  readonly name: string;
  run(request: SandboxRequest): Promise<SandboxResult>;
}

/**
 * What the command sees: `root` layers merged read-only (lowest first), binds on top, private /tmp, /proc and /dev, no network.
 */
export interface SandboxRequest {
  /**
   * Folders whose merged content is seen as `/` , lowest first. In host mode the engine gives `usr: "/usr"` and layers that hold a `usr/`.
   */
  readonly layers: readonly string[];
  /** The machine's own /usr below all layers. */
  readonly hostUsr: boolean;
  /** A folder that holds the generated /etc, seen read-only. */
  readonly etc: string;
  readonly binds: readonly { readonly from: string; readonly to: string; readonly writable: boolean }[];
  /** Folders on a private memory file system. */
  readonly tmpfs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly command: readonly [string, ...string[]];
  readonly timeout: number;
  readonly logFile?: string;
  readonly signal?: AbortSignal | undefined;
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
  readonly log: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

export interface BuildContext {
  readonly sandbox: Sandbox;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}
