// Makes a repository of Debian's packages as RPMs, so that the example can be rebuilt with nothing of this machine in its buildroots.
// Usage: node scripts/seed-repository.mjs FOLDER. The converter lies beside the checkout; what is there already is not made again.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const converter = resolve(fileURLToPath(new URL("../../shared/tools/seed-repo", import.meta.url)));

/** What the example needs beyond the converter's own list. */
const more = [
  "libexpat1",
  "libffi8",
  "libgpm2",
  "libncursesw6",
  "libpkgconf3",
  "libpython3-stdlib",
  "libpython3.11-minimal",
  "libpython3.11-stdlib",
  "media-types",
  "netbase",
  "pkg-config",
  "pkgconf",
  "pkgconf-bin",
  "python3",
  "python3-minimal",
  "python3.11",
  "python3.11-minimal",
  "tzdata",
];

/** Left out of the converter's list: Debian's package does not bring the C library's headers, and the one below does. */
const without = new Set(["gcc"]);

/** Names that the example's specs use → the converted packages that hold what they mean. */
const names = {
  gcc: ["gcc-12", "cpp", "libc6-dev"],
  "python3-devel": ["python3"],
  "pkgconf-pkg-config": ["pkgconf", "pkg-config"],
  pkgconfig: ["pkgconf-pkg-config"],
  "rpm-build": ["rpm", "pkgconf-pkg-config", "python3"],
  "glibc-devel": ["libc6-dev"],
  xz: ["xz-utils"],
  "shadow-utils": ["passwd"],
};

/** Links of those packages: path → target. */
const links = {
  gcc: {
    "/usr/bin/gcc": "gcc-12",
    "/usr/bin/cc": "gcc",
    "/usr/bin/gcc-ar": "gcc-ar-12",
    "/usr/bin/gcc-nm": "gcc-nm-12",
  },
};

/** Makes the repository below `folder`, or finds the one made from the same list. Gives the folder that holds `repodata/`. */
export function seedRepository(folder) {
  if (!existsSync(join(converter, "deb2rpm.py"))) fail(`no converter in ${converter}`, 3);
  const list = [...new Set([...readFileSync(join(converter, "list"), "utf8").split(/\s+/), ...more])]
    .filter((name) => name !== "" && !without.has(name))
    .sort();
  const state = createHash("sha256")
    .update(JSON.stringify([list, names, links, converterText()]))
    .digest("hex")
    .slice(0, 16);
  const target = join(folder, `seed-${state}`);
  if (existsSync(join(target, "repodata/repomd.xml"))) return target;
  const work = join(folder, `work-${state}`);
  const debs = join(work, "debs");
  const rpms = join(work, "rpms");
  for (const path of [debs, rpms]) mkdirSync(path, { recursive: true });
  const present = readdirSync(debs);
  const missing = list.filter((name) => !present.some((file) => file.startsWith(`${name}_`)));
  if (missing.length > 0) run("apt-get", ["-o", "APT::Sandbox::User=root", "download", ...missing], debs);
  writeFileSync(join(work, "deb2rpm.py"), converterText());
  writeFileSync(join(work, "list"), `${list.join("\n")}\n`);
  run("/usr/bin/python3", [join(work, "deb2rpm.py"), debs, rpms], work);
  const count = readdirSync(rpms).length;
  if (count < list.length) fail(`only ${count} of ${list.length} packages were converted`, 3);
  writeFileSync(join(work, "names.spec"), namesSpec());
  run(
    "rpmbuild",
    [
      "-bb",
      "--quiet",
      "--define",
      `_topdir ${work}/names`,
      "--define",
      `_rpmdir ${rpms}`,
      "--define",
      "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
      join(work, "names.spec"),
    ],
    work,
  );
  run("createrepo_c", ["--quiet", rpms], work);
  rmSync(target, { recursive: true, force: true });
  renameSync(rpms, target);
  for (const name of ["rpms.work", "names"]) rmSync(join(work, name), { recursive: true, force: true });
  return target;
}

/**
 * The converter, changed in two places: scripts of Python's library name an interpreter that no package holds, and rpm-build is a package
 * of its own, which brings the programs that generators run.
 */
function converterText() {
  let text = readFileSync(join(converter, "deb2rpm.py"), "utf8");
  for (const [old, now] of [
    ["^(/usr/bin/python3|", "^(/usr/bin/python3|/usr/local/bin/.*|"],
    ["Provides: rpm-build = 4.18", "Provides: rpm-tools = 4.18"],
  ]) {
    if (!text.includes(old)) fail(`${converter}/deb2rpm.py is not the version that this script knows`, 3);
    text = text.replace(old, now);
  }
  return text;
}

function namesSpec() {
  const install = [];
  const sections = Object.entries(names).map(([name, requires]) => {
    const own = Object.entries(links[name] ?? {});
    for (const [path, target] of own)
      install.push(`mkdir -p %{buildroot}$(dirname ${path}); ln -s ${target} %{buildroot}${path}`);
    const tags = requires.map((item) => `Requires: ${item}\n`).join("");
    const files = own.map(([path]) => `${path}\n`).join("");
    return `%package -n ${name}\nSummary: Another name\n${tags}%description -n ${name}\nAnother name.\n%files -n ${name}\n${files}`;
  });
  return `Name: seed-names
Version: 1
Release: 1
Summary: Other names
License: MIT
BuildArch: noarch
%description
Other names.
${sections.join("\n")}
%install
mkdir -p %{buildroot}
${install.join("\n")}
`;
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (error) fail(`${command}: ${error.message}`, 3);
  if (status !== 0) fail(`${command} ended with ${status}`, 3);
}

function fail(message, code) {
  console.error(message);
  process.exit(code);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (folder === undefined) fail("usage: node scripts/seed-repository.mjs FOLDER", 2);
  console.log(seedRepository(resolve(folder)));
}
