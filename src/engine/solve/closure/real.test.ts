import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { complaintsAbout } from "../../../../test/support/solution-checker.ts";
import { sharedPath } from "../../../../test/support/tools.ts";
import { type Repository, readRepository } from "../../../formats/rpmmd/index.ts";
import { addMetadata, Pool } from "../../pool/index.ts";
import { ClosureSearch } from "../minimize/closure-search.ts";
import { checkPool, keepNewest, recheckPool, tellClosure } from "./index.ts";

const shared = sharedPath("data", "repodata");
const cloud = (
  "kernel systemd dnf openssh-server selinux-policy-targeted NetworkManager chrony grub2-efi-x64 shim-x64 grub2-pc sudo firewalld " +
  "centos-stream-release glibc-langpack-en dracut-config-generic cloud-utils-growpart python3-jsonpatch"
).split(" ");

describe.skipIf(shared.missing !== undefined)(
  `CentOS Stream 9, BaseOS older than AppStream (${shared.missing ?? "present"})`,
  () => {
    let repositories: Repository[] = [];
    beforeAll(async () => {
      repositories = await Promise.all(
        [
          ["baseos", "cs9-baseos-2022-02"],
          ["appstream", "cs9-appstream-2025-01"],
        ].map(([id = "", folder = ""]) => readRepository(join(shared.path ?? "", folder), { id })),
      );
    });
    const poolOf = (some: readonly Repository[]): Pool => {
      const pool = new Pool(undefined, { arch: "x86_64" });
      for (const { id, packages } of some)
        addMetadata(pool, pool.addRepository({ id, priority: 0, subPriority: 0 }).index, packages);
      pool.prepare();
      return pool;
    };

    it("finds the very packages that libsolv's installcheck calls broken, each with its cause", () => {
      const list = gunzipSync(readFileSync(join(shared.path ?? "", "cs9-expected-broken.txt.gz"))).toString("utf8");
      const { broken, causes } = tellClosure(checkPool(poolOf(repositories)));
      expect(broken.map(({ nevra }) => nevra)).toEqual(list.trim().split("\n").sort());
      expect(broken.every(({ chain }) => chain.length > 0)).toBe(true);
      expect(causes.reduce((sum, { breaks }) => sum + breaks.length, 0)).toBe(broken.length);
      expect(causes[0]?.text).toBe("nothing provides libldap.so.2()(64bit)");
      expect(causes.filter(({ kind }) => kind === "clash")).toHaveLength(4);
    });

    it("judges a changed pair as a full check does, looking at few", () => {
      const [base, app] = repositories as [Repository, Repository];
      const without = (name: string) => ({ ...app, packages: app.packages.filter((pkg) => pkg.name !== name) });
      const before = checkPool(poolOf([base, app]));
      for (const name of ["libuv", "php-common"]) {
        const pool = poolOf([base, without(name)]);
        const { verdict, judged } = recheckPool(before, pool);
        expect(tellClosure(verdict)).toEqual(tellClosure(checkPool(pool)));
        expect(judged).toBeLessThan(3000);
      }
    });

    it("keeps the newest of each name", () => {
      const pool = poolOf(repositories);
      expect(keepNewest(pool)).toBeGreaterThan(8000);
      const { broken, packages } = { ...tellClosure(checkPool(pool)), packages: pool.columns.count };
      expect(broken.length).toBeGreaterThan(300);
      expect(broken.length).toBeLessThan(packages / 4);
    });

    it("proves the smallest closure of a cloud image", () => {
      const pool = poolOf(repositories);
      const { columns } = pool;
      const all = repositories.flatMap(({ packages }) => packages);
      const demands = cloud.map((text) => {
        const name = columns.strings.find(text);
        return { text, packages: pool.providersOf(name).filter((pkg) => columns.name[pkg] === name) };
      });
      const answer = new ClosureSearch(pool).run(demands, columns.installedSize.slice(0, columns.count), 10_000);
      expect(answer).toMatchObject({ status: "optimal", weight: 706_511_421, bound: 706_511_421 });
      const chosen = answer.packages.map((pkg) => all[pkg - 2]).filter((pkg) => pkg !== undefined);
      expect(
        complaintsAbout(
          chosen,
          cloud.map((name) => ({ name })),
        ),
      ).toEqual([]);
      expect(chosen).toHaveLength(220);
      const stopped = new ClosureSearch(pool).run(demands, columns.installedSize.slice(0, columns.count), 1);
      expect(stopped.status).toBe("bounded");
      expect(stopped.bound).toBeLessThanOrEqual(706_511_421);
      expect(stopped.weight).toBeGreaterThanOrEqual(706_511_421);
    });
  },
);
