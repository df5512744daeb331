import { join } from "node:path";
import { stat } from "node:fs/promises";
import { openRepositories, type RepositorySource } from "../adapters/repository/index.ts";
import type { Skip } from "../core/index.ts";
import { type PackageMetadata, parseFilelists, parseOther, parsePrimary } from "../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { cacheFolder, machineArch } from "./folders.ts";
import { trustOf } from "./repository-trust.ts";

/** Repositories that one argument names, with their packages together. */
export interface OpenedMetadata {
  readonly sources: readonly RepositorySource[];
  readonly packages: readonly PackageMetadata[];
  readonly skips: readonly Skip[];
}

export interface MetadataWanted {
  /** Complete file lists. */
  readonly filelists?: boolean;
  readonly changelogs?: boolean;
}

/** Opens what an argument names: a folder, a URL, a `.repo` file. Errors: those of opening and reading. */
export async function openMetadata(
  where: string,
  input: CommandInput,
  context: CommandContext,
  wanted: MetadataWanted = {},
): Promise<OpenedMetadata> {
  const skips: Skip[] = [];
  const sources = await openRepositories([where], {
    cwd: context.cwd,
    cacheFolder: cacheFolder(),
    network: context.network,
    signal: context.signal,
    progress: context.progress,
    arch: machineArch(),
    ...(await trustOf(input, context)),
    onSkip: (skip) => skips.push(skip),
  });
  const lists = await Promise.all(sources.map((source) => packagesOf(source, wanted)));
  return { sources, packages: lists.flat(), skips };
}

async function packagesOf(source: RepositorySource, wanted: MetadataWanted): Promise<PackageMetadata[]> {
  const read = async (type: string) => [await source.read(type), source.entry(type)?.location ?? type] as const;
  let packages: PackageMetadata[] = [...parsePrimary(...(await read("primary")))];
  if (wanted.filelists === true) {
    const lists = parseFilelists(...(await read("filelists")));
    packages = packages.map((pkg) => ({ ...pkg, files: lists.get(pkg.pkgid) ?? pkg.files }));
  }
  if (wanted.changelogs === true && source.entry("other") !== undefined) {
    const logs = parseOther(...(await read("other")));
    packages = packages.map((pkg) => ({ ...pkg, changelog: logs.get(pkg.pkgid) ?? [] }));
  }
  return packages;
}

/** Whether a folder's repomd.xml has a signature beside it, or one was verified. */
export async function hasSignature(source: RepositorySource): Promise<boolean> {
  if (source.signed || source.root === undefined) return source.signed;
  const info = await stat(join(source.root, "repodata/repomd.xml.asc")).catch(() => undefined);
  return info?.isFile() === true;
}
