import { rm } from "node:fs/promises";
import { rebuildExample, testOut, weir } from "../support/weir.ts";

/** Rebuilds the example once, from nothing, into the folder that the tests of the line look at. */
export async function setup(): Promise<void> {
  const world = await weir.script("scripts/example-world.mjs");
  if (world.exitCode !== 0) throw new Error(`the example world was not laid out:\n${world.stderr}`);
  await rm(testOut("first"), { recursive: true, force: true });
  const first = await rebuildExample("first");
  if (first.exitCode !== 0)
    throw new Error(`the example was not rebuilt (${first.exitCode}):\n${first.stderr}\n${first.stdout}`);
}
