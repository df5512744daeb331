// Puts in place what a checkout needs: npm packages, and the system tools that src/adapters/machine/needs.json names.
// `node scripts/setup.mjs [run|test]`: `test` wants the tools of the tests too. Installs only what is missing.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export function setup(wanted = "run") {
  checkNode();
  checkWritable();
  installPackages();
  installTools(wanted);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed; this is ${process.version}`);
  if (process.platform !== "linux") fail(`Weir builds RPM packages, which needs Linux; this is ${process.platform}`);
}

/** What an earlier run as another user left behind would fail much later, and less clearly. */
function checkWritable() {
  for (const name of [".", "node_modules", "dist", "examples", "examples/.world", "out", "out/example"]) {
    const path = join(root, name);
    if (!existsSync(path) || allows(path, constants.W_OK)) continue;
    const remedy = name === "." || name === "examples" ? "use a checkout of your own" : `remove ${name}`;
    fail(`${path} cannot be written to by this user\n  → ${remedy}`);
  }
}

function installPackages() {
  const lack = packagesLack();
  if (lack === undefined) return;
  console.error(`setup: installing npm packages (${lack})`);
  const npm = findNpm();
  if (npm === undefined) fail("npm is not on PATH nor beside node\n  → install npm, or add its folder to PATH");
  const [command, ...first] = npm;
  const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}${delimiter}${dirname(process.execPath)}` };
  const result = spawnSync(command, [...first, ...args], { cwd: root, stdio: ["ignore", 2, 2], env });
  if (result.error) fail(`npm cannot be run: ${result.error.message}`);
  if (result.status !== 0) fail("npm ci failed; its output is above. It needs the npm registry, or a full npm cache");
}

/** Why node_modules does not hold what package-lock.json names, after npm's own note in it; undefined when it does. */
function packagesLack() {
  const read = (file) => JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  const wanted = read("package-lock.json");
  let installed;
  try {
    installed = read("node_modules/.package-lock.json");
  } catch {
    return "none are here";
  }
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || entry.link) continue;
    const here = installed[path];
    if (here === undefined && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (here?.version !== entry.version) return `${path.replace(/^node_modules\//, "")} ${entry.version} is not here`;
  }
  return undefined;
}

function findNpm() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running) === "npm-cli.js" && existsSync(running))
    return [process.execPath, running];
  const found = find("npm", [dirname(process.execPath)]);
  return found === undefined ? undefined : [found];
}

function installTools(wanted) {
  const { tools } = JSON.parse(readFileSync(join(root, "src/adapters/machine/needs.json"), "utf8"));
  const lacking = (...kinds) => tools.filter((tool) => kinds.includes(tool.for) && !isHere(tool));
  const forTests = wanted === "test" ? [...lacking("fallback", "test"), ...pythonLacks()] : [];
  install(lacking("run"), forTests);
  if (wanted === "test") return;
  const refused = namespacesRefused();
  if (refused === undefined) return;
  const fallback = lacking("fallback");
  if (fallback.length === 0) return;
  console.error(`setup: bubblewrap cannot keep builds apart here (${refused}); proot is to do it`);
  install(fallback, []);
}

/** Installs both lists; what only tests need may be missing afterwards, except in CI. */
function install(essential, optional) {
  if (essential.length + optional.length === 0) return;
  const must = process.env.CI ? [...essential, ...optional] : essential;
  const family = machineFamily();
  const list = (needs) => needs.map((need) => `\n  ${need.program.padEnd(16)} to ${need.why}`).join("");
  if (family === undefined) {
    if (must.length > 0) fail(`missing, and this system is neither of Debian's nor of Fedora's family:${list(must)}`);
    return skipped(optional, "");
  }
  const manager = family === "debian" ? "apt-get" : "dnf";
  const packages = (needs) => [...new Set(needs.map((need) => need[family]))].sort((a, b) => (a < b ? -1 : 1));
  const all = packages([...essential, ...optional]);
  const asRoot = becomeRoot();
  if (asRoot === undefined) {
    const prefix = find("sudo") ? "sudo" : "as root:";
    const command = (needs) => `\n  → ${prefix} ${manager} install ${packages(needs).join(" ")}`;
    if (must.length > 0) fail(`missing:${list(must)}${command([...essential, ...optional])}`);
    return skipped(optional, command(optional));
  }
  console.error(`setup: installing ${all.join(", ")}`);
  const options =
    family === "debian"
      ? ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"]
      : ["-y", "-q", "--setopt=install_weak_deps=False"];
  const run = (...args) => {
    const variables = [
      `PATH=${process.env.PATH ?? ""}:/usr/sbin:/usr/bin:/sbin:/bin`,
      "DEBIAN_FRONTEND=noninteractive",
    ];
    const [command, ...rest] = [...asRoot, "env", ...variables, manager, ...args];
    const { status, stdout, stderr } = spawnSync(command, rest, { encoding: "utf8", maxBuffer: 2 ** 28 });
    if (status !== 0) process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
    return status === 0;
  };
  if (family === "debian") run("update", "-q");
  if (run("install", ...options, ...all)) return;
  if (must.length > 0 && !run("install", ...options, ...packages(must)))
    fail(`${manager} could not install ${packages(must).join(" ")}; its output is above`);
  const left = packages(optional).filter((name) => !run("install", ...options, name));
  if (left.length > 0)
    skipped(
      optional.filter((need) => left.includes(need[family])),
      "",
    );
}

