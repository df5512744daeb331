import type { Sandbox, SandboxRequest } from "../build/index.ts";
import type { LineTools } from "./types.ts";

/** A sandbox that is chosen, by trying, when the first command has to run. */
export function lazySandbox(choose: LineTools["chooseSandbox"]): Sandbox {
  let chosen: ReturnType<LineTools["chooseSandbox"]> | undefined;
  const get = async () => (await (chosen ??= choose())).sandbox;
  return {
    name: "automatic",
    networkIsolated: true,
    run: async (request: SandboxRequest) => (await get()).run(request),
    commandLine: async (request: SandboxRequest) => (await get()).commandLine(request),
  };
}
