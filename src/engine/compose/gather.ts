import { compareText, digestFile, formatNevra, WeirError } from "../../core/index.ts";
import { readRpm } from "../../formats/rpm/index.ts";
import { fromRpm, type PackageMetadata } from "../../formats/rpmmd/index.ts";
import type { ComposePackage } from "./types.ts";

/** A package with what its metadata will say. */
export interface GatheredPackage {
  readonly path: string;
  readonly channel: string | undefined;
  readonly source: boolean;
  readonly metadata: PackageMetadata;
}

const atOnce = 4;

/**
 * Reads the headers of all packages, sorted by location. A package given twice counts once. Errors: `COMPOSE_DUPLICATE`,
 * `COMPOSE_FILE_NAME`, `COMPOSE_CHANNEL_NAME`, and those of reading packages.
 */
export async function gather(packages: readonly ComposePackage[]): Promise<GatheredPackage[]> {
  const byLocation = new Map<string, GatheredPackage>();
  const all: GatheredPackage[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < packages.length; index = next++) {
      all[index] = await gatherOne(packages[index] as ComposePackage);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const item of all) {
    const key = `${item.source ? "source" : "binary"}/${item.metadata.location}`;
    const other = byLocation.get(key);
    if (other === undefined) byLocation.set(key, item);
    else if (other.metadata.pkgid !== item.metadata.pkgid || other.channel !== item.channel)
      throw duplicate(other, item);
  }
  return [...byLocation.values()].sort(
    (a, b) => compareText(a.metadata.location, b.metadata.location) || Number(a.source) - Number(b.source),
  );
}

function duplicate(a: GatheredPackage, b: GatheredPackage): WeirError {
  const same = a.metadata.pkgid === b.metadata.pkgid;
  return new WeirError(
    "COMPOSE_DUPLICATE",
    same
      ? `one package is to go to two channels: ${a.channel ?? "none"} and ${b.channel ?? "none"}`
      : "two different packages have one name and version",
    {
      where: formatNevra(a.metadata),
      hints: [same ? "publish it in one channel" : "raise the release of one of them, or leave it out"],
    },
  );
}

async function gatherOne(item: ComposePackage): Promise<GatheredPackage> {
  const where = item.path.slice(item.path.lastIndexOf("/") + 1);
  const head = readRpm({ path: item.path }, where);
  const pkg = head.package;
  const source = pkg.arch === "src" || pkg.arch === "nosrc";
  const file = `${pkg.name}-${pkg.version}-${pkg.release}.${pkg.arch}.rpm`;
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.+~^-]{0,250}$/.test(file)) {
    throw new WeirError("COMPOSE_FILE_NAME", `no file can safely be called ${file}`, {
      where,
      hints: ["names and versions of packages are made of letters, digits and _ . + ~ ^ -"],
    });
  }
  const channel = item.channel ?? (source ? "source" : undefined);
  if (channel !== undefined) checkChannel(channel);
  const metadata = fromRpm(pkg, {
    pkgid: item.sha256 ?? (await digestFile(item.path)),
    location: `Packages/${(file[0] as string).toLowerCase()}/${file}`,
    size: head.size,
    fileTime: pkg.buildTime,
    headerRange: head.headerRange,
  });
  return { path: item.path, channel, source, metadata };
}

export function checkChannel(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(name)) return;
  throw new WeirError("COMPOSE_CHANNEL_NAME", `no channel can be called ${name}`, {
    where: name,
    hints: ["use letters, digits, dots, dashes and underscores"],
  });
}
