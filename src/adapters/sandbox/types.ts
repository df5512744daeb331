/** The ways to run a command apart, best first. */
export const sandboxNames = ["overlay", "plain", "proot"] as const;
export type SandboxName = (typeof sandboxNames)[number];

export interface SandboxOptions {
  /**
   * Absolute folder for mount points and for what the fallback keeps. Made on demand, private to the user. It must not hold the layers
   * that requests name, since a mount hides what lies below it.
   */
  readonly scratch: string;
}
