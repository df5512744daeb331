import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poolOf } from "../../../../test/support/pool.ts";
import { missingTool } from "../../../../test/support/tools.ts";
import { type TinyPackage, tinyRepository } from "../../../../test/support/universe.ts";
import { digestOf, run, WeirError } from "../../../core/index.ts";
import { parseModules } from "../../../formats/modulemd/index.ts";
import { writeRepository } from "../../../formats/rpmmd/index.ts";
import { activeModules, filterByModules } from "./index.ts";

/** Asks dnf's own Python library which packages module streams leave, one process for all cases. */
const askDnf = `
import sys, json, dnf
answers = []
for case in json.load(sys.stdin):
    base = dnf.Base()
    conf = base.conf
    conf.cachedir = case["root"] + "/cache"
    conf.persistdir = case["root"] + "/persist"
    conf.installroot = case["root"]
    conf.reposdir = []
    conf.plugins = False
    conf.module_platform_id = "platform:p1"
    conf.substitutions.update(releasever="1", arch="x86_64", basearch="x86_64")
    base.repos.add_new_repo("x", conf, baseurl=["file://" + case["repository"]])
    base.fill_sack(load_system_repo=False)
    answers.append(sorted(set("%s-%s-%s.%s" % (p.name, p.version, p.release, p.arch) for p in base.sack.query().available())))
    base.close()
print(json.dumps(answers))
`;

const missing = missingTool("dnf", "python3");
const count = 24;

class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

function world(dice: Dice): { packages: TinyPackage[]; yaml: string; enable: string[] } {
  const packages: TinyPackage[] = [];
  for (let name = 0; name < 6; name++) {
    for (let version = 1; version <= 3; version++)
      packages.push(
        dice.below(3) === 0 ? [`p${name}-${version}`, `provides p${dice.below(6)} = 9`] : [`p${name}-${version}`],
      );
  }
  const documents: string[] = [];
  for (const module of ["ma", "mb", "mc"]) {
    for (const stream of ["1", "2"]) {
      // A context stands for what a build needs, so all builds of a context need the same.
      const other = dice.pick(["ma", "mb", "mc"].filter((name) => name !== module));
      const needs = dice.below(3) === 0 ? [`      ${other}: ["${1 + dice.below(2)}"]`] : [];
      for (let build = dice.below(2); build >= 0; build--) {
        const artifacts = Array.from(
          { length: 1 + dice.below(3) },
          () => `    - p${dice.below(6)}-0:${1 + dice.below(3)}-1.x86_64`,
        );
        documents.push(
          [
            "---",
            "document: modulemd",
            "version: 2",
            "data:",
            `  name: ${module}`,
            `  stream: "${stream}"`,
            `  version: ${build + 1}`,
            "  context: c0ffee42",
            "  arch: x86_64",
            "  summary: s",
            "  description: d",
            "  license:",
            "    module: [MIT]",
            "  dependencies:",
            "  - requires:",
            "      platform: [p1]",
            ...needs,
            "  artifacts:",
            "    rpms:",
            ...new Set(artifacts),
            "...",
          ].join("\n"),
        );
      }
    }
    if (dice.below(2) === 0)
      documents.push(
        `---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: ${module}\n  stream: "${1 + dice.below(2)}"\n...`,
      );
  }
  const enable = ["ma", "mb", "mc"].filter(() => dice.below(3) === 0).map((module) => `${module}:${1 + dice.below(2)}`);
  return { packages, yaml: `${documents.join("\n")}\n`, enable };
}

describe.skipIf(missing !== undefined)(`module streams beside dnf (${missing ?? "present"})`, () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-modules-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("leave the same packages", async () => {
    const dice = new Dice(3);
    const cases: { repository: string; root: string }[] = [];
    const ours: string[][] = [];
    const worlds: string[] = [];
    while (cases.length < count) {
      const { packages, yaml, enable } = world(dice);
      const repository = tinyRepository("x", packages);
      const modules = parseModules(Buffer.from(yaml), "modules.yaml");
      const pool = poolOf([repository]);
      let kept: string[];
      try {
        const { active, left } = activeModules(modules.streams, modules.defaults, { enable, platform: "p1" });
        if (left.length > 0) continue;
        const filter = filterByModules(pool, modules.streams, active);
        kept = Array.from({ length: pool.columns.count - 2 }, (_, index) => index + 2)
          .filter((pkg) => filter.considered?.[pkg] !== 0)
          .map((pkg) => pool.nevra(pkg));
      } catch (error) {
        if (error instanceof WeirError && error.code === "MODULE_UNMET") continue;
        throw error;
      }
      const place = join(folder, String(cases.length));
      const root = join(place, "root");
      await mkdir(join(root, "etc/dnf/modules.d"), { recursive: true });
      for (const text of enable) {
        const [name, stream] = text.split(":");
        const state = `[${name}]\nname=${name}\nstream=${stream}\nprofiles=\nstate=enabled\n`;
        await writeFile(join(root, `etc/dnf/modules.d/${name}.module`), state);
      }
      const numbered = repository.packages.map((pkg) => ({ ...pkg, pkgid: digestOf(Buffer.from(pkg.location)) }));
      await writeRepository(join(place, "repo"), numbered, {
        revision: 1,
        extra: [{ type: "modules", file: "modules.yaml", content: yaml }],
      });
      cases.push({ repository: join(place, "repo"), root });
      ours.push([...new Set(kept)].sort());
      worlds.push(`${enable.join(" ")}\n${yaml}`);
    }
    const script = join(folder, "ask.py");
    await writeFile(script, askDnf);
    const { stdout } = await run("/usr/bin/python3", [script], { input: JSON.stringify(cases), timeout: 120_000 });
    const theirs = JSON.parse(stdout.toString("utf8")) as string[][];
    for (const [index, answer] of ours.entries()) expect(answer, worlds[index]).toEqual(theirs[index]);
  }, 180_000);
});
