import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentProgress } from "../../core/index.ts";
import { type BuildAllOptions, BuildStore, buildComponent, openRepositoryBuildroot } from "./index.ts";
import {
  candidatesOf,
  digestsOf,
  flow,
  gauge,
  textPackage,
  componentOf,
} from "../../../test/support/flow-components.ts";
import { sandboxFor } from "../../../test/support/sandboxes.ts";
import { missingTool, sharedPath } from "../../../test/support/tools.ts";

/** A folder where the repository is kept: making it downloads some 120 MB, which nobody is surprised with. */
const kept = process.env.WEIR_SEED_REPOSITORY ?? "";
const missing =
  kept === ""
    ? "WEIR_SEED_REPOSITORY names no folder"
    : (missingTool("rpmbuild", "createrepo_c", "dpkg-deb", "apt-get", "bwrap", "proot") ??
      sharedPath("tools/seed-repo/deb2rpm.py").missing);
let folder: string;
let repository: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-seed-"));
  if (missing !== undefined) return;
  const script = join(import.meta.dirname, "../../../scripts/seed-repository.mjs");
  repository = execFileSync(process.execPath, [script, kept], { encoding: "utf8" }).trim();
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function set(name: string, kind: "overlay" | "proot", repositories = [repository]) {
  const store = await BuildStore.open(join(folder, name));
  const buildroot = await openRepositoryBuildroot({ store, arch: "x86_64", macros: [], repositories });
  const options: BuildAllOptions = {
    store,
    buildroot,
    sandbox: sandboxFor(kind, join(folder, `${name}-scratch`)),
    progress: silentProgress,
  };
  return options;
}

describe("a buildroot of packages alone", () => {
  it.skipIf(missing)("builds with nothing of the machine, the same in every sandbox", async () => {
    const options = await set("overlay", "overlay");
    const library = await buildComponent(flow, { ...options, built: [] });
    const program = await buildComponent(gauge, { ...options, built: await candidatesOf(library) });
    expect(program.inputs).not.toHaveProperty("toolchain");
    expect(Object.keys(program.inputs)).toEqual(
      expect.arrayContaining(["package bash.x86_64", "package gcc-12.x86_64", "package libflow.x86_64"]),
    );
    const other = await set("proot", "proot");
    const again = await buildComponent(flow, { ...other, built: [] });
    expect(again.key).toBe(library.key);
    expect(digestsOf(again)).toEqual(digestsOf(library));
  });

  it.skipIf(missing)("holds what was asked for and no more", async () => {
    const options = await set("little", "overlay");
    const script = "for name in gcc cmake apt-get node; do ! type $name || exit 1; done";
    const built = await buildComponent(componentOf(textPackage("little", "", script)), { ...options, built: [] });
    expect(built.rpms).toHaveLength(1);
    const [root = ""] = await readdir(options.store.path("roots"));
    expect(existsSync(options.store.path("roots", root, "etc/ld.so.cache"))).toBe(true);
    await expect(buildComponent(gauge, { ...options, built: [] })).rejects.toMatchObject({
      code: "BUILDROOT_UNSOLVABLE",
    });
  });

  it.skipIf(missing)("takes no package that is not the one described", async () => {
    const damaged = join(folder, "damaged");
    await cp(join(repository, "repodata"), join(damaged, "repodata"), { recursive: true });
    const build = async (name: string) =>
      buildComponent(componentOf(textPackage(name)), {
        ...(await set(`${name}-store`, "overlay", [damaged])),
        built: [],
      });
    await expect(build("absent")).rejects.toMatchObject({ code: "BUILDROOT_PACKAGE_MISSING" });
    for (const name of await readdir(repository)) {
      if (name.endsWith(".rpm")) await writeFile(join(damaged, name), "");
    }
    await expect(build("wrong")).rejects.toMatchObject({ code: "BUILDROOT_PACKAGE_DIGEST" });
  });
});
