import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { writeRepository } from "../../src/formats/rpmmd/index.ts";
import { type TinyPackage, tinyPackage } from "../support/universe.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

describe("the bundle of weir solve alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "weir-quick-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    const tiny: TinyPackage[] = [
      ["app-1", "requires lib", "recommends /usr/bin/extra"],
      ["lib-1"],
      ["lost-1", "requires nowhere"],
    ];
    const packages = tiny.map((item) => ({ ...tinyPackage(item), pkgid: digestOf(item.join()) }));
    await writeRepository(join(folder, "repo"), packages, { revision: 1_700_000_000 });
  });
  const weir = (...args: string[]) =>
    spawnSync(process.execPath, [join(checkout, "bin/weir"), ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" },
    });

  it("answers as the whole tool does, from metadata and from a kept pool, and keeps its code", () => {
    const questions = [["app"], ["lost"], ["app", "--no-weak"], ["app", "--exclude", "lib"], ["nonsuch"]];
    for (const question of [...questions, ...questions]) {
      const given = ["solve", ...question, "--arch", "x86_64", "--repo", "repo"];
      // To verify takes the whole tool.
      const [quick, whole] = [weir(...given), weir(...given, "--verify")];
      expect(quick.stdout).not.toBe("");
      expect([quick.stdout, quick.status]).toEqual([whole.stdout, whole.status]);
      expect(weir(...given, "-o", "json").stdout).toBe(weir(...given, "--verify", "-o", "json").stdout);
    }
    expect(readdirSync(join(checkout, "dist/cache")).join()).toContain("quick-solve");
  });

  it("takes the code that runs which read metadata compiled", () => {
    const bundle = join(folder, "bundle");
    mkdirSync(bundle);
    copyFileSync(join(checkout, "dist/quick.cjs"), join(bundle, "quick.cjs"));
    const program = "require(process.argv[1]).start(process.argv[2], process.argv.slice(3))";
    const given = ["solve", "app", "--arch", "x86_64", "--repo", "repo"];
    const writes = ["first", "second"].map((cache) => {
      spawnSync(process.execPath, ["-e", program, join(checkout, "bin/start.cjs"), bundle, ...given], {
        cwd: folder,
        env: { ...process.env, XDG_CACHE_HOME: join(folder, cache) },
      });
      const [kept = ""] = readdirSync(join(bundle, "cache"));
      return readFileSync(join(bundle, "cache", kept))[0];
    });
    // Code that is not taken is written as if it were the first.
    expect(writes).toEqual([1, 2]);
  });

  it("leaves help, mistakes and what it does not hold to the whole tool", () => {
    expect(weir("solve", "--help").stdout).toContain("Usage: weir solve");
    expect(weir("solve", "app", "--nonsuch").status).toBe(2);
    expect(weir("solve", "app", "--repo", "repo", "--freeze", "frozen")).toMatchObject({ status: 0 });
    expect(weir("solve", "app", "--repo", "repo", "--lock", "app.lock")).toMatchObject({ status: 0 });
    expect(weir("solve", "app", "--repo", "repo", "--installed", "none").stderr).toContain("none");
    expect(weir("solve", "@group", "--repo", "repo").status).toBe(2);
    expect(readdirSync(folder)).toContain("app.lock");
  });
});
