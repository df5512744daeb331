import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nameRequests, tinyUniverses } from "../../../test/support/tiny-universes.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { tinyRepository } from "../../../test/support/universe.ts";
import { run } from "../../core/index.ts";
import { makeRepodata } from "../../formats/rpmmd/index.ts";
import { solve } from "./index.ts";

/** Asks dnf's own Python library, one process for all cases: names and versions, or null where it finds no way. */
const askDnf = `
import sys, json, dnf
answers = []
for case in json.load(sys.stdin):
    base = dnf.Base()
    conf = base.conf
    conf.cachedir = case["cache"]
    conf.persistdir = case["cache"] + "/persist"
    conf.installroot = case["root"]
    conf.reposdir = []
    conf.plugins = False
    conf.best = False
    conf.install_weak_deps = case["weak"]
    conf.substitutions.update(releasever="1", arch="x86_64", basearch="x86_64")
    base.repos.add_new_repo("x", conf, baseurl=["file://" + case["repository"]])
    base.fill_sack(load_system_repo=False)
    try:
        for request in case["install"]:
            base.install(request, strict=True)
        base.resolve()
        answers.append(sorted("%s-%s" % (p.name, p.version) for p in base.transaction.install_set))
    except dnf.exceptions.Error:
        answers.append(None)
    base.close()
print(json.dumps(answers))
`;

const missing = missingTool("dnf", "python3");

describe.skipIf(missing !== undefined)(`beside dnf (${missing ?? "present"})`, () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-dnf-"));
    await mkdir(join(folder, "root"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each([false, true])(
    "finds answers where dnf does, and nearly always the same (weak dependencies: %s)",
    async (weak) => {
      const samples = fc.sample(fc.tuple(tinyUniverses("plain"), nameRequests), { numRuns: 25, seed: weak ? 7 : 8 });
      const cases: { repository: string; cache: string; root: string; install: readonly string[]; weak: boolean }[] =
        [];
      const ours: (string[] | null)[] = [];
      for (const [index, [packages, install]] of samples.entries()) {
        const repository = join(folder, `${weak}-${index}`);
        const universe = tinyRepository("x", packages);
        const numbered = universe.packages.map((pkg, at) => ({ ...pkg, pkgid: String(at).padStart(64, "0") }));
        await mkdir(join(repository, "repodata"), { recursive: true });
        for (const file of await makeRepodata(numbered, { revision: 1 })) {
          await writeFile(join(repository, "repodata", file.name), file.content);
        }
        cases.push({
          repository,
          cache: join(folder, `cache-${weak}-${index}`),
          root: join(folder, "root"),
          install,
          weak,
        });
        const solution = solve({ repositories: [universe], install, arch: "x86_64", weak });
        const names = solution.install.map((item) => `${item.package.name}-${item.package.version}`);
        ours.push(solution.problems.length > 0 ? null : names.sort());
      }
      const script = join(folder, "ask.py");
      await writeFile(script, askDnf);
      const { stdout } = await run("/usr/bin/python3", [script], { input: JSON.stringify(cases), timeout: 120_000 });
      const theirs = JSON.parse(stdout.toString("utf8")) as (string[] | null)[];
      expect(ours.map((answer) => answer !== null)).toEqual(theirs.map((answer) => answer !== null));
      const same = ours.filter((answer, index) => JSON.stringify(answer) === JSON.stringify(theirs[index]));
      // Where several answers are equally good, the choice between them is each solver's own.
      expect(same.length / ours.length).toBeGreaterThan(0.9);
    },
  );
});
