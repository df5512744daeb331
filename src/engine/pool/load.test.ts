import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { needEntry, readRepomd, readRepository } from "../../formats/rpmmd/index.ts";
import { addMetadata, loadPool, Pool, type PoolSource } from "./index.ts";

const repodata = fileURLToPath(new URL("../../../../shared/data/repodata", import.meta.url));

async function sourceOf(name: string): Promise<PoolSource> {
  const root = join(repodata, name);
  const entry = needEntry(await readRepomd(root), "primary", name);
  return { id: name, primary: { entry, path: join(root, entry.location) } };
}

describe.skipIf(!existsSync(repodata))("loadPool over real metadata", () => {
  it.each(["centos7-small", "cs9-baseos-2022-02", "cs9-appstream-2025-01"])(
    "%s is as its objects say",
    async (name) => {
      const { pool } = await loadPool([await sourceOf(name)], { arch: "x86_64" });
      const objects = (await readRepository(join(repodata, name), { id: name })).packages;
      const other = new Pool(undefined, { arch: "x86_64" });
      other.addRepository({ id: name, priority: 0, subPriority: 0 });
      addMetadata(other, 0, objects);
      other.prepare();
      expect(pool.columns.count).toBe(other.columns.count);
      for (let pkg = 2; pkg < pool.columns.count; pkg++) {
        expect(describePackage(pool, pkg)).toEqual(describePackage(other, pkg));
      }
    },
    60_000,
  );
});

function describePackage({ columns }: Pool, pkg: number): unknown {
  const text = (id: number | undefined) => columns.strings.text(id ?? 0);
  const lists = Object.entries(columns.list).map(([kind]) => [
    kind,
    columns.listOf(kind as "files", pkg).map((id) => columns.dependencyText(id)),
  ]);
  return {
    name: text(columns.name[pkg]),
    evr: text(columns.evr[pkg]),
    arch: text(columns.arch[pkg]),
    vendor: text(columns.vendor[pkg]),
    repository: columns.repository[pkg],
    location: columns.locationOf(pkg),
    checksum: columns.checksumOf(pkg),
    packageSize: columns.packageSize[pkg],
    installedSize: columns.installedSize[pkg],
    buildTime: columns.buildTime[pkg],
    lists,
  };
}
