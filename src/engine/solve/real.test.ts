import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { complaintsAbout } from "../../../test/support/solution-checker.ts";
import { sharedPath } from "../../../test/support/tools.ts";
import { type Repository, readRepository } from "../../formats/rpmmd/index.ts";
import { checkClosure, checkInstallable, createSolver, type Solver } from "./index.ts";

const shared = sharedPath("data", "repodata");
const cloud = (
  "kernel systemd dnf openssh-server selinux-policy-targeted NetworkManager chrony grub2-efi-x64 shim-x64 grub2-pc sudo firewalld " +
  "centos-stream-release glibc-langpack-en dracut-config-generic cloud-utils-growpart python3-jsonpatch"
).split(" ");

describe.skipIf(shared.missing !== undefined)(
  `CentOS Stream 9, BaseOS older than AppStream (${shared.missing ?? "present"})`,
  () => {
    let repositories: Repository[] = [];
    let solver: Solver;
    beforeAll(async () => {
      for (const [id, folder] of [
        ["baseos", "cs9-baseos-2022-02"],
        ["appstream", "cs9-appstream-2025-01"],
      ] as const) {
        repositories.push(await readRepository(join(shared.path ?? "", folder), { id }));
      }
      solver = createSolver(repositories, "x86_64");
    });

    function sound(install: readonly string[], weak: boolean): number {
      const start = performance.now();
      const solution = solver.solve({ install, weak });
      expect(performance.now() - start).toBeLessThan(40_000);
      expect(solution.problems).toEqual([]);
      const requests = install.map((name) => ({ name }));
      expect(
        complaintsAbout(
          solution.install.map((item) => item.package),
          requests,
        ),
      ).toEqual([]);
      return solution.install.length;
    }

    it("installs as many packages as libsolv for a cloud image: 226, with weak dependencies 271", () => {
      expect(sound(cloud, false)).toBe(226);
      expect(sound(cloud, true)).toBe(271);
    });

    it("installs bash", () => {
      expect(sound(["bash"], false)).toBe(14);
      expect(sound(["bash"], true)).toBe(15);
    });

    it("tells repository skew as such", () => {
      const [problem] = solver.solve({ install: ["cloud-init"] }).problems;
      expect(problem?.message).toContain("of exactly their own version (3.6-2.1.el9), but baseos has 3.3-2.el9");
      expect(problem?.hints).toEqual([
        "policycoreutils = 3.6-2.1.el9 is needed, baseos has policycoreutils 3.3-2.el9, which is too old",
        "baseos is older than appstream: use repositories of the same date",
      ]);
    });

    it("finds the very packages that libsolv's installcheck calls broken", async () => {
      const list = gunzipSync(await readFile(join(shared.path ?? "", "cs9-expected-broken.txt.gz"))).toString("utf8");
      // installcheck also looks at i686 packages, which are none of an x86_64 machine's here.
      const expected = list
        .trim()
        .split("\n")
        .filter((nevra) => !nevra.endsWith(".i686"));
      const found = checkInstallable(repositories, "x86_64");
      expect(found.map((problem) => problem.nevra)).toEqual(expected.sort());
      expect(found.every((problem) => (problem.chain?.length ?? 0) > 0)).toBe(true);
    });

    it("finds all but those that conflicts break without solving", () => {
      expect(checkClosure(repositories, { arch: "x86_64", deep: true })).toHaveLength(4079);
    });
  },
);

const alone = sharedPath("data", "repodata", "centos7-small");
it.skipIf(alone.missing !== undefined)(
  "names the two packages of CentOS 7 that want older neighbours, and no other",
  async () => {
    const repository = await readRepository(alone.path ?? "", { filelists: true });
    expect(checkClosure([repository]).map((problem) => problem.nevra)).toEqual([
      "libgudev1-219-67.el7.x86_64",
      "lvm2-libs-7:2.02.185-2.el7.x86_64",
    ]);
  },
);
