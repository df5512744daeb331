import { describe, expect, it } from "vitest";
import { makePackage, type PackagePlan } from "../../../test/support/metadata.ts";
import type { PackageMetadata } from "../../formats/rpmmd/index.ts";
import { describeRepository, diffRepositories } from "./index.ts";

function pkg(text: string, more: Partial<PackageMetadata> = {}, plan: PackagePlan = {}): PackageMetadata {
  return { ...makePackage(text, plan), ...more };
}

const log = (time: number, text: string) => ({ time: time * 86_400, author: "A <a@b>", text });
const kindsOf = (before: PackageMetadata[], after: PackageMetadata[]) =>
  diffRepositories(before, after).changes.map((change) => [
    change.name,
    change.arch,
    change.kind,
    change.before,
    change.after,
  ]);

describe("diffRepositories", () => {
  it("says what became of each package", () => {
    const before = ["gone-1-1.noarch", "up-1-1.noarch", "down-1:2-1.noarch", "same-1-1.noarch", "again-1-1.noarch"];
    const after = ["new-1-1.noarch", "up-1:0-1.noarch", "down-2-2.noarch", "same-1-1.noarch"];
    expect(
      kindsOf(
        before.map((text) => pkg(text)),
        [...after.map((text) => pkg(text)), pkg("again-1-1.noarch", { pkgid: "other" })],
      ),
    ).toEqual([
      ["again", "noarch", "rebuilt", "1-1", "1-1"],
      ["down", "noarch", "downgraded", "1:2-1", "2-2"],
      ["gone", "noarch", "removed", "1-1", null],
      ["new", "noarch", "added", null, "1-1"],
      ["up", "noarch", "upgraded", "1-1", "1:0-1"],
    ]);
  });

  it("lets the newest of several versions count, architectures by themselves", () => {
    const before = [pkg("a-1-1.x86_64"), pkg("a-3-1.x86_64"), pkg("a-1-1.i686")];
    const after = [pkg("a-3-1.x86_64"), pkg("a-2-1.x86_64"), pkg("a-2-1.i686")];
    expect(kindsOf(before, after)).toEqual([["a", "i686", "upgraded", "1-1", "2-1"]]);
    expect(diffRepositories(before, after).counts).toMatchObject({ upgraded: 1, same: 1 });
  });

  it("sees a package that became noarch as one change", () => {
    expect(kindsOf([pkg("a-1-1.x86_64")], [pkg("a-2-1.noarch")])).toEqual([["a", "noarch", "upgraded", "1-1", "2-1"]]);
    expect(kindsOf([pkg("a-1-1.x86_64")], [pkg("a-1-1.aarch64")])).toHaveLength(2);
    expect(kindsOf([pkg("a-1-1.src")], [pkg("a-1-1.noarch")])).toHaveLength(2);
  });

  it("gives the changelog in between, newest first, on the side that is newer", () => {
    const old = pkg("a-1-1.noarch", { changelog: [log(1, "one"), log(2, "two")] });
    const now = pkg("a-2-1.noarch", {
      changelog: [log(2, "two"), { ...log(3, "three"), time: 3 * 86_400 + 1 }, log(4, "four")],
    });
    const texts = (before: PackageMetadata, after: PackageMetadata) =>
      diffRepositories([before], [after]).changes[0]?.changelog.map((entry) => entry.text);
    expect(texts(old, now)).toEqual(["four", "three"]);
    expect(texts(now, old)).toEqual(["four", "three"]);
  });

  it("tells provides gained and lost, not the package's own version, and sizes", () => {
    const old = pkg(
      "a-1-1.noarch",
      { size: { package: 10, installed: 100, archive: 1 } },
      { provides: ["liba.so.1", "v = 1", "own = 1-1"] },
    );
    const now = pkg(
      "a-2-1.noarch",
      { size: { package: 15, installed: 70, archive: 1 } },
      { provides: ["liba.so.2", "v = 2", "own = 2-1"] },
    );
    expect(diffRepositories([old], [now]).changes).toMatchObject([
      {
        provides: { gained: ["liba.so.2", "v = 2"], lost: ["liba.so.1", "v = 1"] },
        packageBytes: 5,
        installedBytes: -30,
      },
    ]);
    expect(diffRepositories([old], [now]).bytes).toEqual({ before: 10, after: 15 });
  });

  it("of a repository and itself is nothing", () => {
    const packages = [pkg("a-1-1.x86_64"), pkg("a-1-1.i686"), pkg("b-1-1.noarch")];
    expect(diffRepositories(packages, [...packages].reverse())).toMatchObject({ changes: [], counts: { same: 3 } });
  });
});

describe("describeRepository", () => {
  const repomd = { revision: "7", entries: [], tags: { repo: [], content: [], distro: [] } };

  it("counts", () => {
    const packages = [
      pkg("a-1-1.x86_64", { time: { file: 0, build: 5 } }),
      pkg("a-2-1.x86_64", { time: { file: 0, build: 9 } }),
      pkg("b-1-1.noarch", { time: { file: 0, build: 7 } }),
    ];
    expect(describeRepository(repomd, packages)).toMatchObject({
      packages: 3,
      names: 2,
      sources: 3,
      bytes: 3,
      arches: [
        { arch: "noarch", packages: 1 },
        { arch: "x86_64", packages: 2 },
      ],
      oldest: { nevra: "a-1-1.x86_64", buildTime: 5 },
      newest: { nevra: "a-2-1.x86_64", buildTime: 9 },
    });
  });

  it("has no oldest of nothing", () => {
    expect(describeRepository(repomd, [])).toMatchObject({ packages: 0, oldest: undefined, timestamp: undefined });
  });
});
