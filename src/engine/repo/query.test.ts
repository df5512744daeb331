import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePackage } from "../../../test/support/metadata.ts";
import { buildRpm, type TestPackage } from "../../../test/support/rpm-builder.ts";
import { missingTool } from "../../../test/support/tools.ts";
import { formatNevra, run } from "../../core/index.ts";
import { type PackageMetadata, readRepository } from "../../formats/rpmmd/index.ts";
import { matchesGlob } from "./glob.ts";
import { createRepository, queryPackages, type RepositoryQuery, sourcesOf } from "./index.ts";

describe("matchesGlob", () => {
  it.each([
    ["*", "", true],
    ["*", "a/b", true],
    ["a*c", "abbc", true],
    ["a*c", "abbd", false],
    ["a**b*", "axb", true],
    ["?", "", false],
    ["?b", "ab", true],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[^a-c]x", "dx", true],
    ["[]a]", "]", true],
    ["[a", "[a", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["lib*.so.?", "libflow.so.1", true],
  ])("%s, %s: %s", (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  it("takes no longer than the lengths allow", () => {
    expect(matchesGlob("*a".repeat(200), "a".repeat(20_000) + "b")).toBe(false);
  });
});

const plans: readonly TestPackage[] = [
  {
    name: "lib",
    version: "1",
    release: "1",
    arch: "x86_64",
    provides: ["lib.so.1()(64bit)", "virtual = 3"],
    files: [{ path: "/usr/lib/lib.so.1" }],
  },
  {
    name: "lib",
    version: "2",
    release: "1",
    arch: "x86_64",
    provides: ["lib.so.2()(64bit)", "virtual = 4"],
    files: [{ path: "/usr/lib/lib.so.2" }],
  },
  { name: "lib", version: "2", release: "1", arch: "noarch" },
  { name: "sh", epoch: 1, version: "5", release: "2", files: [{ path: "/bin/sh" }, { path: "/usr/share/sh/doc" }] },
  {
    name: "app",
    version: "1.0~rc1",
    release: "3",
    sourceRpm: "suite-1.0~rc1-3.src.rpm",
    requires: ["lib >= 1.5", "/bin/sh", "virtual < 4"],
    recommends: ["nice"],
  },
  {
    name: "tool",
    version: "1",
    release: "1",
    sourceRpm: "suite-1.0~rc1-3.src.rpm",
    requires: ["lib.so.1()(64bit)", "(sh if tool)", "(nice or app)"],
    conflicts: ["app < 1"],
    obsoletes: ["old < 2"],
  },
  { name: "other", version: "1", release: "1", requires: ["(lib if nice else sh)", "lib < 2"], conflicts: ["lib"] },
];

const cases: Readonly<Record<string, { query: RepositoryQuery; dnf: readonly string[] }>> = {
  all: { query: {}, dnf: [] },
  "a name": { query: { packages: ["lib"] }, dnf: ["lib"] },
  "a glob": { query: { packages: ["*o*"] }, dnf: ["*o*"] },
  "another case": { query: { packages: ["LIB"] }, dnf: ["LIB"] },
  "a glob of all": { query: { packages: ["*-2-*.n*"] }, dnf: ["*-2-*.n*"] },
  nothing: { query: { packages: ["nothing"] }, dnf: ["nothing"] },
  "name and architecture": { query: { packages: ["lib.noarch"] }, dnf: ["lib.noarch"] },
  "name and version": { query: { packages: ["lib-2"] }, dnf: ["lib-2"] },
  "all of it": { query: { packages: ["sh-1:5-2.noarch"] }, dnf: ["sh-1:5-2.noarch"] },
  "without the epoch": { query: { packages: ["sh-5-2"] }, dnf: ["sh-5-2"] },
  "a path": { query: { file: ["/bin/sh"] }, dnf: ["--file", "/bin/sh"] },
  "a glob of paths": { query: { file: ["/usr/*.so.*"] }, dnf: ["--file", "/usr/*.so.*"] },
  providers: { query: { whatprovides: ["virtual"] }, dnf: ["--whatprovides", "virtual"] },
  "providers of a range": { query: { whatprovides: ["virtual >= 4"] }, dnf: ["--whatprovides", "virtual >= 4"] },
  "providers by glob": { query: { whatprovides: ["lib.so*"] }, dnf: ["--whatprovides", "lib.so*"] },
  "providers of a path": { query: { whatprovides: ["/bin/sh"] }, dnf: ["--whatprovides", "/bin/sh"] },
  dependents: { query: { whatrequires: ["lib"] }, dnf: ["--whatrequires", "lib"] },
  "dependents of a package": { query: { whatrequires: ["lib-2"] }, dnf: ["--whatrequires", "lib-2"] },
  "dependents, exactly": {
    query: { whatrequires: ["lib"], exact: true },
    dnf: ["--exactdeps", "--whatrequires", "lib"],
  },
  "dependents of a range": { query: { whatrequires: ["lib < 1.5"] }, dnf: ["--whatrequires", "lib < 1.5"] },
  "dependents of a path": { query: { whatrequires: ["/bin/sh"] }, dnf: ["--whatrequires", "/bin/sh"] },
  "dependents of sh": { query: { whatrequires: ["sh"] }, dnf: ["--whatrequires", "sh"] },
  "dependents of nice": { query: { whatrequires: ["nice"] }, dnf: ["--whatrequires", "nice"] },
  conflicts: { query: { whatconflicts: ["app"] }, dnf: ["--whatconflicts", "app"] },
  "conflicts of a package": { query: { whatconflicts: ["lib"] }, dnf: ["--whatconflicts", "lib"] },
  obsoletes: { query: { whatobsoletes: ["old"] }, dnf: ["--whatobsoletes", "old"] },
  recommends: { query: { whatrecommends: ["nice"] }, dnf: ["--whatrecommends", "nice"] },
  latest: { query: { latest: true }, dnf: ["--latest-limit=1"] },
  "an architecture": { query: { arch: ["x86_64"] }, dnf: ["--arch", "x86_64"] },
  several: { query: { packages: ["lib", "tool"], latest: true }, dnf: ["--latest-limit=1", "lib", "tool"] },
};

const missing = missingTool("dnf");

describe.skipIf(missing !== undefined)(`queryPackages beside dnf repoquery (${missing ?? "present"})`, () => {
  let root = "";
  let packages: readonly PackageMetadata[] = [];
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "weir-query-"));
    for (const [index, plan] of plans.entries()) await writeFile(join(root, `${index}.rpm`), buildRpm(plan));
    await createRepository({ root, workers: 1 });
    ({ packages } = await readRepository(root, { filelists: true }));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each(Object.entries(cases))("answers the same: %s", async (_, { query, dnf }) => {
    const args = [
      "-q",
      "--disablerepo=*",
      `--repofrompath=x,file://${root}`,
      "--releasever=1",
      "--setopt=reposdir=/nowhere",
    ];
    const { stdout } = await run(
      "dnf",
      [...args, "--forcearch=x86_64", `--setopt=cachedir=${root}/cache`, "repoquery", ...dnf],
      {
        timeout: 60_000,
      },
    );
    const theirs = stdout
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "");
    const ours = queryPackages(packages, query).map(
      (pkg) => `${pkg.name}-${pkg.epoch}:${pkg.version}-${pkg.release}.${pkg.arch}`,
    );
    expect([...ours].sort()).toEqual(theirs.sort());
  });
});

describe("queryPackages", () => {
  it("sorts by name and version, and refuses what is no capability", () => {
    const packages = ["b-10-1.x86_64", "b-9-1.x86_64", "a-1-1.noarch"].map((text) => makePackage(text));
    expect(queryPackages(packages, {}).map(formatNevra)).toEqual(["a-1-1.noarch", "b-9-1.x86_64", "b-10-1.x86_64"]);
    for (const text of ["a b", "a > 1 2", ""]) {
      expect(() => queryPackages(packages, { whatprovides: [text] })).toThrow(
        expect.objectContaining({ code: "REPO_QUERY_BAD" }),
      );
    }
  });

  it("gives each source package once", () => {
    const packages = [
      makePackage("a-1-1.noarch"),
      makePackage("a-2-1.noarch", { source: "s" }),
      makePackage("b-2-1.noarch", { source: "s" }),
      makePackage("s-2-1.src"),
    ];
    expect(sourcesOf(packages)).toEqual(["a-1-1.src.rpm", "s-2-1.src.rpm"]);
  });
});
