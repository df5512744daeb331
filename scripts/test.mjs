// Runs all tests: sets up what is missing, builds the tool, lays out the example world, then vitest. Extra arguments go to vitest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const results = join(root, "out/test-results.json");

setup("test");
mkdirSync(join(root, "out"), { recursive: true });
rmSync(results, { force: true });
node("scripts/build.mjs");
node("scripts/example-world.mjs");
const status = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
).status;
if (existsSync(results)) {
  const summary = JSON.parse(readFileSync(results, "utf8"));
  const broken = summary.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  console.log(
    `${summary.numPassedTests} passed, ${summary.numFailedTests + broken} failed, ${summary.numPendingTests + summary.numTodoTests} skipped`,
  );
}
process.exit(status ?? 1);

function node(script) {
  const run = spawnSync(process.execPath, [join(root, script)], { cwd: root, stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
