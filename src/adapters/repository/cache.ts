import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, digestOf, writeFileSafely } from "../../core/index.ts";
import { digestAlgorithm, parseRepomd } from "../../formats/rpmmd/index.ts";

const schema = "weir/repository-cache/1";
const mostMirrors = 100;
const longestUnnamed = 7 * 24 * 3600 * 1000;

/** What is known of a repository behind http since it was last asked. */
export interface CacheState {
  /** sha256 of repomd.xml, hex. */
  readonly repomd: string;
  /** When it was last asked for, milliseconds since the epoch; 0 when it must be asked for again. */
  readonly asked: number;
  /** The folder that repomd.xml came from, and all that may be asked, the best first. Without credentials. */
  readonly from: string;
  readonly mirrors: readonly string[];
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export interface CachedRepomd {
  readonly state: CacheState;
  readonly repomd: Buffer;
  readonly signature: Buffer | undefined;
}

/** Reads what the cache holds; undefined where it holds nothing or nothing whole. */
export async function readCached(folder: string): Promise<CachedRepomd | undefined> {
  try {
    const state = readState(JSON.parse(await readFile(join(folder, "state.json"), "utf8")) as unknown);
    if (state === undefined) return undefined;
    const repomd = await readFile(join(folder, `repomd-${state.repomd}.xml`));
    if (digestOf(repomd) !== state.repomd) return undefined;
    const signature = await readFile(join(folder, `repomd-${state.repomd}.xml.asc`)).catch(() => undefined);
    return { state, repomd, signature };
  } catch {
    return undefined;
  }
}

/**
 * Takes repomd.xml into the cache; the state comes last, so that it never names what is not there. Metadata that the new repomd.xml does
 * not name goes once it is a week old: until then a process that began earlier may read it.
 */
export async function writeCached(folder: string, cached: CachedRepomd, now: number): Promise<void> {
  const file = join(folder, `repomd-${cached.state.repomd}.xml`);
  await writeFileSafely(file, cached.repomd);
  if (cached.signature !== undefined) await writeFileSafely(`${file}.asc`, cached.signature);
  await writeState(folder, cached.state);
  await prune(folder, cached, now);
}

async function prune(folder: string, cached: CachedRepomd, now: number): Promise<void> {
  const { entries } = parseRepomd(cached.repomd, "repomd.xml");
  const named = new Set(
    entries.map(({ checksum }) => `${digestAlgorithm(checksum?.type ?? "")}-${checksum?.value.toLowerCase()}`),
  );
  const repomd = `repomd-${cached.state.repomd}.xml`;
  for (const name of await readdir(folder)) {
    if (name.startsWith("repomd-") && !name.startsWith(repomd)) await removeOld(join(folder, name), now);
  }
  const files = join(folder, "files");
  for (const name of await readdir(files).catch(() => [])) {
    if (!named.has(name.split(".part")[0] ?? "")) await removeOld(join(files, name), now);
  }
}

async function removeOld(path: string, now: number): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info !== undefined && now - info.mtimeMs > longestUnnamed) await rm(path, { force: true });
}

export async function writeState(folder: string, state: CacheState): Promise<void> {
  await writeFileSafely(join(folder, "state.json"), `${canonicalJson({ schema, ...state }, 2)}\n`);
}

function readState(value: unknown): CacheState | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const record = value as Readonly<Record<string, unknown>>;
  const { repomd, asked, from, mirrors, etag, lastModified } = record;
  if (record.schema !== schema || typeof repomd !== "string" || !/^[0-9a-f]{64}$/.test(repomd)) return undefined;
  if (typeof asked !== "number" || !isAddress(from) || !Array.isArray(mirrors)) return undefined;
  return {
    repomd,
    asked,
    from,
    mirrors: mirrors.filter(isAddress).slice(0, mostMirrors),
    ...(isHeaderText(etag) ? { etag } : {}),
    ...(isHeaderText(lastModified) ? { lastModified } : {}),
  };
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value);
}

/** What a header may carry; the rest of what a server or a damaged cache gives is not kept. */
export function isHeaderText(value: unknown): value is string {
  return typeof value === "string" && /^[\x20-\x7e]{1,1000}$/.test(value);
}
