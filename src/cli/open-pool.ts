import { type Skip, WeirError } from "../core/index.ts";
import { openRepositories, type RepositorySource } from "../adapters/repository/index.ts";
import { type LoadedPool, loadPool, type PoolSource } from "../engine/pool/index.ts";
import { needEntry } from "../formats/rpmmd/index.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { cacheFolder } from "./folders.ts";
import { trustOf } from "./repository-trust.ts";
import { compileForShortRun, compilePatiently } from "./short-run.ts";

/** Repositories of a command line as one pool. */
export interface OpenedPool extends LoadedPool {
  readonly sources: readonly RepositorySource[];
  readonly skips: readonly Skip[];
}

/** Opens what `--repo` names, in its order. Errors: `USAGE_REPOSITORY_MISSING`, those of opening and reading. */
export async function openPool(
  where: readonly string[],
  input: CommandInput,
  context: CommandContext,
  arch: string,
): Promise<OpenedPool> {
  if (where.length === 0 && input.options.text("installed") === undefined) {
    throw new WeirError("USAGE_REPOSITORY_MISSING", "there is no repository to solve over", {
      hints: ["give one with --repo DIR, or what is installed with --installed ROOT"],
    });
  }
  const skips: Skip[] = [];
  const releasever = input.options.text("releasever");
  const sources = await openRepositories(where, {
    cwd: context.cwd,
    cacheFolder: cacheFolder(),
    network: context.network,
    signal: context.signal,
    progress: context.progress,
    arch,
    ...(releasever === undefined ? {} : { releasever }),
    ...(await trustOf(input, context)),
    onSkip: (skip) => skips.push(skip),
  });
  const loaded = await loadPool(sources.map(poolSource), {
    arch,
    cacheFolder: cacheFolder(),
    signal: context.signal,
    progress: context.progress,
    beforeReading: compileForShortRun,
    afterReading: compilePatiently,
    ...(input.options.flag("lowMemory") ? { lowMemory: true } : {}),
  });
  return { ...loaded, sources, skips };
}

/** What the pool needs of a repository: lower priority numbers win outside, higher ones inside. */
export function poolSource(source: RepositorySource): PoolSource {
  // A folder's files are verified while they are read. What was downloaded is verified before, so that a damaged copy is fetched anew.
  const path = (type: string) => () => source.file(type, source.root === undefined ? {} : { verify: false });
  const stored = (type: string) => {
    const entry = source.entry(type);
    return entry === undefined ? undefined : { entry, path: path(type) };
  };
  const primary = { entry: needEntry(source.repomd, "primary", source.id), path: path("primary") };
  const filelists = stored("filelists");
  return { id: source.id, priority: -source.priority, primary, ...(filelists === undefined ? {} : { filelists }) };
}
