// Everything a change must pass, in the order that fails soonest: format, lint, types, floors, unit tests, docs.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules/.bin", name);

const steps = [
  { name: "format", command: bin("biome"), args: ["format", "."] },
  { name: "lint", command: bin("oxlint"), args: ["--type-aware", "--deny-warnings"] },
  { name: "types", command: bin("tsc"), args: [] },
  { name: "unused", command: bin("knip"), args: [] },
  { name: "floors", command: bin("vitest"), args: ["run", "test/house"] },
  { name: "unit", command: bin("vitest"), args: ["run", "src"] },
  { name: "docs", command: process.execPath, args: [join(root, "scripts/docs.mjs"), "--check"] },
];

setup("run");
const wanted = process.argv.slice(2);
for (const { name, command, args } of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  const time = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  if (status !== 0) {
    console.error(`check: ${name} failed after ${time}`);
    process.exit(1);
  }
  console.error(`check: ${name} ok (${time})`);
}
