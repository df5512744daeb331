import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackages, richSpec, smallSpec } from "../../../test/support/rpmbuild.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { compareText, digestFile, formatNevra, run } from "../../core/index.ts";
import { readRpm } from "../rpm/index.ts";
import { fromRpm, type PackageMetadata, readRepository, writeRepository } from "./index.ts";

const missing = missingTool("rpmbuild", "createrepo_c");
const noDnf = missingTool("dnf");

function inOrder(packages: readonly PackageMetadata[]): PackageMetadata[] {
  return [...packages].sort((a, b) => compareText(a.location, b.location));
}

async function describePackage(folder: string, file: string): Promise<PackageMetadata> {
  const path = join(folder, file);
  const head = readRpm({ path }, file);
  return fromRpm(head.package, {
    pkgid: await digestFile(path),
    location: file,
    size: head.size,
    fileTime: Math.floor((await stat(path)).mtimeMs / 1000),
    headerRange: head.headerRange,
  });
}

describe.skipIf(missing !== undefined)(`beside createrepo_c (${missing ?? "present"})`, () => {
  let folder = "";
  let theirs = "";
  let ours = "";
  let mine: PackageMetadata[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "weir-createrepo-"));
    theirs = join(folder, "theirs");
    ours = join(folder, "ours");
    const files = await buildPackages(folder, theirs, { rich: richSpec, small: smallSpec("small", "1.0") });
    await run("cp", ["-a", theirs, ours]);
    await run("createrepo_c", ["--quiet", "--no-database", theirs]);
    mine = await Promise.all(files.map((file) => describePackage(ours, file)));
    await writeRepository(ours, mine, { revision: 1700000000 });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("says the same of every package, field by field", async () => {
    const expected = inOrder((await readRepository(theirs, { filelists: true, other: true })).packages);
    const found = inOrder((await readRepository(ours, { filelists: true, other: true })).packages);
    expect(expected.length).toBeGreaterThanOrEqual(5);
    for (const [index, pkg] of expected.entries()) expect(found[index]).toEqual(pkg);
    expect(found).toEqual(inOrder(mine));
  });

  it("lists the same files in primary.xml alone", async () => {
    const expected = inOrder((await readRepository(theirs)).packages).map((pkg) => pkg.files);
    expect(inOrder((await readRepository(ours)).packages).map((pkg) => pkg.files)).toEqual(expected);
  });

  it.skipIf(noDnf !== undefined)("is read by dnf, which sees the same packages", async () => {
    const ask = async (root: string, what: readonly string[]) => {
      const args = [
        "-q",
        "--disablerepo=*",
        `--repofrompath=x,file://${root}`,
        "--releasever=1",
        "--setopt=reposdir=/nowhere",
      ];
      const cache = `--setopt=cachedir=${join(folder, "cache", what.join("-"), root.slice(-4))}`;
      const { stdout } = await run("dnf", [...args, cache, "repoquery", ...what], { timeout: 60_000 });
      return stdout.toString("utf8").split("\n").sort();
    };
    const format = ["--qf", "%{epoch}:%{name}-%{version}-%{release}.%{arch}"];
    const seen = await ask(ours, format);
    expect(seen.filter((line) => line !== "")).toHaveLength(mine.length);
    expect(seen).toEqual(await ask(theirs, format));
    for (const kind of ["--requires", "--provides", "--conflicts", "--obsoletes", "--recommends", "--supplements"]) {
      expect(await ask(ours, ["rich", kind])).toEqual(await ask(theirs, ["rich", kind]));
    }
    expect(mine.map(formatNevra)).toContain("rich-2:1.5~rc1-3.x86_64");
  });
});
