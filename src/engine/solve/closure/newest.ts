import { compareEvrIds, type Pool, systemPackage } from "../../pool/index.ts";

/**
 * Leaves the newest packages of each name and architecture in use, all of them where several are equally new, and takes others out. Sets
 * `considered` and prepares the pool anew. Gives how many went.
 */
export function keepNewest(pool: Pool): number {
  const { columns } = pool;
  const { strings, name, arch, evr } = columns;
  const newest = new Map<number, Map<number, number>>();
  const usable: number[] = [];
  for (let pkg = systemPackage + 1; pkg < columns.count; pkg++) {
    if (!pool.isInstallable(pkg)) continue;
    usable.push(pkg);
    const own = name[pkg] as number;
    let byArch = newest.get(own);
    if (byArch === undefined) {
      byArch = new Map();
      newest.set(own, byArch);
    }
    const best = byArch.get(arch[pkg] as number);
    if (best === undefined || compareEvrIds(strings, evr[pkg] as number, evr[best] as number, "order") > 0)
      byArch.set(arch[pkg] as number, pkg);
  }
  const considered = new Uint8Array(columns.count);
  considered[systemPackage] = 1;
  let gone = 0;
  for (const pkg of usable) {
    const best = newest.get(name[pkg] as number)?.get(arch[pkg] as number) as number;
    if (compareEvrIds(strings, evr[pkg] as number, evr[best] as number, "order") === 0) considered[pkg] = 1;
    else gone++;
  }
  pool.considered = considered;
  pool.prepare();
  return gone;
}
