import { compareText, formatNevra } from "../../core/index.ts";
import type { PackageMetadata, Repomd, RepomdTags } from "../../formats/rpmmd/index.ts";

/** A package as an example of something. */
export interface DatedPackage {
  readonly nevra: string;
  /** Seconds since the epoch. */
  readonly buildTime: number;
}

/** What a repository is, in numbers. */
export interface RepositoryInfo {
  readonly revision: string;
  /** The newest of its metadata, seconds since the epoch. */
  readonly timestamp: number | undefined;
  readonly tags: RepomdTags;
  readonly packages: number;
  /** Different names, and different source packages. */
  readonly names: number;
  readonly sources: number;
  /** Bytes of all packages, and installed. */
  readonly bytes: number;
  readonly installedBytes: number;
  readonly arches: readonly { readonly arch: string; readonly packages: number; readonly bytes: number }[];
  readonly oldest: DatedPackage | undefined;
  readonly newest: DatedPackage | undefined;
  readonly metadata: readonly {
    readonly type: string;
    readonly location: string;
    readonly size: number | undefined;
    readonly openSize: number | undefined;
    readonly checksum: string | undefined;
  }[];
}

/** Describes a repository from its repomd.xml and its packages. */
export function describeRepository(repomd: Repomd, packages: readonly PackageMetadata[]): RepositoryInfo {
  const arches = new Map<string, { packages: number; bytes: number }>();
  let oldest: PackageMetadata | undefined;
  let newest: PackageMetadata | undefined;
  let [bytes, installedBytes] = [0, 0];
  for (const pkg of packages) {
    const row = arches.get(pkg.arch) ?? { packages: 0, bytes: 0 };
    row.packages++;
    row.bytes += pkg.size.package;
    arches.set(pkg.arch, row);
    bytes += pkg.size.package;
    installedBytes += pkg.size.installed;
    if (oldest === undefined || inTime(pkg, oldest) < 0) oldest = pkg;
    if (newest === undefined || inTime(pkg, newest) > 0) newest = pkg;
  }
  const times = repomd.entries.flatMap((entry) => entry.timestamp ?? []);
  return {
    revision: repomd.revision,
    timestamp: times.length === 0 ? undefined : times.reduce((last, time) => Math.max(last, time)),
    tags: repomd.tags,
    packages: packages.length,
    names: new Set(packages.map((pkg) => pkg.name)).size,
    sources: new Set(packages.map((pkg) => pkg.sourceRpm).filter((name) => name !== "")).size,
    bytes,
    installedBytes,
    arches: [...arches].map(([arch, row]) => ({ arch, ...row })).sort((a, b) => compareText(a.arch, b.arch)),
    oldest: oldest && dated(oldest),
    newest: newest && dated(newest),
    metadata: repomd.entries.map(({ type, location, size, openSize, checksum }) => {
      return { type, location, size, openSize, checksum: checksum?.type };
    }),
  };
}

function inTime(a: PackageMetadata, b: PackageMetadata): number {
  return a.time.build - b.time.build || compareText(formatNevra(a), formatNevra(b));
}

function dated(pkg: PackageMetadata): DatedPackage {
  return { nevra: formatNevra(pkg), buildTime: pkg.time.build };
}
