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
console.log(closingLine());
process.exit(status ?? 1);

/** How many tests ended how. What broke outside a test, such as a file that does not load, counts as a failed one. */
function closingLine() {
  if (!existsSync(results)) return status === 0 ? "0 passed, 0 failed" : "0 passed, 1 failed";
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(results, "utf8"),
  );
  const broken = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = numFailedTests + broken;
  const silent = status !== 0 && failed === 0 ? 1 : 0;
  return `${numPassedTests} passed, ${failed + silent} failed, ${numPendingTests + numTodoTests} skipped`;
}

function node(script) {
  const run = spawnSync(process.execPath, [join(root, script)], { cwd: root, stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
