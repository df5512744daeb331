// Rebuilds the example distribution: sets up what is missing, lays out its small world, walks the line.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

setup("run");
run("scripts/example-world.mjs");
run("bin/weir", "rebuild", "-C", "examples/downstream", "--out", "out/example", ...process.argv.slice(2));

function run(script, ...args) {
  const { status, signal } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 1));
}
