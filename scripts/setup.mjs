// Puts in place what a checkout needs: npm packages, and the system tools that src/adapters/machine/needs.json names.
// `node scripts/setup.mjs [run|test]`: `test` wants the tools of the tests too. Installs only what is missing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export function setup(wanted = "run") {
  checkNode();
  installPackages();
  installTools(wanted);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed; this is ${process.version}`);
}

function installPackages() {
  const stamp = join(root, "node_modules/.weir-stamp");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("setup: installing npm packages");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) fail("npm ci failed; its output is above");
  writeFileSync(stamp, lock);
}

function installTools(wanted) {
  const { tools } = JSON.parse(readFileSync(join(root, "src/adapters/machine/needs.json"), "utf8"));
  const kinds = wanted === "test" ? ["run", "fallback", "test"] : ["run"];
  const missing = tools.filter((tool) => kinds.includes(tool.for) && !find(tool.path ?? tool.program));
  const python = wanted === "test" && !pythonHasRpm();
  if (missing.length === 0 && !python) return;
  const family = find("apt-get") ? "debian" : find("dnf") ? "fedora" : undefined;
  if (family === undefined) fail(`these programs are missing: ${missing.map((tool) => tool.program).join(", ")}`);
  const packages = [...new Set(missing.map((tool) => tool[family])), ...(python ? ["python3-rpm"] : [])].sort();
  const rootly =
    process.getuid?.() === 0
      ? []
      : find("sudo") && spawnSync("sudo", ["-n", "true"]).status === 0
        ? ["sudo", "-n"]
        : undefined;
  const manager = family === "debian" ? "apt-get" : "dnf";
  if (rootly === undefined) fail(`missing: ${packages.join(", ")}\n  → sudo ${manager} install ${packages.join(" ")}`);
  console.error(`setup: installing ${packages.join(", ")}`);
  const run = (...args) => {
    const [command, ...rest] = [...rootly, manager, ...args];
    return (
      spawnSync(command, rest, { stdio: ["ignore", 2, 2], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
        .status === 0
    );
  };
  const options = family === "debian" ? ["install", "-y", "-q", "--no-install-recommends"] : ["install", "-y", "-q"];
  if (family === "debian") run("update", "-q");
  if (run(...options, ...packages)) return;
  const essential = missing.filter((tool) => tool.for === "run");
  if (essential.length > 0 || process.env.CI) fail(`${manager} could not install ${packages.join(" ")}`);
  console.error(`setup: ${manager} could not install all of ${packages.join(" ")}; tests that need them are skipped`);
}

function pythonHasRpm() {
  return spawnSync("/usr/bin/python3", ["-c", "import rpm"], { stdio: "ignore" }).status === 0;
}

function find(program) {
  const paths = program.includes("/")
    ? [program]
    : [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"].map((folder) => join(folder, program));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(3);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup(process.argv[2]);
