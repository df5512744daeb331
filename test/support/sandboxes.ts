import {
  createOverlaySandbox,
  createPlainSandbox,
  createProotSandbox,
  type SandboxName,
} from "../../src/adapters/sandbox/index.ts";
import type { Sandbox } from "../../src/engine/build/index.ts";

/** The sandbox of this name, whether or not it is the best here. */
export function sandboxFor(name: SandboxName, scratch: string): Sandbox {
  const makers = { overlay: createOverlaySandbox, plain: createPlainSandbox, proot: createProotSandbox };
  return makers[name]({ scratch });
}
