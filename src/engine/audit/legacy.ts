import { compareText } from "../../core/index.ts";
import type { Repository } from "../../formats/rpmmd/index.ts";
import type { LegacyFacts } from "./types.ts";

const beta = "mcr.microsoft.com/azurelinux-beta";

/** CBL-Mariner 2.0 and Azure Linux 3.0, against Azure Linux 4. */
export const marinerFacts: LegacyFacts = {
  name: "CBL-Mariner and Azure Linux 3",
  managers: { tdnf: "dnf", dnf: "dnf", yum: "dnf", microdnf: "dnf", dnf5: "dnf5" },
  images: [
    { pattern: "mcr.microsoft.com/cbl-mariner/base/core", replacement: `${beta}/base/core:4.0`, gone: true },
    {
      pattern: "mcr.microsoft.com/cbl-mariner/distroless/minimal",
      replacement: `${beta}/distroless/minimal:4.0`,
      gone: true,
    },
    {
      pattern: "mcr.microsoft.com/cbl-mariner/distroless/base",
      replacement: `${beta}/distroless/base:4.0`,
      gone: true,
    },
    {
      pattern: "mcr.microsoft.com/cbl-mariner/distroless/debug",
      replacement: `${beta}/distroless/debug:4.0`,
      gone: true,
    },
    { pattern: "mcr.microsoft.com/cbl-mariner/*", gone: true },
    { pattern: "mcr.microsoft.com/azurelinux/base/core:3.0*", replacement: `${beta}/base/core:4.0` },
    { pattern: "mcr.microsoft.com/azurelinux/distroless/minimal:3.0*", replacement: `${beta}/distroless/minimal:4.0` },
    { pattern: "mcr.microsoft.com/azurelinux/distroless/base:3.0*", replacement: `${beta}/distroless/base:4.0` },
    { pattern: "mcr.microsoft.com/azurelinux/distroless/debug:3.0*", replacement: `${beta}/distroless/debug:4.0` },
    { pattern: "mcr.microsoft.com/azurelinux/*" },
  ],
  osIds: ["mariner", "CBL-Mariner", "Microsoft Azure Linux"],
  paths: {
    "/var/cache/tdnf": "/var/cache/libdnf5",
    "/etc/tdnf/tdnf.conf": "/etc/dnf/dnf.conf",
    "/etc/mariner-release": "/etc/os-release",
    "/etc/azurelinux-release": "/etc/os-release",
    "/var/lib/rpm": "/usr/lib/sysimage/rpm",
  },
  lostPaths: {
    "/etc/tdnf": "configure /etc/dnf/dnf.conf",
    "/usr/lib/sysimage/tdnf": "dnf keeps its state in /usr/lib/sysimage/libdnf5",
    "/etc/lsb-release": "read /etc/os-release",
    "/var/lib/rpmmanifest": "distroless images have neither a manifest nor a package database: ship an SBOM",
  },
  releases: ["1.0", "2.0", "3.0"],
  distTags: ["cm1", "cm2", "azl3"],
  repositoryUrls: [
    "packages.microsoft.com/cbl-mariner",
    "packages.microsoft.com/azurelinux/2.0",
    "packages.microsoft.com/azurelinux/3.0",
  ],
  repositoryIds: ["mariner-*", "azurelinux-official-*"],
  keyFiles: ["MICROSOFT-RPM-GPG-KEY", "MICROSOFT-METADATA-GPG-KEY"],
};

/** Facts of a legacy distribution from a project's own words; what is left out is empty, dnf and its kin are always understood. */
export function legacyFacts(name: string, facts: Partial<Omit<LegacyFacts, "name">>): LegacyFacts {
  return {
    name,
    managers: { dnf: "dnf", yum: "dnf", microdnf: "dnf", dnf5: "dnf5", ...facts.managers },
    images: facts.images ?? [],
    osIds: facts.osIds ?? [],
    paths: facts.paths ?? {},
    lostPaths: facts.lostPaths ?? {},
    releases: facts.releases ?? [],
    distTags: facts.distTags ?? [],
    repositoryUrls: facts.repositoryUrls ?? [],
    repositoryIds: facts.repositoryIds ?? [],
    keyFiles: facts.keyFiles ?? [],
  };
}

/** Dist tags that at least a tenth of a repository's packages carry at the end of their release, sorted. */
export function distTagsOf(repository: Repository): string[] {
  const counts = new Map<string, number>();
  for (const { release } of repository.packages) {
    const found = /\.([a-z]+\d+)(?:~\d+)?$/.exec(release)?.[1];
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count * 10 >= repository.packages.length)
    .map(([found]) => found)
    .sort(compareText);
}
