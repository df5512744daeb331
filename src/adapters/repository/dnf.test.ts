import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedPath } from "../../../test/support/tools.ts";
import { parseComps, writeComps } from "../../formats/comps/index.ts";
import { parseModules, writeModules } from "../../formats/modulemd/index.ts";
import { parsePrimary, writeRepository } from "../../formats/rpmmd/index.ts";
import { type Advisory, parseUpdateinfo, writeUpdateinfo } from "../../formats/updateinfo/index.ts";
import { openRepositories, type RepositorySource } from "./index.ts";

const python = "/usr/bin/python3";
function missingLibrary(): string | undefined {
  if (spawnSync(python, ["-c", "import dnf, hawkey"]).status === 0) return undefined;
  const reason = "not on this machine: dnf for Python (python3-dnf)";
  if ((process.env.CI ?? "") !== "") throw new Error(`${reason}; in CI this is a failure`);
  return reason;
}
const missing = missingLibrary();
const shared = sharedPath("data", "repodata", "cs9-appstream-2025-01");

/** What dnf finds in a repository: module builds, groups, environments, advisories of the packages called nginx. */
const script = `
import dnf, json, sys, hawkey
def facts(root):
    base = dnf.Base()
    conf = base.conf
    conf.cachedir = conf.installroot = sys.argv[1]
    conf.reposdir = []
    conf.substitutions.update(releasever="9", arch="x86_64", basearch="x86_64")
    conf.module_platform_id = "platform:el9"
    base.repos.add_new_repo("r", conf, baseurl=["file://" + root])
    base.fill_sack(load_system_repo=False)
    base.read_comps(arch_filter=True)
    modules = [[m.getFullIdentifier(), m.getSummary(), sorted(m.getArtifacts()),
                sorted([p.getName(), p.getDescription(), sorted(p.getContent())] for p in m.getProfiles()),
                [sorted([k, sorted(v)] for r in d.getRequires() for k, v in r.items()) for d in m.getModuleDependencies()]]
               for m in base._moduleContainer.getModulePackages()]
    groups = [[g.id, g.name, g.ui_description, g.visible, sorted([p.name, p.option_type] for p in g.packages_iter())]
              for g in base.comps.groups]
    environments = [[e.id, e.name, sorted(g.id for g in e.mandatory_groups)] for e in base.comps.environments]
    every = hawkey.EQ | hawkey.GT | hawkey.LT
    advisories = [[a.id, a.title, a.type == hawkey.ADVISORY_SECURITY, a.severity, a.description, str(a.updated),
                   [[r.id, r.url, r.title] for r in a.references], [[x.name, x.evr, x.arch] for x in a.packages]]
                  for p in base.sack.query().filter(name="nginx", latest=True) for a in p.get_advisories(every)]
    defaults = sorted([n, base._moduleContainer.getDefaultStream(n)] for n in {m[0].split(":")[0] for m in modules})
    return dict(modules=sorted(modules), groups=sorted(groups), environments=sorted(environments),
                advisories=sorted(advisories), defaults=defaults)
json.dump([facts(root) for root in sys.argv[2:]], sys.stdout)
`;

describe.skipIf(missing !== undefined || shared.missing !== undefined)(`dnf (${missing ?? "present"})`, () => {
  let folder = "";
  let source: RepositorySource;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-dnf-"));
    const options = { cwd: "/", cacheFolder: join(folder, "cache"), network: false, arch: "x86_64" };
    const [opened] = await openRepositories([shared.path ?? ""], options);
    if (opened === undefined) throw new Error("no source");
    source = opened;
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("finds in groups, modules and advisories that were written what it finds in the originals", async () => {
    const all = parsePrimary(await source.read("primary"), "primary");
    const packages = all.filter((pkg) => pkg.name === "nginx");
    const [nginx] = packages;
    if (nginx === undefined) throw new Error("no nginx");
    const [modules, comps] = [await source.read("modules"), await source.read("group")];
    const advisory = `<?xml version="1.0"?><updates><update from="a" status="final" type="security" version="1"><id>W-1</id>
      <title>nginx &amp; more</title><issued date="2024-01-01 00:00:00"/><updated date="2024-02-01 00:00:00"/><severity>Important</severity>
      <description>Two\nlines</description><references><reference href="https://example.org/" id="CVE-2024-1" type="cve" title="A title"/>
      </references><pkglist><collection short="c"><name>C</name><package name="nginx" epoch="${nginx.epoch}" version="${nginx.version}"
      release="${nginx.release}" arch="x86_64"><filename>n.rpm</filename></package></collection></pkglist></update></updates>`;
    const advisories: Advisory[] = parseUpdateinfo(Buffer.from(advisory), "updateinfo.xml");
    const roots = [join(folder, "original"), join(folder, "written")];
    const contents = [
      { modules: modules, group: comps, updateinfo: advisory },
      {
        modules: writeModules(parseModules(modules, "modules.yaml")),
        group: writeComps(parseComps(comps, "comps.xml")),
        updateinfo: writeUpdateinfo(advisories),
      },
    ];
    for (const [index, root] of roots.entries()) {
      const extra = Object.entries(contents[index] ?? {}).map(([type, content]) => ({ type, file: type, content }));
      await writeRepository(root, packages, { revision: 1700000000, extra });
    }
    const run = spawnSync(python, ["-c", script, join(folder, "dnf"), ...roots], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    expect(run.status, run.stderr).toBe(0);
    const [original, written] = JSON.parse(run.stdout) as Record<string, unknown[]>[];
    expect(written).toEqual(original);
    const counts = Object.entries(written ?? {}).map(([key, list]) => [key, list.length]);
    expect(Object.fromEntries(counts)).toMatchObject({ modules: 31, groups: 63, environments: 4, advisories: 1 });
    expect(await readFile(await source.file("group"))).toEqual(comps);
  });
});
