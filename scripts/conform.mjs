// Holds Weir against the suites and solvers of others; see docs/guides/conformance.md.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

setup("run");
const root = fileURLToPath(new URL("..", import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ["--import", import.meta.resolve("tsx"), join(root, "conform/run.ts"), ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exit(status ?? 70);