function skipped(needs, command) {
  console.error(`setup: tests that need ${needs.map((need) => need.program).join(", ")} are skipped${command}`);
}

/** The words before a command that make it root's, none for root, or undefined when only a person could. */
function becomeRoot() {
  if (process.getuid() === 0) return [];
  return find("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0
    ? ["sudo", "-n"]
    : undefined;
}

function machineFamily() {
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const ids = [...text.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap((match) => match[1].split(/\s+/));
  const known = (...names) => ids.some((id) => names.includes(id));
  if (known("debian", "ubuntu") && find("apt-get")) return "debian";
  if (known("fedora", "rhel", "centos", "azurelinux", "mariner") && find("dnf")) return "fedora";
  return undefined;
}

/** Why neither sandbox of bubblewrap's works here, tried in small: namespaces, a merged file system, bubblewrap in them. */
function namespacesRefused() {
  const script = `mount -t tmpfs weir /tmp && cd /tmp && mkdir a b merged &&
    mount -t overlay -o "lowerdir=a:b$1" weir merged && shift && exec "$@"`;
  const inside = ["--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"];
  const ways = [[["--user", "--map-root-user"], ",userxattr", ["--unshare-all", "--uid", "0", "--gid", "0"]]];
  if (process.getuid() === 0) ways.push([[], "", []]);
  const reasons = new Set();
  for (const [namespace, option, apart] of ways) {
    const result = spawnSync(
      "unshare",
      [...namespace, "--mount", "/bin/sh", "-c", script, "weir", option, "bwrap", ...apart, ...inside],
      { encoding: "utf8", env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" }, timeout: 20_000 },
    );
    if (result.status === 0) return undefined;
    reasons.add((result.stderr || result.error?.message || "").trim().split("\n")[0]);
  }
  return [...reasons].join("; ");
}

/** For the comparison of header readings; a module of the system's Python, not a program. */
/** Modules that the distribution's own Python must have for tests to compare with. `load` is what has to run. */
const pythonModules = [
  { load: "import rpm", debian: "python3-rpm", fedora: "python3-rpm", why: "compare what is read of headers" },
  { load: "import dnf", debian: "python3-dnf", fedora: "python3-dnf", why: "compare answers with dnf" },
  {
    load: "import createrepo_c",
    debian: "python3-createrepo-c",
    fedora: "python3-createrepo_c",
    why: "compare repository metadata",
  },
  { load: "import libcomps", debian: "python3-libcomps", fedora: "python3-libcomps", why: "compare groups" },
  { load: "import gi", debian: "python3-gi", fedora: "python3-gobject-base", why: "call libmodulemd" },
  {
    load: "import gi; gi.require_version('Modulemd', '2.0')",
    debian: "gir1.2-modulemd-2.0",
    fedora: "libmodulemd",
    why: "compare module metadata",
  },
];

function pythonLacks() {
  return pythonModules
    .filter(({ load }) => spawnSync("/usr/bin/python3", ["-c", load], { stdio: "ignore" }).status !== 0)
    .map(({ debian, fedora, why }) => ({ program: debian, debian, fedora, why }));
}

function isHere(tool) {
  return tool.file === undefined ? find(tool.path ?? tool.program) !== undefined : existsSync(tool.file);
}

function find(program, more = []) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...more, "/usr/sbin", "/sbin"];
  const paths = program.includes("/") ? [program] : folders.filter(Boolean).map((folder) => join(folder, program));
  return paths.find((path) => allows(path, constants.X_OK));
}

function allows(path, mode) {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(3);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup(process.argv[2]);
