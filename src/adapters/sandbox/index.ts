export { type ChosenSandbox, chooseSandbox, probeSandboxes, type SandboxProbe } from "./choose.ts";
export { createOverlaySandbox, createPlainSandbox } from "./overlay.ts";
export { createProotSandbox } from "./proot.ts";
export * from "./types.ts";
