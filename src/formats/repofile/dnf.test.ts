import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseRepoFile, repoVariables } from "./index.ts";

const python = "/usr/bin/python3";
const folder = mkdtempSync(join(tmpdir(), "weir-repofile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function missingLibrary(): string | undefined {
  if (spawnSync(python, ["-c", "import dnf"]).status === 0) return undefined;
  const reason = "not on this machine: dnf for Python (python3-dnf)";
  if ((process.env.CI ?? "") !== "") throw new Error(`${reason}; in CI this is a failure`);
  return reason;
}
const missing = missingLibrary();

const script = `
import dnf, json, sys
answers = []
for path in sys.argv[2:]:
    base = dnf.Base()
    base.conf.cachedir = base.conf.installroot = sys.argv[1]
    base.conf.reposdir = [path]
    base.conf.substitutions.update(releasever="9", arch="x86_64", basearch="x86_64")
    base.read_all_repos()
    answers.append([[r.id, r.name, bool(r.enabled), list(r.baseurl), r.mirrorlist or "", r.metalink or "", r.priority, r.cost,
        sorted(r.excludepkgs), list(r.includepkgs), bool(r.module_hotfixes), bool(r.gpgcheck), bool(r.repo_gpgcheck),
        list(r.gpgkey), r.metadata_expire, bool(r.skip_if_unavailable), r.username or "", r.password or ""] for r in base.repos.values()])
json.dump(answers, sys.stdout)
`;

const files = [
  "[a]\nbaseurl=http://x\n",
  "# c\n; d\n\n[main]\ngpgcheck=1\n[fedora]\nname=Fedora $releasever - $basearch ${arch} $foo\nbaseurl=http://a/$releasever,http://b/\n   http://c/\n\thttp://d/\nenabled = No\n",
  "[a]\n[a]\nbaseurl=http://x\npriority=5\n[b]\nbaseurl=http://y\n[a]\npriority=7\ncost=3\n",
  '[a-$basearch]\nmirrorlist=http://m/?arch=$arch&repo=a-$releasever\nname="q" r\nusername="u"\npassword=p=q \n',
  "[a]\nmetalink='http://m/'\nname='q'\nskip_if_unavailable=true\nmetadata_expire=-1\nmodule_hotfixes=yes\n",
  "[a]\nbaseurl=http://x\nmetadata_expire=never\ngpgcheck=on\nrepo_gpgcheck=1\ngpgkey=file:///k1\n  file:///k2\n",
  "[a]\nbaseurl=http://x\nmetadata_expire=1.5h\nexclude=a b\nexcludepkgs=c*,d\n  e\nincludepkgs=x\n",
  "[a]\r\nbaseurl=http://x\nmetadata_expire=2d\npriority=-5\n[b]\nBaseurl=http://x\nENABLED=0\nbaseurl=http://y\n",
  "[a]\nbaseurl=http://x # no comment\n ; nor this\nenabled=\nmetadata_expire=10m\n",
];

describe.skipIf(missing !== undefined)(`dnf (${missing ?? "present"})`, () => {
  it("reads the same from .repo files", () => {
    const variables = repoVariables("x86_64", "9");
    const folders = files.map((text, index) => {
      const path = join(folder, `${index}`);
      mkdirSync(path);
      writeFileSync(join(path, "x.repo"), text);
      return path;
    });
    const run = spawnSync(python, ["-c", script, folder, ...folders], { encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    const own = files.map((text) =>
      parseRepoFile(Buffer.from(text), "x.repo", variables).repositories.map((section) => [
        section.id,
        section.name ?? section.id,
        section.enabled,
        section.baseUrls,
        section.mirrorlist ?? "",
        section.metalink ?? "",
        section.priority,
        section.cost,
        [...section.excludes].sort(),
        section.includepkgs,
        section.moduleHotfixes,
        section.gpgcheck,
        section.repoGpgcheck,
        section.gpgkeys,
        section.metadataExpire ?? -1,
        section.skipIfUnavailable,
        section.username ?? "",
        section.password ?? "",
      ]),
    );
    expect(own).toEqual(JSON.parse(run.stdout));
  });
});
