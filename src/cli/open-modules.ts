import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RepositorySource } from "../adapters/repository/index.ts";
import { makeFolder, type Skip, writeFileSafely } from "../core/index.ts";
import type { StreamFacts } from "../engine/solve/index.ts";
import { parseModules } from "../formats/modulemd/index.ts";

/** Module streams and defaults of repositories, as far as solving needs them. */
export interface OpenedModules {
  readonly streams: readonly StreamFacts[];
  readonly defaults: readonly { readonly module: string; readonly stream: string | undefined }[];
  readonly skips: readonly Skip[];
}

const cacheVersion = 1;

/** Reads the modules of all sources; what was read once is kept in short by the checksum of the file. */
export async function openModules(sources: readonly RepositorySource[], cacheFolder: string): Promise<OpenedModules> {
  const all = await Promise.all(sources.map((source) => modulesOf(source, cacheFolder)));
  return {
    streams: all.flatMap((item) => item.streams),
    defaults: all.flatMap((item) => item.defaults),
    skips: all.flatMap((item) => item.skips),
  };
}

async function modulesOf(source: RepositorySource, cacheFolder: string): Promise<OpenedModules> {
  if (source.entry("modules") === undefined) return { streams: [], defaults: [], skips: [] };
  const key = source.keyOf("modules")?.replaceAll(/[^a-z0-9]/g, "-");
  const folder = join(cacheFolder, "modules");
  const path = key === undefined ? undefined : join(folder, `${key}.json`);
  const kept = path === undefined ? undefined : readKept(path);
  if (kept !== undefined) return kept;
  const modules = parseModules(await source.read("modules"), source.entry("modules")?.location ?? source.id);
  const opened: OpenedModules = {
    streams: modules.streams.map(({ name, stream, version, context, dependencies, artifacts, demodularized }) => ({
      name,
      stream,
      version,
      context,
      dependencies: dependencies.map(({ requires }) => ({ buildrequires: [], requires })),
      artifacts,
      demodularized,
    })),
    defaults: modules.defaults.map(({ module, stream }) => ({ module, stream })),
    skips: modules.skips,
  };
  if (path !== undefined) {
    try {
      await makeFolder(folder);
      await writeFileSafely(path, JSON.stringify({ cacheVersion, ...opened }));
    } catch {
      // A cache that cannot be written costs time, nothing else.
    }
  }
  return opened;
}

function readKept(path: string): OpenedModules | undefined {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as OpenedModules & { cacheVersion?: number };
    return value.cacheVersion === cacheVersion && isWhole(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A damaged file is read anew, not believed. */
function isWhole(value: OpenedModules): boolean {
  const isTexts = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === "string");
  return (
    Array.isArray(value.skips) &&
    Array.isArray(value.defaults) &&
    value.defaults.every((item) => typeof item.module === "string") &&
    Array.isArray(value.streams) &&
    value.streams.every(
      (item) =>
        [item.name, item.stream, item.version, item.context].every((text) => typeof text === "string") &&
        isTexts(item.artifacts) &&
        isTexts(item.demodularized) &&
        Array.isArray(item.dependencies) &&
        item.dependencies.every(
          ({ requires }: { readonly requires: readonly { readonly module: unknown; readonly streams: unknown }[] }) =>
            Array.isArray(requires) &&
            requires.every(
              (need: { readonly module: unknown; readonly streams: unknown }) =>
                typeof need.module === "string" && isTexts(need.streams),
            ),
        ),
    )
  );
}
